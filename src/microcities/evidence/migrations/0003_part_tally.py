"""Counts by partner, and where subjects stand: what a figure"s parts are read from without reading all evidence."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evidence", "0002_came_and_went"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="tally", name="tally_scope"),
        migrations.AddField(
            model_name="tally", name="partner_id", field=models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AddIndex(
            model_name="tally",
            index=models.Index(
                fields=["funding_id", "city_id", "partner_id", "measure", "fact_on"], name="tally_scope"
            ),
        ),
        migrations.CreateModel(
            name="PartTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=60)),
                ("funding_id", models.BigIntegerField()),
                ("city_id", models.BigIntegerField()),
                ("partner_id", models.BigIntegerField()),
                ("fact_on", models.DateField()),
                ("at_city_id", models.BigIntegerField()),
                ("at_partner_id", models.BigIntegerField()),
                ("sex", models.CharField(max_length=8)),
                ("age", models.SmallIntegerField(null=True)),
                ("subjects", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["measure", "funding_id", "city_id", "partner_id", "fact_on"], name="part_tally_scope")],
            },
        ),
    ]

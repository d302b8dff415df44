"""Finds what differs from an approved report without reading all its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0004_report_states")]
    operations = [
        migrations.AddField(
            model_name="report", name="counted_by", field=models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="frozenrow", index=models.Index(fields=["record_id", "report"], name="frozen_row_of_record")
        ),
    ]

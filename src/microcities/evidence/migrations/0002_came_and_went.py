"""Finds the evidence that came or went since a moment without reading all of it."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="evidencerow",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["known_from"], name="evidence_came", autosummarize=True
            ),
        ),
        migrations.AddIndex(
            model_name="evidencerow",
            index=models.Index(
                condition=models.Q(("known_to__isnull", False)), fields=["known_to"], name="evidence_went"
            ),
        ),
    ]

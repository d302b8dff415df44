"""An index by trigram on the names of persons and organisations, so that search answers in milliseconds at 100,000 persons."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Concat

from microcities.database.expressions import SearchKey


class Migration(migrations.Migration):
    dependencies = [
        ("database", "0001_extensions_and_keys"),
        ("people", "0002_failedsignin_invitation"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="person",
            index=GinIndex(
                OpClass(SearchKey(Concat("given_name", models.Value(" "), "family_name")), "gin_trgm_ops"),
                name="person_name_search",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=GinIndex(
                OpClass(SearchKey(Concat("name", models.Value(" "), "name_en")), "gin_trgm_ops"),
                name="organisation_name_search",
            ),
        ),
    ]

"""An index over what survives a slip of the hand, so that a mistyped short name is found without reading all persons.

Its results stand in indexes: never change the function here, add a new one (or rebuild every index on it in the same
migration). `microcities.database.finding` explains it and holds its Python twin.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Concat

from microcities.database.expressions import SearchKey, SlipKeys

SLIP_KEYS = r"""
CREATE FUNCTION slip_keys(key text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $function$
    SELECT coalesce(array_agg(DISTINCT variant), '{}')
    FROM regexp_split_to_table(key, '[\u0001-/:-@\[-`{-\u007f\u00ab\u00bb\u2010-\u201f]+') AS word
         CROSS JOIN LATERAL (SELECT left(word, 4) AS begun) AS beginning
         CROSS JOIN LATERAL (
             SELECT left(begun, place - 1) || substr(begun, place + 1) FROM generate_series(1, length(begun)) AS place
             UNION ALL SELECT begun WHERE length(begun) < 4) AS variants (variant)
    WHERE length(word) >= 3
$function$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_sessions_and_consents"),
    ]
    operations = [
        migrations.RunSQL(SLIP_KEYS, "DROP FUNCTION slip_keys(text)"),
        migrations.AddIndex(
            model_name="person",
            index=GinIndex(
                SlipKeys(SearchKey(Concat("given_name", models.Value(" "), "family_name"))), name="person_name_slips"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=GinIndex(
                SlipKeys(SearchKey(Concat("name", models.Value(" "), "name_en"))), name="organisation_name_slips"
            ),
        ),
    ]

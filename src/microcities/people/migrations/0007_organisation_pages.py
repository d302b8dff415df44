"""What the pages of organisations need: numbers and codes of the right form, each ownership told once, and whole shares.

A sum over rows no constraint can hold, so a trigger does. It locks the owned organisation first: two owners written at
the same time are then added up one after the other. (READ COMMITTED, as everywhere here: each query of the function sees
what was committed while it waited.)
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models

SHARES = """
CREATE OR REPLACE FUNCTION people_ownership_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM people_organisation WHERE id = NEW.owned_id FOR NO KEY UPDATE;
    -- A sum can only rise on a day on which somebody's share begins.
    PERFORM 1
    FROM (SELECT DISTINCT valid_from AS day FROM people_ownership WHERE owned_id = NEW.owned_id) AS begins
         JOIN people_ownership AS held ON held.owned_id = NEW.owned_id AND held.valid_from <= begins.day
              AND (held.valid_to IS NULL OR held.valid_to >= begins.day)
    GROUP BY begins.day HAVING sum(held.share_percent) > 100;
    IF FOUND THEN
        RAISE EXCEPTION 'the shares of organisation % come to more than 100 per cent on some day', NEW.owned_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ownership_shares_whole', TABLE = 'people_ownership';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER people_ownership_shares AFTER INSERT OR UPDATE ON people_ownership
    FOR EACH ROW EXECUTE FUNCTION people_ownership_shares();
"""
UNDO = "DROP FUNCTION IF EXISTS people_ownership_shares() CASCADE;"


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_slip_search'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='invitation',
            options={'verbose_name': 'invitation', 'verbose_name_plural': 'invitations'},
        ),
        migrations.AlterModelOptions(
            name='ownership',
            options={'verbose_name': 'ownership', 'verbose_name_plural': 'ownerships'},
        ),
        migrations.AlterField(
            model_name='organisation',
            name='country',
            field=models.CharField(default='LV', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'A country is two capital letters, for example LV.')], verbose_name='country'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='economic_code',
            field=models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^[0-9]{2}(\\.[0-9]{1,2})?$', 'A NACE code is two digits, a dot and one or two more, for example 62.01.')], verbose_name='economic activity (NACE)'),
        ),
        migrations.AlterField(
            model_name='ownership',
            name='owned',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='owned_by', to='people.organisation', verbose_name='owned organisation'),
        ),
        migrations.AlterField(
            model_name='ownership',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='owns', to='people.organisation', verbose_name='owner'),
        ),
        migrations.AlterField(
            model_name='ownership',
            name='share_percent',
            field=models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='share, %'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('economic_code', ''), ('economic_code__regex', '^[0-9]{2}(\\.[0-9]{1,2})?$'), _connector='OR'), name='organisation_economic_code'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='organisation_country'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('country', 'LV'), _negated=True), ('registration_number', ''), ('registration_number__regex', '^[4-9][0-9]{10}$'), _connector='OR'), name='organisation_latvian_number'),
        ),
        migrations.AddConstraint(
            model_name='ownership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('owner', '='), ('owned', '='), (models.Func('valid_from', 'valid_to', models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='ownership_told_once', violation_error_code='told_already', violation_error_message='A share of this owner is on record for some of these days already. End that first.'),
        ),
        migrations.AlterConstraint(
            model_name='organisation',
            name='organisation_one_per_number',
            constraint=models.UniqueConstraint(condition=models.Q(('registration_number', ''), _negated=True), fields=('country', 'registration_number'), name='organisation_one_per_number', violation_error_code='number_taken', violation_error_message='An organisation with this registration number is known already.'),
        ),
        migrations.RunSQL(SHARES, UNDO),
    ]

"""A report goes from state to state as the rules' table says, and whatever is past its draft was submitted by somebody."""

from django.db import migrations, models
from django.db.models import Q

TRIGGER = """
CREATE OR REPLACE FUNCTION results_report_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'returned'), ('submitted', 'approved')
    ) THEN
        RAISE EXCEPTION 'report % goes from % to % by no rule', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER results_report_states BEFORE UPDATE ON results_report
    FOR EACH ROW EXECUTE FUNCTION results_report_states();
"""
UNDO = "DROP FUNCTION IF EXISTS results_report_states() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("results", "0003_api_tokens")]
    operations = [
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_by_id__isnull=False, submitted_at__isnull=False),
                name="report_submitted_by_somebody",
            ),
        ),
        migrations.RunSQL(TRIGGER, UNDO),
    ]

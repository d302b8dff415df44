"""What was decided, approved, drawn or published stays as it was: the database refuses to change it."""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION results_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('microcities.disposable', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION results_keep_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'approved' THEN
        RAISE EXCEPTION 'report % is approved: restate it instead', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION results_keep_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN results_report AS r ON r.id = added.report_id WHERE r.state = 'approved') THEN
        RAISE EXCEPTION 'the report is approved: nothing can be added to what it froze'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION results_keep_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.rejected_at IS NULL
       AND to_jsonb(NEW) - 'rejected_at' - 'rejected_by_id' = to_jsonb(OLD) - 'rejected_at' - 'rejected_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'outside figure % is confirmed: withdraw it and record another', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION results_target_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM results_target AS t WHERE t.id = NEW.supersedes_id AND t.indicator_id = NEW.indicator_id
          AND t.decided_on <= NEW.decided_on) THEN
        RAISE EXCEPTION 'a target replaces an earlier target of the same indicator'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
KEPT = (
    "results_target", "results_frozenfigure", "results_frozenrow", "results_verificationsample",
    "results_samplecheck", "results_publication", "results_publishedline", "results_publishedcell",
)
TRIGGERS = "".join(
    f"""
CREATE TRIGGER results_keep_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION results_keep();
CREATE TRIGGER results_keep_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION results_keep();
"""
    for table in KEPT
) + "".join(
    f"""
CREATE TRIGGER results_keep_frozen AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION results_keep_frozen();
"""
    for table in ("results_frozenfigure", "results_frozenrow")
) + """
CREATE TRIGGER results_keep_approved BEFORE UPDATE OR DELETE ON results_report
    FOR EACH ROW EXECUTE FUNCTION results_keep_approved();
CREATE TRIGGER results_keep_confirmed BEFORE UPDATE OR DELETE ON results_observation
    FOR EACH ROW EXECUTE FUNCTION results_keep_confirmed();
CREATE TRIGGER results_target_line BEFORE INSERT ON results_target
    FOR EACH ROW EXECUTE FUNCTION results_target_line();
"""
NAMES = ("keep", "keep_approved", "keep_frozen", "keep_confirmed", "target_line")
UNDO = "".join(f"DROP FUNCTION IF EXISTS results_{name}() CASCADE;" for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO)]

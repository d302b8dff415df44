"""What the constraints of one row cannot say: days of an enrolment lie in its class's year, and a class with pupils keeps it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION careers_enrolment_in_year() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_year integer;
BEGIN
    SELECT school_year INTO v_year FROM careers_schoolclass WHERE id = NEW.school_class_id FOR SHARE;
    IF NEW.joined_on < make_date(v_year, 9, 1) OR NEW.left_on > make_date(v_year + 1, 8, 31) THEN
        RAISE EXCEPTION 'enrolment from % to % lies outside the school year %', NEW.joined_on, NEW.left_on, v_year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_in_school_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER careers_enrolment_in_year BEFORE INSERT OR UPDATE OF school_class_id, joined_on, left_on
    ON careers_enrolment FOR EACH ROW EXECUTE FUNCTION careers_enrolment_in_year();

CREATE FUNCTION careers_class_keeps_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM careers_enrolment WHERE school_class_id = NEW.id) THEN
        RAISE EXCEPTION 'class % has pupils, so its school and year stay', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'class_with_pupils_keeps_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER careers_class_keeps_year BEFORE UPDATE OF school_year, school_id ON careers_schoolclass FOR EACH ROW
    WHEN (NEW.school_year <> OLD.school_year OR NEW.school_id <> OLD.school_id)
    EXECUTE FUNCTION careers_class_keeps_year();
"""

BACKWARD = """
DROP TRIGGER careers_class_keeps_year ON careers_schoolclass;
DROP TRIGGER careers_enrolment_in_year ON careers_enrolment;
DROP FUNCTION careers_class_keeps_year();
DROP FUNCTION careers_enrolment_in_year();
"""


class Migration(migrations.Migration):

    dependencies = [("careers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

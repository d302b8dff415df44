"""No seat beyond the places of its event: the part of the rule that the constraints of one row cannot say."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION events_seat_within_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_capacity integer;
BEGIN
    SELECT capacity INTO v_capacity FROM events_event WHERE id = NEW.event_id FOR SHARE;
    IF NEW.seat > v_capacity THEN
        RAISE EXCEPTION 'seat % of event % is beyond its % places', NEW.seat, NEW.event_id, v_capacity
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendee_seat_within_places';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_seat_within_places BEFORE INSERT OR UPDATE OF seat ON events_attendee FOR EACH ROW
    WHEN (NEW.seat IS NOT NULL) EXECUTE FUNCTION events_seat_within_places();

CREATE FUNCTION events_places_for_all_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM events_attendee WHERE event_id = NEW.id AND seat > NEW.capacity) THEN
        RAISE EXCEPTION 'event % has people on more than % places', NEW.id, NEW.capacity
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_places_for_all_seats';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_places_for_all_seats BEFORE UPDATE OF capacity ON events_event FOR EACH ROW
    WHEN (NEW.capacity IS NOT NULL AND NEW.capacity IS DISTINCT FROM OLD.capacity)
    EXECUTE FUNCTION events_places_for_all_seats();
"""

BACKWARD = """
DROP TRIGGER events_places_for_all_seats ON events_event;
DROP TRIGGER events_seat_within_places ON events_attendee;
DROP FUNCTION events_places_for_all_seats();
DROP FUNCTION events_seat_within_places();
"""


class Migration(migrations.Migration):

    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""The rules of allocations that one row's constraint cannot say, kept by triggers."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION bookings_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE bookings_allocation SET released_at = now() WHERE booking_id = NEW.id AND released_at IS NULL;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION bookings_release() IS 'A booking that is no longer live gives back all it held.';
CREATE TRIGGER bookings_release AFTER UPDATE OF state ON bookings_booking FOR EACH ROW
    WHEN (NEW.state NOT IN ('pending', 'confirmed')) EXECUTE FUNCTION bookings_release();

CREATE FUNCTION bookings_ended_stay_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'booking % has ended (%) and cannot live again; make a new one', OLD.id, OLD.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_ended_stays_ended';
END $$;
CREATE TRIGGER bookings_ended_stay_ended BEFORE UPDATE OF state ON bookings_booking FOR EACH ROW
    WHEN (OLD.state NOT IN ('pending', 'confirmed') AND NEW.state IN ('pending', 'confirmed'))
    EXECUTE FUNCTION bookings_ended_stay_ended();

CREATE FUNCTION bookings_allocate_live_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_state text;
BEGIN
    -- FOR SHARE: whoever ends the booking meanwhile waits, and then releases this row too.
    SELECT state INTO v_state FROM bookings_booking WHERE id = NEW.booking_id FOR SHARE;
    IF v_state NOT IN ('pending', 'confirmed') AND NEW.released_at IS NULL THEN
        RAISE EXCEPTION 'booking % is %, so it holds nothing', NEW.booking_id, v_state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_of_live_booking';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bookings_allocate_live_only BEFORE INSERT ON bookings_allocation FOR EACH ROW
    EXECUTE FUNCTION bookings_allocate_live_only();

CREATE FUNCTION bookings_allocations_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'allocation % is not changed: release it and write another', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_is_not_changed';
END $$;
CREATE TRIGGER bookings_allocations_stay BEFORE UPDATE ON bookings_allocation FOR EACH ROW
    WHEN ((OLD.booking_id, OLD.resource_id, OLD.during, OLD.blocked)
              IS DISTINCT FROM (NEW.booking_id, NEW.resource_id, NEW.during, NEW.blocked)
          OR (OLD.released_at IS NOT NULL AND NEW.released_at IS DISTINCT FROM OLD.released_at))
    EXECUTE FUNCTION bookings_allocations_stay();
"""

BACKWARD = """
DROP TRIGGER bookings_allocations_stay ON bookings_allocation;
DROP TRIGGER bookings_allocate_live_only ON bookings_allocation;
DROP TRIGGER bookings_ended_stay_ended ON bookings_booking;
DROP TRIGGER bookings_release ON bookings_booking;
DROP FUNCTION bookings_allocations_stay();
DROP FUNCTION bookings_allocate_live_only();
DROP FUNCTION bookings_ended_stay_ended();
DROP FUNCTION bookings_release();
"""


class Migration(migrations.Migration):

    dependencies = [("bookings", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

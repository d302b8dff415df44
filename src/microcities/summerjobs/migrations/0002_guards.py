"""What the constraints of one row cannot say: rows of one scheme belong together, and what is frozen, approved or paid stays."""

from django.db import migrations

REFUSE = "USING ERRCODE = 'check_violation', CONSTRAINT = "

POSTS = f"""
CREATE FUNCTION summerjobs_post_in_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_scheme bigint;
BEGIN
    SELECT scheme_id INTO v_scheme FROM summerjobs_summerhost WHERE id = NEW.host_id;
    IF NOT EXISTS (SELECT FROM summerjobs_summerperiod WHERE id = NEW.period_id AND scheme_id = v_scheme)
        OR NOT EXISTS (SELECT FROM summerjobs_subprogramme WHERE id = NEW.programme_id AND scheme_id = v_scheme)
        OR (NEW.fund_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM summerjobs_schemefund WHERE id = NEW.fund_id AND scheme_id = v_scheme))
        OR (NEW.supervisor_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM summerjobs_supervisor WHERE id = NEW.supervisor_id AND host_id = NEW.host_id))
    THEN
        RAISE EXCEPTION 'post % mixes schemes or employers', NEW.id {REFUSE} 'post_in_one_scheme';
    END IF;
    IF NEW.chosen_places + coalesce((SELECT sum(places) FROM summerjobs_postreserve WHERE post_id = NEW.id), 0) > NEW.places
    THEN
        RAISE EXCEPTION 'post % keeps more places than it has', NEW.id {REFUSE} 'post_kept_places';
    END IF;
    IF EXISTS (SELECT FROM summerjobs_placement WHERE post_id = NEW.id AND seat > NEW.places
               AND state IN ('offered', 'accepted', 'completed')) THEN
        RAISE EXCEPTION 'post % has pupils in places beyond %', NEW.id, NEW.places {REFUSE} 'post_places_taken';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_post_in_scheme BEFORE INSERT OR UPDATE ON summerjobs_post FOR EACH ROW
    EXECUTE FUNCTION summerjobs_post_in_scheme();

CREATE FUNCTION summerjobs_post_keeps_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.host_id, NEW.period_id, NEW.programme_id, NEW.fund_id, NEW.supervisor_id, NEW.name, NEW.tasks, NEW.learns,
           NEW.address, NEW.is_stem, NEW.light_task, NEW.age_from, NEW.age_to, NEW.places, NEW.chosen_places, NEW.starts_at,
           NEW.day_minutes, NEW.break_minutes, NEW.work_days, NEW.monthly_wage)
       IS DISTINCT FROM
       ROW(OLD.host_id, OLD.period_id, OLD.programme_id, OLD.fund_id, OLD.supervisor_id, OLD.name, OLD.tasks, OLD.learns,
           OLD.address, OLD.is_stem, OLD.light_task, OLD.age_from, OLD.age_to, OLD.places, OLD.chosen_places, OLD.starts_at,
           OLD.day_minutes, OLD.break_minutes, OLD.work_days, OLD.monthly_wage)
    THEN
        RAISE EXCEPTION 'post % is approved as it was', NEW.id {REFUSE} 'post_change_asks_for_approval';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_post_keeps_approval BEFORE UPDATE ON summerjobs_post FOR EACH ROW
    WHEN (OLD.state = 'approved' AND NEW.state = 'approved') EXECUTE FUNCTION summerjobs_post_keeps_approval();

CREATE FUNCTION summerjobs_reserve_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_post summerjobs_post;
BEGIN
    SELECT * INTO v_post FROM summerjobs_post WHERE id = NEW.post_id FOR UPDATE;
    IF NEW.places + v_post.chosen_places + coalesce(
        (SELECT sum(places) FROM summerjobs_postreserve WHERE post_id = NEW.post_id AND id <> NEW.id), 0) > v_post.places THEN
        RAISE EXCEPTION 'post % keeps more places than it has', NEW.post_id {REFUSE} 'post_kept_places';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_reserve_fits BEFORE INSERT OR UPDATE ON summerjobs_postreserve FOR EACH ROW
    EXECUTE FUNCTION summerjobs_reserve_fits();
"""

WISHES = f"""
CREATE FUNCTION summerjobs_same_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_scheme bigint;
    v_most integer;
BEGIN
    SELECT s.id, s.most_wishes INTO v_scheme, v_most
    FROM summerjobs_application a JOIN summerjobs_summerscheme s ON s.id = a.scheme_id WHERE a.id = NEW.application_id;
    IF NOT EXISTS (SELECT FROM summerjobs_post p JOIN summerjobs_summerhost h ON h.id = p.host_id
                   WHERE p.id = NEW.post_id AND h.scheme_id = v_scheme) THEN
        RAISE EXCEPTION 'post % is not of the scheme of application %', NEW.post_id, NEW.application_id
            {REFUSE} 'wish_in_one_scheme';
    END IF;
    IF TG_TABLE_NAME = 'summerjobs_wish' AND NEW.rank > v_most THEN
        RAISE EXCEPTION 'wish % is beyond the % allowed', NEW.rank, v_most {REFUSE} 'wish_within_most';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_wish_in_scheme BEFORE INSERT OR UPDATE ON summerjobs_wish FOR EACH ROW
    EXECUTE FUNCTION summerjobs_same_scheme();
CREATE TRIGGER summerjobs_ranking_in_scheme BEFORE INSERT OR UPDATE ON summerjobs_ranking FOR EACH ROW
    EXECUTE FUNCTION summerjobs_same_scheme();
"""

DRAWS = f"""
ALTER TABLE summerjobs_draw ADD CONSTRAINT draw_digest_is_of_the_input
    CHECK (frozen_sha256 = encode(sha256(convert_to(frozen_input, 'UTF8')), 'hex'));

CREATE FUNCTION summerjobs_draw_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.scheme_id, NEW.number, NEW.kind, NEW.frozen_input, NEW.frozen_sha256, NEW.frozen_at, NEW.frozen_by_id)
       IS DISTINCT FROM
       ROW(OLD.scheme_id, OLD.number, OLD.kind, OLD.frozen_input, OLD.frozen_sha256, OLD.frozen_at, OLD.frozen_by_id)
       OR (OLD.public_seed <> '' AND ROW(NEW.public_seed, NEW.seed_source, NEW.seeded_at, NEW.seeded_by_id)
           IS DISTINCT FROM ROW(OLD.public_seed, OLD.seed_source, OLD.seeded_at, OLD.seeded_by_id))
       OR (OLD.run_id IS NOT NULL AND NEW.run_id IS DISTINCT FROM OLD.run_id)
       OR OLD.published_at IS NOT NULL OR OLD.set_aside_at IS NOT NULL THEN
        RAISE EXCEPTION 'draw % stays as it was frozen, seeded and published', OLD.id {REFUSE} 'draw_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_draw_stays BEFORE UPDATE ON summerjobs_draw FOR EACH ROW
    EXECUTE FUNCTION summerjobs_draw_stays();

CREATE FUNCTION summerjobs_placement_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_person bigint;
    v_scheme bigint;
    v_places integer;
    v_host_scheme bigint;
    v_first date;
    v_last date;
BEGIN
    SELECT person_id, scheme_id INTO v_person, v_scheme FROM summerjobs_application WHERE id = NEW.application_id;
    -- The lock makes whoever changes the post's places wait, and the other way round.
    SELECT p.places, h.scheme_id, d.first_on, d.last_on INTO v_places, v_host_scheme, v_first, v_last
    FROM summerjobs_post p JOIN summerjobs_summerhost h ON h.id = p.host_id JOIN summerjobs_summerperiod d ON d.id = p.period_id
    WHERE p.id = NEW.post_id FOR SHARE OF p;
    IF v_person <> NEW.person_id OR v_scheme <> v_host_scheme THEN
        RAISE EXCEPTION 'placement % mixes persons or schemes', NEW.id {REFUSE} 'placement_in_one_scheme';
    END IF;
    IF NEW.state IN ('offered', 'accepted', 'completed') AND NEW.seat > v_places THEN
        RAISE EXCEPTION 'post % has % places', NEW.post_id, v_places {REFUSE} 'placement_seat_exists';
    END IF;
    IF NEW.first_on < v_first OR NEW.last_on > v_last THEN
        RAISE EXCEPTION 'the days from % to % lie outside the period', NEW.first_on, NEW.last_on {REFUSE} 'placement_days_in_period';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_placement_fits
    BEFORE INSERT OR UPDATE OF application_id, person_id, post_id, seat, first_on, last_on, state ON summerjobs_placement
    FOR EACH ROW EXECUTE FUNCTION summerjobs_placement_fits();
"""

WORK = f"""
CREATE FUNCTION summerjobs_agreement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.placement_id, NEW.version, NEW.terms, NEW.terms_sha256)
       IS DISTINCT FROM ROW(OLD.placement_id, OLD.version, OLD.terms, OLD.terms_sha256)
       OR (OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at) THEN
        RAISE EXCEPTION 'other terms are another version of agreement %', OLD.id {REFUSE} 'agreement_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_agreement_stays BEFORE UPDATE ON summerjobs_agreement FOR EACH ROW
    EXECUTE FUNCTION summerjobs_agreement_stays();

CREATE FUNCTION summerjobs_signature_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM summerjobs_agreement WHERE id = NEW.agreement_id AND terms_sha256 = NEW.terms_sha256
                   AND replaced_at IS NULL FOR SHARE) THEN
        RAISE EXCEPTION 'agreement % is not what was signed', NEW.agreement_id {REFUSE} 'signature_of_these_terms';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_signature_fits BEFORE INSERT ON summerjobs_signature FOR EACH ROW
    EXECUTE FUNCTION summerjobs_signature_fits();

CREATE FUNCTION summerjobs_work_day_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_placement summerjobs_placement;
BEGIN
    SELECT * INTO v_placement FROM summerjobs_placement WHERE id = NEW.placement_id FOR SHARE;
    IF NEW.on NOT BETWEEN v_placement.first_on AND v_placement.last_on
        OR (NEW.worked_minutes > 0 AND v_placement.ended_on IS NOT NULL AND NEW.on > v_placement.ended_on) THEN
        RAISE EXCEPTION 'the day % is none of placement %', NEW.on, NEW.placement_id {REFUSE} 'work_day_in_placement';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_work_day_fits BEFORE INSERT OR UPDATE OF placement_id, "on", worked_minutes ON summerjobs_workday
    FOR EACH ROW EXECUTE FUNCTION summerjobs_work_day_fits();

-- A day in a claim that waits for the city or was decided changes only while a correction of that claim is being written.
CREATE FUNCTION summerjobs_claimed_day_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM summerjobs_claim c JOIN summerjobs_post p ON p.host_id = c.host_id
            JOIN summerjobs_placement l ON l.post_id = p.id
        WHERE l.id = OLD.placement_id AND OLD.on BETWEEN c.first_on AND c.last_on
            AND c.state IN ('submitted', 'approved', 'paid')
            AND NOT EXISTS (SELECT FROM summerjobs_claim d WHERE d.corrects_id = c.id)
            FOR SHARE OF c
    ) THEN
        RAISE EXCEPTION 'the day % stands in a claim', OLD.on {REFUSE} 'work_day_is_claimed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER summerjobs_claimed_day_stays
    BEFORE DELETE OR UPDATE OF placement_id, "on", worked_minutes, absent_minutes, absence, supervisor_id
    ON summerjobs_workday FOR EACH ROW EXECUTE FUNCTION summerjobs_claimed_day_stays();
"""

CLAIMS = f"""
CREATE FUNCTION summerjobs_claim_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_claim bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.claim_id ELSE NEW.claim_id END;
BEGIN
    IF EXISTS (SELECT FROM summerjobs_claim WHERE id = v_claim AND state = ANY (string_to_array(TG_ARGV[0], ' ')) FOR SHARE) THEN
        RAISE EXCEPTION 'claim % stays as it was submitted and decided', v_claim {REFUSE} 'claim_part_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER summerjobs_line_stays BEFORE INSERT OR UPDATE OR DELETE ON summerjobs_claimline FOR EACH ROW
    EXECUTE FUNCTION summerjobs_claim_part_stays('approved paid withdrawn');
CREATE TRIGGER summerjobs_wage_stays BEFORE INSERT OR UPDATE OR DELETE ON summerjobs_paidwage FOR EACH ROW
    EXECUTE FUNCTION summerjobs_claim_part_stays('submitted approved paid withdrawn');

CREATE FUNCTION summerjobs_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state = 'paid' AND NEW.state <> 'paid') OR (OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'paid'))
       OR (OLD.state IN ('submitted', 'approved', 'paid')
           AND ROW(NEW.host_id, NEW.number, NEW.first_on, NEW.last_on, NEW.corrects_id)
           IS DISTINCT FROM ROW(OLD.host_id, OLD.number, OLD.first_on, OLD.last_on, OLD.corrects_id)) THEN
        RAISE EXCEPTION 'claim % stays as it was decided; correct it with another claim', OLD.id {REFUSE} 'claim_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER summerjobs_claim_stays BEFORE UPDATE ON summerjobs_claim FOR EACH ROW
    EXECUTE FUNCTION summerjobs_claim_stays();
"""

FORWARD = POSTS + WISHES + DRAWS + WORK + CLAIMS
BACKWARD = """
DROP TRIGGER summerjobs_claim_stays ON summerjobs_claim;
DROP TRIGGER summerjobs_wage_stays ON summerjobs_paidwage;
DROP TRIGGER summerjobs_line_stays ON summerjobs_claimline;
DROP TRIGGER summerjobs_claimed_day_stays ON summerjobs_workday;
DROP TRIGGER summerjobs_work_day_fits ON summerjobs_workday;
DROP TRIGGER summerjobs_signature_fits ON summerjobs_signature;
DROP TRIGGER summerjobs_agreement_stays ON summerjobs_agreement;
DROP TRIGGER summerjobs_placement_fits ON summerjobs_placement;
DROP TRIGGER summerjobs_draw_stays ON summerjobs_draw;
ALTER TABLE summerjobs_draw DROP CONSTRAINT draw_digest_is_of_the_input;
DROP TRIGGER summerjobs_ranking_in_scheme ON summerjobs_ranking;
DROP TRIGGER summerjobs_wish_in_scheme ON summerjobs_wish;
DROP TRIGGER summerjobs_reserve_fits ON summerjobs_postreserve;
DROP TRIGGER summerjobs_post_keeps_approval ON summerjobs_post;
DROP TRIGGER summerjobs_post_in_scheme ON summerjobs_post;
DROP FUNCTION summerjobs_claim_stays(), summerjobs_claim_part_stays(), summerjobs_claimed_day_stays(),
    summerjobs_work_day_fits(), summerjobs_signature_fits(), summerjobs_agreement_stays(), summerjobs_placement_fits(),
    summerjobs_draw_stays(), summerjobs_same_scheme(), summerjobs_reserve_fits(), summerjobs_post_keeps_approval(),
    summerjobs_post_in_scheme();
"""


class Migration(migrations.Migration):

    dependencies = [("summerjobs", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

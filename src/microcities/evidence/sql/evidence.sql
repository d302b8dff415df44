-- Keeps evidence_row, evidence_firstcount, evidence_tally and evidence_parttally true to the services' declared queries.
-- Installed after every migrate (evidence/install.py).

DO $$ BEGIN
    IF to_regtype('evidence_key') IS NULL THEN
        CREATE TYPE evidence_key AS (measure text, subject_kind text, subject_id bigint);
    END IF;
    -- Where a subject stands within a scope (0 is any): at its first record there.
    IF to_regtype('evidence_place') IS NULL THEN
        CREATE TYPE evidence_place AS (measure text, funding_id bigint, city_id bigint, partner_id bigint, fact_on date,
                                       at_city_id bigint, at_partner_id bigint, sex text, age smallint);
    END IF;
END $$;

-- Adds the given rows (an array of evidence_row) to the tally of each scope: its funding sources and any, its city and any,
-- its partner and any.
CREATE OR REPLACE FUNCTION evidence_tally_records(p_rows evidence_row[], p_sign int) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO evidence_tally (measure, funding_id, city_id, partner_id, fact_on, known_at, subjects, records, confirmed,
                                quantity)
    SELECT r.measure, f.id, c.id, p.id, r.fact_on, now(), 0, p_sign * count(*),
           p_sign * count(*) FILTER (WHERE r.verification = 'confirmed'), p_sign * sum(r.quantity)
    FROM unnest(p_rows) AS r
         CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
         CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
         CROSS JOIN LATERAL (VALUES (r.partner_id), (0::bigint)) AS p (id)
    GROUP BY 1, 2, 3, 4, 5
$$;

-- Writes the rows that records have by now and had not before.
CREATE OR REPLACE FUNCTION evidence_open(p_source text, p_ids bigint[]) RETURNS evidence_row[]
LANGUAGE plpgsql AS $$
DECLARE
    v_opened evidence_row[];
BEGIN
    EXECUTE format($q$
        WITH opened AS (
            INSERT INTO evidence_row (source, measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id,
                                      funding_ids, quantity, proof, verification, sex, age, known_from)
            SELECT $1, v.measure, v.record_id, v.subject_kind, v.subject_id, v.fact_on, v.city_id, v.partner_id,
                   v.funding_ids, v.quantity, v.proof, v.verification, v.sex, v.age, now()
            FROM %I AS v
            WHERE v.record_id = ANY((SELECT $2)::bigint[])
              AND NOT EXISTS (SELECT FROM evidence_row AS r
                              WHERE r.measure = v.measure AND r.record_id = v.record_id AND r.known_to IS NULL)
            RETURNING *)
        SELECT array_agg(opened::evidence_row) FROM opened $q$, 'evidence_source_' || p_source)
    INTO v_opened USING p_source, p_ids;
    RETURN v_opened;
END $$;

-- Looks again at records of one source: what counts no longer as it did, then what is new. Each step is its own statement, so
-- that after the lock every read sees what a parallel transaction has committed meanwhile. The ids stand in a query of their
-- own: told of thousands of them, the planner would read whole tables instead of looking each record up.
CREATE OR REPLACE FUNCTION evidence_refresh(p_source text, p_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_view text := 'evidence_source_' || p_source;
    v_keys evidence_key[];
    v_stale evidence_row[];
BEGIN
    IF p_ids IS NULL OR current_setting('microcities.evidence_paused', true) = 'on' THEN
        RETURN;
    END IF;
    v_keys := evidence_keys(p_source, p_ids);
    IF v_keys IS NULL THEN
        RETURN;
    END IF;
    PERFORM evidence_lock(v_keys);
    EXECUTE format($q$
        SELECT array_agg(r) FROM evidence_row AS r
        WHERE r.source = $1 AND r.known_to IS NULL AND r.record_id = ANY((SELECT $2)::bigint[])
          AND NOT EXISTS (
            SELECT FROM %I AS v WHERE v.record_id = r.record_id AND v.measure = r.measure
              AND (v.subject_kind, v.subject_id, v.fact_on, v.city_id, v.partner_id, v.funding_ids, v.quantity,
                   v.proof, v.verification, v.sex, v.age)
              IS NOT DISTINCT FROM
                  (r.subject_kind::text, r.subject_id, r.fact_on, r.city_id, r.partner_id, r.funding_ids, r.quantity,
                   r.proof::text, r.verification::text, r.sex::text, r.age)) $q$, v_view)
    INTO v_stale USING p_source, p_ids;
    IF v_stale IS NOT NULL THEN
        PERFORM evidence_replace(p_source, v_stale);
    END IF;
    PERFORM evidence_count_new(evidence_open(p_source, p_ids));
END $$;

-- The subjects of records, as they are counted and as they are now.
CREATE OR REPLACE FUNCTION evidence_keys(p_source text, p_ids bigint[]) RETURNS evidence_key[]
LANGUAGE plpgsql AS $$
DECLARE
    v_keys evidence_key[];
BEGIN
    EXECUTE format($q$
        SELECT array_agg(ROW(measure, subject_kind, subject_id)::evidence_key ORDER BY measure, subject_kind, subject_id)
        FROM (SELECT measure, subject_kind, subject_id FROM evidence_row
              WHERE source = $1 AND known_to IS NULL AND record_id = ANY((SELECT $2)::bigint[])
              UNION SELECT measure, subject_kind, subject_id FROM %I
              WHERE record_id = ANY((SELECT $2)::bigint[])) AS touched $q$, 'evidence_source_' || p_source)
    INTO v_keys USING p_source, p_ids;
    RETURN v_keys;
END $$;

-- Closes rows that are true no longer, opens those in their place, and counts their subjects anew.
CREATE OR REPLACE FUNCTION evidence_replace(p_source text, p_stale evidence_row[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_ids bigint[] := (SELECT array_agg(DISTINCT record_id) FROM unnest(p_stale));
    v_keys evidence_key[] := evidence_keys(p_source, v_ids);
    v_before evidence_place[] := evidence_places(v_keys);
BEGIN
    -- A row opened and closed by the same transaction was never known to anybody.
    DELETE FROM evidence_row AS r USING unnest(p_stale) AS c WHERE r.id = c.id AND r.known_from >= now();
    UPDATE evidence_row AS r SET known_to = now() FROM unnest(p_stale) AS c WHERE r.id = c.id;
    PERFORM evidence_tally_records(p_stale, -1);
    PERFORM evidence_tally_records(evidence_open(p_source, v_ids), 1);
    PERFORM evidence_count_subjects(v_keys);
    PERFORM evidence_tally_places(v_before, evidence_places(v_keys));
END $$;

-- Locks the subjects in one order. The row of the widest scope is made when it is missing, so that there is one to lock.
CREATE OR REPLACE FUNCTION evidence_lock(p_keys evidence_key[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO evidence_firstcount (measure, subject_kind, subject_id, funding_id, city_id, first_on)
    SELECT k.measure, k.subject_kind, k.subject_id, 0, 0, NULL FROM unnest(p_keys) AS k
    ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
    PERFORM FROM evidence_firstcount AS f JOIN unnest(p_keys) AS k
        ON f.measure = k.measure AND f.subject_kind = k.subject_kind AND f.subject_id = k.subject_id
       AND f.funding_id = 0 AND f.city_id = 0
    ORDER BY f.measure, f.subject_kind, f.subject_id FOR UPDATE OF f;
END $$;

-- Finds each subject's first day in each scope of any partner anew and writes the difference to the tally.
CREATE OR REPLACE FUNCTION evidence_count_subjects(p_keys evidence_key[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH k AS (
        SELECT DISTINCT measure, subject_kind, subject_id FROM unnest(p_keys) AS keys
    ), records AS (
        SELECT r.measure, r.subject_kind, r.subject_id, r.funding_ids, r.city_id, min(r.fact_on) AS fact_on
        FROM k JOIN evidence_row AS r USING (measure, subject_kind, subject_id)
        WHERE r.known_to IS NULL GROUP BY 1, 2, 3, 4, 5
    ), present AS (
        SELECT r.measure, r.subject_kind, r.subject_id, f.id AS funding_id, c.id AS city_id, min(r.fact_on) AS first_on
        FROM records AS r
             CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
             CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
        GROUP BY 1, 2, 3, 4, 5
    ), former AS (
        SELECT f.* FROM k JOIN evidence_firstcount AS f USING (measure, subject_kind, subject_id)
    ), moved AS (
        SELECT measure, subject_kind, subject_id, funding_id, city_id,
               former.first_on AS was, present.first_on AS is_now
        FROM former FULL JOIN present USING (measure, subject_kind, subject_id, funding_id, city_id)
        WHERE former.first_on IS DISTINCT FROM present.first_on
    ), kept AS (
        INSERT INTO evidence_firstcount (measure, subject_kind, subject_id, funding_id, city_id, first_on)
        SELECT measure, subject_kind, subject_id, funding_id, city_id, is_now FROM moved
        ON CONFLICT (measure, subject_kind, subject_id, funding_id, city_id) DO UPDATE SET first_on = excluded.first_on
    )
    INSERT INTO evidence_tally (measure, funding_id, city_id, partner_id, fact_on, known_at, subjects, records, confirmed,
                                quantity)
    SELECT measure, funding_id, city_id, 0, fact_on, now(), sum(step), 0, 0, 0
    FROM (SELECT measure, funding_id, city_id, was AS fact_on, -1 AS step FROM moved WHERE was IS NOT NULL
          UNION ALL
          SELECT measure, funding_id, city_id, is_now, 1 FROM moved WHERE is_now IS NOT NULL) AS steps
    GROUP BY 1, 2, 3, 5 HAVING sum(step) <> 0;
END $$;

-- Where the subjects stand in each scope: its funding sources and any, its cities and any, its partners and any. A day and
-- a row's number make one number, so that the first record of a scope is found without sorting: the smallest of them.
-- Rows alike are put together before they are spread over the scopes, which makes eight of each.
CREATE OR REPLACE FUNCTION evidence_places(p_keys evidence_key[]) RETURNS evidence_place[]
LANGUAGE sql STABLE AS $$
    WITH k AS (
        SELECT DISTINCT measure, subject_kind, subject_id FROM unnest(p_keys) AS keys
    ), records AS (
        SELECT r.measure, r.subject_kind, r.subject_id, r.funding_ids, r.city_id, r.partner_id,
               min((r.fact_on - date '1800-01-01')::bigint << 40 | r.id) AS first
        FROM k JOIN evidence_row AS r USING (measure, subject_kind, subject_id)
        WHERE r.known_to IS NULL GROUP BY 1, 2, 3, 4, 5, 6
    ), firsts AS (
        SELECT f.id AS funding_id, c.id AS city_id, p.id AS partner_id, min(r.first) AS first
        FROM records AS r
             CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
             CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
             CROSS JOIN LATERAL (VALUES (r.partner_id), (0::bigint)) AS p (id)
        GROUP BY r.measure, r.subject_kind, r.subject_id, 1, 2, 3
    )
    SELECT array_agg(ROW(r.measure, f.funding_id, f.city_id, f.partner_id, r.fact_on, r.city_id, r.partner_id, r.sex,
                         r.age)::evidence_place)
    FROM firsts AS f JOIN evidence_row AS r ON r.id = f.first & ((1::bigint << 40) - 1)
$$;

-- Writes the difference between where subjects stood and where they stand: the parts, of which only the present is asked,
-- and each partner's distinct subjects.
CREATE OR REPLACE FUNCTION evidence_tally_places(p_before evidence_place[], p_after evidence_place[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO evidence_tally (measure, funding_id, city_id, partner_id, fact_on, known_at, subjects, records, confirmed,
                                quantity)
    SELECT measure, funding_id, city_id, partner_id, fact_on, now(), sum(step), 0, 0, 0
    FROM (SELECT -1 AS step, before.* FROM unnest(p_before) AS before
          UNION ALL
          SELECT 1, after.* FROM unnest(p_after) AS after) AS steps
    WHERE partner_id <> 0 GROUP BY 1, 2, 3, 4, 5 HAVING sum(step) <> 0;
    INSERT INTO evidence_parttally (measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, age,
                                    subjects)
    SELECT measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, age, sum(step)
    FROM (SELECT -1 AS step, before.* FROM unnest(p_before) AS before
          UNION ALL
          SELECT 1, after.* FROM unnest(p_after) AS after) AS steps
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(step) <> 0;
$$;

-- The same for all subjects of some measures at once, which have no parts and no partner's subjects yet.
CREATE OR REPLACE FUNCTION evidence_tally_all_places(p_measures text[]) RETURNS void
LANGUAGE sql AS $$
    WITH records AS (
        SELECT measure, subject_kind, subject_id, funding_ids, city_id, partner_id,
               min((fact_on - date '1800-01-01')::bigint << 40 | id) AS first
        FROM evidence_row WHERE measure = ANY(p_measures) AND known_to IS NULL GROUP BY 1, 2, 3, 4, 5, 6
    ), firsts AS (
        SELECT f.id AS funding_id, c.id AS city_id, p.id AS partner_id, min(r.first) AS first
        FROM records AS r
             CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
             CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
             CROSS JOIN LATERAL (VALUES (r.partner_id), (0::bigint)) AS p (id)
        GROUP BY r.measure, r.subject_kind, r.subject_id, 1, 2, 3
    )
    INSERT INTO evidence_parttally (measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, age,
                                    subjects)
    SELECT r.measure, f.funding_id, f.city_id, f.partner_id, r.fact_on, r.city_id, r.partner_id, r.sex, r.age, count(*)
    FROM firsts AS f JOIN evidence_row AS r ON r.id = f.first & ((1::bigint << 40) - 1)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
    INSERT INTO evidence_tally (measure, funding_id, city_id, partner_id, fact_on, known_at, subjects, records, confirmed,
                                quantity)
    SELECT measure, funding_id, city_id, partner_id, fact_on, now(), sum(subjects), 0, 0, 0
    FROM evidence_parttally WHERE measure = ANY(p_measures) AND partner_id <> 0 GROUP BY 1, 2, 3, 4, 5;
$$;

-- What records that are all new change: their own numbers, and the first count or the place of a subject whose first record
-- in a scope is one of them. The subject's rows are read once; most of a long list's rows come after what is known already.
CREATE OR REPLACE FUNCTION evidence_count_new(p_opened evidence_row[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    -- Whoever writes of the same subject holds its lock, so rows that were there before have smaller numbers.
    v_first bigint := (SELECT min(id) FROM unnest(p_opened));
BEGIN
    PERFORM evidence_tally_records(p_opened, 1);
    WITH k AS (
        SELECT DISTINCT measure, subject_kind, subject_id FROM unnest(p_opened) AS opened
    ), records AS (
        SELECT r.measure, r.subject_kind, r.subject_id, r.funding_ids, r.city_id, r.partner_id,
               min((r.fact_on - date '1800-01-01')::bigint << 40 | r.id) FILTER (WHERE r.id < v_first) AS was,
               min((r.fact_on - date '1800-01-01')::bigint << 40 | r.id) FILTER (WHERE r.id >= v_first) AS is_now
        FROM k JOIN evidence_row AS r USING (measure, subject_kind, subject_id)
        WHERE r.known_to IS NULL GROUP BY 1, 2, 3, 4, 5, 6
    ), moved AS (
        SELECT r.measure, r.subject_kind, r.subject_id, f.id AS funding_id, c.id AS city_id, p.id AS partner_id,
               min(r.was) AS was, min(r.is_now) AS is_now
        FROM records AS r
             CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
             CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
             CROSS JOIN LATERAL (VALUES (r.partner_id), (0::bigint)) AS p (id)
        GROUP BY 1, 2, 3, 4, 5, 6
        HAVING min(r.is_now) < coalesce(min(r.was), 9223372036854775807)
    ), kept AS (
        INSERT INTO evidence_firstcount (measure, subject_kind, subject_id, funding_id, city_id, first_on)
        SELECT measure, subject_kind, subject_id, funding_id, city_id, date '1800-01-01' + (is_now >> 40)::int
        FROM moved WHERE partner_id = 0
        ON CONFLICT (measure, subject_kind, subject_id, funding_id, city_id) DO UPDATE SET first_on = excluded.first_on
    ), places AS (
        SELECT s.step, r.measure, s.funding_id, s.city_id, s.partner_id, r.fact_on, r.city_id AS at_city_id,
               r.partner_id AS at_partner_id, r.sex, r.age
        FROM (SELECT -1 AS step, funding_id, city_id, partner_id, was AS first FROM moved WHERE was IS NOT NULL
              UNION ALL
              SELECT 1, funding_id, city_id, partner_id, is_now FROM moved) AS s
             JOIN evidence_row AS r ON r.id = s.first & ((1::bigint << 40) - 1)
    ), parts AS (
        INSERT INTO evidence_parttally (measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex,
                                        age, subjects)
        SELECT measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, age, sum(step)
        FROM places GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(step) <> 0
    )
    INSERT INTO evidence_tally (measure, funding_id, city_id, partner_id, fact_on, known_at, subjects, records, confirmed,
                                quantity)
    SELECT measure, funding_id, city_id, partner_id, fact_on, now(), sum(step), 0, 0, 0
    FROM places GROUP BY 1, 2, 3, 4, 5 HAVING sum(step) <> 0;
END $$;

-- Loads a whole source in one go: for a first load or millions of records. History of the source starts anew.
-- Rows alike are added up before they are spread over the scopes, which makes four of each.
CREATE OR REPLACE FUNCTION evidence_rebuild(p_source text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_count bigint;
    v_measures text[];
BEGIN
    LOCK TABLE evidence_row, evidence_firstcount, evidence_tally, evidence_parttally IN EXCLUSIVE MODE;
    EXECUTE format('SELECT array_agg(DISTINCT measure) FROM %I', 'evidence_source_' || p_source) INTO v_measures;
    v_measures := v_measures || (SELECT array_agg(DISTINCT measure::text) FROM evidence_row WHERE source = p_source);
    DELETE FROM evidence_row WHERE source = p_source;
    DELETE FROM evidence_firstcount WHERE measure = ANY(v_measures);
    DELETE FROM evidence_tally WHERE measure = ANY(v_measures);
    DELETE FROM evidence_parttally WHERE measure = ANY(v_measures);
    EXECUTE format($q$
        INSERT INTO evidence_row (source, measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id,
                                  funding_ids, quantity, proof, verification, sex, age, known_from)
        SELECT $1, measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id, funding_ids, quantity,
               proof, verification, sex, age, now()
        FROM %I ORDER BY measure, fact_on $q$, 'evidence_source_' || p_source) USING p_source;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    WITH firsts AS (
        INSERT INTO evidence_firstcount (measure, subject_kind, subject_id, funding_id, city_id, first_on)
        SELECT r.measure, r.subject_kind, r.subject_id, f.id, c.id, min(r.fact_on)
        FROM (SELECT measure, subject_kind, subject_id, funding_ids, city_id, min(fact_on) AS fact_on
              FROM evidence_row WHERE source = p_source AND known_to IS NULL GROUP BY 1, 2, 3, 4, 5) AS r
             CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
             CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
        GROUP BY 1, 2, 3, 4, 5
        RETURNING measure, funding_id, city_id, first_on
    )
    INSERT INTO evidence_tally (measure, funding_id, city_id, partner_id, fact_on, known_at, subjects, records, confirmed,
                                quantity)
    SELECT measure, funding_id, city_id, partner_id, fact_on, now(), sum(subjects), sum(records), sum(confirmed), sum(quantity)
    FROM (SELECT measure, funding_id, city_id, 0 AS partner_id, first_on AS fact_on, count(*) AS subjects, 0 AS records,
                 0 AS confirmed, 0 AS quantity FROM firsts GROUP BY 1, 2, 3, 4, 5
          UNION ALL
          SELECT r.measure, f.id, c.id, p.id, r.fact_on, 0, sum(r.records), sum(r.confirmed), sum(r.quantity)
          FROM (SELECT measure, funding_ids, city_id, partner_id, fact_on, count(*) AS records,
                       count(*) FILTER (WHERE verification = 'confirmed') AS confirmed, sum(quantity) AS quantity
                FROM evidence_row WHERE source = p_source AND known_to IS NULL GROUP BY 1, 2, 3, 4, 5) AS r
               CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
               CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
               CROSS JOIN LATERAL (VALUES (r.partner_id), (0::bigint)) AS p (id)
          GROUP BY 1, 2, 3, 4, 5) AS both_counts
    GROUP BY 1, 2, 3, 4, 5;
    PERFORM evidence_tally_all_places(v_measures);
    RETURN v_count;
END $$;

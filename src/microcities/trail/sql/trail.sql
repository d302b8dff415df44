-- History by trigger. Installed after every migrate (trail/install.py), so the functions are always those of this file.
-- trail_change keeps no copy of what a row holds now: only the former values of what changed, and salted digests.

-- Stable and of one expression, so that the planner writes these three into the query instead of calling them for each row.
CREATE OR REPLACE FUNCTION trail_entry_hash(VARIADIC parts text[]) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT sha256(convert_to(array_to_string(parts, E'\x1f', '~'), 'UTF8')) $$;

CREATE OR REPLACE FUNCTION trail_digest(salt bytea, content jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT sha256(salt || convert_to(content::text, 'UTF8')) $$;

CREATE OR REPLACE FUNCTION trail_moment(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') $$;

CREATE OR REPLACE FUNCTION trail_changed_values(former jsonb, present jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT jsonb_object_agg(key, value) FROM jsonb_each(former) WHERE value IS DISTINCT FROM present -> key $$;

-- Writes one change and its hash. `p_old` is null for an insertion; `p_row` is null for a deletion.
CREATE OR REPLACE FUNCTION trail_write(
    p_action bigint, p_table text, p_row_id text, p_operation text, p_old jsonb, p_row jsonb, p_salt bytea
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO trail_change (
        id, at, action_id, table_name, row_id, operation, old, salt, digest, old_digest, entry_hash)
    SELECT id, at, p_action, p_table, p_row_id, p_operation, p_old, p_salt, digest, old_digest,
           trail_entry_hash(id::text, trail_moment(at), p_action::text, p_table, p_row_id, p_operation,
                            encode(digest, 'hex'), encode(old_digest, 'hex'))
    FROM (SELECT nextval(pg_get_serial_sequence('trail_change', 'id')) AS id,
                 clock_timestamp() AS at,
                 trail_digest(p_salt, p_row) AS digest,
                 trail_digest(p_salt, p_old) AS old_digest
          OFFSET 0) AS entry
$$;

-- One statement-level trigger for each operation of each traced table. The first argument is the key column.
-- Writers share a lock until they commit; who seals takes it alone for a moment, so that no entry can slip in behind a seal.
-- Insertions come by the million, so they are written in one statement and not row by row.
CREATE OR REPLACE FUNCTION trail_record() RETURNS trigger
LANGUAGE plpgsql
SET timezone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = 1 SET intervalstyle = 'iso_8601' AS $$
DECLARE
    v_action bigint := nullif(current_setting('microcities.action', true), '')::bigint;
    v_key text := coalesce(TG_ARGV[0], 'id');
    v_table text := TG_TABLE_NAME;
    v_sequence regclass := pg_get_serial_sequence('trail_change', 'id');
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('microcities.trail'));
    IF TG_OP = 'INSERT' THEN
        INSERT INTO trail_change (id, at, action_id, table_name, row_id, operation, salt, digest, entry_hash)
        SELECT id, at, v_action, v_table, row_id, 'I', salt, digest,
               trail_entry_hash(id::text, trail_moment(at), v_action::text, v_table, row_id, 'I',
                                encode(digest, 'hex'), NULL)
        FROM (SELECT nextval(v_sequence) AS id, clock_timestamp() AS at, present ->> v_key AS row_id, salt,
                     trail_digest(salt, present) AS digest
              FROM (SELECT to_jsonb(n) AS present, uuid_send(gen_random_uuid()) AS salt FROM new_rows AS n OFFSET 0) AS row
              OFFSET 0) AS entry;
    ELSIF TG_OP = 'UPDATE' THEN
        -- A row whose key changed is another row: one goes, one comes.
        PERFORM trail_write(v_action, v_table, coalesce(present, former) ->> v_key,
                            CASE WHEN former IS NULL THEN 'I' WHEN present IS NULL THEN 'D' ELSE 'U' END,
                            CASE WHEN present IS NULL THEN former ELSE trail_changed_values(former, present) END,
                            present, uuid_send(gen_random_uuid()))
        FROM (SELECT to_jsonb(o) AS former, to_jsonb(n) AS present
              FROM old_rows AS o FULL JOIN new_rows AS n ON to_jsonb(o) ->> v_key = to_jsonb(n) ->> v_key) AS pair
        WHERE former IS DISTINCT FROM present;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM trail_write(v_action, v_table, to_jsonb(o) ->> v_key, 'D', to_jsonb(o), NULL,
                            uuid_send(gen_random_uuid()))
        FROM old_rows AS o;
    ELSE
        PERFORM trail_write(v_action, v_table, '*', 'T', NULL, NULL, uuid_send(gen_random_uuid()));
    END IF;
    RETURN NULL;
END $$;

-- Actions and looks get their number and hash here, after the lock, for the same reason.
CREATE OR REPLACE FUNCTION trail_stamp_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('microcities.trail'));
    NEW.id := nextval(pg_get_serial_sequence('trail_action', 'id'));
    NEW.at := clock_timestamp();
    NEW.entry_hash := trail_entry_hash(NEW.id::text, trail_moment(NEW.at), NEW.verb, NEW.actor_id::text, NEW.system,
                                       NEW.reason, NEW.request_id::text, NEW.part_of_id::text);
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION trail_stamp_look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('microcities.trail'));
    NEW.id := nextval(pg_get_serial_sequence('trail_look', 'id'));
    NEW.at := clock_timestamp();
    NEW.entry_hash := trail_entry_hash(NEW.id::text, trail_moment(NEW.at), NEW.person_id::text, NEW.actor_id::text,
                                       NEW.reason, NEW.what, NEW.request_id::text, NEW.address);
    RETURN NEW;
END $$;

-- The trail is append-only. Forgetting a person may blank `old` and `salt` of a change, and nothing else.
CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF current_setting('microcities.disposable', true) = 'on' THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'trail_change'
          AND current_setting('microcities.forgetting', true) = 'on' THEN
        IF to_jsonb(NEW) - 'old' - 'salt' = to_jsonb(OLD) - 'old' - 'salt' AND NEW.old IS NULL AND NEW.salt IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

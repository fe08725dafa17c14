-- The functions that policies ask. Some of them are the only SECURITY DEFINER functions there are
-- (check_isolation holds it); everything else runs with the rights of whoever calls it.
CREATE SCHEMA IF NOT EXISTS guard;
-- HMAC with PostgreSQL's own sha256, so that no extension is needed: the key's two pads.
CREATE TABLE IF NOT EXISTS guard.key (
    inner_pad bytea NOT NULL, outer_pad bytea NOT NULL, since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (inner_pad)
);
CREATE TABLE IF NOT EXISTS guard.raised (fingerprint text NOT NULL);
REVOKE ALL ON ALL TABLES IN SCHEMA guard FROM PUBLIC;

CREATE OR REPLACE FUNCTION guard.claim(field integer) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('guard.claims', true);
    says text;
    fields text[];
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RETURN NULL;
    END IF;
    says := split_part(raw, '!', 1);
    IF NOT EXISTS (
        SELECT FROM guard.key
        WHERE encode(sha256(outer_pad || sha256(inner_pad || convert_to(says, 'UTF8'))), 'hex')
              = split_part(raw, '!', 2)
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the claims are not signed by this platform';
    END IF;
    fields := string_to_array(says, ';');
    IF fields[7]::bigint < extract(epoch FROM clock_timestamp()) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the claims have expired';
    END IF;
    RETURN nullif(fields[field], '');
END
$$;
-- These are written as PostgreSQL prints them: check_isolation compares the two.
CREATE OR REPLACE FUNCTION guard.kind() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE RETURN guard.claim(1);
CREATE OR REPLACE FUNCTION guard.municipality() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE RETURN guard.claim(2);
CREATE OR REPLACE FUNCTION guard.account() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE RETURN (guard.claim(3))::bigint;
CREATE OR REPLACE FUNCTION guard.resident() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE RETURN (guard.claim(4))::uuid;
CREATE OR REPLACE FUNCTION guard.certificate() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE RETURN guard.claim(5);
CREATE OR REPLACE FUNCTION guard.here() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE RETURN guard.claim(6);
-- The organisation whose member acts, in the schema of the municipality it acts at and nowhere else;
-- while the account is its member and the municipality has not ended its standing.
CREATE OR REPLACE FUNCTION guard.organisation() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held text;
    number bigint;
    asks bigint;
    place text;
BEGIN
    IF guard.claim(1) = 'organisation' THEN
        held := guard.claim(5);
        place := guard.claim(6);
        IF split_part(held, '@', 2) = place THEN
            number := split_part(held, '@', 1)::bigint;
            asks := guard.claim(3)::bigint;
            IF EXISTS (
                SELECT FROM public.organisations_organisationmember
                WHERE account_id = asks AND organisation_id = number AND ended_at IS NULL
            ) AND EXISTS (
                SELECT FROM public.organisations_standing
                WHERE organisation_id = number AND municipality_id = place
                AND (valid_to IS NULL OR valid_to >= (now() AT TIME ZONE 'Asia/Tokyo')::date)
            ) THEN
                RETURN number;
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- The accounts that a member of staff may see: their own municipality's staff. Membership stands
-- in the municipality's schema, so the table's name depends on the signed code.
CREATE OR REPLACE FUNCTION guard.colleagues() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code text := guard.claim(2);
BEGIN
    IF code IS NOT NULL THEN
        RETURN QUERY EXECUTE format('SELECT user_id FROM %I.staff_membership', 'm' || code);
    END IF;
END
$$;

-- The minors for whom the resident who looks has consented, and still does (R11). For the actor
-- `guardian` alone: whatever else a guardian does shows nothing of a child's.
CREATE OR REPLACE FUNCTION guard.children() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asks uuid;
BEGIN
    IF guard.claim(1) = 'guardian' THEN
        asks := guard.claim(4)::uuid;
        RETURN QUERY SELECT resident_id FROM public.identity_guardianconsent
        WHERE guardian_id = asks AND end_reason = '';
    END IF;
END
$$;
-- The organisations that the account acts for, on the portal and at a municipality alike.
CREATE OR REPLACE FUNCTION guard.organisations() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asks bigint;
BEGIN
    IF guard.claim(1) IN ('resident', 'organisation') THEN
        asks := guard.claim(3)::bigint;
        RETURN QUERY SELECT organisation_id FROM public.organisations_organisationmember
        WHERE account_id = asks AND ended_at IS NULL;
    END IF;
END
$$;
-- Whether the resident has a place in a session that the organisation runs. A function, not a
-- condition: those at the door of a full venue would pay for planning it with every reading.
CREATE OR REPLACE FUNCTION guard.comes_to_us(session uuid, resident uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asks bigint := guard.organisation();
BEGIN
    IF asks IS NULL THEN
        RETURN false;
    END IF;
    RETURN EXISTS (
        SELECT FROM public.organisations_runsession r
        JOIN public.attendance_signup s ON s.session_uuid = r.session_uuid
        WHERE r.organisation_id = asks AND r.session_uuid = session
        AND r.municipality_id = guard.claim(6) AND s.municipality_id = r.municipality_id
        AND s.resident_id = resident AND s.status = 'signed_up'
    );
END
$$;
-- Where the resident who asks works: codes of municipalities, "" for the platform itself. Of
-- nobody else; asked once, when somebody wants to close the account.
CREATE OR REPLACE FUNCTION guard.workplaces() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asks bigint;
    place record;
    works boolean;
BEGIN
    IF guard.claim(1) = 'resident' THEN
        asks := guard.claim(3)::bigint;
        IF EXISTS (SELECT FROM public.staff_membership WHERE user_id = asks) THEN
            RETURN NEXT '';
        END IF;
        FOR place IN
            SELECT local_government_id AS code, schema_name FROM public.tenants_municipality
            ORDER BY local_government_id
        LOOP
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM %I.staff_membership WHERE user_id = $1)',
                place.schema_name
            ) INTO works USING asks;
            IF works THEN
                RETURN NEXT place.code;
            END IF;
        END LOOP;
    END IF;
END
$$;
-- The ledger's rows of a session that belong to accounts which were brought together with a
-- resident's: numbers alone, of rows that whoever asks may read or not. Who records somebody else
-- may see neither accounts nor which of them are one person's, and would record them twice. Of the
-- municipality that acts or where one is, and of the resident themselves; the owner asks of all.
CREATE OR REPLACE FUNCTION guard.records_of_merged(resident uuid, session uuid)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT l.id FROM public.accounts_resident r
    JOIN public.attendance_participationrecord l ON l.resident_id = r.id
    WHERE r.merged_into_id = resident AND l.session_uuid = session
    AND (session_user = current_user OR l.municipality_id IN (guard.claim(2), guard.claim(6))
         OR resident = guard.claim(4)::uuid);
END
$$;
-- What follows runs with the rights of whoever calls it, under their own walls. Functions, not
-- subqueries of a policy: those would be planned and set up with every statement on a walled
-- table, also where whoever asks is nobody they could concern; these run where they are reached.
-- The accounts that were brought together with that of the resident who looks.
CREATE OR REPLACE FUNCTION guard.merged() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asks uuid := guard.resident();
BEGIN
    IF asks IS NOT NULL THEN
        RETURN QUERY SELECT id FROM public.accounts_resident WHERE merged_into_id = asks;
    END IF;
END
$$;
-- The session at which the phone that acts reads passes, and its municipality; at most one row.
CREATE OR REPLACE FUNCTION guard.session_of_device()
RETURNS TABLE (session_uuid uuid, municipality_id text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF guard.kind() = 'device' THEN
        RETURN QUERY SELECT d.session_uuid, d.municipality_id::text
        FROM public.attendance_scandevice d WHERE d.id = guard.certificate()::uuid;
    END IF;
END
$$;
-- The sessions that the organisation runs whose member acts, at the municipality they act at.
CREATE OR REPLACE FUNCTION guard.run_sessions() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asks bigint := guard.organisation();
BEGIN
    IF asks IS NOT NULL THEN
        RETURN QUERY SELECT r.session_uuid FROM public.organisations_runsession r
        WHERE r.organisation_id = asks;
    END IF;
END
$$;
-- Of the ledger's rows of one session of the municipality whose staff asks: those of people who
-- were recorded elsewhere at the same time. Not where, nor what: the ids are the municipality's
-- own. Rows out of lists stand at the beginning of their day where a list said no time.
CREATE OR REPLACE FUNCTION guard.elsewhere(which uuid) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code text;
BEGIN
    IF guard.claim(1) = 'staff' THEN
        code := guard.claim(2);
        RETURN QUERY SELECT own.id FROM public.attendance_participationrecord own
        WHERE own.session_uuid = which AND own.municipality_id = code AND own.method <> 'imported'
        -- Longer ones would be asked in order to search, and a wide one overlaps with everybody.
        AND own.ends_at - own.starts_at <= interval '1 day'
        AND EXISTS (
            SELECT FROM public.attendance_participationrecord other
            WHERE other.resident_id = own.resident_id AND other.municipality_id <> code
            AND other.method <> 'imported'
            AND other.starts_at < own.ends_at AND own.starts_at < other.ends_at
            AND 'void' IS DISTINCT FROM (
                SELECT kind FROM public.attendance_amendment
                WHERE record_id = other.id ORDER BY number DESC LIMIT 1
            )
        );
    END IF;
END
$$;
-- For the worker, which acts at each municipality in turn: at which of them something waits for the
-- clock. Codes and nothing else. An export whose file is over, or that nobody approved:
CREATE OR REPLACE FUNCTION guard.exports_due(kept timestamptz, asked timestamptz)
RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF guard.claim(1) = 'worker' THEN
        RETURN QUERY SELECT DISTINCT municipality_id::text FROM public.privacy_export
        WHERE (status = 'ready' AND kept_until <= kept)
        OR (status = 'waiting' AND requested_at <= asked);
    END IF;
END
$$;
-- An undecided request about personal data whose deadline is not after the day:
CREATE OR REPLACE FUNCTION guard.cases_due(day date) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF guard.claim(1) = 'worker' THEN
        RETURN QUERY SELECT DISTINCT municipality_id::text FROM public.privacy_case
        WHERE status IN ('received', 'identity_checked') AND deadline <= day
        AND municipality_id IS NOT NULL;
    END IF;
END
$$;
-- Of the people registered with the municipality whose staff asks: those who act for an organisation
-- that it recognises today. Staff see the members of these organisations by name; this says which
-- registrants they are.
CREATE OR REPLACE FUNCTION guard.organisers() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code text;
BEGIN
    IF guard.claim(1) = 'staff' THEN
        code := guard.claim(2);
        RETURN QUERY SELECT g.resident_id FROM public.registration_registration g
        JOIN public.accounts_resident r ON r.id = g.resident_id
        WHERE g.municipality_id = code AND g.status = 'active' AND EXISTS (
            SELECT FROM public.organisations_organisationmember m
            JOIN public.organisations_standing s ON s.organisation_id = m.organisation_id
            WHERE m.account_id = r.user_id AND m.ended_at IS NULL AND s.municipality_id = code
            AND s.valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date
            AND (s.valid_to IS NULL OR s.valid_to >= (now() AT TIME ZONE 'Asia/Tokyo')::date)
        );
    END IF;
END
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guard FROM PUBLIC;

"""A consent is added and, once, ended: the database refuses every other change."""

from django.db import migrations

# The name is encrypted: a new key rewrites it, and a closed account's goes.
FORWARD = """
CREATE FUNCTION identity_consent_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{guardian_name}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.end_reason = '' THEN
            free := free || '{end_reason,ended_at,ended_by_id,ended_in}'::text[];
        END IF;
        IF to_jsonb(NEW) - free = to_jsonb(OLD) - free
           AND (NEW.end_reason IN ('', 'came_of_age') OR NEW.ended_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a guardian''s consent is added and ended, never changed'
        USING ERRCODE = '42501';
END $$;
CREATE TRIGGER identity_consent_rows BEFORE UPDATE OR DELETE
    ON identity_guardianconsent
    FOR EACH ROW EXECUTE FUNCTION identity_consent_only_ends();
CREATE TRIGGER identity_consent_truncate BEFORE TRUNCATE
    ON identity_guardianconsent
    FOR EACH STATEMENT EXECUTE FUNCTION identity_consent_only_ends();
"""
BACKWARD = """
DROP TRIGGER identity_consent_rows ON identity_guardianconsent;
DROP TRIGGER identity_consent_truncate ON identity_guardianconsent;
DROP FUNCTION identity_consent_only_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_guardians")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

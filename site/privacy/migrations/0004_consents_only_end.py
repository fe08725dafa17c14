"""A consent is added and, once, ended: the database refuses every other change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION privacy_consent_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := '{ended_at,end_reason}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
           AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a consent is added and ended, never changed' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER privacy_consent_rows BEFORE UPDATE OR DELETE ON privacy_consent
    FOR EACH ROW EXECUTE FUNCTION privacy_consent_only_ends();
CREATE TRIGGER privacy_consent_truncate BEFORE TRUNCATE ON privacy_consent
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_consent_only_ends();
"""
BACKWARD = """
DROP TRIGGER privacy_consent_rows ON privacy_consent;
DROP TRIGGER privacy_consent_truncate ON privacy_consent;
DROP FUNCTION privacy_consent_only_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_consents")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

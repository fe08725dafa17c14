"""A membership is added and, once, ended: whoever was put out cannot come back by an UPDATE."""

from django.db import migrations

# The name is encrypted, and goes with its account; two accounts of one person can become one.
FORWARD = """
CREATE FUNCTION organisations_member_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{name}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NULL THEN
            free := free || '{ended_at,account_id}'::text[];
        END IF;
        IF to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a membership is added and ended, never changed' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER organisations_member_rows BEFORE UPDATE OR DELETE
    ON organisations_organisationmember
    FOR EACH ROW EXECUTE FUNCTION organisations_member_only_ends();
CREATE TRIGGER organisations_member_truncate BEFORE TRUNCATE
    ON organisations_organisationmember
    FOR EACH STATEMENT EXECUTE FUNCTION organisations_member_only_ends();
"""
BACKWARD = """
DROP TRIGGER organisations_member_rows ON organisations_organisationmember;
DROP TRIGGER organisations_member_truncate ON organisations_organisationmember;
DROP FUNCTION organisations_member_only_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_people_and_requests")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

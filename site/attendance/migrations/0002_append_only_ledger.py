"""The ledger refuses change: rows are added, corrections are rows of their own."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION attendance_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the participation ledger is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER attendance_ledger_rows BEFORE UPDATE OR DELETE
    ON attendance_participationrecord
    FOR EACH ROW EXECUTE FUNCTION attendance_refuse_change();
CREATE TRIGGER attendance_ledger_truncate BEFORE TRUNCATE
    ON attendance_participationrecord
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_refuse_change();
"""
BACKWARD = """
DROP TRIGGER attendance_ledger_rows ON attendance_participationrecord;
DROP TRIGGER attendance_ledger_truncate ON attendance_participationrecord;
DROP FUNCTION attendance_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

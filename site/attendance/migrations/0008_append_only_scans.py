"""Readings of codes and what was decided of them are added, never changed."""

from django.db import migrations

TABLES = ["scan", "scanreview", "sessionkey", "sessionclosing", "outcome"]
FUNCTION = """
CREATE FUNCTION attendance_refuse_change_of_scans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was read at a venue is append-only' USING ERRCODE = '42501';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER attendance_{0}_rows BEFORE UPDATE OR DELETE ON attendance_{0}
    FOR EACH ROW EXECUTE FUNCTION attendance_refuse_change_of_scans();
CREATE TRIGGER attendance_{0}_truncate BEFORE TRUNCATE ON attendance_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_refuse_change_of_scans();
"""
DROPPED = """
DROP TRIGGER attendance_{0}_rows ON attendance_{0};
DROP TRIGGER attendance_{0}_truncate ON attendance_{0};
"""
FORWARD = FUNCTION + "".join(TRIGGERS.format(table) for table in TABLES)
BACKWARD = "".join(DROPPED.format(table) for table in TABLES) + (
    "DROP FUNCTION attendance_refuse_change_of_scans();"
)


class Migration(migrations.Migration):
    dependencies = [("attendance", "0007_scans")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

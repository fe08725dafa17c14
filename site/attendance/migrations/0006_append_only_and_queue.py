"""Amendments and seals refuse change as the ledger does; what is new in the ledger awaits a seal.

A trigger writes what is new into `attendance_unsealed`, in the same transaction: who seals finds
all of it, whatever the order in which transactions end, and nobody waits for anybody.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION attendance_refuse_change();
CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_refuse_change();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER {table}_rows ON {table};
DROP TRIGGER {table}_truncate ON {table};
"""
QUEUE = """
CREATE FUNCTION attendance_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.attendance_unsealed ("table", "row") SELECT TG_ARGV[0], id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_ledger_seal AFTER INSERT ON attendance_participationrecord
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_await_seal('record');
CREATE TRIGGER attendance_amendment_seal AFTER INSERT ON attendance_amendment
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_await_seal('amendment');
INSERT INTO attendance_unsealed ("table", "row")
    SELECT 'record', id FROM attendance_participationrecord ORDER BY id;
CREATE INDEX attendance_seal_records ON attendance_seal USING gist (records);
CREATE INDEX attendance_seal_amendments ON attendance_seal USING gist (amendments);
"""
NO_QUEUE = """
DROP INDEX attendance_seal_records;
DROP INDEX attendance_seal_amendments;
DROP TRIGGER attendance_ledger_seal ON attendance_participationrecord;
DROP TRIGGER attendance_amendment_seal ON attendance_amendment;
DROP FUNCTION attendance_await_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0005_amendments_and_seals")]
    operations = [
        *(
            migrations.RunSQL(APPEND_ONLY.format(table=table), NOT_APPEND_ONLY.format(table=table))
            for table in ("attendance_amendment", "attendance_seal")
        ),
        migrations.RunSQL(QUEUE, NO_QUEUE),
    ]

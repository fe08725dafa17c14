"""Who looked, who exported, what became of a request: rows are added, and never changed."""

from django.db import migrations

TABLES = (
    "privacy_accessrecord",
    "privacy_exportrecord",
    "privacy_exportsubject",
    "privacy_caseevent",
)
FUNCTION = """
CREATE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the records of % are append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse_change();
"""
BACKWARD = """
DROP TRIGGER {table}_rows ON {table};
DROP TRIGGER {table}_truncate ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_oversight")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION privacy_refuse_change()"),
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), BACKWARD.format(table=table))
            for table in TABLES
        ),
    ]

"""A decision is added and never changed; a message of an application neither."""

from django.db import migrations

TABLES = (
    "registration_premiumdecision",
    "registration_municipalconditions",
    "registration_applicationmessage",
)
FUNCTION = """
CREATE FUNCTION registration_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION registration_refuse_change();
CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION registration_refuse_change();
"""
BACKWARD = """
DROP TRIGGER {table}_rows ON {table};
DROP TRIGGER {table}_truncate ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [("registration", "0007_premium")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION registration_refuse_change()"),
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), BACKWARD.format(table=table))
            for table in TABLES
        ),
    ]

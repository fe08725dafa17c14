"""An event names its decision; the text of a message goes when an account is closed."""

import django.db.models.deletion
from django.db import migrations, models

# Still append-only, with one way out: when an account is closed, what was said is emptied.
FORWARD = """
CREATE FUNCTION registration_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND
        (NEW.id, NEW.application_id, NEW.at, NEW.author_id, NEW.by_staff)
        = (OLD.id, OLD.application_id, OLD.at, OLD.author_id, OLD.by_staff) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the rows of % are append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
DROP TRIGGER registration_applicationmessage_rows ON registration_applicationmessage;
CREATE TRIGGER registration_applicationmessage_rows
    BEFORE UPDATE OR DELETE ON registration_applicationmessage
    FOR EACH ROW EXECUTE FUNCTION registration_only_emptied();
"""
BACKWARD = """
DROP TRIGGER registration_applicationmessage_rows ON registration_applicationmessage;
CREATE TRIGGER registration_applicationmessage_rows
    BEFORE UPDATE OR DELETE ON registration_applicationmessage
    FOR EACH ROW EXECUTE FUNCTION registration_refuse_change();
DROP FUNCTION registration_only_emptied();
"""


class Migration(migrations.Migration):
    dependencies = [("registration", "0008_decisions_stay")]
    operations = [
        migrations.AddField(
            model_name="registrationevent",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registration.premiumdecision",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

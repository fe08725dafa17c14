"""A device that an organisation made is its own: it ends with who made it, and stays whose it is."""

import django.db.models.deletion
from django.db import migrations, models

# Else an UPDATE would make it staff's, and let it in for good.
FORWARD = """
CREATE FUNCTION attendance_device_stays_whose_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.organisation_id, NEW.created_by_id)
        IS DISTINCT FROM (OLD.organisation_id, OLD.created_by_id) THEN
        RAISE EXCEPTION 'a device stays whose it is' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_scandevice_maker BEFORE UPDATE ON attendance_scandevice
    FOR EACH ROW EXECUTE FUNCTION attendance_device_stays_whose_it_is();
"""
BACKWARD = """
DROP TRIGGER attendance_scandevice_maker ON attendance_scandevice;
DROP FUNCTION attendance_device_stays_whose_it_is();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0012_age_by_decade"),
        ("organisations", "0005_members_only_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="scandevice",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

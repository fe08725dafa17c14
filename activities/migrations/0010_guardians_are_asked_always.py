from django.db import migrations


class Migration(migrations.Migration):
    """Of everybody under 18 a guardian's contact is asked for, whatever an activity says."""

    breaks_running_code_because = "The column came with recruitment, which no release has had yet."
    dependencies = [("activities", "0009_designation_workflow")]

    operations = [
        migrations.RemoveField(model_name="activitypage", name="guardian_contact_needed"),
    ]

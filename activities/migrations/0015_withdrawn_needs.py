from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever told a need may withdraw it."""

    dependencies = [("activities", "0014_changing_code_only")]

    operations = [
        migrations.AlterField(
            model_name="need",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "Received"),
                    ("looked_at", "Being looked at"),
                    ("activity", "Became an activity"),
                    ("passed_on", "Passed on"),
                    ("closed", "Closed"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="new",
                editable=False,
                max_length=12,
                verbose_name="status",
            ),
        ),
    ]

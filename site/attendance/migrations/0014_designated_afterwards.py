"""A participation may count as designated afterwards: once, and beside its row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0013_device_of_organisation")]

    operations = [
        migrations.AlterField(
            model_name="amendment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("void", "Voided"),
                    ("restore", "Restored"),
                    ("correct", "Hours corrected"),
                    ("designate", "Designated afterwards"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "designate")),
                fields=("record",),
                name="attendance_designated_once",
            ),
        ),
    ]

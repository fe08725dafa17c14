"""Age groups are decades; what sign-ups say already stays as it is."""

from django.db import migrations

import common.fields


class Migration(migrations.Migration):
    dependencies = [("attendance", "0011_earlier_records")]

    operations = [
        migrations.AlterField(
            model_name="signup",
            name="age_group",
            field=common.fields.EncryptedTextField(
                blank=True,
                choices=[
                    ("child", "Under 12"),
                    ("youth", "12 to 17"),
                    ("teens", "18 or 19"),
                    ("20s", "In their twenties"),
                    ("30s", "In their thirties"),
                    ("40s", "In their forties"),
                    ("50s", "In their fifties"),
                    ("60s", "In their sixties"),
                    ("70s", "In their seventies"),
                    ("80s", "80 or over"),
                    ("adult", "18 to 64"),
                    ("senior", "65 or over"),
                ],
                db_default="",
                default="",
                verbose_name="age group",
            ),
        ),
    ]

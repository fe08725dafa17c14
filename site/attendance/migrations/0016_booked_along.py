import common.fields
from django.db import migrations


class Migration(migrations.Migration):
    """What is booked along with a place; a default of the database's, so no row is rewritten."""

    dependencies = [
        ("attendance", "0014_designated_afterwards"),
    ]

    operations = [
        migrations.AddField(
            model_name="signup",
            name="components",
            field=common.fields.EncryptedJSONField(
                blank=True, db_default="", default=None, verbose_name="booked along"
            ),
        ),
    ]

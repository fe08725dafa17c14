import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """An activity names what people get on the spot, such as a local currency, and links to it."""

    dependencies = [("activities", "0012_needs_of_organisations")]

    operations = [
        migrations.AddField(
            model_name="activitypage",
            name="currency_name",
            field=models.CharField(
                blank=True,
                default="",
                db_default="",
                help_text=(
                    "What people get on the spot, by the name they know it by. The scheme forbids"
                    " gifts that are sent to people."
                ),
                max_length=100,
                verbose_name="thanks (local currency and the like)",
            ),
        ),
        migrations.AddField(
            model_name="activitypage",
            name="currency_url",
            field=models.URLField(
                blank=True,
                default="",
                db_default="",
                help_text=(
                    "Begins with https://. The page links to it and loads nothing from it."
                ),
                max_length=500,
                validators=[django.core.validators.URLValidator(schemes=["https"])],
                verbose_name="address of the website about it",
            ),
        ),
    ]

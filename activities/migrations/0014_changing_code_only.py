from django.db import migrations, models


class Migration(migrations.Migration):
    """An activity may ask for more than a poster that can be photographed."""

    dependencies = [("activities", "0013_local_currency")]

    operations = [
        migrations.AddField(
            model_name="activitypage",
            name="changing_code_only",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "A photograph of a poster can be passed on. Tick this, and only the code that"
                    " changes on the organiser's phone, passes and the list on paper record"
                    " participation."
                ),
                verbose_name="more than a poster is needed",
            ),
        ),
    ]

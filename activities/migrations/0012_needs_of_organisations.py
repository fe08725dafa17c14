import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An organisation tells its needs in its workspace, and reads there what becomes of them."""

    dependencies = [
        ("activities", "0010_guardians_are_asked_always"),
        ("organisations", "0005_members_only_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="need",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
    ]

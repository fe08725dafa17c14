from django.db import migrations


class Migration(migrations.Migration):
    """The table of allauth's own second factors, which was never written to."""

    dependencies = [("accounts", "0007_copies_and_closings")]

    operations = [
        migrations.RunSQL(
            "DROP TABLE IF EXISTS mfa_authenticator", reverse_sql=migrations.RunSQL.noop
        )
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_consents_in_privacy'),
    ]

    operations = [
        migrations.AlterField(
            model_name='securityevent',
            name='kind',
            field=models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_refused', 'A sign-in was refused'), ('sign_in_blocked', 'Too many sign-ins were refused: blocked for a while'), ('handoff_refused', "The way to a municipality's site was refused"), ('session_ended', 'A sign-in was ended'), ('all_sessions_ended', 'All other sign-ins were ended'), ('passkey_added', 'A passkey was added'), ('passkey_removed', 'A passkey was removed'), ('recovery_codes_made', 'Recovery codes were made'), ('recovery_code_used', 'A recovery code was used'), ('password_set', 'The password was set'), ('address_changed', 'The e-mail address was changed'), ('data_copied', 'A copy of your data was made'), ('account_closed', 'The account was closed')], max_length=32, verbose_name='kind'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_counter_and_imports'),
        ('privacy', '0005_counter_purpose'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountClosing',
            fields=[
                ('resident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='closing', serialize=False, to='accounts.resident')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='personal data erased at')),
                ('backups_until', models.DateField(verbose_name='in backups until')),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('retry_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'verbose_name': 'closing of an account',
                'verbose_name_plural': 'closings of accounts',
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('erased_at', None)), fields=['attempts', 'closed_at'], name='privacy_to_be_erased')],
            },
        ),
    ]

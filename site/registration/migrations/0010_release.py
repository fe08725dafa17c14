import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_seen_on'),
        ('registration', '0009_decision_of_event'),
    ]

    operations = [
        migrations.AddField(
            model_name='nationalparameters',
            name='release_after_months',
            field=models.PositiveSmallIntegerField(db_default=24, default=24, validators=[django.core.validators.MinValueValidator(3)], verbose_name='months without a visit after which registrations end'),
        ),
        migrations.CreateModel(
            name='PopulationCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('scope', models.CharField(choices=[('city', 'City, town or village'), ('prefecture', 'Prefecture with its cities'), ('nation', 'Nation')], max_length=12, verbose_name='of')),
                ('code', models.CharField(blank=True, max_length=6, verbose_name='local-government code')),
                ('heads', models.PositiveIntegerField(verbose_name='people')),
                ('registrations', models.PositiveIntegerField(verbose_name='registrations')),
                ('residents_left_out', models.PositiveIntegerField(verbose_name='people who live there, left out')),
                ('verified', models.PositiveIntegerField(verbose_name='with a verified address')),
                ('declared', models.PositiveIntegerField(verbose_name='with a declared address')),
                ('unknown', models.PositiveIntegerField(verbose_name='without an address in Japan')),
                ('premium', models.PositiveIntegerField(verbose_name='with premium registration')),
            ],
            options={
                'verbose_name': 'relation population',
                'verbose_name_plural': 'relation population',
                'ordering': ['-day', 'scope', 'code'],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('scope', 'code', 'day'), name='registration_count_uniq')],
            },
        ),
        migrations.CreateModel(
            name='EndNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends_on', models.DateField(verbose_name='last day of the term')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days before')),
                ('told_on', models.DateField(verbose_name='told on')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.resident')),
                ('standing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registration.premiumstanding')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('standing', 'ends_on', 'days'), name='registration_notice_uniq')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_on', models.DateField(verbose_name='last seen on')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days before')),
                ('told_on', models.DateField(verbose_name='told on')),
                ('release_on', models.DateField(verbose_name='registrations end on')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.resident')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('resident', 'seen_on', 'days'), name='registration_warning_uniq')],
            },
        ),
    ]

"""Statuses with their history, notes on requests, the fee waiver, network ranges.

History and notes are append-only: who may see or decide something later must be able to rely
on what was written then, so the database refuses to change it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.clock
import tenants.models.municipalities

APPEND_ONLY = ("municipalitychange", "requestnote")
FORWARD = """
CREATE FUNCTION tenants_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER tenants_{name}_rows BEFORE UPDATE OR DELETE ON tenants_{name}
    FOR EACH ROW EXECUTE FUNCTION tenants_refuse_change();
CREATE TRIGGER tenants_{name}_truncate BEFORE TRUNCATE ON tenants_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION tenants_refuse_change();
"""
    for name in APPEND_ONLY
)
BACKWARD = "".join(
    f"""
DROP TRIGGER tenants_{name}_rows ON tenants_{name};
DROP TRIGGER tenants_{name}_truncate ON tenants_{name};
"""
    for name in APPEND_ONLY
) + "DROP FUNCTION tenants_refuse_change();"
STATUSES = [
    ("preparing", "In preparation"),
    ("published", "Published"),
    ("suspended", "Suspended"),
    ("closed", "Closed"),
]


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_request_attempts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Everybody who took part when this was written joined in 2026, so the fee is waived.
        migrations.AddField(
            model_name='municipality',
            name='fee_waiver',
            field=models.CharField(choices=[('waived', 'Waived for a period'), ('to_be_decided', 'To be decided')], db_default='waived', default=tenants.models.municipalities._fee_waiver_today, max_length=16, verbose_name='system fee'),
        ),
        migrations.AddField(
            model_name='municipality',
            name='publish_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='published from'),
        ),
        # Who took part before there were statuses was visible and stays so.
        migrations.AddField(
            model_name='municipality',
            name='status',
            field=models.CharField(choices=STATUSES, db_default='published', max_length=16, verbose_name='status'),
        ),
        migrations.CreateModel(
            name='MunicipalityChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(default=common.clock.now, verbose_name='changed at')),
                ('from_status', models.CharField(choices=STATUSES, max_length=16, verbose_name='status before')),
                ('to_status', models.CharField(choices=STATUSES, max_length=16, verbose_name='status after')),
                ('publish_at', models.DateTimeField(blank=True, null=True, verbose_name='published from')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='tenants.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'change of a municipality',
                'verbose_name_plural': 'changes of municipalities',
                'ordering': ['-changed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RequestNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('note', 'Internal note'), ('question', 'Question to the applicant')], max_length=12, verbose_name='kind')),
                ('text', models.TextField(verbose_name='text')),
                ('written_at', models.DateTimeField(default=common.clock.now, verbose_name='written at')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='tenants.participationrequest', verbose_name='participation request')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'note on a request',
                'verbose_name_plural': 'notes on requests',
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='NetworkRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cidr', models.CharField(max_length=43, verbose_name='network range')),
                ('label', models.CharField(blank=True, max_length=60, verbose_name='what it is')),
                ('created_at', models.DateTimeField(default=common.clock.now, verbose_name='added at')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed at')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='network_ranges', to='tenants.municipality', verbose_name='municipality')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='removed by')),
            ],
            options={
                'verbose_name': 'network range',
                'verbose_name_plural': 'network ranges',
                'ordering': ['created_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('municipality', 'cidr'), name='tenants_networkrange_uniq')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0005_registrants_permissions'),
    ]

    operations = [
        migrations.AddField(
            model_name='registration',
            name='emptied_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='emptied at'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(condition=models.Q(('emptied_at', None), ('status', 'ended')), fields=['municipality', 'ended_at'], name='registration_to_be_emptied'),
        ),
    ]

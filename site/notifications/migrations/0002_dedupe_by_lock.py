from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outboxmessage',
            name='notifications_dedupe',
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('delivered_at', None), models.Q(('dedupe_key', ''), _negated=True)), fields=['kind', 'dedupe_key'], name='notifications_dedupe_key'),
        ),
    ]

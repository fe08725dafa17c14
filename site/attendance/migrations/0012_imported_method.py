from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0011_earlier_records'),
    ]

    operations = [
        migrations.AlterField(
            model_name='participationrecord',
            name='method',
            field=models.CharField(choices=[('venue_code', 'QR code at the venue'), ('imported', 'Entered afterwards')], max_length=16, verbose_name='recorded by'),
        ),
    ]

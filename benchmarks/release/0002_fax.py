from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]
    operations = [
        migrations.AddField("homepage", "fax", models.CharField(max_length=20, null=True)),
    ]

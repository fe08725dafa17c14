from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]
    operations = [
        migrations.RenameField("homepage", "lead", "leader"),
        migrations.AddField(
            "homepage", "fax", models.CharField(max_length=20, default=""), preserve_default=True
        ),
        migrations.AddField(
            "homepage", "kind", models.CharField(max_length=20, db_default="plain")
        ),
        migrations.RemoveField("articlepage", "image"),
    ]

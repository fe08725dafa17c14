from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]
    operations = [
        migrations.AddField("homepage", "fax", models.CharField(max_length=20, null=True)),
        migrations.CreateModel(
            "Motto",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("words", models.CharField(max_length=80, db_index=True)),
                ("page", models.ForeignKey("pages.HomePage", on_delete=models.CASCADE)),
            ],
        ),
        migrations.RunSQL("UPDATE pages_homepage SET fax = '100 %'", migrations.RunSQL.noop),
    ]

from django.db import migrations


def fill(apps, schema_editor):
    for page in apps.get_model("pages", "HomePage").objects.all():
        page.fax = page.title
        page.save(update_fields=["fax"])


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_fax")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

from django.db import migrations


class Migration(migrations.Migration):
    breaks_running_code_because = "The column was written by nobody since the last release."
    dependencies = [("pages", "0002_contract")]
    operations = [migrations.RemoveField("homepage", "kind")]

from django.db import migrations, models
from django.db.models.functions import Now, TruncDate

import common.clock


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_no_allauth_mfa")]
    operations = [
        migrations.AddField(
            model_name="resident",
            name="seen_on",
            field=models.DateField(
                db_default=TruncDate(Now(), tzinfo=common.clock.TOKYO),
                default=common.clock.today,
                verbose_name="last seen on",
            ),
        ),
    ]

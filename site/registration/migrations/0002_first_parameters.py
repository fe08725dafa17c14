"""The first version of the national parameters, as the ministry's briefing of June 2026 has it."""

from datetime import date

from django.db import migrations


def add_first_version(apps, schema_editor):
    apps.get_model("registration", "NationalParameters").objects.get_or_create(
        version="1",
        defaults={
            "effective_from": date(2026, 4, 1),
            "basic_name": "ベーシック",
            "basic_name_en": "Basic",
            "premium_name": "プレミアム",
            "premium_name_en": "Premium",
            "needed_participations": 3,
            "window": "rolling",
            "one_a_day": True,
            "max_premium": 3,
            "adult_age": 18,
            "countable_from": date(2026, 4, 1),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(add_first_version, migrations.RunPython.noop)]

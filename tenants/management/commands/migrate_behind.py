"""`manage.py migrate_behind`: migrate the schemas that lack a migration, and only those."""

from typing import Any

from django.core.management import BaseCommand

from tenants.operations.migrate import migrate_municipality, municipalities_behind


class Command(BaseCommand):
    help = "Migrates the municipalities whose schema lacks a migration."

    def handle(self, *args: Any, **options: Any) -> None:
        behind = municipalities_behind()
        for number, municipality in enumerate(behind, start=1):
            self.stdout.write(f"{number}/{len(behind)} {municipality.full_name}")
            migrate_municipality(municipality)

"""`manage.py prepare`: bring a database, new or old, to where the platform can start."""

from __future__ import annotations

import csv
from typing import Any

from django.core.management import BaseCommand, CommandParser, call_command

from tenants.data import MUNICIPALITIES_CSV
from tenants.models import LocalGovernment
from tenants.operations.migrate import migrate_shared, shared_is_behind
from tenants.operations.template import ensure_template
from tenants.operations.terms import ensure_terms
from tenants.operations.wall import raise_wall


class Command(BaseCommand):
    help = "Migrates every schema, loads the local governments and, if asked, demonstration data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="load demonstration data if the database has no municipality yet",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(databases=["default"])
        if shared_is_behind():
            migrate_shared()
        self._load_local_governments()
        raise_wall()
        ensure_terms()
        ensure_template()
        call_command("migrate_municipalities", verbosity=0)
        raise_wall()  # again: a table with people's data may be new in the municipalities' schemas
        if options["demonstration"]:
            call_command("load_demonstration")

    def _load_local_governments(self) -> None:
        with MUNICIPALITIES_CSV.open(encoding="utf-8") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: bool(row["prefecture_code"]))
        LocalGovernment.objects.bulk_create(
            [
                LocalGovernment(
                    code=row["code"],
                    kind=row["kind"],
                    name=row["name"],
                    kana=row["kana"],
                    romaji=row["romaji"],
                    prefecture_id=row["prefecture_code"] or None,
                )
                for row in rows
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["kind", "name", "kana", "romaji", "prefecture"],
        )

"""`manage.py check_isolation`: does the wall between municipalities hold?"""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from tenants.operations.isolation import extent, faults


class Command(BaseCommand):
    help = (
        "Reads from the database's catalogue whether its wall is as the code declares it: policies,"
        " roles, rights, functions, views. Exit status 1 with a list of what is wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = faults()
        if found:
            for fault in found:
                self.stdout.write(fault)
            raise CommandError(f"Isolation does not hold: {len(found)} faults.")
        held = extent()
        self.stdout.write(
            f"Isolation holds: {held.tables} tables, {held.roles} roles,"
            f" {held.functions} functions."
        )

"""`manage.py nightly`: the night's work of registrations, now. Safe to repeat."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from registration.operations.nightly import nightly
from tenants.actors import OWNER, acting


class Command(BaseCommand):
    help = (
        "Renews, lapses and releases registrations, tells people beforehand and counts the"
        " relation population. The caretaker does the same every night at three."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=date.fromisoformat, help="as of this day (YYYY-MM-DD), never later ones"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting(OWNER):
                done = nightly(options["day"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        for name, number in done.items():
            self.stdout.write(f"{name}: {'failed' if number is None else number}")
        if None in done.values():
            raise CommandError("A step failed; see the log. The next night does it again.")

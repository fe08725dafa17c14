"""`manage.py erase_again`: after a backup was restored, forget again whoever closed the account."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import BaseCommand, CommandError, CommandParser

from privacy.models import AccountClosing
from privacy.operations.erasing import close_known, erase_all_again, erase_next
from tenants.actors import OWNER, acting
from tenants.context import public_context


class Command(BaseCommand):
    help = (
        "Erases once more what is held of everybody who closed the account. With a list that"
        " --list wrote after the backup was made, also of those of whom it knows nothing yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="what --list wrote")
        parser.add_argument(
            "--list", action="store_true", help="print who closed the account; change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(OWNER), public_context():
            if options["list"]:
                for closing in AccountClosing.objects.order_by("closed_at", "pk"):
                    self.stdout.write(f"{closing.pk} {closing.closed_at:%Y-%m-%dT%H:%M:%SZ}")
                return
            closed = close_known(_read(options["file"])) if options["file"] else 0
            erase_all_again()
            self._erase(closed)

    def _erase(self, closed: int) -> None:
        erased = failed = 0
        while closing := erase_next():
            erased += not closing.attempts
            failed += closing.attempts > 0
        self.stdout.write(f"{closed} accounts closed again, {erased} erased.")
        if failed:
            raise CommandError(f"{failed} could not be erased; the caretaker tries again. See log.")


def _read(file: Path) -> list[UUID]:
    """The first word of each line."""
    try:
        return [UUID(line.split()[0]) for line in file.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} is not a list that --list wrote: {error}") from None

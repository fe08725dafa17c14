"""Says whether the participation ledger is as it was sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from attendance.operations.ledger.verify import verify_ledger


class Command(BaseCommand):
    help = (
        "Compares the participation ledger with its signed seals. Give a list of seals that was "
        "published earlier (/ledger/seals.json of the portal): without it a ledger whose end was "
        "cut off, rows and seals, looks whole. Needs the database's owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--published", type=Path, help="a file as /ledger/seals.json gave it earlier"
        )

    def handle(self, *args: Any, published: Path | None, **options: Any) -> None:
        verified = verify_ledger(_seals_in(published) if published else ())
        for finding in verified.findings:
            self.stdout.write(finding)
        looked_at = f"{verified.rows} rows, {verified.seals} seals"
        if verified.findings:
            raise CommandError(f"The ledger is not as it was sealed ({looked_at}).")
        self.stdout.write(f"The ledger is as it was sealed ({looked_at}).")


def _seals_in(path: Path) -> list[dict[str, Any]]:
    try:
        seals: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["seals"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no list of published seals: {error!r}") from None
    return seals

"""`manage.py migrate_municipalities`: bring every municipality's schema up to date."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from common.refusal import Refused
from tenants.operations.migrate import (
    Summary,
    migrate_municipalities,
    municipalities_behind,
    refuse_dangers,
    shared_is_behind,
)

_WIDTH = 30


class Command(BaseCommand):
    help = (
        "Migrates the municipalities whose schema lacks a migration: runs it once on the template"
        " and repeats that everywhere. Can be killed and started again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument(
            "--only", action="append", default=[], metavar="CODE", help="this municipality alone"
        )
        parser.add_argument("--jobs", type=int, default=2, help="how many at once (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        if shared_is_behind():
            raise CommandError("The shared schema lacks migrations: run `prepare` first.")
        try:
            if options["dry_run"]:
                self._say_what_would_be_done(options["only"])
                return
            self._began = time.monotonic()
            summary = migrate_municipalities(
                only=options["only"], jobs=options["jobs"], progress=self._progress
            )
        except Refused as refusal:
            raise CommandError(_dangers(refusal)) from None
        self._conclude(summary, is_quiet=not options["verbosity"])

    def _say_what_would_be_done(self, only: list[str]) -> None:
        behind = municipalities_behind(only)
        for one in behind:
            names = ", ".join(".".join(key) for key in one.missing)
            self.stdout.write(f"{one.municipality.code} {one.municipality.full_name}: {names}")
        self.stdout.write(f"{len(behind)} municipalities are behind.")
        refuse_dangers(behind)

    def _progress(self, done: int, total: int, code: str) -> None:
        seconds = time.monotonic() - self._began
        rest = seconds / done * (total - done)
        bar = "#" * (_WIDTH * done // total)
        line = f"[{bar:<{_WIDTH}}] {done}/{total} {code}, {rest:.0f} s to go"
        if sys.stdout.isatty():
            self.stdout.write(f"\r{line}", ending="\n" if done == total else "")
        elif done == total or done % 100 == 0:
            self.stdout.write(line)

    def _conclude(self, summary: Summary, *, is_quiet: bool) -> None:
        if not (is_quiet or summary.migrated or summary.failed):
            self.stdout.write("Every municipality is up to date.")
        elif summary.migrated or summary.failed:
            self.stdout.write(f"{len(summary.migrated)} migrated, {len(summary.failed)} failed.")
        if summary.failed:
            lines = [f"{code}: {error}" for code, error in sorted(summary.failed.items())]
            raise CommandError("\n".join(lines))


def _dangers(refusal: Refused) -> str:
    found: dict[str, list[str]] = refusal.data["migrations"]  # type: ignore[assignment]
    lines = [f"  {name}: {'; '.join(what)}" for name, what in found.items()]
    return "\n".join(
        [
            "These would break the code that is running:",
            *lines,
            "Change them (expand now, contract a release later), or write the reason into the"
            " migration: breaks_running_code_because = '…'",
        ]
    )

"""`manage.py import_accounts FILE.csv --source NAME`: people of another system's list."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from accounts.forms.imports import NEEDED, OPTIONAL, read_rows
from accounts.operations.bulk import import_accounts


class Command(BaseCommand):
    help = (
        "Makes an account and a profile for each row of a CSV file (UTF-8, with a heading). "
        f"Columns: {', '.join(NEEDED)}; may be left out: {', '.join(OPTIONAL)}. "
        "key is the row's own number in that system: run again, the command adds nobody twice. "
        "birth_date is 1963-04-02 or S38-04-02 (S, H, R, T). country is a code of two letters, JP "
        "if empty. municipality, a code of six digits, is needed only where a postal code lies in "
        "several. Rows with a problem are left out and named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="name of the list the keys belong to")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # A file saved by Excel begins with a mark that would become part of the first name.
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                outcome = import_accounts(options["source"], read_rows(csv.DictReader(file)))
        except LookupError as missing:
            raise CommandError(f"The file lacks these columns: {missing}") from None
        except (OSError, UnicodeDecodeError) as reason:
            raise CommandError(f"The file can't be read: {reason}") from None
        for problem in outcome.problems:
            self.stderr.write(f"row {problem.row}: {problem.column}: {problem.sentence}")
        self.stdout.write(
            f"{outcome.made} accounts made, {outcome.known} known already, "
            f"{len({problem.row for problem in outcome.problems})} rows left out."
        )

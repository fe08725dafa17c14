"""`manage.py restore_municipality FILE`: bring a municipality back from its archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from common.refusal import Refused
from tenants.operations.archive.restore import Restored, restore_municipality

_SENTENCES = {
    "archive_damaged": "The archive is damaged ({why} {member}).",
    "archive_of_another_format": "The archive has format {format}; this release reads {known}.",
    "archive_of_another_release": (
        "The archive is of another release.\n  only in the archive: {only_in_archive}\n"
        "  only here: {only_here}"
    ),
    "municipality_exists": (
        "{code} {name} is here. To put the archive in its place: --replace. What was done since"
        " the archive was written will be gone."
    ),
    "no_such_local_government": "No local government has the code {code}: run `prepare` first.",
    "busy": "{code} is being exported or restored at this moment.",
    "append_only_rows_differ": "Rows of {table} are not what the archive says of them.",
    "rows_collide": "Rows of {table} have keys that others have here.",
    "rows_do_not_fit": "Rows do not fit into {table} ({constraint}).",
}


class Command(BaseCommand):
    help = (
        "Restores a municipality from what export_municipality wrote, all or nothing. No other"
        " municipality is touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="in the place of the municipality that is here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            restored = restore_municipality(options["file"], replace=options["replace"])
        except Refused as refusal:
            sentence = _SENTENCES[refusal.code].format(**refusal.data)
            raise CommandError(f"{sentence}\nNothing was changed.") from None
        self._say(restored)

    def _say(self, restored: Restored) -> None:
        self.stdout.write(
            f"{restored.code} {restored.name} is as of {restored.moment}:"
            f" {restored.schema_rows} rows of its schema, {restored.shared_rows} of shared tables,"
            f" {restored.media} uploads; {restored.people_made} rows of people were missing."
        )
        for table, rows in restored.kept.items():
            self.stdout.write(f"{rows} rows of {table} are younger than the archive and stay.")
        for table, rows in restored.as_today.items():
            self.stdout.write(
                f"{rows} rows of {table} are as they were before: as the archive has them they do"
                " not go together with a younger row that stays."
            )
        if restored.messages_left_out:
            self.stdout.write(
                f"{restored.messages_left_out} waiting messages are left out: the rows they may"
                " name have other numbers here."
            )

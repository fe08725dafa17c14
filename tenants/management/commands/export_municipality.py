"""`manage.py export_municipality CODE FILE`: one municipality in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from common.refusal import Refused
from tenants.models import Municipality
from tenants.operations.archive.export import export_municipality

_SENTENCES = {
    "busy": "{code} is being exported or restored at this moment.",
    "file_exists": "{path} is there already; nothing was written.",
    "media_changed": "The upload {path} was deleted meanwhile. Please start again.",
    "media_not_a_file": "Among the uploads, {path} is neither file nor folder.",
}


class Command(BaseCommand):
    help = (
        "Writes a municipality's schema, uploads and rows of shared tables to one archive, all of"
        " one moment. It holds personal data: only its owner can read the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="six-digit local-government code")
        parser.add_argument("file", type=Path, help="the archive to be made (.tar.gz)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = export_municipality(options["code"], options["file"])
        except Municipality.DoesNotExist:
            raise CommandError(f"No municipality has the code {options['code']}.") from None
        except Refused as refusal:
            raise CommandError(_SENTENCES[refusal.code].format(**refusal.data)) from None
        people = manifest.rows("people")
        self.stdout.write(
            f"{manifest.code} {manifest.name} as of {manifest.moment}:"
            f" {manifest.rows('schema')} rows of its schema, {manifest.rows('shared')} of shared"
            f" tables, {people} of people, {len(manifest.media)} uploads."
        )

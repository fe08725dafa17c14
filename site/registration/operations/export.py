"""The file of an export of registrants: exactly those chosen who are still registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from common.wareki import in_japan
from privacy.enums import Particular
from privacy.models import Export
from privacy.operations.exports import Wish, export_to_make, keep_file, request_export
from privacy.rendering.spreadsheets import render
from registration.enums import RegistrationStatus
from registration.models import Registration
from registration.queries import parameters_on
from tenants.models import Municipality

REGISTRANTS = "registration.export"
"""The kind of export, and of the outbox message that has its file made."""


# Column by column what is written, as text. Files are the municipality's and so in Japanese.
COLUMNS: dict[Particular, Callable[[Registration], str]] = {
    Particular.NUMBER: lambda row: row.number,
    Particular.NAME: lambda row: row.name,
    Particular.KANA: lambda row: row.kana,
    Particular.RESIDENCE: lambda row: row.residence_name,
    Particular.KIND: lambda row: row.kind,  # by its name in force, in the file
    Particular.SINCE: lambda row: in_japan(row.registered_at).date().isoformat(),
    Particular.BIRTH_DATE: lambda row: row.birth_date.isoformat() if row.birth_date else "",
    Particular.POSTAL_CODE: lambda row: row.postal_code,
    Particular.ADDRESS: lambda row: row.address,
    Particular.PHONE: lambda row: row.phone,
    Particular.EMAIL: lambda row: row.email,
}


@transaction.atomic
def export_registrants(municipality: Municipality, account: Any, wish: Wish) -> Export:
    """Ask for an export; where no second person is needed the file is there at once.

    Safe to repeat. Raises `Refused("nothing_to_export")`.
    """
    export = request_export(municipality, account, wish)
    make_file(export.pk)
    export.refresh_from_db()
    return export


@transaction.atomic
def make_file(export_id: int) -> None:
    """Make the file if it is to be made now. Safe to repeat: once there is one, nothing happens."""
    export = export_to_make(export_id)
    if export is None:
        return
    # Who has left since may not be handed out any more; nobody who came since is added.
    rows = list(
        Registration.objects.filter(
            pk__in=export.selection,
            municipality_id=export.municipality_id,
            status=RegistrationStatus.ACTIVE,
        ).order_by("-registered_at", "-pk")
    )
    columns = [Particular(code) for code in export.particulars]
    names = parameters_on().names(settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        headings = [str(column.label) for column in columns]
        content = render(
            export.file_format,
            headings,
            ([_cell(column, row, names) for column in columns] for row in rows),
        )
    keep_file(export, content, [row.resident_id for row in rows])


def _cell(column: Particular, row: Registration, names: dict[str, str]) -> str:
    written = COLUMNS[column](row)
    return names[written] if column is Particular.KIND else written

"""An export from the question to the deletion of its file.

Another app knows what the rows are: it asks here (`request_export`), makes the file when told to
by an outbox message of the export's `kind`, and hands it over (`keep_file`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction

from common import clock
from common.refusal import Refused
from notifications.operations import enqueue
from privacy.enums import ExportEvent, ExportStatus, FileFormat, Particular, StaffPurpose
from privacy.models import Export, ExportFile, ExportRecord, ExportSubject
from privacy.operations.access import NOBODY, Signature, signature_of
from privacy.operations.export_mails import tell_approvers, tell_requester
from privacy.rules.exports import APPROVAL_WITHIN, FILE_KEPT, WINDOW, may_export_alone
from tenants.models import Municipality

_BATCH = 5_000
# In place of the words by which people were chosen, one of whom has closed the account; stands in
# the municipality's record, so it is Japanese whatever language is read.
FORGOTTEN = "（退会した方を含むため、表示できません）"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to export. `selection` are the rows' own numbers."""

    key: UUID
    kind: str
    purpose: StaffPurpose
    note: str
    particulars: Sequence[Particular]
    file_format: FileFormat
    selection: Sequence[int]
    selected_by: str


@transaction.atomic
def request_export(municipality: Municipality, account: Any, wish: Wish) -> Export:
    """Ask for an export. Up to 1,000 rows in 24 hours it is approved at once, else it waits.

    Safe to repeat: the same key is the same export. One person's questions are answered one
    after another, so that two at once cannot both be the first. Raises
    `Refused("nothing_to_export")`.
    """
    get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    asked = Export.objects.filter(key=wish.key, requested_by_id=account.pk).first()
    if asked is not None:
        return asked
    rows = len(wish.selection)
    if not rows:
        raise Refused("nothing_to_export")
    now = clock.now()
    earlier = Export.objects.made_alone_by(account).filter(requested_at__gt=now - WINDOW)
    alone = may_export_alone(earlier.values_list("requested_at", "row_count"), now, rows).allowed
    export = Export.objects.create(
        municipality=municipality,
        key=wish.key,
        kind=wish.kind,
        requested_by=account,
        requester_name=account.get_full_name()[:60],
        requested_at=now,
        purpose=wish.purpose,
        note=wish.note,
        particulars=[Particular(code).value for code in wish.particulars],
        file_format=wish.file_format,
        selection=list(wish.selection),
        selected_by=wish.selected_by,
        row_count=rows,
        alone=alone,
        status=ExportStatus.APPROVED if alone else ExportStatus.WAITING,
    )
    _record(export, ExportEvent.REQUESTED, signature_of(account))
    if not alone:
        tell_approvers(export)
    return export


@transaction.atomic
def approve_export(export_id: int, account: Any) -> Export:
    """A second person agrees; the worker makes the file, once.

    Safe to repeat. Raises `Refused("own_export")`, `Refused("export_refused")`,
    `Refused("export_lapsed")`.
    """
    export = _locked(export_id)
    if export.requested_by_id == account.pk:
        raise Refused("own_export")
    if _waits(export):
        _decide(export, ExportStatus.APPROVED, account)
        _record(export, ExportEvent.APPROVED, signature_of(account))
        enqueue(
            export.kind,
            {"export": export.pk},
            str(export.municipality_id),
            dedupe_key=str(export.pk),
        )
    elif export.status == ExportStatus.REFUSED:
        raise Refused("export_refused")
    return export


@transaction.atomic
def refuse_export(export_id: int, account: Any, reason: str) -> Export:
    """A second person does not agree.

    Safe to repeat. Raises as `approve_export`, and `Refused("export_approved")`.
    """
    export = _locked(export_id)
    if export.requested_by_id == account.pk:
        raise Refused("own_export")
    if _waits(export):
        export.decision_reason = reason
        _decide(export, ExportStatus.REFUSED, account)
        _record(export, ExportEvent.REFUSED, signature_of(account))
        tell_requester(export)
    elif export.status != ExportStatus.REFUSED:
        raise Refused("export_approved")
    return export


def _waits(export: Export) -> bool:
    """Raises `Refused("export_lapsed")` where it has waited too long."""
    lapsed = export.is_waiting and export.requested_at <= clock.now() - APPROVAL_WITHIN
    if lapsed or export.status == ExportStatus.LAPSED:
        raise Refused("export_lapsed")
    return export.is_waiting


def _decide(export: Export, status: ExportStatus, account: Any) -> None:
    export.status = status
    export.decided_by = account
    export.decider_name = account.get_full_name()[:60]
    export.decided_at = clock.now()
    fields = ["status", "decided_by", "decider_name", "decided_at", "decision_reason"]
    if status == ExportStatus.REFUSED:
        export.selection, fields = [], [*fields, "selection"]
    export.save(update_fields=fields)


def export_to_make(export_id: int) -> Export | None:
    """The export whose file is to be made now, locked; None where it has been made already."""
    export = _locked(export_id)
    return export if export.status == ExportStatus.APPROVED else None


@transaction.atomic
def keep_file(export: Export, content: bytes, resident_ids: Sequence[UUID]) -> None:
    """Keep the file for a day, and that these residents are in it. `export` is locked."""
    now = clock.now()
    ExportFile.objects.create(
        export=export,
        municipality_id=export.municipality_id,
        requester_id=export.requested_by_id,
        content=base64.b64encode(content).decode(),
    )
    ExportSubject.objects.bulk_create(
        (
            ExportSubject(
                export=export, municipality_id=export.municipality_id, resident_id=resident_id
            )
            for resident_id in dict.fromkeys(resident_ids)
        ),
        batch_size=_BATCH,
    )
    export.status = ExportStatus.READY
    export.made_count = len(resident_ids)
    export.kept_until = now + FILE_KEPT
    export.selection = []
    export.save(update_fields=["status", "made_count", "kept_until", "selection"])
    if export.alone:  # made at once, by whoever asked
        _record(export, ExportEvent.MADE, signature_of(export.requested_by))
    else:
        _record(export, ExportEvent.MADE, NOBODY)
        tell_requester(export)


@transaction.atomic
def fetch_file(export_id: int, account: Any) -> tuple[Export, bytes]:
    """The file, for who asked for it; every time is recorded, and the residents are shown it.

    Raises `Refused("not_yours")` and, before it is made and after a day, `Refused("no_file")`.
    """
    export = _locked(export_id)
    if export.requested_by_id != account.pk:
        raise Refused("not_yours")
    file = ExportFile.objects.filter(export=export).first()
    # None of an export younger than the archive that its municipality was restored from.
    if not export.can_be_fetched or file is None:
        raise Refused("no_file")
    content = base64.b64decode(file.content)
    _record(export, ExportEvent.EXPORTED, signature_of(account), export.made_count)
    return export, content


@transaction.atomic
def end_what_is_over(municipality: Municipality) -> int:
    """Delete a municipality's files after a day, end what nobody approved; returns how many."""
    now = clock.now()
    exports = Export.objects.select_for_update(of=("self",), skip_locked=True)
    over = exports.filter(municipality=municipality, status=ExportStatus.READY, kept_until__lte=now)
    lapsed = exports.filter(
        municipality=municipality,
        status=ExportStatus.WAITING,
        requested_at__lte=now - APPROVAL_WITHIN,
    )
    ended = [
        *((export, ExportStatus.GONE, ExportEvent.DELETED) for export in over),
        *((export, ExportStatus.LAPSED, ExportEvent.LAPSED) for export in lapsed),
    ]
    for export, status, event in ended:
        ExportFile.objects.filter(export=export).delete()
        export.status, export.selection = status, []
        export.save(update_fields=["status", "selection"])
        _record(export, event, NOBODY)
    return len(ended)


@transaction.atomic
def delete_files_with(residents: Iterable[UUID]) -> None:
    """Files with one of these residents in them are gone, and so are the words they were chosen
    by, which may be a name. That they were made and fetched stays in the record.

    For the closing of an account: whoever needs the others' asks for a new export.
    """
    with_them = ExportSubject.objects.filter(resident_id__in=residents).values("export")
    exports = Export.objects.filter(pk__in=with_them)
    ended = list(exports.select_for_update(of=("self",)).filter(status=ExportStatus.READY))
    ExportFile.objects.filter(export__in=ended).delete()
    Export.objects.filter(pk__in=[export.pk for export in ended]).update(status=ExportStatus.GONE)
    exports.exclude(selected_by="").update(selected_by=FORGOTTEN)
    ExportRecord.objects.bulk_create(_line(export, ExportEvent.DELETED, NOBODY) for export in ended)


def _locked(export_id: int) -> Export:
    return Export.objects.select_for_update(of=("self",)).get(pk=export_id)


def _record(
    export: Export, event: ExportEvent, signature: Signature, rows: int | None = None
) -> None:
    _line(export, event, signature, rows).save()


def _line(
    export: Export, event: ExportEvent, signature: Signature, rows: int | None = None
) -> ExportRecord:
    return ExportRecord(
        export=export,
        municipality_id=export.municipality_id,
        event=event,
        at=clock.now(),
        row_count=export.row_count if rows is None else rows,
        purpose=export.purpose,
        note=export.note,
        particulars=export.particulars,
        file_format=export.file_format,
        **signature.as_fields(),
    )

"""What is held of looks at a person, of exports with them in it, and of what they asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.queries import read_as_each
from common.holdings import PLACE, PLACE_NAMED, Field, Holding, Person
from privacy.models import (
    AccessRecord,
    AccountClosing,
    Case,
    CaseEvent,
    Consent,
    ExportFile,
    ExportRecord,
    ExportSubject,
    KnownTo,
)
from privacy.operations.exports import delete_files_with

# Residents are shown the office, never the name.
_OFFICES = Field("offices", _("roles"), lambda row: row.offices)
_SHOWN = Field("shown", _("what was shown"), lambda row: row.shown)
_RECORD = _(
    "The municipality has to answer for what its staff looked at and took away. Rows of this "
    "record can't be changed by anybody; they name you by a random number."
)


def _looks(person: Person) -> list[AccessRecord]:
    return read_as_each(
        person, lambda _account, resident: AccessRecord.objects.of_resident(resident)
    )


def _known(person: Person) -> list[KnownTo]:
    rows = KnownTo.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _consents(person: Person) -> list[Consent]:
    return read_as_each(
        person,
        lambda account, _resident: Consent.objects.of(account).in_words().order_by("given_at"),
    )


def _subjects(person: Person) -> list[ExportSubject]:
    return read_as_each(
        person,
        lambda _account, resident: ExportSubject.objects.filter(
            resident_id=resident
        ).select_related(PLACE_NAMED),
    )


def _records(person: Person) -> list[ExportRecord]:
    with_them = ExportSubject.objects.filter(resident_id__in=person.residents).values("export")
    found = read_as_each(
        person,
        lambda _account, _resident: (
            ExportRecord.objects.filter(export__in=with_them)
            .defer("actor_name")
            .select_related(PLACE_NAMED)
        ),
    )
    return list({row.pk: row for row in found}.values())


def _nothing(person: Person) -> list[ExportFile]:
    """Others are in the file too, so the wall shows it to whoever asked for it and nobody else."""
    return []


def _delete_files(person: Person) -> None:
    delete_files_with(person.residents)


def _cases(person: Person) -> list[Case]:
    return read_as_each(person, lambda _account, resident: Case.objects.of_resident(resident))


def _empty_cases(person: Person) -> None:
    Case.objects.filter(resident_id__in=person.residents).update(
        applicant_name="",
        contact_email="",
        contact="",
        subject="",
        wanted="",
        extension_reason="",
        decision_reason="",
        outcome="",
    )


def _steps(person: Person) -> list[CaseEvent]:
    return read_as_each(
        person,
        lambda _account, resident: (
            CaseEvent.objects.filter(case__resident_id=resident, internal=False)
            .defer("actor_name")
            .select_related("case")
        ),
    )


def _closings(person: Person) -> list[AccountClosing]:
    return read_as_each(
        person, lambda _account, resident: AccountClosing.objects.filter(pk=resident)
    )


HOLDINGS = [
    Holding(
        table="privacy_accountclosing",
        title=_("Closing of the account"),
        why=_("To erase what was held of you, and to erase it again should a backup be restored."),
        rows=_closings,
        fields=("closed_at", "erased_at", "backups_until"),
        kept=_("Otherwise a restored backup would bring you back. No name is in it."),
    ),
    Holding(
        table="privacy_consent",
        title=_("What you agreed to"),
        why=_("To show which text you agreed to for what, when, and when you took it back."),
        rows=_consents,
        fields=(
            Field("purpose", _("purpose"), lambda row: row.get_purpose_display()),
            PLACE,
            Field("text", _("text agreed to"), lambda row: str(row.text)),
            "given_at",
            Field("on_paper", _("on paper"), lambda row: row.on_paper_by_id is not None),
            "ended_at",
            Field("end_reason", _("reason"), lambda row: row.get_end_reason_display()),
        ),
        kept=_("It shows that what was done was agreed to. No name is in it."),
    ),
    Holding(
        table="privacy_accessrecord",
        title=_("Looks at your particulars"),
        why=_("So that you see who looked at your particulars, and why."),
        rows=_looks,
        fields=("at", "municipality", _OFFICES, "purpose", "note", _SHOWN),
        kept=_RECORD,
    ),
    Holding(
        table="privacy_exportsubject",
        title=_("Exports you are in"),
        why=_("So that you learn of each time a file with you in it is taken away."),
        rows=_subjects,
        fields=(PLACE,),
        kept=_RECORD,
    ),
    Holding(
        table="privacy_exportrecord",
        title=_("What happened to exports you are in"),
        why=_("So that you see who took a file with you in it away, and why."),
        rows=_records,
        fields=("at", "municipality", _OFFICES, "event", "purpose", "note", _SHOWN, "file_format"),
        kept=_RECORD,
    ),
    Holding(
        table="privacy_knownto",
        title=_("Municipalities you have told something"),
        why=_("So that what they hold of you is found when you ask for it, and erased with your "
              "account."),
        rows=_known,
        fields=(PLACE,),
        kept=_("What a municipality gets back from a backup has to be erased there again. The row "
               "names you by a random number; whose it was is then written nowhere."),
    ),
    Holding(
        table="privacy_exportfile",
        title=_("Files of exports you are in"),
        why=_(
            "For the member of staff who asked, for a day at most. Other people are in the file "
            "too, so it is not shown here; that it was made and fetched is."
        ),
        rows=_nothing,
        fields=(PLACE,),
        erase=_delete_files,
    ),
    Holding(
        table="privacy_case",
        title=_("Your requests for disclosure, correction or stop of use"),
        why=_("To answer you. Until you close your account; kind, days and decision stay, because "
              "how many there were has to be reported."),
        rows=_cases,
        fields=(
            Field("number", _("Number"), lambda row: row.number),
            "municipality", "kind", "channel", "applicant_name", "contact_email", "contact",
            "subject", "wanted", "received_on", "deadline", "extended_from", "extension_reason",
            "status", "decision", "decision_reason", "outcome", "decided_at", "done_at",
        ),
        erase=_empty_cases,
    ),
    Holding(
        table="privacy_caseevent",
        title=_("What happened to your requests"),
        why=_("To show that a request was handled in time, and by which office."),
        rows=_steps,
        fields=(
            Field("number", _("Number"), lambda row: row.case.number), "at", "kind", "note",
            _OFFICES,
        ),
        kept=_("Whether the law was kept can be asked later too. Rows of this record can't be "
               "changed by anybody; they name you by a random number."),
    ),
]  # fmt: skip

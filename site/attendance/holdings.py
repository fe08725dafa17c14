"""What attendance holds of a person: what they signed up for, and what they took part in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.models import Amendment, Objection, ParticipationRecord, SignUp
from common.holdings import PLACE, PLACE_NAMED, Field, Holding, Person


def _sign_ups(person: Person) -> list[SignUp]:
    rows = SignUp.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _empty_sign_ups(person: Person) -> None:
    """How many had signed up stays; who they were does not."""
    SignUp.objects.filter(resident_id__in=person.residents).update(name="", kana="", phone="")


def _records(person: Person) -> list[ParticipationRecord]:
    rows = ParticipationRecord.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _amendments(person: Person) -> list[Amendment]:
    rows = Amendment.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related("record", PLACE_NAMED))


def _objections(person: Person) -> list[Objection]:
    rows = Objection.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related("record", PLACE_NAMED))


def _delete_objections(person: Person) -> None:
    Objection.objects.filter(resident_id__in=person.residents).delete()


_ACTIVITY = Field("activity_title", _("activity"), lambda row: row.record.activity_title)
HOLDINGS = [
    Holding(
        table="attendance_signup",
        title=_("Your sign-ups"),
        why=_("So that whoever runs the activity expects you and can reach you. Name and telephone "
              "number are kept until you close your account."),
        rows=_sign_ups,
        fields=(
            PLACE, "activity_title", "starts_at", "ends_at", "place", "status", "name", "kana",
            "phone", "created_at", "updated_at",
        ),
        erase=_empty_sign_ups,
    ),
    Holding(
        table="attendance_participationrecord",
        title=_("What you took part in"),
        why=_("To count your participations, and to certify them to you."),
        rows=_records,
        fields=(
            PLACE, "activity_title", "organiser", "place", "session_date", "starts_at", "ends_at",
            "hours", "designated", "designation_basis", "method", "remark", "recorded_at",
        ),
        kept=_("How many took part in what is counted from these rows, and nobody can change one. "
               "They name you by a random number; whose it was is then written nowhere."),
    ),
    Holding(
        table="attendance_amendment",
        title=_("What was put right in what you took part in"),
        why=_("So that it stays visible what was voided, restored or corrected, when and why."),
        rows=_amendments,
        fields=(PLACE, _ACTIVITY, "kind", "hours", "reason", "at"),
        kept=_("They belong to the record of what you took part in, and stay with it. They name "
               "you by a random number alone."),
    ),
    Holding(
        table="attendance_objection",
        title=_("Your objections to records"),
        why=_("So that the municipality can answer them. Until you close your account."),
        rows=_objections,
        fields=(PLACE, _ACTIVITY, "text", "status", "created_at", "answer", "answered_at"),
        erase=_delete_objections,
    ),
]  # fmt: skip

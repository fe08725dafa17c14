"""What attendance holds of a person: what they signed up for, and what they took part in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.models import CalendarFeed, ParticipationRecord, SignUp, SignUpEvent
from attendance.operations.forgetting import EMPTY
from common.holdings import PLACE, PLACE_NAMED, Field, Holding, Person


def _sign_ups(person: Person) -> list[SignUp]:
    rows = SignUp.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _empty_sign_ups(person: Person) -> None:
    """How many had signed up stays; who they were does not."""
    SignUp.objects.filter(resident_id__in=person.residents).update(**EMPTY)


def _moves(person: Person) -> list[SignUpEvent]:
    rows = SignUpEvent.objects.filter(sign_up__resident_id__in=person.residents)
    return list(rows.select_related("sign_up"))


def _feeds(person: Person) -> list[CalendarFeed]:
    return list(CalendarFeed.objects.filter(resident_id__in=person.residents))


def _end_feeds(person: Person) -> None:
    CalendarFeed.objects.filter(resident_id__in=person.residents).delete()


def _records(person: Person) -> list[ParticipationRecord]:
    rows = ParticipationRecord.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


_COMPANIONS = Field(
    "companions",
    _("who comes along"),
    lambda row: "、".join(one["name"] for one in row.companions or ()),
)

HOLDINGS = [
    Holding(
        table="attendance_signup",
        title=_("Your sign-ups"),
        why=_("So that whoever runs the activity expects you and can reach you. Name and telephone "
              "number are kept until you close your account."),
        rows=_sign_ups,
        fields=(
            PLACE, "activity_title", "starts_at", "ends_at", "place", "status", "ticket", "party",
            _COMPANIONS, "age_group", "guardian_name", "guardian_phone", "answer_by", "reason",
            "name", "kana", "phone", "reminded_at", "created_at", "updated_at",
        ),
        erase=_empty_sign_ups,
    ),
    Holding(
        table="attendance_signupevent",
        title=_("What became of your sign-ups"),
        why=_("So that you and whoever runs the activity can see later who had a place, and why."),
        rows=_moves,
        fields=(
            Field("activity", _("activity"), lambda row: row.sign_up.activity_title),
            "from_status", "to_status", "party", "at",
        ),
        kept=_("Nobody can change what was recorded. The rows name a sign-up, from which your "
               "name is gone."),
    ),
    Holding(
        table="attendance_calendarfeed",
        title=_("Your address for calendars"),
        why=_("So that your own calendar shows what you have signed up for. It ends when you "
              "revoke it or close your account."),
        rows=_feeds,
        fields=("created_at",),
        erase=_end_feeds,
    ),
    Holding(
        table="attendance_participationrecord",
        title=_("What you took part in"),
        why=_("To count your participations, and to certify them to you."),
        rows=_records,
        fields=(
            PLACE, "activity_title", "organiser", "place", "session_date", "starts_at", "ends_at",
            "hours", "designated", "designation_basis", "method", "recorded_at",
        ),
        kept=_("How many took part in what is counted from these rows, and nobody can change one. "
               "They name you by a random number; whose it was is then written nowhere."),
    ),
]  # fmt: skip

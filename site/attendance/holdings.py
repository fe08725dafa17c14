"""What attendance holds of a person: what they signed up for, and what they took part in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.models import (
    Amendment,
    CalendarFeed,
    EarlierRecord,
    Objection,
    Outcome,
    ParticipationRecord,
    ParticipationReport,
    Scan,
    SignUp,
    SignUpEvent,
    Voice,
    VoiceAnswer,
)
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


def _scans(person: Person) -> list[Scan]:
    return list(
        Scan.objects.filter(resident_id__in=person.residents)
        .select_related(PLACE_NAMED)
        .order_by("made_at")
    )


def _outcomes(person: Person) -> list[Outcome]:
    rows = Outcome.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED).order_by("decided_at"))


def _reports(person: Person) -> list[ParticipationReport]:
    rows = ParticipationReport.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _delete_reports(person: Person) -> None:
    ParticipationReport.objects.filter(resident_id__in=person.residents).delete()


def _earlier(person: Person) -> list[EarlierRecord]:
    rows = EarlierRecord.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _amendments(person: Person) -> list[Amendment]:
    rows = Amendment.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related("record", PLACE_NAMED))


def _objections(person: Person) -> list[Objection]:
    rows = Objection.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related("record", PLACE_NAMED))


def _delete_objections(person: Person) -> None:
    Objection.objects.filter(resident_id__in=person.residents).delete()


def _voices(person: Person) -> list[Voice]:
    rows = Voice.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _delete_voices(person: Person) -> None:
    """With what an organisation answered: an answer to nothing says nothing."""
    Voice.objects.filter(resident_id__in=person.residents).delete()


def _voice_answers(person: Person) -> list[VoiceAnswer]:
    rows = VoiceAnswer.objects.filter(written_by_id__in=person.accounts)
    return list(rows.select_related(PLACE_NAMED))


def _empty_voice_answers(person: Person) -> None:
    """The answer is the organisation's, and stays; who wrote it does not."""
    VoiceAnswer.objects.filter(written_by_id__in=person.accounts).update(written_by=None)


_ACTIVITY = Field("activity_title", _("activity"), lambda row: row.record.activity_title)
_COMPANIONS = Field(
    "companions",
    _("who comes along"),
    lambda row: "、".join(one["name"] for one in row.companions or ()),
)
_BOOKED = Field(
    "components",
    _("booked along"),
    lambda row: "、".join(f"{one['name']} × {one['number']}" for one in row.booked),
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
            _BOOKED, _COMPANIONS, "age_group", "guardian_name", "guardian_phone", "answer_by",
            "reason", "name", "kana", "phone", "reminded_at", "created_at", "updated_at",
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
            "hours", "designated", "designation_basis", "method", "remark", "recorded_at",
        ),
        kept=_("How many took part in what is counted from these rows, and nobody can change one. "
               "They name you by a random number; whose it was is then written nowhere."),
    ),
    Holding(
        table="attendance_scan",
        title=_("Codes you read, and passes of yours that were read"),
        why=_("So that nothing that was read at a venue is lost or counted twice, and so that the "
              "municipality can answer your questions about it."),
        rows=_scans,
        fields=(
            PLACE, "way", "made_at", "received_at", "clock_off", "sent_late", "classification",
        ),
        kept=_("They show how the participations that are counted came about, and nobody can "
               "change one. They name you by a random number; whose it was is then written "
               "nowhere."),
    ),
    Holding(
        table="attendance_outcome",
        title=_("What the organiser said of your sign-ups"),
        why=_("To tell whoever was excused from whoever did not come."),
        rows=_outcomes,
        fields=(PLACE, "outcome", "decided_at"),
        kept=_("They show how a list of participants came about, and nobody can change one. They "
               "name you by a random number; whose it was is then written nowhere."),
    ),
    Holding(
        table="attendance_participationreport",
        title=_("Your reports on remote activities"),
        why=_("To decide whether a remote activity counts. Your words are kept until you close "
              "your account."),
        rows=_reports,
        fields=(PLACE, "activity_title", "text", "status", "handed_in_at", "reason", "reviewed_at"),
        erase=_delete_reports,
    ),
    Holding(
        table="attendance_earlierrecord",
        title=_("Earlier participations that were found to be yours"),
        why=_("So that it can be seen later why a participation from before this service was "
              "recorded as yours. Your particulars on the municipality's list are deleted once it "
              "is."),
        rows=_earlier,
        fields=(
            PLACE, "activity_title", "organiser", "place", "starts_at", "ends_at", "hours",
            "ground", "matched_by_way", "decided_at", "created_at",
        ),
        kept=_("They belong to what you took part in, and name you by the same random number."),
    ),
    Holding(
        table="attendance_amendment",
        title=_("What was put right in what you took part in"),
        why=_("So that it stays visible what was voided, restored, corrected or designated "
              "afterwards, when and why."),
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
    Holding(
        table="attendance_voice",
        title=_("Your words about activities"),
        why=_("So that others can read what it was like. Until you take them back or close your "
              "account: then they are deleted, and what was answered to them."),
        rows=_voices,
        fields=(
            PLACE, "activity_title", "session_date", "text", "signed_as", "state", "reason",
            "written_at",
        ),
        erase=_delete_voices,
    ),
    Holding(
        table="attendance_voiceanswer",
        title=_("Answers to words of participants you wrote for an organisation"),
        why=_("So that others can read what the organisation answers."),
        rows=_voice_answers,
        fields=(PLACE, "text", "state", "reason", "written_at"),
        erase=_empty_voice_answers,
    ),
]  # fmt: skip

"""Closed lists of this app."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignUpStatus(TextChoices):
    """How far a resident is on the way to a place in a session (`rules.moves` says what may
    follow on what)."""

    APPLIED = "applied", pgettext_lazy("sign-up", "Applied")
    SIGNED_UP = "signed_up", _("Signed up")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    DECLINED = "declined", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Not answered in time")
    CANCELLED = "cancelled", _("Called off")


class AgeGroup(TextChoices):
    """What whoever runs an activity knows of people's ages (年代); never a date of birth.

    Decades, of which the first two are divided where a child becomes a minor who comes alone, and
    a minor an adult.
    """

    CHILD = "child", _("Under 12")
    YOUTH = "youth", _("12 to 17")
    TEENS = "teens", _("18 or 19")
    TWENTIES = "20s", _("In their twenties")
    THIRTIES = "30s", _("In their thirties")
    FORTIES = "40s", _("In their forties")
    FIFTIES = "50s", _("In their fifties")
    SIXTIES = "60s", _("In their sixties")
    SEVENTIES = "70s", _("In their seventies")
    EIGHTIES = "80s", _("80 or over")
    # Of sign-ups that were made before there were decades; nobody is asked for these any more.
    ADULT = "adult", _("18 to 64")
    SENIOR = "senior", _("65 or over")

    @classmethod
    def asked(cls) -> list[tuple[str, Any]]:
        """Choices of a form, the youngest first."""
        return [
            (value, label) for value, label in cls.choices if value not in {cls.ADULT, cls.SENIOR}
        ]


# Those that somebody of the municipality has to decide on.
TO_ANSWER = (SignUpStatus.APPLIED,)


class CheckInMethod(TextChoices):
    """How a participation was recorded (R19, R20, R30)."""

    VENUE_CODE = "venue_code", _("QR code at the venue")
    ROTATING_CODE = "rotating_code", _("Changing code on the organiser's screen")
    RESIDENT_PASS = "resident_pass", _("Participant's pass")
    DAY_CODE = "day_code", _("Six-digit code of the day")
    PAPER_LIST = "paper_list", _("List on paper")
    ORGANISER = "organiser", _("Confirmed by the organiser")
    TIMED_CODE = "timed_code", _("Code of the day, from elsewhere")
    REPORT = "report", _("Report that was reviewed")
    IMPORTED = "imported", _("Entered afterwards")


class ScanClass(TextChoices):
    """What a reading of a code came to. Every one is kept."""

    COUNTED = "counted", _("Counted")
    DUPLICATE = "duplicate", _("Had been recorded already")
    EARLY = "early", _("Too early")
    LATE = "late", _("Too late")
    WRONG_SESSION = "wrong_session", _("Of another session")
    KEY_REVOKED = "key_revoked", _("Of a code that was withdrawn")
    INVALID = "invalid", _("Not a valid code")
    REVIEW = "review", _("To be reviewed")


class ScanDecision(TextChoices):
    """What staff made of a reading that was to be reviewed."""

    ACCEPTED = "accepted", pgettext_lazy("participation", "Recorded")
    LEFT = "left", _("Not recorded")


class Attendance(TextChoices):
    """What became of a sign-up."""

    ATTENDED = "attended", _("Took part")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class ReportStatus(TextChoices):
    """Where a participation report stands (R30)."""

    HANDED_IN = "handed_in", _("Handed in")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


class EarlierStatus(TextChoices):
    """Where a row of a list from before the platform stands (R20)."""

    WAITING = "waiting", _("Waits until the person registers")
    DOUBTFUL = "doubtful", _("Waits for your decision")
    RECORDED = "recorded", pgettext_lazy("participation", "Recorded")
    DROPPED = "dropped", _("Not taken over")
    UNDONE = "undone", _("Taken back")


class EarlierMatch(TextChoices):
    """How the person of such a row was found."""

    LISTED = "listed", _("Registered when the list was taken over")
    REGISTERED = "registered", _("Found when registering")
    CODE = "code", _("Claimed with a code")
    CLAIM = "claim", _("Claimed with name, date of birth and telephone number")
    STAFF = "staff", _("Decided by staff")


class AmendmentKind(TextChoices):
    """What later came of a participation."""

    VOID = "void", _("Voided")
    RESTORE = "restore", _("Restored")
    CORRECT = "correct", _("Hours corrected")
    DESIGNATE = "designate", _("Designated afterwards")


class ObjectionStatus(TextChoices):
    """What became of a participant's objection."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("objection", "Accepted")
    REJECTED = "rejected", pgettext_lazy("objection", "Not accepted")


class VoiceState(TextChoices):
    """How far a participant's words, or an organisation's answer to them, are."""

    WAITING = "waiting", _("The municipality reads it first")
    PUBLISHED = "published", pgettext_lazy("words of a participant", "Public")
    HIDDEN = "hidden", pgettext_lazy("words of a participant", "Not shown")

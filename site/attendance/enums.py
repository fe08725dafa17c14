"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignUpStatus(TextChoices):
    """Whether a resident has a place in a session."""

    SIGNED_UP = "signed_up", _("Signed up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Those that somebody of the municipality has to decide on; none where there is no such status.
TO_ANSWER = tuple(value for value in SignUpStatus.values if value == "applied")


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

    ACCEPTED = "accepted", _("Recorded")
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

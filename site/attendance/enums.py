"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignUpStatus(TextChoices):
    """Whether a resident has a place in a session."""

    SIGNED_UP = "signed_up", _("Signed up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CheckInMethod(TextChoices):
    """How a participation was recorded (R19, R20, R30)."""

    VENUE_CODE = "venue_code", _("QR code at the venue")
    ROTATING_CODE = "rotating_code", _("Changing code shown at the venue")
    RESIDENT_PASS = "resident_pass", _("Pass on the participant's phone")
    DAY_CODE = "day_code", _("Six-digit code of the day")
    PAPER_LIST = "paper_list", _("Paper list at the venue")
    ORGANISER = "organiser", _("Entered by the organiser")
    TIMED_CODE = "timed_code", _("Timed code of a remote activity")
    REPORT = "report", _("Report that was reviewed")
    IMPORTED = "imported", _("Imported: from before this system")


class AmendmentKind(TextChoices):
    """What later came of a participation."""

    VOID = "void", _("Voided")
    RESTORE = "restore", _("Restored")
    CORRECT = "correct", _("Hours corrected")


class ObjectionStatus(TextChoices):
    """What became of a participant's objection."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("objection", "Accepted")
    REJECTED = "rejected", pgettext_lazy("objection", "Not accepted")

"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignUpStatus(TextChoices):
    """Whether a resident has a place in a session."""

    SIGNED_UP = "signed_up", _("Signed up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CheckInMethod(TextChoices):
    """How a participation was recorded (R19, R20, R30)."""

    VENUE_CODE = "venue_code", _("QR code at the venue")
    IMPORTED = "imported", _("Entered afterwards")


class EarlierStatus(TextChoices):
    """Where a row of a list from before the platform stands (R20)."""

    WAITING = "waiting", _("Waits until the person registers")
    DOUBTFUL = "doubtful", _("Waits for your decision")
    RECORDED = "recorded", _("Recorded")
    DROPPED = "dropped", _("Not taken over")
    UNDONE = "undone", _("Taken back")


class EarlierMatch(TextChoices):
    """How the person of such a row was found."""

    LISTED = "listed", _("Registered when the list was taken over")
    REGISTERED = "registered", _("Found when registering")
    CODE = "code", _("Claimed with a code")
    CLAIM = "claim", _("Claimed with name, date of birth and telephone number")
    STAFF = "staff", _("Decided by staff")

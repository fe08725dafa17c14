"""Closed lists of this app."""

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
    """What whoever runs an activity knows of people's ages; never a date of birth."""

    CHILD = "child", _("Under 12")
    YOUTH = "youth", _("12 to 17")
    ADULT = "adult", _("18 to 64")
    SENIOR = "senior", _("65 or over")


class CheckInMethod(TextChoices):
    """How a participation was recorded (R19, R20, R30)."""

    VENUE_CODE = "venue_code", _("QR code at the venue")

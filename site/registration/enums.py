"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegistrationKind(TextChoices):
    """Kinds of registration. Screens show the name in force (`Parameters.name_of`), not this."""

    BASIC = "basic", _("Basic registration")


class Origin(TextChoices):
    """How a registration came about (R5, R6)."""

    DIRECT = "direct", _("By the resident")
    CO_REGISTERED = "co_registered", _("Together with a city of the prefecture")


class RegistrationStatus(TextChoices):
    """Whether a registration holds."""

    ACTIVE = "active", _("Registered")
    ENDED = "ended", _("Ended")


class EventKind(TextChoices):
    """What can happen to a registration."""

    REGISTERED = "registered", _("Registered")
    REGISTERED_AGAIN = "registered_again", _("Registered again")
    CO_REGISTERED = "co_registered", _("Registered together with a city")
    MADE_DIRECT = "made_direct", _("Also registered by the resident")
    MADE_CO_REGISTERED = "made_co_registered", _("Kept for a city of the prefecture")
    MOVED_IN = "moved_in", _("Moved into the municipality")
    MOVED_AWAY = "moved_away", _("Moved away from the municipality")
    TAKEN_OVER = "taken_over", _("Taken over from another account of the same person")
    MERGED = "merged", _("Joined with the registration of another account")
    ENDED = "ended", _("Ended")

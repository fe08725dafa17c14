"""What happened to a registration, in words, by the names in force (R29)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registration.enums import EventKind, PremiumEnd
from registration.models import RegistrationEvent


def what_happened(event: RegistrationEvent, premium: str) -> str:
    """`premium` is what that kind is called at present."""
    text = {
        EventKind.PREMIUM_GRANTED: _("%(premium)s registration granted"),
        EventKind.PREMIUM_DERIVED: _("%(premium)s registration through a city of the prefecture"),
        EventKind.PREMIUM_RENEWED: _("%(premium)s registration renewed"),
        EventKind.PREMIUM_LAPSED: _("%(premium)s registration over"),
        EventKind.OVER_LIMIT: _("More %(premium)s registrations than the limit"),
    }.get(EventKind(event.kind))
    return text % {"premium": premium} if text else event.get_kind_display()


def why_it_ended(event: RegistrationEvent) -> str:
    """Of premium the reason in words, "" of everything else."""
    is_end = event.kind == EventKind.PREMIUM_LAPSED and event.reason in PremiumEnd.values
    return str(PremiumEnd(event.reason).label) if is_end else ""

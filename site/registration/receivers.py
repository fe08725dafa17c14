"""What municipalities know about a resident follows the resident's profile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.dispatch import receiver

from accounts.models import Resident
from accounts.registry import merge_part
from accounts.signals import address_changed, profile_changed
from common.text import normalise_kana
from identity.registry import Registrant, register_directory
from notifications.registry import handler
from privacy.registry import holders_of_data
from registration.models import Registration
from registration.operations import follow_move, refresh_disclosure
from registration.operations.export import REGISTRANTS, make_file
from registration.operations.merge import take_over
from registration.operations.permissions import make_permissions
from registration.queries import active_registration, registrants_of
from tenants.models import Municipality
from tenants.signals import template_built

_SCREENFUL = 20

merge_part("registration")(take_over)


@receiver(profile_changed, dispatch_uid="registration.refresh_disclosure")
def tell_municipalities(sender: Any, resident: Resident, **kwargs: Any) -> None:
    """A new name or address reaches every municipality the resident is registered with."""
    refresh_disclosure(resident)


@receiver(address_changed, dispatch_uid="registration.follow_move")
def judge_again(sender: Any, resident: Resident, **kwargs: Any) -> None:
    """Who moved may live in a municipality now that they are registered with (R16)."""
    follow_move(resident)


class RegistrantsDirectory:
    """Plugs registrations into `identity`: whom the counter may find (`Directory` there)."""

    def search(self, municipality: Municipality, words: str) -> list[Registrant]:
        known = Q(number=words) | Q(kana__icontains=normalise_kana(words))
        known |= Q(family_name__icontains=words) | Q(given_name__icontains=words)
        found = registrants_of(municipality).filter(known)
        return [_registrant(row) for row in found[:_SCREENFUL]]

    def find(self, municipality: Municipality, resident_id: UUID) -> Registrant | None:
        row = active_registration(resident_id, municipality)
        return _registrant(row) if row else None


def _registrant(row: Registration) -> Registrant:
    return Registrant(
        resident_id=row.resident_id,
        number=row.number,
        family_name=row.family_name,
        given_name=row.given_name,
        kana=row.kana,
        birth_date=row.birth_date,
        address=row.address,
        email=row.email,
    )


register_directory(RegistrantsDirectory())


@receiver(template_built, dispatch_uid="registration.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()


@handler(REGISTRANTS)
def deliver_export(payload: dict[str, Any]) -> None:
    make_file(payload["export"])


@holders_of_data("registrations")
def where_registered(resident: Resident) -> list[Municipality]:
    """Whoever was registered there once may ask what is kept of it."""
    rows = Registration.objects.filter(resident=resident).select_related(
        "municipality__local_government__prefecture"
    )
    return [row.municipality for row in rows]

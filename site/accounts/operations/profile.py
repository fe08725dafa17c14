"""The resident's profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict

from django.db import transaction

from accounts.models import Resident, User
from accounts.queries import resident_of
from accounts.signals import address_changed, profile_changed
from tenants.actors import standing_in
from tenants.models import LocalGovernment

__all__ = ["ProfileData", "follow_email", "resident_of", "save_profile", "save_wishes"]


class ProfileData(TypedDict):
    """A profile as `accounts.forms.ProfileForm` hands it over: normalised and checked.

    Abroad `residence` is None, the whole address is in `address_line` and `building` is empty.
    """

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    birth_date: date
    country: NotRequired[str]
    postal_code: str
    residence: LocalGovernment | None
    address_line: str
    building: NotRequired[str]
    phone: NotRequired[str]
    language: NotRequired[str]


@transaction.atomic
def save_profile(user: User, data: ProfileData) -> Resident:
    """Make or change the profile of `user`. Sent twice, it is one resident and one change.

    Tells what depends on it: `profile_changed`, and `address_changed` for a move (R16).
    """
    fields = {name: data[name] for name in ProfileData.__annotations__ if name in data}  # type: ignore[literal-required]
    # The account's row is the lock: two first saves at once would both find no resident.
    # No stronger: whoever registers meanwhile holds the resident and names the account.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    resident = resident_of(user)
    if resident is None:
        return Resident.objects.create(user=user, **fields)
    if resident.closed_at:  # at this very moment, in another window
        return resident
    lived_in = resident.municipality_code
    if _change(resident, fields):
        profile_changed.send(sender=Resident, resident=resident)
    if resident.municipality_code != lived_in:
        address_changed.send(
            sender=Resident, resident=resident, before=lived_in, after=resident.municipality_code
        )
    return resident


@transaction.atomic
def save_wishes(
    resident: Resident, persona: str, interests: Sequence[str], languages: Sequence[str]
) -> Resident:
    """Keep what brings somebody here, what they like to do and which languages they speak.

    No municipality is told: that is the resident's to disclose.
    """
    stored = Resident.objects.select_for_update().get(pk=resident.pk)
    _change(
        stored,
        {"persona": persona, "interests": list(interests), "languages": list(languages)},
    )
    return stored


@transaction.atomic
def follow_email(user: User) -> None:
    """The account's address is another: tell what depends on it. Nothing without a profile."""
    with standing_in(user.pk):
        resident = resident_of(user)
    if resident is None:
        return
    # At the reception, where addresses change, no registration is in reach.
    with standing_in(user.pk, resident.pk):
        profile_changed.send(sender=Resident, resident=resident)


def _change(resident: Resident, fields: dict[str, Any]) -> list[str]:
    """Write what differs; the names of the fields that did."""
    changed = [name for name, value in fields.items() if getattr(resident, name) != value]
    for name in changed:
        setattr(resident, name, fields[name])
    if changed:
        resident.save(update_fields=[*changed, "updated_at"])
    return changed

"""The resident's profile."""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict

from django.db import transaction

from accounts.models import Resident, User
from accounts.queries import resident_of
from tenants.models import LocalGovernment

__all__ = ["ProfileData", "resident_of", "save_profile"]


class ProfileData(TypedDict):
    """A profile as `accounts.forms.ProfileForm` hands it over: normalised and checked."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    birth_date: date
    postal_code: str
    residence: LocalGovernment
    address_line: str
    building: NotRequired[str]
    phone: NotRequired[str]
    language: NotRequired[str]


@transaction.atomic
def save_profile(user: User, data: ProfileData) -> Resident:
    """Make or change the profile of `user`. Sent twice, it is one resident."""
    fields = {name: data[name] for name in ProfileData.__annotations__ if name in data}  # type: ignore[literal-required]
    # The account's row is the lock: two first saves at once would both find no resident.
    User.objects.select_for_update().get(pk=user.pk)
    resident, _created = Resident.objects.update_or_create(user=user, defaults=fields)
    return resident

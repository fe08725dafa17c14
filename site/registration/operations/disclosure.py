"""What a municipality is told about a resident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.models import Resident
from accounts.rules.countries import country_name
from common.in_words import in_words
from common.text import written_postal_code
from registration.enums import RegistrationStatus
from registration.models import Registration
from registration.queries import place_of
from registration.rules.residence import lives_in
from tenants.models import Municipality

DISCLOSED = (
    "family_name",
    "given_name",
    "kana",
    "birth_date",
    "postal_code",
    "address",
    "residence_name",
    "email",
    "phone",
    "lives_here",
)
"""The fields of `Registration` that are copied from the resident: those of `disclosed`."""


_NAME = ("family_name", "given_name")


@dataclass(frozen=True)
class Fact:
    """What a municipality is told, as the resident reads it. `key` is a field of `Registration`
    or "name", for both parts of the name."""

    key: str
    label: str
    words: str


def facts(fields: Mapping[str, Any]) -> list[Fact]:
    """Every field of `disclosed` or of `told`, in its order; shown before and after."""
    values = {
        "name": " ".join(fields[part] for part in _NAME),
        **fields,
        "postal_code": written_postal_code(fields["postal_code"]),
    }
    return [Fact(key, label, in_words(values[key])) for key, label in labels_of(fields).items()]


def labels_of(fields: Iterable[str]) -> dict[str, str]:
    """What fields of `disclosed` are called in a list, by the key of their `Fact`."""
    named = {field.name: str(field.verbose_name) for field in Registration._meta.fields}
    labels = {name: capfirst(named[name]) for name in fields if name not in _NAME}
    return {"name": gettext("Name"), **labels}


def told(registration: Registration) -> dict[str, Any]:
    """What the municipality holds of the resident: as it was told last."""
    return {name: getattr(registration, name) for name in DISCLOSED}


def disclosed(resident: Resident, municipality: Municipality) -> dict[str, Any]:
    """The fields of `Registration` that are copied from the resident."""
    return {
        "family_name": resident.family_name,
        "given_name": resident.given_name,
        "kana": resident.kana,
        "birth_date": resident.birth_date,
        "postal_code": resident.postal_code,
        "address": resident.address,
        "residence_name": residence_name(resident),
        "email": resident.user.email or "",
        "phone": resident.phone,
        "lives_here": lives_in(
            place_of(resident.residence), place_of(municipality.local_government)
        ),
    }


def residence_name(resident: Resident) -> str:
    """Where somebody lives, as far as a list shows it: 岐阜県飛騨市; abroad the country."""
    return resident.residence.full_name if resident.residence else country_name(resident.country)


@transaction.atomic
def refresh_disclosure(resident: Resident) -> None:
    """Copy a changed profile to the registrations that hold; ended ones stay as they were.

    Whether the resident lives there is a judgement with consequences: see `follow_move`.
    """
    registrations = Registration.objects.select_for_update(of=("self",)).filter(
        resident=resident, status=RegistrationStatus.ACTIVE
    )
    for registration in registrations.select_related("municipality__local_government"):
        fields = disclosed(resident, registration.municipality)
        del fields["lives_here"]
        for name, value in fields.items():
            setattr(registration, name, value)
        registration.save(update_fields=list(fields))

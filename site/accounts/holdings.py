"""What accounts hold of a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from accounts.models.residents import EMPTY_PROFILE
from common.holdings import Field, Holding, Person


def _profiles(person: Person) -> list[Resident]:
    return list(
        Resident.objects.filter(pk__in=person.residents).select_related("residence__prefecture")
    )


def _empty_profiles(person: Person) -> None:
    Resident.objects.filter(pk__in=person.residents).update(**EMPTY_PROFILE)


HOLDINGS = [
    Holding(
        table="accounts_resident",
        title=_("Your particulars"),
        why=_("To fill in registrations and sign-ups for you. Until you close your account."),
        rows=_profiles,
        fields=(
            "family_name", "given_name", "family_kana", "given_kana", "birth_date", "postal_code",
            Field("address", _("Address"), lambda row: row.address),
            "phone", "languages", "interests", "persona", "language", "created_at", "updated_at",
        ),
        erase=_empty_profiles,
    ),
]  # fmt: skip

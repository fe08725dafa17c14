"""What was proved beside what the profile says; and what the proof fills into the profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Resident, User
from accounts.registry import ProfilePart
from accounts.rules.return_path import safe_path
from common.templatetags.wareki import jdate_short
from identity.enums import Waiting
from identity.queries import differences, newest_proof_of, waiting_proof_of
from identity.rules.claims import Attributes
from tenants.models import LocalGovernment


@dataclass(frozen=True)
class Particular:
    """One line: what it is, as proved, as the profile has it, and whether they differ."""

    label: str
    proved: str
    own: str
    differs: bool


def particulars_of(proved: Attributes, resident: Resident | None) -> list[Particular]:
    """Name, birth date, address."""
    differing = differences(proved, resident) if resident else set()
    own = {
        "name": resident.name if resident else "",
        "birth_date": jdate_short(resident.birth_date) if resident else "",
        "address": resident.address if resident else "",
    }
    lines = {
        "name": (_("Name"), proved.name),
        "birth_date": (_("Date of birth"), jdate_short(proved.birth_date)),
        "address": (_("Address"), proved.address),
    }
    return [
        Particular(label, value, own[name], name in differing)
        for name, (label, value) in lines.items()
    ]


def profile_part(request: HttpRequest, resident: Resident | None) -> ProfilePart | None:
    """For the page of the profile: what is proved, and what it fills in.

    The first profile is filled; a later one where the resident asks for it (`?proved=1`), to look
    at and save, or not. What is saved never changes the proof.
    """
    proof = newest_proof_of(resident.pk) if resident else None
    if resident is None:
        proved = _waiting(request.user)  # type: ignore[arg-type]
    else:
        proved = proof.proved if proof else None
    if proved is None:
        own = reverse("accounts:profile") if resident else ""
        after = safe_path(request.GET.get("next")) or own
        return ProfilePart("identity/profile_invitation.html", {"next_path": after}, {})
    lines = particulars_of(proved, resident)
    everything = resident is None or "proved" in request.GET
    return ProfilePart(
        "identity/profile_part.html",
        {
            "lines": lines,
            "differ": [line for line in lines if line.differs],
            "verification": proof,
            "filled_in": everything,
        },
        _initial(proved, resident) if everything else {},
    )


def _waiting(user: User) -> Attributes | None:
    waiting = waiting_proof_of(user, Waiting.PROFILE)
    return Attributes.of_json(waiting.proof["attributes"]) if waiting else None


def _initial(proved: Attributes, resident: Resident | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "family_name": proved.family_name,
        "given_name": proved.given_name,
        "birth_date": proved.birth_date,
    }
    # The same place keeps the resident's own way of writing it.
    if resident is None or "address" in differences(proved, resident):
        values["address_line"] = _town_and_number(proved.address)
    return values


def _town_and_number(address: str) -> str:
    """The address after prefecture and municipality, which the form asks the postal code for."""
    places = (place.full_name for place in LocalGovernment.objects.select_related("prefecture"))
    start = max((name for name in places if address.startswith(name)), key=len, default="")
    return address.removeprefix(start)

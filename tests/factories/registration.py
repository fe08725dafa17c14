"""Registered residents."""

from __future__ import annotations

from typing import Any

from accounts.models import Resident
from accounts.operations.profile import ProfileData, save_profile
from registration.models import Registration
from registration.operations import register
from tenants.models import LocalGovernment, Municipality


def register_resident(resident: Resident, municipality: Municipality) -> Registration:
    """The resident's registration with the municipality, made as the form makes it.

    Co-registers with the prefecture. No survey is answered.
    """
    return register(resident, municipality)[0]


def move(resident: Resident, code: str, **changes: Any) -> Resident:
    """The resident now lives in the municipality of this code, abroad if there is none; saved as
    the profile page saves it."""
    data: Any = {name: getattr(resident, name) for name in ProfileData.__annotations__}
    data |= {
        "country": "JP" if code else "US",
        "residence": LocalGovernment.objects.get(pk=code) if code else None,
        **changes,
    }
    return save_profile(resident.user, data)

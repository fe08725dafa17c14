"""Registered residents."""

from __future__ import annotations

from accounts.models import Resident
from registration.models import Registration
from registration.operations import register
from tenants.models import Municipality


def register_resident(resident: Resident, municipality: Municipality) -> Registration:
    """The resident's registration with the municipality, made as the form makes it.

    Co-registers with the prefecture. No survey is answered.
    """
    return register(resident, municipality)[0]

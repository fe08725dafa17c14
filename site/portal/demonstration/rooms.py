"""The first words in the municipalities' rooms."""

from __future__ import annotations

from typing import Any

from accounts.models import Resident
from tenants.models import Municipality


def talk(municipality: Municipality, case: dict[str, Any], residents: list[Resident]) -> None:
    """A registrant writes, another answers."""

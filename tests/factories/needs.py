"""Needs for tests."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from accounts.models import Resident, User
from activities.models import Need
from activities.operations.needs import tell_need
from organisations.models import Organisation
from tenants.context import municipality_context
from tenants.models import Municipality

WORDS = {
    "title": "参道の草刈り",
    "wanted": "神社の参道の草を刈る人手が足りません。",
    "place": "古川町 八幡神社",
    "when_about": "10月の週末",
    "people": 5,
    "contact_name": "草野 刈子",
    "contact_phone": "09031415926",
    "contact_email": "kusano@example.jp",
}


def make_need(
    municipality: Municipality,
    *,
    resident: Resident | None = None,
    entered_by: User | None = None,
    organisation: Organisation | None = None,
    **values: Any,
) -> Need:
    """A need told to `municipality` by a resident, for an organisation or not, or by staff."""
    about: dict[str, Any] = {"entered_by": entered_by, "organisation": organisation}
    with municipality_context(municipality):
        return tell_need(WORDS | values, uuid4(), resident=resident, **about)

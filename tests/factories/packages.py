"""Packages of activities for tests: what can be booked along with a place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from organisations.models import Organisation
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.activities import make_activity, session_values


def part(name: str, kind: str = "lodging", **values: Any) -> tuple[str, dict[str, Any]]:
    """One component as an editor enters it."""
    return ("component", {"kind": kind, "name": name} | values)


BED = part("ゲストハウスの寝台", capacity=3, costs="1泊3,000円")
CARE = part("一時保育", "childcare", capacity=1)
CAR = part("カーシェア", "car", capacity=2)


def make_package(
    municipality: Municipality,
    *parts: tuple[str, dict[str, Any]],
    organisation: Organisation | None = None,
    **session: Any,
) -> tuple[UUID, dict[str, str]]:
    """A session of an activity with these parts (default: bed, childcare, car): its UUID, and the
    parts' ids by kind."""
    page = make_activity(
        municipality,
        components=list(parts or (BED, CARE, CAR)),
        organisation=organisation,
        is_paid=True,
        sessions=[session_values(**session)],
    )
    with municipality_context(municipality):
        ids = {one.kind: one.id for one in page.package}
        return page.sessions.get().uuid, ids

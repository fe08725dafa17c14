"""Applications, stays and decisions of both municipalities; a draft of the operator's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from common import clock
from registration.enums import ApplicationStatus
from registration.models import (
    ApplicationDocument,
    PremiumApplication,
    Registration,
    Replay,
    Stay,
)
from registration.operations.premium import decide_for
from tenants.context import public_context
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import register_resident

if TYPE_CHECKING:
    from tests.isolation.access_world import World


def fill_premium(world: World) -> None:
    """One of each for both; the examples of addresses name those of 気仙沼市."""
    for municipality in (world.there, world.here):
        registration = register_resident(ResidentFactory(), municipality)
        with public_context():
            values = _of(registration)
    draft = Replay.objects.create(
        kind="preview",
        asked_by=world.people["operator"],
        draft={
            "effective_from": clock.today().isoformat(),
            "premium_name": "とくべつ",
            "needed_participations": 3,
        },
    )
    world.values |= values | {"preview": str(draft.pk)}


def _of(registration: Registration) -> dict[str, str]:
    about = {
        "registration": registration,
        "resident": registration.resident,
        "municipality": registration.municipality,
    }
    decided = PremiumApplication.objects.create(
        kind="new",
        status=ApplicationStatus.REFUSED,
        reason="期限切れ",
        decided_at=clock.now(),
        decision=decide_for(registration, "application"),
        **about,
    )
    waiting = PremiumApplication.objects.create(kind="new", **about)
    document = ApplicationDocument.objects.create(
        application=waiting, name="a.pdf", content_type="application/pdf", size=1,
        digest="1" * 64, content="JQ==",
    )  # fmt: skip
    day = clock.today() - timedelta(days=9)
    stay = Stay.objects.create(first_day=day, last_day=day, evidence="receipt", **about)
    return {
        "decided": str(decided.pk),
        "application": str(waiting.pk),
        "application_document": str(document.pk),
        "stay": str(stay.pk),
    }

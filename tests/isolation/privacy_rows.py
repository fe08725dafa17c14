"""Looks, exports and requests of both municipalities, and a request to the platform itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Resident
from privacy.models import CaseTerm
from privacy.operations.cases import assign, write_note
from privacy.operations.exports import fetch_file
from registration.models import Registration
from tenants.context import municipality_context, public_context
from tests.factories.privacy import a_case, export, look_at

if TYPE_CHECKING:
    from tests.isolation.access_world import World


def fill_privacy(world: World) -> None:
    """A row of each table for both; the examples of addresses name those of 気仙沼市."""
    for municipality, who in ((world.there, "elsewhere"), (world.here, "administrator")):
        account = world.people[who]
        with public_context():
            registration = (
                Registration.objects.filter(municipality=municipality).order_by("pk").first()
            )
            assert registration is not None
            CaseTerm.objects.get_or_create(municipality=municipality, defaults={"days": 30})
        look_at(registration, account)
        made = export(municipality, account)
        case = a_case(registration.resident, municipality)
        with municipality_context(municipality):
            fetch_file(made.pk, account)
            assign(case.pk, account, account)
            write_note(case.pk, account, "電話で確認しました。")
    resident = Resident.objects.get(user=world.people["resident"])
    platform = a_case(resident, None)
    world.values |= {
        "registration": str(registration.pk),
        "export": str(made.pk),
        "case": str(case.pk),
        "platform_case": str(platform.pk),
    }

"""An open application with a file, and long stays, at both municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registration.models import PremiumApplication, Registration
from registration.operations.premium import hand_in
from tenants.context import public_context
from tests.factories.premium import conditions

if TYPE_CHECKING:
    from tests.isolation.access_world import World


def fill_own_application(world: World) -> None:
    """The example of an address names the file at 気仙沼市."""
    for municipality in (world.there, world.here):
        with public_context():
            conditions(municipality, long_stay_days=10)
            registration = (
                Registration.objects.filter(municipality=municipality).order_by("pk").first()
            )
            assert registration is not None
            application = PremiumApplication.objects.create(
                registration=registration,
                resident=registration.resident,
                municipality=municipality,
                kind="new",
            )
            document = hand_in(application, "shoumei.pdf", b"%PDF-1.7")
    world.values["document_of_application"] = str(document.pk)

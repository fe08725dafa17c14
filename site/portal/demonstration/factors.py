"""The second factor of the demonstration's staff: one secret, which everybody may know."""

from __future__ import annotations

from accounts.models import User
from tenants.enums import FactorKind
from tenants.models import Municipality, SecondFactor

# Written in the repository and shown to whoever starts the demonstration. Rows made from it are
# marked, and count nowhere in production (`tenants.queries.second_factors_of`).
SECRET = "FURUSATOFURUSATOFURUSATOFURUSATO"  # noqa: S105


def give_factor(user: User, municipality: Municipality | None) -> None:
    """An authenticator app with `SECRET`, for the admin host or the operator's."""
    SecondFactor.objects.get_or_create(
        user=user,
        municipality=municipality,
        kind=FactorKind.APP,
        is_demonstration=True,
        defaults={"secret": SECRET, "label": "試験用"},
    )

"""What is held of whom."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from accounts.models import Resident
from accounts.queries import addresses_of
from common.holdings import Holding, Person


def holdings() -> list[Holding]:
    """Of all apps, in the order of `INSTALLED_APPS`."""
    names = [f"{config.name}.holdings" for config in apps.get_app_configs()]
    modules = [import_module(name) for name in names if find_spec(name)]
    # `common.holdings` says what a holding is, and has none.
    return [holding for module in modules for holding in getattr(module, "HOLDINGS", ())]


def person_of(resident: Resident) -> Person:
    """`resident` with every account that became part of theirs."""
    merged = list(
        Resident.objects.filter(merged_into=resident).order_by("pk").values_list("user_id", "pk")
    )
    accounts = (resident.user_id, *(account for account, _resident in merged))
    return Person(
        accounts=accounts,
        residents=(resident.pk, *(pk for _account, pk in merged)),
        emails=tuple(addresses_of(accounts)),
    )

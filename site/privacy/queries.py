"""What is held of whom."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection

from accounts.models import Resident
from common.holdings import Holding, Person
from privacy.registry import municipalities_holding
from tenants.models import Municipality


def holdings() -> list[Holding]:
    """Of all apps, in the order of `INSTALLED_APPS`."""
    names = [f"{config.name}.holdings" for config in apps.get_app_configs()]
    modules = [import_module(name) for name in names if find_spec(name)]
    # `common.holdings` says what one is, and has none.
    return [holding for module in modules for holding in getattr(module, "HOLDINGS", ())]


def person_of(resident: Resident) -> Person:
    """`resident` with every account that became part of theirs."""
    merged = list(
        Resident.objects.filter(merged_into=resident).order_by("pk").values_list("user_id", "pk")
    )
    return Person(
        accounts=(resident.user_id, *(account for account, _resident in merged)),
        residents=(resident.pk, *(pk for _account, pk in merged)),
    )


def places_of(person: Person) -> list[Municipality]:
    """The municipalities that `person` has been with, through any of their accounts."""
    found = {
        place.pk: place
        for resident in Resident.objects.filter(pk__in=person.residents)
        for place in municipalities_holding(resident)
    }
    return [found[code] for code in sorted(found)]


def workplaces() -> tuple[list[Municipality], bool]:
    """Where the resident who acts is staff now, and whether they run the platform.

    Whom a municipality employs stands in its schema, where no resident reads: `guard.workplaces`
    answers about the one who asks. It looks into every schema, so it is for rare questions.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.workplaces()")
        codes = [code for (code,) in cursor.fetchall()]
    places = Municipality.objects.filter(pk__in=[code for code in codes if code])
    return list(places.select_related("local_government__prefecture").order_by("pk")), "" in codes

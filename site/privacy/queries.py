"""What is held of whom, and what they agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL

from accounts.models import Resident, User
from accounts.queries import RESIDENT_DOCUMENTS, addresses_of
from common.holdings import Holding, Person
from privacy.enums import ConsentPurpose
from privacy.models import Consent
from privacy.models.consents import TEXTS, ConsentQuerySet, purpose_of
from privacy.registry import municipalities_holding
from tenants.models import Municipality, Terms


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


def texts_in_force(purposes: Iterable[ConsentPurpose]) -> dict[ConsentPurpose, Terms]:
    """The text of each purpose in the version of today; one query.

    A purpose whose text is not in force yet is left out.
    """
    texts = Terms.objects.all_in_force([TEXTS[purpose] for purpose in purposes])
    return {purpose_of(text): text for text in texts}


def running_consents(user: User) -> ConsentQuerySet:
    """What `user` has agreed to and not taken back, oldest first, with text and municipality."""
    return Consent.objects.of(user.pk).running().in_words()


def has_consent(
    user: User, purpose: ConsentPurpose, municipality: Municipality | None = None
) -> bool:
    """Whether such a consent runs; read under the account's own claims or that municipality's."""
    return (
        Consent.objects.of(user.pk)
        .running()
        .filter(purpose=purpose, municipality=municipality)
        .exists()
    )


def wants_mail_from(user: User, municipality: Municipality) -> bool:
    """Whether the municipality may send news to `user`. Asked before each sending."""
    return has_consent(user, ConsentPurpose.MAILING, municipality)


def to_agree_to(user: User) -> list[Terms]:
    """Of terms and privacy notice those in force that `user` has not agreed to; one query."""
    agreed = Consent.objects.of(user.pk).running().filter(text=OuterRef("pk"))
    texts = (
        Terms.objects.all_in_force(RESIDENT_DOCUMENTS)
        .annotate(is_agreed=Exists(agreed))
        .defer("body_ja", "body_en")
    )
    missing = {text.kind: text for text in texts if not text.is_agreed}
    return [missing[kind] for kind in RESIDENT_DOCUMENTS if kind in missing]


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


def with_exports_due(kept_until: datetime, requested_until: datetime) -> list[Municipality]:
    """For the worker: where an export's file is kept no longer than `kept_until`, or one that was
    asked for before `requested_until` still waits. One statement, however many take part."""
    codes = RawSQL("SELECT guard.exports_due(%s, %s)", [kept_until, requested_until])
    return list(Municipality.objects.filter(pk__in=codes).order_by("pk"))


def with_cases_due(day: date) -> list[Municipality]:
    """For the worker: where an undecided request has its deadline on `day` or before."""
    codes = RawSQL("SELECT guard.cases_due(%s)", [day])
    return list(Municipality.objects.filter(pk__in=codes).order_by("pk"))

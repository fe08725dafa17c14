"""The list of registrants that a municipality's staff works with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Replace

from common import clock
from common.text import normalise_kana
from registration.enums import RegistrationStatus
from registration.models import Registration
from registration.queries.relation import registrations_at
from registration.rules.relation import Stage
from tenants.models import Municipality

_NUMBER_DIGITS = 6
# What a list shows of somebody, and nothing that would have to be decrypted.
_LISTED = (
    "resident_id",
    "municipality_id",
    "number",
    "kind",
    "origin",
    "status",
    "registered_at",
    "ended_at",
    "family_name",
    "given_name",
    "residence_name",
)


def registrants(
    municipality: Municipality,
    *,
    word: str = "",
    state: str = RegistrationStatus.ACTIVE,
    kind: str = "",
    origin: str = "",
    residence: str = "",
    stage: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Registration]:
    """The registrants of a municipality as its staff's list has them, newest first.

    `word` is part of a name or of the furigana, or a number; `since` and `until` are days in
    Japan; `stage` is one of `rules.relation.Stage`. Of each row only what a list shows is read.
    """
    rows = Registration.objects.filter(municipality=municipality, status=state)
    if word:
        rows = _saying(rows, word, municipality.code)
    if kind:
        rows = rows.filter(kind=kind)
    if origin:
        rows = rows.filter(origin=origin)
    if residence:
        rows = rows.filter(residence_name__contains=residence)
    if stage:
        rows = rows.filter(registrations_at(municipality, Stage(stage)))
    if since:
        rows = rows.filter(registered_at__gte=_midnight(since))
    if until:
        rows = rows.filter(registered_at__lt=_midnight(until + timedelta(days=1)))
    return rows.only(*_LISTED).order_by("-registered_at", "-pk")


def _saying(rows: QuerySet[Registration], word: str, code: str) -> QuerySet[Registration]:
    """Whose name, furigana or number it is; spaces between names do not matter."""
    compact = word.replace(" ", "")
    number = Q(number=compact)
    if compact.isdecimal() and len(compact) <= _NUMBER_DIGITS:
        number |= Q(number=f"{code}-{compact:0>{_NUMBER_DIGITS}}")
    return rows.alias(
        _name=Concat("family_name", "given_name"),
        _kana=Replace("kana", Value(" "), Value("")),
    ).filter(number | Q(_name__icontains=compact) | Q(_kana__contains=normalise_kana(compact)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.TOKYO)

"""Gathering what is held of a person, from every table that holds anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import DateTimeField, ForeignKey, Model, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.text import capfirst

from accounts.models import Resident
from common import clock
from common.holdings import Field, Holding, Person
from common.in_words import in_words
from common.wareki import in_japan
from portal.rules.copies import Copy, Part, Place, Row, Value
from privacy.queries import holdings, person_of
from privacy.registry import municipalities_holding
from tenants.context import municipality_context
from tenants.models import LocalGovernment, Municipality

# What has to be read with a place so that its name is known.
_NAMED: dict[type[Model], str] = {
    Municipality: "local_government__prefecture",
    LocalGovernment: "prefecture",
}


def copy_of(resident: Resident) -> Copy:
    """Everything that is held of `resident`, as they would read it now."""
    return Copy(
        made_at=in_japan(clock.now()),
        name=resident.name,
        account=resident.user_id,
        resident=str(resident.pk),
        parts=tuple(gather(resident)),
    )


@transaction.atomic
def gather(resident: Resident) -> list[Part]:
    """What each table holds, in the order of the apps; then municipality by municipality what
    stands in its own schema, where there is anything.

    Read as whoever acts, who must be the resident: the walls let nobody else. The number of
    statements follows the number of tables and municipalities, not of rows.
    """
    person = person_of(resident)
    listed = holdings()
    shared = [holding for holding in listed if not holding.municipal]
    municipal = [holding for holding in listed if holding.municipal]
    parts = [_part(holding, person) for holding in shared]
    for municipality in _municipalities(person) if municipal else ():
        place = Place(municipality.code, municipality.full_name)
        with municipality_context(municipality):
            found = [_part(holding, person, place) for holding in municipal]
        parts += [part for part in found if part.rows]
    return parts


def _municipalities(person: Person) -> list[Municipality]:
    """Where the person, or an account that became part of theirs, has been."""
    everyone = Resident.objects.filter(pk__in=person.residents)
    found = {place.pk: place for one in everyone for place in municipalities_holding(one)}
    return [found[code] for code in sorted(found)]


def _part(holding: Holding, person: Person, place: Place | None = None) -> Part:
    found = sorted(holding.rows(person), key=_newest, reverse=True)
    columns = [_column(field, type(found[0])) for field in holding.fields] if found else []
    prefetch_related_objects(found, *(column.path for column in columns if column.path))
    return Part(
        table=holding.table,
        title=str(holding.title),
        why=str(holding.why),
        place=place,
        rows=tuple(
            Row(_stored(row.pk), tuple(column.value_of(row) for column in columns)) for row in found
        ),
    )


def _newest(row: Model) -> tuple[str, Any]:
    """The first moment a table tells, and among equals its key: the same order every time."""
    moments = (f.attname for f in row._meta.concrete_fields if isinstance(f, DateTimeField))
    moment = next((value for name in moments if (value := getattr(row, name))), None)
    return (moment.isoformat() if moment else "", row.pk)


@dataclass(frozen=True)
class _Column:
    """How one field of a table is read; `path` is what is fetched for all rows at once."""

    key: str
    label: str
    read: Callable[[Any], Any]
    words: Callable[[Any], str] = in_words
    path: str = ""

    def value_of(self, row: Model) -> Value:
        value = self.read(row)
        return Value(self.key, self.label, _stored(value), self.words(value))


def _column(field: str | Field, model: type[Model]) -> _Column:
    if isinstance(field, Field):
        return _Column(field.key, str(field.label), field.read)

    def read(row: Model) -> Any:
        return getattr(row, field)

    try:
        stored = model._meta.get_field(field)
    except FieldDoesNotExist:  # a property, which has no name in words
        return _Column(field, field, read)
    label = capfirst(str(stored.verbose_name))  # type: ignore[union-attr]
    if isinstance(stored, ForeignKey):
        behind = _NAMED.get(stored.related_model)  # type: ignore[arg-type]
        if behind is None:
            # The key alone: what stands in another table is that table's to tell.
            return _Column(field, label, lambda row: getattr(row, stored.attname))
        return _Column(field, label, read, path=f"{field}__{behind}")
    choices = dict(getattr(stored, "flatchoices", None) or ())
    if choices:
        return _Column(field, label, read, lambda value: in_words(choices.get(value, value)))
    return _Column(field, label, read)


def _stored(value: Any) -> Any:
    """`value` as JSON has it: dates by ISO 8601 at Japan's clock, places with code and name.

    Raises `TypeError` for what has no such form, a picture or a key: it does not belong here.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (datetime, date, time)):
        return (in_japan(value) if isinstance(value, date) else value).isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (str, Promise, UUID)):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _stored(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stored(item) for item in value]
    if isinstance(value, (Municipality, LocalGovernment)):
        return {"code": value.code, "name": value.full_name}
    raise TypeError(f"{type(value).__name__} has no place in a copy of one's data")

"""A prefecture joins later: who is registered with its cities is registered with it too (R5).

Done by the caretaker, woken when a prefecture is published and by the clock. It asks the rows
what is due: standing still, or running twice at once, changes nothing but the hour. Each is told
by a message of its own, which also makes the certificate and what is premium through a city.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg import sql

from accounts.models import Resident
from common import clock
from notifications import tasks as outbox
from notifications.models import OutboxMessage
from registration.enums import EventKind, Origin, RegistrationKind, RegistrationStatus
from registration.models import Registration, RegistrationCounter, RegistrationEvent
from registration.operations.disclosure import DISCLOSED
from registration.operations.premium.common import in_their_name
from registration.operations.premium.letters import tell
from registration.operations.premium.settling import settle
from registration.signals import registered
from tenants.actors import putting_off
from tenants.context import public_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection

JOINED_LATE = "registration.joined_late"
_AT_ONCE = 500
_COPIED = [name for name in DISCLOSED if name != "lives_here"]

_DUE = """
SELECT DISTINCT r.resident_id FROM registration_registration r
JOIN tenants_localgovernment g ON g.code = r.municipality_id
WHERE r.status = 'active' AND g.prefecture_id = %(prefecture)s
    AND r.municipality_id <> %(prefecture)s
    AND NOT EXISTS (SELECT FROM registration_registration p
        WHERE p.resident_id = r.resident_id AND p.municipality_id = %(prefecture)s
        AND p.status = 'active')
LIMIT %(limit)s
"""
# What was disclosed to the city last; the values stand encrypted in the same columns, and are
# copied as they are. Whoever has left the city since is not among the rows any more.
_INSERT = """
INSERT INTO registration_registration (
    resident_id, municipality_id, kind, origin, status, number, registered_at, lives_here, {copied})
SELECT resident_id, %(prefecture)s, %(kind)s, %(origin)s, %(status)s,
    %(prefecture)s || '-' || lpad((%(last)s + row_number() OVER (ORDER BY resident_id))::text,
        6, '0'),
    %(now)s, lives_here, {copied}
FROM (
    SELECT DISTINCT ON (r.resident_id) r.resident_id, {copied_of_city},
        coalesce(home.prefecture_id = %(prefecture)s, false) AS lives_here
    FROM registration_registration r
    JOIN tenants_localgovernment g ON g.code = r.municipality_id
    JOIN accounts_resident a ON a.id = r.resident_id
    LEFT JOIN tenants_localgovernment home ON home.code = a.residence_id
    WHERE r.status = 'active' AND g.prefecture_id = %(prefecture)s
        AND r.resident_id = ANY(%(residents)s)
        AND NOT EXISTS (SELECT FROM registration_registration p
            WHERE p.resident_id = r.resident_id AND p.municipality_id = %(prefecture)s
            AND p.status = 'active')
    ORDER BY r.resident_id, r.registered_at DESC, r.id DESC
) city
RETURNING id, resident_id
"""


def coregister_late() -> int:
    """Co-register everybody who is due with each published prefecture; returns how many."""
    with public_context():
        prefectures = list(Municipality.objects.published().prefectures())
        return sum(coregister(prefecture) for prefecture in prefectures)


def coregister(prefecture: Municipality) -> int:
    """As `coregister_late`, with one prefecture; in steps, each a transaction."""
    number = 0
    while made := _next_step(prefecture):
        number += made
    return number


@transaction.atomic
def _next_step(prefecture: Municipality) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"prefecture": prefecture.code, "limit": _AT_ONCE})
        due: list[UUID] = [row[0] for row in cursor.fetchall()]
        if not due:
            return 0
        # Registering, leaving and becoming one account wait; in one order, or two wait for each
        # other.
        locked = Resident.objects.select_for_update(of=("self",), no_key=True)
        residents = list(locked.filter(pk__in=due).order_by("pk").values_list("pk", flat=True))
        counters = RegistrationCounter.objects
        counters.bulk_create([RegistrationCounter(municipality=prefecture)], ignore_conflicts=True)
        counter = counters.select_for_update(of=("self",)).get(pk=prefecture.pk)
        values = {
            "prefecture": prefecture.code,
            "kind": RegistrationKind.BASIC,
            "origin": Origin.CO_REGISTERED,
            "status": RegistrationStatus.ACTIVE,
            "last": counter.last,
            "now": clock.now(),
            "residents": residents,
        }
        cursor.execute(_statement(), values)
        made: list[tuple[int, UUID]] = cursor.fetchall()
    counter.last += len(made)
    counter.save(update_fields=["last"])
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(registration_id=pk, kind=EventKind.CO_REGISTERED, at=clock.now())
        for pk, _resident in made
    )
    with putting_off():
        OutboxMessage.objects.bulk_create(
            OutboxMessage(kind=JOINED_LATE, payload={"registration": pk, "resident": str(resident)},
                          due_at=clock.now())
            for pk, resident in made
        )  # fmt: skip
    transaction.on_commit(outbox.wake)
    return len(made)


def _statement() -> sql.Composed:
    return sql.SQL(_INSERT).format(
        copied=sql.SQL(", ").join(map(sql.Identifier, _COPIED)),
        copied_of_city=sql.SQL(", ").join(sql.Identifier("r", name) for name in _COPIED),
    )


def tell_joined(payload: dict[str, Any]) -> None:
    """The worker, for one resident: certificate, what is premium through a city, and the word."""
    known = Registration(pk=payload["registration"], resident_id=UUID(payload["resident"]))
    with transaction.atomic(), in_their_name(known) as row:
        if not row.is_active:
            return
        settle(row.resident)
        registered.send(sender=Registration, registration=row)
        tell(row, "joined_late")

"""What can be asked about accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TypeVar, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import OpenSession, RecoveryCode, Resident, SecurityEvent, User
from common import clock
from common.clock import TOKYO
from common.holdings import Person
from tenants.actors import at_reception, standing_in
from tenants.enums import TermsKind
from tenants.models import Terms

_Row = TypeVar("_Row")
# What a resident agrees to at sign-up (R28), in the order it is shown.
RESIDENT_DOCUMENTS = (TermsKind.RESIDENT, TermsKind.PRIVACY)


def resident_of(user: User | AnonymousUser) -> Resident | None:
    """The resident behind an account, with residence and account, in one query."""
    if not user.is_authenticated:
        return None
    return (
        Resident.objects.select_related("residence__prefecture", "user")
        .filter(user_id=user.pk)
        .first()
    )


def account_of(request: HttpRequest) -> User:
    """The account that is signed in; for views that let nobody else in."""
    return cast(User, request.user)


def resident_for(request: HttpRequest) -> Resident | None:
    """`request.resident` as what it is: a `Resident`, or really None.

    `request.resident` is read when first used and stands for None by being false; code that
    asks `is None` asks here. Costs the one query of `request.resident`, at most once.
    """
    resident = getattr(request, "resident", None)
    return cast(Resident, resident) if resident else None


def documents_in_force() -> list[Terms]:
    """The texts a resident agrees to, in the versions in force today."""
    return [Terms.objects.in_force(kind) for kind in RESIDENT_DOCUMENTS]


def open_sessions_of(user: User) -> list[OpenSession]:
    """Where `user` is signed in, latest first; without those that are over."""
    with at_reception():
        kept = list(
            OpenSession.objects.select_related("municipality")
            .filter(user=user)
            .order_by("-seen_at", "-started_at")
        )
        alive = set(
            Session.objects.filter(
                session_key__in=[one.session_key for one in kept], expire_date__gt=clock.now()
            ).values_list("session_key", flat=True)
        )
    return [one for one in kept if one.session_key in alive]


def recovery_codes_left(user: User) -> int:
    """How many of the recovery codes are not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def latest_events_of(user: User, number: int = 20) -> list[SecurityEvent]:
    """What happened around the account's sign-ins, latest first."""
    return list(
        SecurityEvent.objects.select_related("municipality")
        .filter(account=user)
        .order_by("-at")[:number]
    )


def events_on(
    day: date | None = None, kind: str = "", account: int | None = None
) -> QuerySet[SecurityEvent]:
    """What happened on a day of Japan's calendar, of a kind, to the account of that number;
    newest first. For the operator: everybody else's wall shows their own alone."""
    found = SecurityEvent.objects.select_related(
        "municipality__local_government__prefecture"
    ).order_by("-at", "-pk")
    if day:
        midnight = datetime.combine(day, time.min, TOKYO)
        found = found.filter(at__range=(midnight, datetime.combine(day, time.max, TOKYO)))
    if kind:
        found = found.filter(kind=kind)
    if account:
        found = found.filter(account_id=account)
    return found


def addresses_of(accounts: Iterable[int]) -> list[str]:
    """Every e-mail address of these accounts, confirmed or not, each once; one query."""
    found = User.objects.filter(pk__in=accounts).values_list("email", "emailaddress__email")
    with at_reception():
        return sorted({address for pair in found for address in pair if address})


def read_as_each(person: Person, find: Callable[[int, UUID], Iterable[_Row]]) -> list[_Row]:
    """What `find` finds of each of the person's accounts (number, resident), read as that one.

    Records that are never rewritten go on naming an account that became part of another; its
    walls let nobody else in.
    """
    found: list[_Row] = []
    for account, resident in zip(person.accounts, person.residents, strict=True):
        with standing_in(account, resident):
            found += find(account, resident)
    return found

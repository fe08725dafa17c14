"""Many accounts at once, from another system's list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import ImportedAccount, Resident, User
from accounts.operations.profile import ProfileData
from common import clock

BATCH = 1000


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row: its number, the column, and why in words."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Candidate:
    """One row as `accounts.forms.imports` read it; with `problems` it is not taken."""

    row: int
    key: str
    email: str
    data: ProfileData | None
    problems: tuple[Problem, ...] = ()


@dataclass
class Outcome:
    """How many accounts were made, how many rows had been imported before, what was refused."""

    made: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_accounts(source: str, candidates: Iterable[Candidate]) -> Outcome:
    """Make an account and a profile for each row of the list `source` that is in order.

    A thousand rows a transaction, each whole or not at all; a row with a problem is left out and
    named. Safe to repeat: `key` says who was imported before, and a run that was cut off goes on
    where it ended. Nobody is registered with any municipality by this, and nobody gets a mail;
    whoever has an address signs in by a code mailed to it, which confirms it.
    """
    outcome, seen = Outcome(), _Seen()
    for rows in _batches(candidates):
        _import_batch(source, rows, outcome, seen)
    return outcome


@dataclass
class _Seen:
    """What stood in an earlier row of the same run."""

    keys: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)


def _batches(candidates: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    remaining = iter(candidates)
    while rows := list(islice(remaining, BATCH)):
        yield rows


@transaction.atomic
def _import_batch(source: str, rows: list[Candidate], outcome: Outcome, seen: _Seen) -> None:
    known = set(
        ImportedAccount.objects.filter(
            source=source, key__in=[row.key for row in rows]
        ).values_list("key", flat=True)
    )
    taken = _taken([row.email for row in rows if row.email])
    good: list[tuple[Candidate, ProfileData]] = []
    for row in rows:
        problem = _problem_with(row, seen)
        if row.problems or problem:
            outcome.problems += [*row.problems, *([problem] if problem else [])]
        elif row.key in known:
            outcome.known += 1
        elif row.email in taken:
            outcome.problems.append(Problem(row.row, "email", "an account has this address"))
        elif row.data is not None:
            good.append((row, row.data))
    _make(source, good)
    outcome.made += len(good)


def _problem_with(row: Candidate, seen: _Seen) -> Problem | None:
    if row.key and row.key in seen.keys:
        return Problem(row.row, "key", "stands in an earlier row")
    seen.keys.add(row.key)
    if row.email and row.email in seen.emails:
        return Problem(row.row, "email", "stands in an earlier row")
    seen.emails.add(row.email)
    return None


def _taken(emails: list[str]) -> set[str]:
    users = User.objects.filter(email__in=emails).values_list("email", flat=True)
    addresses = EmailAddress.objects.filter(email__in=emails).values_list("email", flat=True)
    return {str(email) for email in users} | set(addresses)


def _make(source: str, good: list[tuple[Candidate, ProfileData]]) -> None:
    users = User.objects.bulk_create(
        [User(email=row.email or None, password=make_password(None)) for row, _data in good]
    )
    residents = Resident.objects.bulk_create(
        [Resident(user=user, **data) for user, (_row, data) in zip(users, good, strict=True)]
    )
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(user=user, email=user.email, primary=True, verified=False)
            for user in users
            if user.email
        ]
    )
    now = clock.now()
    ImportedAccount.objects.bulk_create(
        [
            ImportedAccount(source=source, key=row.key, resident=resident, imported_at=now)
            for resident, (row, _data) in zip(residents, good, strict=True)
        ]
    )

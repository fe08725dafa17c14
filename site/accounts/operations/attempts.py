"""Counting what may be tried only so often: in the database, for all processes, without a cache.

Counted before it is tried, and given back where it succeeded: of two hundred requests at once
each is counted before any is answered. If nothing can be counted nothing is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.models import AttemptCount
from accounts.rules.limits import LIMITS, Limit
from common import clock
from common.refusal import Refused
from tenants.actors import at_reception

_COUNT = """
INSERT INTO public.accounts_attemptcount AS had (key, count, ends_at)
SELECT * FROM unnest(%s::varchar[], %s::integer[], %s::timestamptz[])
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN had.ends_at <= %s THEN 1 ELSE had.count + 1 END,
    ends_at = CASE WHEN had.ends_at <= %s THEN excluded.ends_at ELSE had.ends_at END
RETURNING key, count
"""


class TooManyAttempts(Refused):
    """Tried too often. `is_first` where this is the attempt that crossed the limit."""

    def __init__(self, action: str, *, is_first: bool) -> None:
        super().__init__("too_many_attempts", action=action)
        self.is_first = is_first


class CannotCount(Refused):
    """The count cannot be kept, so nothing may be tried."""


@dataclass(frozen=True)
class Attempt:
    """One counted attempt."""

    keys: list[str] = field(default_factory=list)

    def give_back(self) -> None:
        """It succeeded: it counts for nothing."""
        with at_reception():
            AttemptCount.objects.filter(key__in=self.keys, count__gt=0).update(count=F("count") - 1)


def spend(action: str, **by: str) -> Attempt:
    """Count one attempt at `action` (`accounts.rules.limits`) for what `by` names.

    Where a limit is reached nothing is tried, so the wider ones, which others share, do not count
    it. "both" is made of "address" and "network". Raises `TooManyAttempts`, `CannotCount`.
    """
    limits = {_key(action, limit, by): limit for limit in LIMITS[action]}
    keys = sorted(limits)  # in one order everywhere: no deadlock
    now = clock.now()
    ends = [now + timedelta(seconds=limits[key].seconds) for key in keys]
    try:
        with at_reception(), connection.cursor() as cursor:
            cursor.execute(_COUNT, [keys, [1] * len(keys), ends, now, now])
            counts = dict(cursor.fetchall())
        narrow_to_wide = list(limits)
        for place, key in enumerate(narrow_to_wide):
            over = counts[key] - limits[key].amount
            if over > 0:
                # Whoever goes on all the same would use up what their neighbours have.
                Attempt(narrow_to_wide[place + 1 :]).give_back()
                raise TooManyAttempts(action, is_first=over == 1)
    except DatabaseError as error:
        raise CannotCount("cannot_count", action=action) from error
    return Attempt(keys)


def _key(action: str, limit: Limit, by: Mapping[str, str]) -> str:
    """A keyed hash: the table names neither addresses nor networks."""
    if limit.by == "both":
        value = f"{by['address'].strip().lower()} {by['network']}"
    else:
        value = by[limit.by].strip().lower()
    return salted_hmac(
        "accounts.attempts", f"{action}:{limit.by}:{value}", algorithm="sha256"
    ).hexdigest()


def forget_old_attempts() -> int:
    """Delete the counts whose time is over; returns how many."""
    with at_reception():
        deleted, _by_model = AttemptCount.objects.filter(ends_at__lt=clock.now()).delete()
    return deleted

"""Who was not here for a long time: told three times, then released (R15).

The rule is `registration.rules.release`, said here once more in SQL. Only visits count
(`Resident.seen_on`), and one ends the countdown: the next begins with that day. Nobody is released
without the last warning, or earlier after it than it says: where the night's work has stood still,
that day moves. Whoever has a premium standing is left alone, everywhere: what a city's standing
carries at its prefecture would otherwise hang in the air.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from common import clock
from notifications.operations import enqueue_each
from notifications.tasks import wake
from registration.operations.nightly.batches import SIZE, in_batches, run, which_warning
from registration.queries import parameters_on
from registration.rules.terms import TOLD_BEFORE
from registration.signals import ended_at_once

WARNING, RELEASED = "registration.release_warning", "registration.released"
_LAST = min(TOLD_BEFORE)

# `r` is a resident whose registrations can end like this.
_MAY_END = """
    r.closed_at IS NULL AND r.merged_into_id IS NULL
    AND EXISTS (SELECT FROM public.registration_registration g
                WHERE g.resident_id = r.id AND g.status = 'active')
    AND NOT EXISTS (SELECT FROM public.registration_premiumstanding s
                    WHERE s.resident_id = r.id AND s.status = 'active')
"""
# The last day before the release: the period begins the day after the visit. PostgreSQL has 28
# February where there is no 29th, and that day belongs to it (`rules.year`).
_ALL = "(r.seen_on + 1 + make_interval(months => %(months)s::int))"
_LAST_DAY = f"({_ALL}::date - (extract(day FROM {_ALL}) = extract(day FROM r.seen_on + 1))::int)"
_WARN = f"""
    WITH due AS (
        SELECT r.id, r.seen_on, {_LAST_DAY} AS last_day,
               {which_warning(f"{_LAST_DAY} - %(day)s::date")} AS days
        FROM public.accounts_resident r
        WHERE r.id > %(after)s
          AND {_LAST_DAY} <= %(day)s::date + {max(TOLD_BEFORE)}
          AND {_MAY_END}
          AND NOT EXISTS (
              SELECT FROM public.registration_releasewarning w
              WHERE w.resident_id = r.id AND w.seen_on = r.seen_on
                AND w.days = {which_warning(f"{_LAST_DAY} - %(day)s::date")})
        ORDER BY r.id LIMIT %(size)s
    ), warned AS (
        INSERT INTO public.registration_releasewarning
               (resident_id, seen_on, days, told_on, release_on)
        SELECT id, seen_on, days, %(day)s::date,
               greatest(last_day + 1,
                        CASE days WHEN {_LAST} THEN %(day)s::date + {_LAST} END)
        FROM due
        ON CONFLICT DO NOTHING
        RETURNING resident_id, seen_on, release_on
    ), letters AS (
        SELECT '{WARNING}' AS kind, '' AS municipality_code,
               jsonb_build_object('resident', resident_id, 'seen_on', seen_on,
                                  'release_on', release_on) AS payload
        FROM warned
    ), sent AS ({enqueue_each("letters")})
    SELECT id FROM due ORDER BY id
"""

# Whoever signs in, registers or is granted premium standing holds their resident's row; whoever
# did so since the warning is not found here, or in the statement that follows under the lock.
_LOCK = f"""
    SELECT r.id FROM public.accounts_resident r
    JOIN public.registration_releasewarning w
      ON w.resident_id = r.id AND w.seen_on = r.seen_on AND w.days = {_LAST}
    WHERE r.id > %(after)s AND w.release_on <= %(day)s::date AND {_LAST_DAY} < %(day)s::date
      AND {_MAY_END}
    ORDER BY r.id LIMIT %(size)s
    FOR NO KEY UPDATE OF r SKIP LOCKED
"""
_RELEASE = f"""
    WITH over AS (
        UPDATE public.registration_registration g
        SET status = 'ended', kind = 'basic', ended_at = %(now)s
        FROM public.accounts_resident r
        WHERE r.id = g.resident_id AND r.id = ANY(%(people)s) AND g.status = 'active'
          AND NOT EXISTS (SELECT FROM public.registration_premiumstanding s
                          WHERE s.resident_id = r.id AND s.status = 'active')
        RETURNING g.id, g.resident_id, g.municipality_id, r.user_id
    ), events AS (
        INSERT INTO public.registration_registrationevent
               (registration_id, kind, at, reason, on_behalf)
        SELECT id, 'released', %(now)s, '', '' FROM over
    ), consents AS (
        UPDATE public.privacy_consent c SET ended_at = %(now)s, end_reason = 'left'
        FROM over
        WHERE c.user_id = over.user_id AND c.municipality_id = over.municipality_id
          AND c.ended_at IS NULL
    ), applications AS (
        UPDATE public.registration_premiumapplication a
        SET status = 'withdrawn', decided_at = %(now)s
        FROM over
        WHERE a.registration_id = over.id AND a.status IN ('submitted', 'returned', 'proposed')
        RETURNING a.id
    ), documents AS (
        DELETE FROM public.registration_applicationdocument d
        USING applications a WHERE d.application_id = a.id
    ), letters AS (
        SELECT '{RELEASED}' AS kind, '' AS municipality_code,
               jsonb_build_object('resident', resident_id,
                                  'registrations', jsonb_agg(id ORDER BY id)) AS payload
        FROM over GROUP BY resident_id
    ), sent AS ({enqueue_each("letters")})
    SELECT id FROM over ORDER BY id
"""


def warn(day: date) -> int:
    """Tell everybody who is due a warning; returns how many. Each is told each warning once."""

    def batch(after: UUID) -> list[UUID]:
        people = _people(_WARN, **_rule_on(day), after=after, size=SIZE, now=clock.now())
        if people:
            transaction.on_commit(wake)
        return people

    return in_batches(batch)


def release(day: date) -> int:
    """End all registrations of whoever was warned in time and did not come; returns of how many.

    What was agreed to for the municipalities ends too. Who comes back registers again at once.
    """

    def batch(after: UUID) -> list[UUID]:
        people = _people(_LOCK, **_rule_on(day), after=after, size=SIZE)
        if people:
            over = [pk for (pk,) in run(_RELEASE, people=people, now=clock.now())]
            ended_at_once.send(sender=None, registration_ids=over)
            transaction.on_commit(wake)
        return people

    return in_batches(batch)


def _rule_on(day: date) -> dict[str, Any]:
    return {"day": day, "months": parameters_on(day).release_after_months}


def _people(sql: str, **values: Any) -> list[UUID]:
    return [pk for (pk,) in run(sql, **values)]

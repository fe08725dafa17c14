"""Who was not here for a long time: told three times, then released (R15).

Only visits count (`Resident.seen_on`), and one ends the countdown: the next begins with that day.
Nobody is released before the day that they were told, or earlier after a warning than it says:
when the night's work stands still, that day moves. Whoever has a premium standing is left alone.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from common import clock
from notifications.operations import enqueue_each
from notifications.tasks import wake
from registration.operations.nightly.batches import SIZE, in_batches, run
from registration.queries import parameters_on
from registration.rules.terms import TOLD_BEFORE
from registration.signals import ended_at_once

WARNING, RELEASED = "registration.release_warning", "registration.released"

# `r` is a resident whose registrations can end like this.
_MAY_END = """
    r.closed_at IS NULL AND r.merged_into_id IS NULL
    AND EXISTS (SELECT FROM public.registration_registration g
                WHERE g.resident_id = r.id AND g.status = 'active')
    AND NOT EXISTS (SELECT FROM public.registration_premiumstanding s
                    WHERE s.resident_id = r.id AND s.status = 'active')
"""
_BY_THE_RULE = "(r.seen_on + make_interval(months => %(months)s))::date"
# The day that the warning before this one named, if there was one: it only ever moves away.
_LAST_TOLD = "coalesce(before.release_on, '-infinity')"
_WARN = f"""
    WITH due AS (
        SELECT r.id, r.seen_on,
               greatest({_BY_THE_RULE}, {_LAST_TOLD}, %(day)s::date + %(days)s::int) AS release_on
        FROM public.accounts_resident r
        LEFT JOIN public.registration_releasewarning before
               ON before.resident_id = r.id AND before.seen_on = r.seen_on
              AND before.days = %(before)s::int
        WHERE r.id > %(after)s
          AND greatest({_BY_THE_RULE}, {_LAST_TOLD}) <= %(day)s::date + %(days)s::int
          AND (%(before)s::int = 0 OR before.id IS NOT NULL)
          AND NOT EXISTS (SELECT FROM public.registration_releasewarning w
                          WHERE w.resident_id = r.id AND w.seen_on = r.seen_on
                            AND w.days = %(days)s::int)
          AND {_MAY_END}
        ORDER BY r.id LIMIT %(size)s
    ), warned AS (
        INSERT INTO public.registration_releasewarning
               (resident_id, seen_on, days, told_on, release_on)
        SELECT id, seen_on, %(days)s, %(day)s, release_on FROM due
        ON CONFLICT DO NOTHING
        RETURNING resident_id, seen_on, days, release_on
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
      ON w.resident_id = r.id AND w.seen_on = r.seen_on AND w.days = %(days)s
    WHERE r.id > %(after)s AND greatest({_BY_THE_RULE}, w.release_on) <= %(day)s AND {_MAY_END}
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
    """Tell everybody who is due a warning; returns how many were told.

    Each is told the first one first, however late it is, and each day one at most.
    """
    months = parameters_on(day).release_after_months
    # The last first: nobody gets two on one day.
    return sum(_warn(day, months, days) for days in sorted(TOLD_BEFORE))


def _warn(day: date, months: int, days: int) -> int:
    before = min((longer for longer in TOLD_BEFORE if longer > days), default=0)

    def batch(after: UUID) -> list[UUID]:
        transaction.on_commit(wake)
        values = {"day": day, "months": months, "days": days, "before": before}
        return [pk for (pk,) in run(_WARN, **values, after=after, size=SIZE, now=clock.now())]

    return in_batches(batch)


def release(day: date) -> int:
    """End all registrations of whoever was told in time and did not come; returns of how many.

    What was agreed to for the municipalities ends too. Who comes back registers again at once.
    """
    months = parameters_on(day).release_after_months

    def batch(after: UUID) -> list[UUID]:
        values = {"day": day, "months": months, "days": min(TOLD_BEFORE)}
        people = [pk for (pk,) in run(_LOCK, **values, after=after, size=SIZE)]
        if people:
            over = [pk for (pk,) in run(_RELEASE, people=people, now=clock.now())]
            ended_at_once.send(sender=None, registration_ids=over)
            transaction.on_commit(wake)
        return people

    return in_batches(batch)

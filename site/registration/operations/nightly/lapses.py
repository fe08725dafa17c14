"""The ends of premium standings: told beforehand, and back to basic the day after (R7, R14)."""

from __future__ import annotations

import logging
from datetime import date
from uuid import UUID

from django.db import transaction

from common import clock
from notifications.operations import enqueue_each
from notifications.tasks import wake
from registration.operations.nightly.batches import SIZE, in_batches, run, which_warning
from registration.queries import parameters_on
from registration.rules.terms import TOLD_BEFORE
from registration.signals import standings_changed

logger = logging.getLogger(__name__)
ENDS, LAPSED = "registration.premium_ends", "registration.premium_lapsed"
OVER = "registration.premium_over_limit"

_DUE = which_warning("s.ends_on - %(day)s::date")
# A derived standing ends with its city's, of which its holder is told. By resident: somebody
# with several is told of all of them in one batch.
_TELL = f"""
    WITH people AS (
        SELECT DISTINCT s.resident_id AS id FROM public.registration_premiumstanding s
        WHERE s.status = 'active' AND s.derived_from_id IS NULL AND s.resident_id > %(after)s
          AND s.ends_on BETWEEN %(day)s::date AND %(day)s::date + {max(TOLD_BEFORE)}
          AND NOT EXISTS (SELECT FROM public.registration_endnotice n
                          WHERE n.standing_id = s.id AND n.ends_on = s.ends_on
                            AND n.days = {_DUE})
        ORDER BY 1 LIMIT %(size)s
    ), told AS (
        INSERT INTO public.registration_endnotice
               (standing_id, resident_id, ends_on, days, told_on)
        SELECT s.id, s.resident_id, s.ends_on, {_DUE}, %(day)s::date
        FROM public.registration_premiumstanding s JOIN people ON people.id = s.resident_id
        WHERE s.status = 'active' AND s.derived_from_id IS NULL
          AND s.ends_on BETWEEN %(day)s::date AND %(day)s::date + {max(TOLD_BEFORE)}
        ON CONFLICT DO NOTHING
        RETURNING standing_id, resident_id, ends_on
    ), letters AS (
        SELECT '{ENDS}' AS kind, '' AS municipality_code,
               jsonb_build_object('resident', resident_id, 'standing', standing_id,
                                  'ends_on', ends_on) AS payload
        FROM told
    ), sent AS ({enqueue_each("letters")})
    SELECT id FROM people ORDER BY id
"""

# Whoever is granted, renews or leaves holds their resident's row.
_LOCK = """
    SELECT r.id FROM public.accounts_resident r
    WHERE r.id > %(after)s AND r.id IN (
        SELECT s.resident_id FROM public.registration_premiumstanding s
        WHERE s.status = 'active' AND s.derived_from_id IS NULL AND s.ends_on < %(day)s::date)
    ORDER BY r.id LIMIT %(size)s
    FOR NO KEY UPDATE OF r SKIP LOCKED
"""
_LAPSE = f"""
    WITH over AS (
        UPDATE public.registration_premiumstanding s
        SET status = 'lapsed', ended_at = %(now)s, over_limit = false
        WHERE s.resident_id = ANY(%(people)s) AND s.status = 'active'
          AND s.derived_from_id IS NULL AND s.ends_on < %(day)s::date
        RETURNING s.id, s.resident_id, s.registration_id
    ), events AS (
        INSERT INTO public.registration_registrationevent
               (registration_id, kind, at, reason, on_behalf)
        SELECT registration_id, 'premium_lapsed', %(now)s, 'not_renewed', '' FROM over
    ), letters AS (
        SELECT '{LAPSED}' AS kind, '' AS municipality_code,
               jsonb_build_object('resident', resident_id, 'standing', id) AS payload
        FROM over
    ), sent AS ({enqueue_each("letters")})
    SELECT registration_id FROM over
"""
# A prefecture's follows the premium city inside that ends last; not one without any.
FOLLOW_CITIES = """
    UPDATE public.registration_premiumstanding d
    SET derived_from_id = city.id, ends_on = city.ends_on, decision_id = city.decision_id
    FROM (
        SELECT DISTINCT ON (s.resident_id, l.prefecture_id)
               s.resident_id, l.prefecture_id, s.id, s.ends_on, s.decision_id
        FROM public.registration_premiumstanding s
        JOIN public.tenants_localgovernment l ON l.code = s.municipality_id
        WHERE s.resident_id = ANY(%(people)s) AND s.status = 'active'
          AND l.prefecture_id IS NOT NULL
        ORDER BY s.resident_id, l.prefecture_id, s.ends_on DESC, s.starts_on, s.id
    ) city
    WHERE d.resident_id = city.resident_id AND d.municipality_id = city.prefecture_id
      AND d.status = 'active' AND d.derived_from_id IS NOT NULL
      AND (d.derived_from_id, d.ends_on) IS DISTINCT FROM (city.id, city.ends_on)
    RETURNING d.registration_id
"""
_LAPSE_DERIVED = """
    WITH over AS (
        UPDATE public.registration_premiumstanding d SET status = 'lapsed', ended_at = %(now)s
        FROM public.registration_premiumstanding source
        WHERE d.resident_id = ANY(%(people)s) AND d.status = 'active'
          AND source.id = d.derived_from_id AND source.status <> 'active'
        RETURNING d.registration_id
    ), events AS (
        INSERT INTO public.registration_registrationevent
               (registration_id, kind, at, reason, on_behalf)
        SELECT registration_id, 'premium_lapsed', %(now)s, 'city_ended', '' FROM over
    )
    SELECT registration_id FROM over
"""
_FREE_SLOTS = """
    DELETE FROM public.registration_premiumslot p
    USING public.registration_premiumstanding s
    WHERE s.id = p.standing_id AND s.status <> 'active' AND p.resident_id = ANY(%(people)s)
"""
_BACK_TO_BASIC = """
    UPDATE public.registration_registration g SET kind = 'basic'
    WHERE g.id = ANY(%(registrations)s) AND g.kind = 'premium'
      AND NOT EXISTS (SELECT FROM public.registration_premiumstanding s
                      WHERE s.registration_id = g.id AND s.status = 'active')
"""
# Whatever counts and has no slot takes the lowest free ones, those over the limit first; what is
# left over is over the limit (R7). A direct prefecture begins to count with the end of its last
# premium city.
_WEIGH = f"""
    WITH needy AS (
        SELECT s.id, s.resident_id, s.registration_id, s.over_limit,
               row_number() OVER (PARTITION BY s.resident_id
                                  ORDER BY s.over_limit DESC, s.starts_on, s.id) AS place
        FROM public.registration_premiumstanding s
        WHERE s.resident_id = ANY(%(people)s) AND s.status = 'active'
          AND s.derived_from_id IS NULL
          AND NOT EXISTS (SELECT FROM public.registration_premiumslot p
                          WHERE p.standing_id = s.id)
          AND NOT EXISTS (
              SELECT FROM public.registration_premiumstanding c
              JOIN public.tenants_localgovernment l ON l.code = c.municipality_id
              WHERE c.resident_id = s.resident_id AND c.status = 'active'
                AND l.prefecture_id = s.municipality_id)
    ), free AS (
        SELECT p.resident_id, n.number,
               row_number() OVER (PARTITION BY p.resident_id ORDER BY n.number) AS place
        FROM (SELECT DISTINCT resident_id FROM needy) p
        CROSS JOIN generate_series(1, %(most)s::int) AS n(number)
        WHERE NOT EXISTS (SELECT FROM public.registration_premiumslot x
                          WHERE x.resident_id = p.resident_id AND x.number = n.number)
    ), weighed AS (
        SELECT needy.*, free.number FROM needy LEFT JOIN free USING (resident_id, place)
    ), taken AS (
        INSERT INTO public.registration_premiumslot (standing_id, resident_id, number)
        SELECT id, resident_id, number FROM weighed WHERE number IS NOT NULL
    ), marked AS (
        UPDATE public.registration_premiumstanding s SET over_limit = (w.number IS NULL)
        FROM weighed w WHERE w.id = s.id AND s.over_limit <> (w.number IS NULL)
        RETURNING s.id, s.resident_id, s.registration_id, s.over_limit
    ), letters AS (
        SELECT '{OVER}' AS kind, '' AS municipality_code,
               jsonb_build_object('resident', resident_id, 'standing', id) AS payload
        FROM marked WHERE over_limit
    ), sent AS ({enqueue_each("letters")})
    INSERT INTO public.registration_registrationevent (registration_id, kind, at, reason, on_behalf)
    SELECT registration_id, CASE WHEN over_limit THEN 'over_limit' ELSE 'within_limit' END,
           %(now)s, '', ''
    FROM marked
"""


def tell_of_ends(day: date) -> int:
    """Tell everybody whose premium standing ends soon; returns how many people. Each is told of
    each end at most once 60, once 30 and once 7 days before, the latest that has come."""

    def batch(after: UUID) -> list[UUID]:
        rows = run(_TELL, day=day, after=after, size=SIZE, now=clock.now())
        if rows:
            transaction.on_commit(wake)
        return [pk for (pk,) in rows]

    return in_batches(batch)


def lapse(day: date) -> int:
    """End the standings whose last day is over, with what is derived from them; returns of how
    many people. Renewals that were still to be judged that night must have been before."""
    most = parameters_on(day).max_premium

    def batch(after: UUID) -> list[UUID]:
        people = [pk for (pk,) in run(_LOCK, day=day, after=after, size=SIZE)]
        if people:
            end_due(people, day, most)
            transaction.on_commit(wake)
        return people

    return in_batches(batch)


def end_due(people: list[UUID], day: date, most: int) -> None:
    """As `lapse`, of residents whose rows are locked."""
    now = clock.now()
    over = run(_LAPSE, people=people, day=day, now=now)
    changed = run(FOLLOW_CITIES, people=people)
    over += run(_LAPSE_DERIVED, people=people, now=now)
    registrations = [pk for (pk,) in over]
    run(_FREE_SLOTS, people=people)
    run(_BACK_TO_BASIC, registrations=registrations)
    run(_WEIGH, people=people, most=most, now=now)
    standings_changed.send(
        sender=None, registration_ids=[*registrations, *(pk for (pk,) in changed)]
    )

"""Premium standings that renew themselves, where the municipality wants it (R14).

Judged once 30 days before the end, and again each night after something has changed that could
help, until it is met or over. Who is due is found by one statement; what is decided, by the rules
themselves and not by a second edition of them in SQL: whether somebody is a minor stands encrypted
(docs/decisions/0015). So each of the due, and nobody else, is read and judged here, many at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Resident
from attendance.models import ParticipationRecord
from attendance.queries import records_of_people
from common import clock
from identity.models import GuardianConsent, Verification
from identity.queries import birth_date_by
from identity.rules.minors import Standing
from notifications.operations import enqueue_each
from notifications.tasks import wake
from registration.enums import DecisionOccasion, StayStatus
from registration.models import MunicipalConditions, PremiumDecision, PremiumStanding, Stay
from registration.operations.nightly.batches import in_batches, run
from registration.operations.nightly.lapses import FOLLOW_CITIES
from registration.operations.premium.deciding import prepare
from registration.queries import Person, conditions_of, facts_of, parameters_on
from registration.rules.engine import decide
from registration.rules.parameters import Parameters
from registration.rules.stays import days_stayed, is_long_stay
from registration.rules.terms import RENEWS_ITSELF_DAYS, next_end
from registration.rules.year import counting_window
from registration.signals import standings_changed

RENEWED = "registration.premium_renewed"
# Each with all their participations in memory at once.
SIZE = 500
_GOVERNMENT = "municipality__local_government__prefecture"
# Something was written before the last decision, and only committed after it.
_SLACK = "interval '1 hour'"

# What can turn a no into a yes; that days go by takes participations away and adds none. Of a
# minor who lacks consent one condition goes with the birthday, which the database cannot read.
_HELPS = f"""
    last.at IS NULL
    OR EXISTS (SELECT FROM public.attendance_participationrecord p
               JOIN public.accounts_resident m ON m.id = p.resident_id
               WHERE (m.id = s.resident_id OR m.merged_into_id = s.resident_id)
                 AND p.recorded_at > last.at - {_SLACK})
    OR EXISTS (SELECT FROM public.attendance_amendment a
               JOIN public.accounts_resident m ON m.id = a.resident_id
               WHERE (m.id = s.resident_id OR m.merged_into_id = s.resident_id)
                 AND a.at > last.at - {_SLACK})
    OR EXISTS (SELECT FROM public.identity_verification v
               WHERE v.resident_id = s.resident_id AND v.verified_at > last.at - {_SLACK})
    OR EXISTS (SELECT FROM public.identity_guardianconsent c
               WHERE c.resident_id = s.resident_id AND c.given_at > last.at - {_SLACK})
    OR EXISTS (SELECT FROM public.registration_premiumstanding o
               WHERE o.resident_id = s.resident_id AND o.ended_at > last.at - {_SLACK})
    OR EXISTS (SELECT FROM public.registration_nationalparameters n
               WHERE n.effective_from > (last.at AT TIME ZONE 'Asia/Tokyo')::date
                 AND n.effective_from <= %(day)s::date)
    OR r.updated_at > last.at - {_SLACK}
    OR asked.set_at > last.at - {_SLACK}
    OR last.lacks_consent
"""
_DUE = f"""
    SELECT s.resident_id, s.id
    FROM public.registration_premiumstanding s
    JOIN public.accounts_resident r ON r.id = s.resident_id
    JOIN LATERAL (
        SELECT c.renews_by_itself, c.asks_documents, c.set_at
        FROM public.registration_municipalconditions c
        WHERE c.municipality_id = s.municipality_id ORDER BY c.version DESC LIMIT 1
    ) asked ON asked.renews_by_itself AND NOT asked.asks_documents
    LEFT JOIN LATERAL (
        SELECT d.at, d.outcome @> '{{"conditions": [{{"code": "guardian_consent", "met": false}}]}}'
                     AS lacks_consent
        FROM public.registration_premiumdecision d
        WHERE d.registration_id = s.registration_id AND d.occasion = 'nightly'
          AND d.at >= (s.ends_on - {RENEWS_ITSELF_DAYS})::timestamp AT TIME ZONE 'Asia/Tokyo'
        ORDER BY d.at DESC LIMIT 1
    ) last ON true
    WHERE s.status = 'active' AND s.derived_from_id IS NULL
      AND s.ends_on <= %(day)s::date + {RENEWS_ITSELF_DAYS} AND s.starts_on <= %(day)s::date
      AND ({_HELPS})
"""
_LOCK = f"""
    SELECT r.id FROM public.accounts_resident r
    WHERE r.id > %(after)s AND r.id IN (SELECT due.resident_id FROM ({_DUE}) due)
    ORDER BY r.id LIMIT %(size)s
    FOR NO KEY UPDATE OF r SKIP LOCKED
"""
_DUE_OF = f"SELECT due.id FROM ({_DUE}) due WHERE due.resident_id = ANY(%(people)s) ORDER BY due.id"
_PROLONG = f"""
    WITH renewed AS (
        UPDATE public.registration_premiumstanding s
        SET ends_on = n.ends_on, decision_id = n.decision_id, long_stay = n.long_stay
        FROM unnest(%(standings)s::bigint[], %(ends)s::date[], %(decisions)s::uuid[],
                    %(stays)s::boolean[]) AS n(id, ends_on, decision_id, long_stay),
             public.registration_premiumstanding before
        WHERE s.id = n.id AND before.id = s.id
        RETURNING s.id, s.resident_id, s.registration_id, s.decision_id,
                  s.long_stay AND NOT before.long_stay AS stays_now
    ), events AS (
        INSERT INTO public.registration_registrationevent
               (registration_id, kind, at, reason, on_behalf, decision_id)
        SELECT registration_id, 'premium_renewed', %(now)s, '', '', decision_id FROM renewed
        UNION ALL
        SELECT registration_id, 'long_stay', %(now)s, '', '', NULL FROM renewed WHERE stays_now
    ), applications AS (
        UPDATE public.registration_premiumapplication a
        SET status = 'granted', decided_at = %(now)s, decision_id = renewed.decision_id
        FROM renewed
        WHERE a.registration_id = renewed.registration_id AND a.kind = 'renewal'
          AND a.status IN ('submitted', 'returned', 'proposed')
        RETURNING a.id
    ), documents AS (
        DELETE FROM public.registration_applicationdocument d
        USING applications a WHERE d.application_id = a.id
    ), letters AS (
        SELECT '{RENEWED}' AS kind, '' AS municipality_code,
               jsonb_build_object('resident', resident_id, 'standing', id) AS payload
        FROM renewed
    ), sent AS ({enqueue_each("letters")})
    SELECT registration_id FROM renewed
"""
_FOLLOWED = """
    INSERT INTO public.registration_registrationevent
           (registration_id, kind, at, reason, on_behalf, decision_id)
    SELECT s.registration_id, 'premium_renewed', %(now)s, '', '', s.decision_id
    FROM public.registration_premiumstanding s
    WHERE s.registration_id = ANY(%(registrations)s) AND s.status = 'active'
"""


def renew(day: date) -> int:
    """Judge all that is due; returns of how many people. Of a term that was over before the
    night's work came to it, its last day is judged."""

    def batch(after: UUID) -> list[UUID]:
        people = [pk for (pk,) in run(_LOCK, day=day, after=after, size=SIZE)]
        if people:
            _judge([pk for (pk,) in run(_DUE_OF, day=day, people=people)], day)
            transaction.on_commit(wake)
        return people

    return in_batches(batch)


def _judge(due: list[int], day: date) -> None:
    standings = list(
        PremiumStanding.objects.filter(pk__in=due)
        .select_related(_GOVERNMENT, "registration")
        .order_by("pk")
    )
    asked = conditions_of([str(row.municipality_id) for row in standings])
    people = _People({row.resident_id for row in standings})
    before = _last_outcomes(standings)
    decisions, renewed = [], []
    for standing in standings:
        registration = standing.registration
        registration.municipality = standing.municipality
        judged_on = min(day, standing.ends_on)
        facts = facts_of(
            registration,
            people.on(standing.resident_id, judged_on),
            asked[str(standing.municipality_id)],
            judged_on,
        )
        decision = prepare(registration, DecisionOccasion.NIGHTLY, facts, decide(facts))
        if decision.allowed or decision.outcome != before.get(registration.pk):
            decisions.append(decision)
        if decision.allowed:
            renewed.append((standing, decision))
    PremiumDecision.objects.bulk_create(decisions)
    if renewed:
        _prolong(renewed, asked, day)


def _prolong(
    renewed: list[tuple[PremiumStanding, PremiumDecision]],
    asked: dict[str, MunicipalConditions],
    day: date,
) -> None:
    now = clock.now()
    rows = [standing for standing, _decision in renewed]
    long_stays = _long_stays(rows, asked, day)
    registrations = run(
        _PROLONG,
        standings=[row.pk for row in rows],
        ends=[next_end(row.ends_on) for row in rows],
        decisions=[decision.pk for _standing, decision in renewed],
        stays=[long_stays[row.pk] for row in rows],
        now=now,
    )
    followed = run(FOLLOW_CITIES, people=[row.resident_id for row in rows])
    run(_FOLLOWED, registrations=[pk for (pk,) in followed], now=now)
    standings_changed.send(sender=None, registration_ids=[pk for (pk,) in registrations + followed])


def _long_stays(
    rows: list[PremiumStanding], asked: dict[str, MunicipalConditions], day: date
) -> dict[int, bool]:
    """By standing, whether the mark holds for the new term (R12)."""
    first, last = counting_window(day, parameters_on(day).window)
    stays = defaultdict(list)
    accepted = Stay.objects.filter(
        registration__in=[row.registration_id for row in rows], status=StayStatus.ACCEPTED
    )
    for registration, *days in accepted.values_list("registration", "first_day", "last_day"):
        stays[registration].append((days[0], days[1]))
    return {
        row.pk: is_long_stay(
            days_stayed(stays[row.registration_id], first, last),
            asked[str(row.municipality_id)].long_stay_days,
        )
        for row in rows
    }


def _last_outcomes(standings: Iterable[PremiumStanding]) -> dict[int, Any]:
    """By registration, what the last night that judged it found."""
    rows = (
        PremiumDecision.objects.filter(
            registration__in=[row.registration_id for row in standings],
            occasion=DecisionOccasion.NIGHTLY,
        )
        .order_by("registration_id", "-at")
        .distinct("registration_id")
    )
    return dict(rows.values_list("registration_id", "outcome"))


class _Parameters(dict[date, Parameters]):
    """Those in force on a day, read once."""

    def __missing__(self, day: date) -> Parameters:
        self[day] = parameters_on(day)
        return self[day]


class _People:
    """As `registration.queries.read_person`, of many at once: six statements."""

    def __init__(self, residents: set[UUID]) -> None:
        found = Resident.objects.filter(pk__in=residents).select_related("residence__prefecture")
        self.parameters = _Parameters()
        self.residents = {row.pk: row for row in found}
        proofs = Verification.objects.filter(resident__in=residents)
        newest = proofs.order_by("resident_id", "-verified_at").distinct("resident_id")
        self.proofs = {row.resident_id: row for row in newest}
        consents = GuardianConsent.objects.filter(resident__in=residents, end_reason="")
        self.consents = set(consents.values_list("resident_id", flat=True))
        self.records: dict[UUID, list[ParticipationRecord]] = defaultdict(list)
        for owner, record in records_of_people(residents):
            self.records[owner].append(record)
        self.standings: dict[UUID, list[PremiumStanding]] = defaultdict(list)
        held = PremiumStanding.objects.running().filter(resident__in=residents)
        for row in held.select_related(_GOVERNMENT).order_by("starts_on", "pk"):
            self.standings[row.resident_id].append(row)

    def on(self, resident_id: UUID, day: date) -> Person:
        """What is known of somebody, as of `day`."""
        resident, proof = self.residents[resident_id], self.proofs.get(resident_id)
        midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.TOKYO)
        standing = Standing(born=birth_date_by(proof, resident), today=day)
        if standing.is_minor and resident_id in self.consents:
            standing = Standing(born=standing.born, today=day, consented=True)
        return Person(
            resident=resident,
            parameters=self.parameters[day],
            records=tuple(self.records[resident_id]),
            standings=tuple(self.standings[resident_id]),
            identity_valid=proof is not None
            and proof.ended_at is None
            and proof.valid_until > min(clock.now(), midnight),
            standing=standing,
        )

"""Decisions and the night's work at scale.

- `decision_ms`: one decision with the queries for everything it is read from, as the resident
  who is locked, in a database with so many registrations. Bound: 5 ms at a million.
- `kept_ms`: the same from taking the locks to the committed row of the decision.
- `nightly_seconds`: all steps of one night at that size, with as many people due as on any night:
  1/732 of all are released and 3/732 warned, 1/365 of premium lapses, and as many renew.
  Bound: 120 s at a million on two cores.
- `nightly_peak_mb`: what the process that does it takes at most (resident). Bound: 300 MB.
- `again_seconds`: the same night once more, which finds nothing to do.
- `my_page_queries`: statements of the page of somebody with 20 registrations. Bound: 15.

People, registrations and participations (three each) are written by SQL: two million insertions
through the product are not what is measured. 200 cities and their prefectures take part, by their
rows alone: the night's work looks into no municipality's schema.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import date
from typing import Any

from django.db import connection, transaction

from benchmarks.figures import Report, median
from benchmarks.queries import statements_of
from benchmarks.world import make_world, test_client_of
from common import clock
from common.encryption import encrypt
from registration.enums import DecisionOccasion
from registration.models import Registration
from registration.operations.premium.common import GOVERNMENT, in_their_name
from registration.operations.premium.deciding import keep, read_facts
from registration.operations.register import register
from registration.rules.engine import decide
from tenants.actors import OWNER, acting
from tenants.models import LocalGovernment, Municipality

PARTICIPATIONS = 3
DECISIONS = 200
CITIES = 200
REGISTRATIONS_ON_THE_PAGE = 20
_BORN = "accounts.resident.birth_date"

# Everybody has one registration. One in ten is premium, spread over the days of a year; of these
# every second one meets the conditions, and all municipalities renew by themselves.
_WORLD = """
CREATE TEMPORARY TABLE places AS
    SELECT local_government_id AS code, row_number() OVER (ORDER BY local_government_id) - 1 AS n
    FROM tenants_municipality m JOIN tenants_localgovernment l ON l.code = m.local_government_id
    WHERE l.prefecture_id IS NOT NULL;
CREATE TEMPORARY TABLE people AS
    SELECT s.n, gen_random_uuid() AS id, 10000000 + s.n AS account,
           p.code AS code, %(day)s::date - (s.n * 7919::bigint %% 732)::int AS seen_on
    FROM generate_series(1, %(number)s) s(n) JOIN places p
      ON p.n = s.n %% (SELECT count(*) FROM places);
ANALYZE places;
ANALYZE people;
INSERT INTO accounts_user (id, password, is_superuser, email, name, is_active,
                           date_joined)
    SELECT account, '!', false, 'bench' || n || '@example.jp', '', true, now() FROM people;
INSERT INTO accounts_resident (id, user_id, family_name, given_name, family_kana, given_kana,
        birth_date, postal_code, residence_id, address_line, building, phone, language,
        created_at, updated_at, seen_on)
    SELECT id, account, '佐藤', '花子', 'サトウ', 'ハナコ', %(born)s, '', '131016', '', '',
           '', 'ja', %(then)s, %(then)s, seen_on
    FROM people;
INSERT INTO registration_registration (id, resident_id, municipality_id, kind, origin, status,
        number, registered_at, family_name, given_name, kana, birth_date, postal_code, address,
        residence_name, email, phone, lives_here)
    SELECT account, id, code, CASE WHEN n %% 10 = 0 THEN 'premium' ELSE 'basic' END, 'direct',
           'active', code || '-' || account, %(then)s, '佐藤', '花子', 'サトウ ハナコ', '', '',
           '', '', '', '', false
    FROM people;
INSERT INTO attendance_participationrecord (resident_id, municipality_id, session_uuid,
        activity_title, organiser, place, session_date, starts_at, ends_at, hours, designated,
        designation_basis, method, recorded_at)
    SELECT id, code, gen_random_uuid(), '海岸清掃', '', '', d, d, d + interval '2 hours', 2,
           n %% 20 <> 10, '', 'venue_code', d
    FROM people, generate_series(1, %(participations)s) k,
         LATERAL (SELECT (%(day)s::date - 20 * k)::timestamptz AS d) days;
INSERT INTO identity_verification (resident_id, method, assurance, subject_hash, attributes,
        verified_at, valid_until, end_reason)
    SELECT id, 'digital_auth_app', 'level_3', '', '', %(then)s,
           now() + interval '1 year', '' FROM people WHERE n %% 5 = 0;
INSERT INTO registration_premiumdecision (id, registration_id, resident_id, municipality_id,
        occasion, at, rules_version, parameters_version, conditions_version, facts, outcome,
        allowed)
    SELECT gen_random_uuid(), account, id, code, 'application', %(then)s, '1', '1', 0, '{}', '{}',
           true
    FROM people WHERE n %% 10 = 0;
ANALYZE registration_premiumdecision;
INSERT INTO registration_premiumstanding (registration_id, resident_id, municipality_id, status,
        starts_on, ends_on, over_limit, long_stay, decision_id)
    SELECT d.registration_id, d.resident_id, d.municipality_id, 'active', e - 364, e, false, false,
           d.id
    FROM registration_premiumdecision d JOIN people p ON p.id = d.resident_id,
         LATERAL (SELECT %(day)s::date - 1 + (p.n / 10 * 31 %% 365)::int AS e) ends;
INSERT INTO registration_premiumslot (standing_id, resident_id, number)
    SELECT id, resident_id, 1 FROM registration_premiumstanding;
INSERT INTO registration_municipalconditions (municipality_id, version, set_at,
        needed_participations, category, of_category, hours, asks_documents, documents_wanted,
        renews_by_itself, four_eyes, counts_cities)
    SELECT code, 1, %(then)s, 3, '', 0, 0, false, '', true, false, false FROM places;
-- As if the nights before had done their part: what is due is what one night finds.
INSERT INTO registration_releasewarning (resident_id, seen_on, days, told_on, release_on)
    SELECT r.id, r.seen_on, w.days, %(day)s::date - 8, %(day)s::date
    FROM accounts_resident r, (VALUES (60), (30), (7)) w(days)
    WHERE r.seen_on + interval '24 months' < %(day)s::date + w.days;
INSERT INTO registration_endnotice (standing_id, resident_id, ends_on, days, told_on)
    SELECT s.id, s.resident_id, s.ends_on, w.days, %(day)s::date - 1
    FROM registration_premiumstanding s, (VALUES (60), (30), (7)) w(days)
    WHERE s.ends_on < %(day)s::date + w.days;
INSERT INTO registration_premiumdecision (id, registration_id, resident_id, municipality_id,
        occasion, at, rules_version, parameters_version, conditions_version, facts, outcome,
        allowed)
    SELECT gen_random_uuid(), registration_id, resident_id, municipality_id, 'nightly',
           %(day)s::date - interval '5 hours', '1', '1', 0, '{}', '{"conditions": []}', false
    FROM registration_premiumstanding WHERE ends_on < %(day)s::date + 30;
ANALYZE
"""
_NIGHT = """
import json, resource, time, django
django.setup()
from registration.operations.nightly import nightly
from tenants.actors import OWNER, acting
with acting(OWNER):
    began = time.monotonic()
    done = nightly()
    seconds = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"done": done, "seconds": seconds, "peak": peak}))
"""


def measure(report: Report, options: argparse.Namespace) -> None:
    number = options.registrations
    # First: what it sets up looks into every municipality's schema, and those below have none.
    world = make_world(articles=1, activities=1, residents=1)
    with acting(OWNER):
        _take_part()
        began = time.monotonic()
        _fill(number)
        report.add("world_seconds", time.monotonic() - began, "s", f"{number} registrations")
        _decisions(report)
        _nights(report, number)
        for place in Municipality.objects.cities()[:REGISTRATIONS_ON_THE_PAGE]:
            register(world.residents[0], place)
    page = statements_of("localhost", "/my/", test_client_of(world.residents[0]))
    report.add("my_page_queries", page, "queries", f"{REGISTRATIONS_ON_THE_PAGE} registrations")


def _take_part() -> None:
    """Rows of municipalities without schemas."""
    governments = LocalGovernment.objects.filter(municipality=None, prefecture__isnull=False)
    for one in governments.order_by("code")[:: max(1, governments.count() // CITIES)]:
        Municipality.objects.create(
            local_government=one, schema_name=f"m{one.code}", slug=one.romaji,
            joined_on=clock.today(), status="published",
        )  # fmt: skip


def _fill(number: int) -> None:
    born = encrypt(date(1988, 4, 2).isoformat(), _BORN)
    values: dict[str, Any] = {
        "number": number,
        "participations": PARTICIPATIONS,
        "day": clock.today(),
        "then": clock.at_noon(date(2026, 4, 1)),
        "born": born,
    }
    with connection.cursor() as cursor:
        for statement in _WORLD.split(";\n"):
            cursor.execute(statement, values)


def _decisions(report: Report) -> None:
    seconds = []
    rows = Registration.objects.filter(kind="premium").select_related("resident", GOVERNMENT)
    whole = []
    for registration in rows[:DECISIONS]:
        started = time.perf_counter()
        with transaction.atomic(), in_their_name(registration) as row:
            began = time.perf_counter()
            facts = read_facts(row)
            decision = decide(facts)
            seconds.append(time.perf_counter() - began)
            keep(row, DecisionOccasion.CHANGE, facts, decision)
        whole.append(time.perf_counter() - started)
    report.add("decision_ms", median(seconds) * 1000, "ms", f"median of {DECISIONS}")
    report.add(
        "kept_ms", median(whole) * 1000, "ms", "with the locks before and its row, committed"
    )


def _nights(report: Report, number: int) -> None:
    """In a process of its own, whose memory nobody else has used."""
    first, again = _night(), _night()
    done = ", ".join(f"{count} {name}" for name, count in first["done"].items())
    report.add("nightly_seconds", first["seconds"], "s", f"{number} registrations: {done}")
    report.add("nightly_peak_mb", first["peak"], "MB", "resident, at most")
    report.add("again_seconds", again["seconds"], "s", "nothing left to do")
    if None in first["done"].values() or any(
        again["done"][name] for name in first["done"] if name != "counted"
    ):
        raise RuntimeError(f"a night that is not done: {first} {again}")


def _night() -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-c", _NIGHT], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found

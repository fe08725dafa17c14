"""Sealing and verifying the ledger; called by `benchmarks.attendance`.

- `seal_ms`: one seal over 3,000 new rows, committed. Bound: 50 ms.
- `verify_seconds_a_million`: the whole ledger of a million rows in seals of 3,000 compared with
  its seals, and these with one another. Bound: 60 s on two cores.

Rows are written by SQL: a million check-ins are not what is measured.
"""

from __future__ import annotations

import time

from django.db import connection

from accounts.models import Resident
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.ledger.verify import verify_ledger
from benchmarks.figures import Report, median
from tenants.actors import OWNER, acting
from tenants.models import Municipality

ROWS = 1_000_000
OF_ONE_SEAL = 3_000
SEALS = 5
_ROWS = """
INSERT INTO attendance_participationrecord (resident_id, municipality_id, session_uuid,
        activity_title, organiser, place, session_date, starts_at, ends_at, hours, designated,
        designation_basis, method, recorded_at)
    SELECT %s, %s, gen_random_uuid(), '海岸清掃', '', '大谷海岸', d::date, d,
           d + interval '2 hours',
           2, true, '', 'venue_code', d
    FROM generate_series(1, %s) n, LATERAL (SELECT timestamptz '2026-04-01 09:00+09'
         + n * interval '1 second' AS d) days
"""


def measure_ledger(report: Report, resident: Resident, municipality: Municipality) -> None:
    with acting(OWNER):
        seal_new_rows()
        seconds = []
        for _one in range(SEALS):
            _write(resident, municipality, OF_ONE_SEAL)
            began = time.perf_counter()
            seal_new_rows()
            seconds.append(time.perf_counter() - began)
        report.add("seal_ms", median(seconds) * 1000, "ms", f"{OF_ONE_SEAL} rows, committed")
        _write(resident, municipality, ROWS - SEALS * OF_ONE_SEAL)
        seal_new_rows(most=OF_ONE_SEAL)
        began = time.perf_counter()
        verified = verify_ledger()
        taken = time.perf_counter() - began
    if verified.findings:
        raise RuntimeError(f"a ledger that does not verify: {verified.findings[:3]}")
    report.add(
        "verify_seconds_a_million",
        taken * 1_000_000 / verified.rows,
        "s",
        f"{verified.rows} rows, {verified.seals} seals",
    )


def _write(resident: Resident, municipality: Municipality, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [resident.pk, municipality.pk, number])

"""What a sign-up asks the database; called by `benchmarks.attendance`.

`signup_queries`: every statement of the operation on the municipality's host, each change of who
acts and both ends of the transaction among them: 10 at most.
"""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Resident
from activities.models import Session
from attendance.operations.sign_ups import sign_up
from benchmarks.figures import Report
from benchmarks.world import World
from common import clock
from tenants.context import municipality_context


def measure(report: Report, world: World, residents: list[Resident]) -> None:
    """Sign two residents up for the next session; the first warms the caches."""
    with municipality_context(world.municipality):
        session = Session.objects.filter(starts_at__gt=clock.now()).earliest("starts_at")
        sign_up(residents[0], world.municipality, session.uuid)
        with CaptureQueriesContext(connection) as captured:
            sign_up(residents[1], world.municipality, session.uuid)
    report.add("signup_queries", len(captured), "queries")

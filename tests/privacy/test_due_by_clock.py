"""The hourly and daily tasks ask once where something is due, and go nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from common import clock
from privacy.enums import ExportStatus
from privacy.models import Case, Export
from privacy.queries import with_cases_due, with_exports_due
from privacy.tasks import end_exports, remind_of_cases
from tenants.actors import RECEPTION, VISITOR, acting, operator, signed_in, staff, worker
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import UserFactory
from tests.factories.privacy import a_case, export, make_registrants
from tests.factories.staff import make_member
from tests.isolation.logins import at_run_time


@pytest.mark.django_db
def test_where_nothing_is_due_nothing_is_asked(kesennuma, hida, django_assert_num_queries):
    """Whatever is there that is not due, and however many take part. The claims, and where;
    then, with the same claims, the platform's own requests, and where."""
    (row,) = make_registrants(kesennuma, 1)
    export(kesennuma, make_member(kesennuma, "registration_officer"))
    a_case(row.resident, hida)
    for task, statements in ((end_exports, 2), (remind_of_cases, 2)):
        with django_assert_num_queries(statements):
            assert task() == 0


@pytest.mark.django_db
def test_only_where_something_is_due_it_is_done(kesennuma, hida, miyagi):
    (row,) = make_registrants(kesennuma, 1)
    made = export(kesennuma, make_member(kesennuma, "registration_officer"))
    make_member(hida, "registration_officer")
    case = a_case(row.resident, hida)
    a_case(row.resident, None)
    with time_machine.travel(clock.now() + timedelta(days=30)):
        with acting(worker()):
            assert with_exports_due(clock.now(), clock.now()) == [kesennuma]
            assert with_cases_due(case.deadline - timedelta(days=1)) == []
            assert with_cases_due(case.deadline) == [hida]
        assert end_exports() == 1
        assert remind_of_cases() == 2
    made.refresh_from_db()
    assert made.status == ExportStatus.GONE


def test_the_worker_alone_is_told_where_and_still_reads_no_row(own_database):
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    (row,) = make_registrants(here, 1)
    officer = make_member(here, "registration_officer")
    export(here, officer)
    a_case(row.resident, there)
    late, day = clock.now() + timedelta(days=30), clock.today() + timedelta(days=60)
    with at_run_time(worker()):
        assert with_exports_due(late, late) == [here]
        assert with_cases_due(day) == [there]
        assert not Export.objects.exists()
        assert not Case.objects.exists()
    for actor in (
        VISITOR, RECEPTION, signed_in(row.resident.user_id, row.resident.pk),
        staff(officer.pk, KESENNUMA), operator(UserFactory().pk),
    ):  # fmt: skip
        with at_run_time(actor):
            assert with_exports_due(late, late) == []
            assert with_cases_due(day) == []
    connection.set_schema_to_public()

"""What people told of their needs is not kept for ever, with an account or without."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from activities import tasks
from activities.enums import NeedState
from activities.models import Need, Session
from activities.operations.forgetting import forget_needs
from activities.operations.needs import activity_from_need, delete_need, move_need
from activities.rules.needs import FORGET_AFTER_DAYS
from common import clock
from tenants.actors import OWNER, acting
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.needs import make_need
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(hida):
    return make_member(hida, Role.COORDINATOR)


def forget_after(days: float) -> int:
    with time_machine.travel(clock.now() + timedelta(days=days)), acting(OWNER):
        return forget_needs()


def there(place) -> set[int]:
    with municipality_context(place):
        return set(Need.objects.values_list("pk", flat=True))


def test_unanswered_and_closed_ones_go_a_year_after_the_last_step(hida, kesennuma, officer):
    resident = ResidentFactory()
    unanswered = make_need(hida, entered_by=officer)
    make_need(kesennuma, resident=resident)
    answered = {}
    with time_machine.travel(clock.now() + timedelta(days=100)):
        for state in (NeedState.LOOKED_AT, NeedState.CLOSED, NeedState.PASSED_ON):
            need = make_need(hida, resident=resident, title=str(state))
            with municipality_context(hida):
                move_need(need, state, "社会福祉協議会", officer)
            answered[state] = need.pk
    assert forget_after(FORGET_AFTER_DAYS - 1) == 0
    assert forget_after(FORGET_AFTER_DAYS + 1) == 2
    assert there(hida) == set(answered.values())
    assert not there(kesennuma)
    assert forget_after(FORGET_AFTER_DAYS + 99) == 0
    assert forget_after(FORGET_AFTER_DAYS + 101) == 3
    assert forget_after(FORGET_AFTER_DAYS + 101) == 0, "twice is once"
    with municipality_context(hida):
        delete_need(unanswered, officer)  # gone already


@pytest.mark.parametrize("may_be_named", [True, False])
def test_where_an_activity_came_of_it_the_last_date_counts(hida, officer, may_be_named):
    need = make_need(hida, entered_by=officer, may_be_named=may_be_named)
    with municipality_context(hida):
        page = activity_from_need(need, officer)
        page.get_latest_revision().publish()
        last = max(Session.objects.filter(page=page).values_list("ends_at", flat=True))
    days = (last - clock.now()) / timedelta(days=1)
    assert forget_after(FORGET_AFTER_DAYS + days - 1) == 0
    assert forget_after(FORGET_AFTER_DAYS + days + 1) == 1
    assert forget_after(FORGET_AFTER_DAYS + days + 2) == 0
    with municipality_context(hida):
        rows = list(Need.objects.all())
        page.refresh_from_db()
    assert page.live
    if not may_be_named:
        assert rows == []
        return
    (row,) = rows
    assert row.credit == "草野 刈子"
    left = (row.contact_phone, row.contact_email, row.wanted, row.place, row.when_about)
    assert set(left) == {""}


def test_where_nothing_is_due_it_costs_a_look(hida, kesennuma, officer, django_assert_num_queries):
    """Needs stand in each schema, so each is looked into: claims, begin, its rows, end."""
    make_need(hida, entered_by=officer)
    places = Municipality.objects.count()
    with acting(OWNER), django_assert_num_queries(2 + 4 * places):
        assert forget_needs() == 0


def test_a_municipality_that_fails_keeps_no_other_waiting(hida, kesennuma, officer):
    make_need(hida, entered_by=officer)
    make_need(kesennuma, resident=ResidentFactory())
    assert hida.pk > kesennuma.pk, "the one that fails comes first"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {kesennuma.schema_name}.activities_need RENAME TO gone")
    assert forget_after(FORGET_AFTER_DAYS + 1) == 1
    assert not there(hida)


def test_both_forms_say_until_when(hida):
    resident = ResidentFactory()
    for client, path in (
        (signed_in_client(resident.user, hida), "/needs/new/"),
        (staff_client(hida, Role.COORDINATOR), "/admin/needs/enter/"),
    ):
        assert f"最後の対応から{FORGET_AFTER_DAYS}日" in client.get(path).content.decode(), path


def test_the_clock_s_task_is_the_caretaker_s(settings):
    assert tasks.forget_needs.acts_as == OWNER
    task = settings.CELERY_BEAT_SCHEDULE["forget-needs"]["task"]
    assert settings.CELERY_TASK_ROUTES[task] == {"queue": "caretaker"}

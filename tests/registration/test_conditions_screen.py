"""What a municipality asks for: versions, the preview, who may set it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.refusal import Refused
from registration.models import MunicipalConditions
from registration.operations.conditions import set_conditions, try_conditions
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.premium import (
    conditions,
    make_eligible,
    make_premium,
    make_verified,
    took_part,
)
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
PATH = "/admin/premium/conditions/"
ENTERED = {
    "seen": "0",
    "needed_participations": "5",
    "of_category": "0",
    "hours": "0",
    "documents_wanted": "",
    "long_stay_days": "10",
    "renews_by_itself": "on",
}


def text_of(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.fixture
def head(kesennuma):
    return make_member(kesennuma, "administrator", name="課長 太郎")


@pytest.fixture
def desk(head, kesennuma):
    return signed_in_client(head, kesennuma, admin=True)


def test_versions_are_kept_with_who_set_them(desk, head, kesennuma):
    for _twice in range(2):
        assert desk.post(PATH, ENTERED | {"save": "1"})["Location"] == PATH
    desk.post(PATH, ENTERED | {"save": "1", "seen": "1", "needed_participations": "4"})
    rows = list(MunicipalConditions.objects.order_by("version"))
    assert [(row.version, row.needed_participations) for row in rows] == [(1, 5), (2, 4)]
    assert {row.set_by for row in rows} == {head}
    assert rows[0].renews_by_itself and rows[0].long_stay_days == 10
    page = text_of(desk.get(PATH))
    assert page.count("課長 太郎") >= 2
    assert 'value="4"' in page


@pytest.mark.parametrize("few", ["2", "0", "-1"])
def test_fewer_than_three_are_refused_with_a_sentence(desk, few):
    page = text_of(desk.post(PATH, ENTERED | {"save": "1", "needed_participations": few}))
    assert "年3回以上" in page
    assert f'value="{few}"' in page
    assert not MunicipalConditions.objects.exists()


def test_the_operation_refuses_fewer_than_three_too(head, kesennuma):
    with pytest.raises(Refused, match="too_few"):
        set_conditions(kesennuma, head, {"needed_participations": 2}, 0)


def test_a_preview_sets_nothing_and_keeps_what_was_entered(desk, kesennuma):
    for times in (0, 2):
        resident = make_verified()
        make_eligible(resident, kesennuma)
        for day in range(times):
            took_part(resident, kesennuma, _days_ago(10 + day))
    page = text_of(desk.post(PATH, ENTERED | {"preview": "1"}))
    assert "<td>2</td><td>1</td>" in page
    assert 'value="5"' in page
    assert not MunicipalConditions.objects.exists()


def _days_ago(days):
    from datetime import timedelta

    from common import clock

    return clock.today() - timedelta(days=days)


def test_the_preview_counts_here_and_those_who_live_elsewhere(kesennuma, hida):
    make_premium(make_verified(), kesennuma)
    make_eligible(make_verified(), hida)
    make_eligible(make_verified(residence_id=kesennuma.code), kesennuma)
    stranger = make_verified()
    for day in range(4):
        took_part(stranger, kesennuma, _days_ago(day))
    register_resident(make_verified(), kesennuma)
    tried = try_conditions(
        kesennuma, MunicipalConditions(municipality=kesennuma, needed_participations=4)
    )
    assert (tried.registrants, tried.now, tried.then) == (2, 1, 0)
    assert (tried.premium, tried.premium_now, tried.premium_then) == (1, 1, 0)


def test_the_preview_takes_the_same_statements_for_one_and_for_many(kesennuma):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            try_conditions(kesennuma, MunicipalConditions(municipality=kesennuma))
        return len(asked)

    make_eligible(make_verified(), kesennuma)
    before = statements()
    for _more in range(3):
        make_eligible(make_verified(), kesennuma)
    assert statements() == before


def test_what_a_colleague_set_meanwhile_is_not_lost(desk, kesennuma):
    conditions(kesennuma, needed_participations=7)
    page = text_of(desk.post(PATH, ENTERED | {"save": "1"}))
    assert "ほかの職員" in page
    assert 'value="5"' in page
    assert MunicipalConditions.objects.count() == 1
    assert 'name="seen" value="1"' in page


@pytest.mark.parametrize(
    "entered",
    [
        {"category": "", "of_category": "2"},
        {"category": "disaster", "of_category": "0"},
        {"asks_documents": "on"},
        {"hours": "-2"},
    ],
)
def test_what_does_not_go_together_is_said(desk, entered):
    page = text_of(desk.post(PATH, ENTERED | {"save": "1"} | entered))
    assert "error-message" in page or "w-field__errors" in page
    assert not MunicipalConditions.objects.exists()


@pytest.mark.parametrize(
    ("role", "reads", "sets"),
    [
        (Role.ADMINISTRATOR, True, True),
        (Role.REGISTRATION_OFFICER, True, False),
        (Role.COORDINATOR, False, False),
        (Role.EDITOR, False, False),
        (Role.ROOM_MODERATOR, False, False),
        (Role.READER, False, False),
    ],
)
def test_roles(kesennuma, role, reads, sets):
    client = staff_client(kesennuma, role)
    assert (client.get(PATH).status_code == 200) == reads
    client.post(PATH, ENTERED | {"save": "1"})
    assert MunicipalConditions.objects.exists() == sets


def test_it_is_set_where_one_works_alone(desk, kesennuma, hida):
    desk.post(PATH, ENTERED | {"save": "1"})
    assert MunicipalConditions.objects.get().municipality == kesennuma

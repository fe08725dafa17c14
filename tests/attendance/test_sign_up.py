"""A place in a session: one each, never one too many, given back when asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.queries import status_of_sessions
from attendance.rules.sign_up import Wish
from common.refusal import Refused
from notifications.models import OutboxMessage
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory, sign_in
from tests.factories.activities import make_activity, session_values


def make_session(municipality: Municipality, **fields: object) -> UUID:
    page = make_activity(municipality, sessions=[session_values(**fields)])
    with municipality_context(municipality):
        return page.sessions.get().uuid


def test_signing_up_twice_is_one_place_and_one_mail(kesennuma: Municipality) -> None:
    session, resident = make_session(kesennuma, capacity=5), ResidentFactory()
    first = sign_up(resident, kesennuma, session)
    assert sign_up(resident, kesennuma, session) == first
    assert SignUp.objects.count() == 1
    mails = OutboxMessage.objects.filter(kind="mail", payload__to=[resident.user.email])
    assert mails.count() == 1
    assert "内湾の清掃活動" in mails.get().payload["subject"]


def test_a_full_session_refuses_and_a_place_given_back_is_free_again(
    kesennuma: Municipality,
) -> None:
    session = make_session(kesennuma, capacity=1)
    first, second = ResidentFactory(), ResidentFactory()
    sign_up(first, kesennuma, session)
    with pytest.raises(Refused) as refused:
        sign_up(second, kesennuma, session)
    assert refused.value.code == "place_left"
    withdraw_sign_up(first, session)
    withdraw_sign_up(first, session)
    sign_up(second, kesennuma, session)
    assert set(SignUp.objects.values_list("resident", "status")) == {
        (first.pk, SignUpStatus.WITHDRAWN),
        (second.pk, SignUpStatus.SIGNED_UP),
    }


def test_who_has_a_place_and_who_has_asked_for_one(kesennuma: Municipality) -> None:
    full, by_approval = (
        make_session(kesennuma, capacity=1, mode=mode) for mode in ("first_come", "approval")
    )
    first, second, third = ResidentFactory.create_batch(3)
    sign_up(first, kesennuma, full)
    sign_up(second, kesennuma, full, Wish(waits=True))
    sign_up(first, kesennuma, by_approval)
    found = [
        status_of_sessions(kesennuma, [full, by_approval], one)
        for one in (first, second, third, None)
    ]
    assert [statuses[full] for statuses in found] == [
        (1, True, False), (1, False, True), (1, False, False), (1, False, False),
    ]  # fmt: skip
    assert found[0][by_approval] == (0, False, True)
    assert found[1][by_approval] == (0, False, False)


def test_another_municipalitys_session_is_not_there(
    kesennuma: Municipality, hida: Municipality
) -> None:
    session = make_session(kesennuma)
    with pytest.raises(Refused) as refused:
        sign_up(ResidentFactory(), hida, session)
    assert refused.value.code == "session_gone"


def test_the_last_place_goes_to_one_of_many(own_database: str) -> None:
    municipality = Municipality.objects.get(pk="042056")
    session = make_session(municipality, capacity=1)
    residents = ResidentFactory.create_batch(8)

    def attempt(resident: object) -> bool:
        try:
            sign_up(resident, Municipality.objects.get(pk="042056"), session)
            return True
        except Refused as refusal:
            assert refusal.code == "place_left"
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, residents))
    assert outcomes.count(True) == 1
    assert SignUp.objects.filter(session_uuid=session, status="signed_up").count() == 1


def test_signing_up_on_the_municipalitys_site(
    kesennuma: Municipality, hida: Municipality, client: Client
) -> None:
    session, resident = make_session(kesennuma, capacity=3), ResidentFactory()
    path = f"/sessions/{session}/sign-up/"
    assert client.get(path, headers={"host": "kesennuma.localhost"}).status_code == 302
    sign_in(client, resident.user, kesennuma)
    shown = client.get(path, headers={"host": "kesennuma.localhost"})
    assert shown.status_code == 200
    client.post(path, headers={"host": "kesennuma.localhost"})
    assert SignUp.objects.get().resident == resident
    client.post(path, {"withdraw": "1"}, headers={"host": "kesennuma.localhost"})
    assert SignUp.objects.get().status == SignUpStatus.WITHDRAWN
    sign_in(client, resident.user, hida)
    assert client.get(path, headers={"host": "hida.localhost"}).status_code == 404

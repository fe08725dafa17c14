"""Under the run-time logins: deciding, conditions, national parameters."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection

from registration.models import MunicipalConditions, NationalParameters, PremiumApplication, Replay
from registration.operations.premium import apply, hand_in
from registration.tasks import replay_decisions
from tenants.actors import staff
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import signed_in_client
from tests.factories.premium import conditions, make_eligible, make_verified
from tests.factories.staff import make_member
from tests.factories.tenants import operator_client
from tests.isolation.logins import DESK, RUN, at_run_time, logged_in_as
from tests.registration.test_conditions_screen import ENTERED
from tests.registration.test_parameters_screen import entered

pytestmark = pytest.mark.usefixtures("own_database")
QUEUE = "/admin/premium/"


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    return here, there


def text_of(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def test_a_question_an_answer_and_two_who_decide(places) -> None:
    here, there = places
    conditions(here, asks_documents=True, documents_wanted="書類", four_eyes=True)
    application = apply(make_eligible(make_verified(family_name="高橋"), here))
    document = hand_in(application, "a.pdf", b"%PDF-1.7")
    first = signed_in_client(make_member(here, "registration_officer"), here, admin=True)
    second = signed_in_client(make_member(here, "administrator"), here, admin=True)
    stranger = signed_in_client(make_member(there, "administrator"), there, admin=True)
    path = f"{QUEUE}{application.pk}/"
    with logged_in_as(RUN):
        assert "高橋" in text_of(first.get(QUEUE))
        assert "浜の清掃" in text_of(first.get(path))
        assert first.get(f"{path}documents/{document.pk}/").content == b"%PDF-1.7"
        assert stranger.get(path).status_code == 404
        assert first.post(f"{path}approve/").status_code == 302
        assert "a.pdf" in text_of(second.get(path))
        assert 'name="application"' in text_of(second.get(f"{QUEUE}many/"))
        assert second.post(f"{QUEUE}many/", {"application": application.pk}).status_code == 302
        assert "浜の清掃" in text_of(first.get(path))
        text_of(first.get(f"{path}letter/"))
    connection.set_schema_to_public()
    assert PremiumApplication.objects.get().status == "granted"


def test_conditions_are_tried_out_and_set_and_never_anothers(places) -> None:
    here, there = places
    make_eligible(make_verified(), here)
    make_eligible(make_verified(), there)
    account = make_member(here, "administrator")
    desk = signed_in_client(account, here, admin=True)
    with logged_in_as(RUN):
        assert "<td>1</td><td>0</td>" in text_of(
            desk.post(f"{QUEUE}conditions/", ENTERED | {"preview": "1"})
        )
        assert desk.post(f"{QUEUE}conditions/", ENTERED | {"save": "1"}).status_code == 302
    connection.set_schema_to_public()
    assert MunicipalConditions.objects.get().municipality == here
    with at_run_time(staff(account.pk, here.code), here), pytest.raises(ProgrammingError):
        MunicipalConditions.objects.create(municipality=there, version=1)


def test_the_operator_drafts_and_makes_a_version_without_reading_a_decision(places) -> None:
    here, _there = places
    apply(make_eligible(make_verified(), here))
    desk = operator_client()
    with logged_in_as(DESK):
        preview = desk.post("/parameters/new/", entered())["Location"]
        text_of(desk.get(preview))
    replay_decisions()
    with logged_in_as(DESK):
        assert desk.post(f"{preview}confirm/")["Location"] == "/parameters/"
        assert "とくべつ" in text_of(desk.get("/parameters/"))
        assert desk.post("/replays/").status_code == 302
        text_of(desk.get("/replays/"))
    connection.set_schema_to_public()
    assert NationalParameters.objects.count() == 2
    assert Replay.objects.filter(kind="preview").get().looked_at == 1


def test_nobody_else_makes_a_version(places) -> None:
    here, _there = places
    account = make_member(here, "administrator")
    with at_run_time(staff(account.pk, here.code), here):
        copy = NationalParameters.objects.get()
        copy.pk, copy.version = None, "9"
        with pytest.raises(ProgrammingError):
            copy.save(force_insert=True)

"""What a resident learns of who looked: the portal's page."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.models import AccessRecord
from privacy.operations.exports import fetch_file
from privacy.views.access import PER_PAGE
from tenants.context import municipality_context
from tests.factories.accounts import signed_in_client
from tests.factories.privacy import export, look_at, make_registrants
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
PATH = "/my/access/"


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="閲覧 職員子")


def test_a_look_is_shown_with_place_office_time_purpose_and_fields(kesennuma, officer):
    registration, other = make_registrants(kesennuma, 2)
    with time_machine.travel("2026-12-01 09:30+09:00", tick=False):
        look_at(registration, officer, "enquiry", "電話でのお尋ね")
    page = text_of(signed_in_client(registration.resident.user).get(PATH))
    for words in (
        "宮城県気仙沼市", "登録担当", "令和8年12月1日（火）9時30分",
        "ご本人からの問い合わせへの対応", "電話でのお尋ね", "生年月日、住所",
    ):  # fmt: skip
        assert words in page
    assert "閲覧 職員子" not in page, "the office, not the person"
    assert officer.email not in page
    nothing = text_of(signed_in_client(other.resident.user).get(PATH))
    assert "あなたの情報を見た職員はいません" in nothing


def test_a_file_is_shown_once_it_has_been_fetched_to_everybody_in_it(kesennuma, hida, officer):
    inside = make_registrants(kesennuma, 2)
    (outside,) = make_registrants(hida, 1)
    made = export(kesennuma, officer)
    clients = [signed_in_client(row.resident.user) for row in inside]
    assert all("取り出されました" not in text_of(client.get(PATH)) for client in clients)
    with municipality_context(kesennuma):
        fetch_file(made.pk, officer)
    for client in clients:
        page = text_of(client.get(PATH))
        for words in ("取り出されました", "お知らせの送付", "秋の便りの宛名", "名前、住所", "2人"):
            assert words in page
        assert "閲覧 職員子" not in page
    assert "取り出されました" not in text_of(signed_in_client(outside.resident.user).get(PATH))


def test_looks_of_several_municipalities_newest_first_a_page_at_a_time(kesennuma, hida, officer):
    (registration,) = make_registrants(kesennuma, 1)
    there = register_resident(registration.resident, hida)
    look_at(there, make_member(hida, "administrator"))
    for _one in range(PER_PAGE):
        look_at(registration, officer)
    client = signed_in_client(registration.resident.user)
    first, second = text_of(client.get(PATH)), text_of(client.get(f"{PATH}?page=2"))
    assert first.count("あなたの情報が開かれました") == PER_PAGE
    assert "岐阜県飛騨市" not in first
    assert second.count("あなたの情報が開かれました") == 1
    assert "岐阜県飛騨市" in second


def test_however_many_there_are_it_costs_the_same(kesennuma, officer, django_assert_num_queries):
    (registration,) = make_registrants(kesennuma, 1)
    client = signed_in_client(registration.resident.user)
    look_at(registration, officer)
    client.get(PATH)
    with CaptureQueriesContext(connection) as one:
        client.get(PATH)
    for _more in range(20):
        look_at(registration, officer)
    with django_assert_num_queries(len(one)):
        client.get(PATH)
    assert AccessRecord.objects.count() == 21

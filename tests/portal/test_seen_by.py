"""What a municipality sees of me, before I register and afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from attendance.models import SignUp
from common import clock
from privacy.operations.exports import fetch_file
from registration.models import Registration
from registration.operations import leave, refresh_disclosure
from registration.operations.disclosure import DISCLOSED, disclosed, facts, labels_of, told
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.community import make_post, make_registrant
from tests.factories.holdings import answer, took_part
from tests.factories.privacy import export, look_at
from tests.factories.registration import move, register_resident
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, logged_in_as

db = pytest.mark.django_db
FIELDS = [
    field.name
    for field in Registration._meta.fields[
        [field.name for field in Registration._meta.fields].index("family_name") :
    ]
]


def path_of(code: str) -> str:
    return f"/my/data/municipalities/{code}/"


def text_of(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def facts_on(page: str, fields: dict[str, Any]) -> None:
    with translation.override("ja"):
        for fact in facts(fields):
            shown = f"<dt>{fact.label}</dt><dd>{fact.words}</dd>"
            assert shown in page, fact


@pytest.fixture
def resident():
    return ResidentFactory(residence_id="131016", phone="09012345678", birth_date="1990-05-06")


@pytest.fixture
def client_of(resident):
    return signed_in_client(resident.user)


# Before


@db
def test_before_registering_every_field_is_shown_with_its_value(client_of, resident, kesennuma):
    """A field that is added to what is disclosed and not shown fails here."""
    resident.refresh_from_db()
    page = text_of(client_of.get(f"/register/{KESENNUMA}/"))
    facts_on(page, disclosed(resident, kesennuma))
    assert "<dd>平成2年5月6日</dd>" in page
    code = resident.postal_code
    assert f"<dd>{code[:3]}-{code[3:]}</dd>" in page, "as one writes it"
    assert "職員が目的を入力したとき" in page


@db
def test_what_the_prefecture_is_told_otherwise_is_said(kesennuma):
    neighbour = ResidentFactory(residence_id="043613")
    page = text_of(signed_in_client(neighbour.user).get(f"/register/{KESENNUMA}/"))
    assert "同じ情報が伝わります。<br>" in page
    assert "：はい" in page
    far = ResidentFactory(residence_id="131016")
    assert "：はい" not in text_of(signed_in_client(far.user).get(f"/register/{KESENNUMA}/"))


@db
def test_the_signed_out_are_told_the_fields(kesennuma):
    page = text_of(Client(HTTP_HOST=settings.BASE_DOMAIN).get(f"/register/{KESENNUMA}/"))
    with translation.override("ja"):
        assert "、".join(labels_of(DISCLOSED).values()) in page


@db
def test_the_fields_are_those_that_are_copied_and_all_of_them(resident, kesennuma):
    assert tuple(disclosed(resident, kesennuma)) == DISCLOSED
    assert sorted(DISCLOSED) == sorted(FIELDS), "every field of the snapshot is told"


# Afterwards


@db
def test_afterwards_every_field_stands_there_as_it_is_stored(client_of, resident, kesennuma, hida):
    registration = register_resident(resident, kesennuma)
    register_resident(resident, hida)
    # What is shown is what is stored there, not the profile.
    Registration.objects.filter(pk=registration.pk).update(phone="0226-22-6600")
    registration.refresh_from_db()
    page = text_of(client_of.get(path_of(KESENNUMA)))
    facts_on(page, told(registration))
    assert "0226-22-6600" in page
    listed, opened = page.split("職員が目的を入力したときに表示される情報")
    assert resident.name in listed
    assert resident.user.email not in listed
    assert resident.user.email in opened
    assert registration.number in listed
    assert "0226-22-6600" not in text_of(client_of.get(path_of(HIDA)))


@db
def test_a_change_of_the_profile_is_seen_with_its_day(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    moved = move(resident, HIDA, address_line="神岡町殿1番")
    page = text_of(client_of.get(path_of(KESENNUMA)))
    assert "神岡町殿1番" in page
    with translation.override("ja"):
        from common.templatetags.wareki import jdate

        assert f"最後に保存した日：{jdate(moved.updated_at)}" in page


@db
def test_what_else_it_sees_of_me_and_nothing_of_anybody_else(client_of, resident, kesennuma, hida):
    registration = register_resident(resident, kesennuma)
    other = make_registrant(kesennuma, family_name="他人")
    officer = make_member(kesennuma, "registration_officer", name="閲覧 職員子")
    for person, mark in ((resident, "私"), (other, "他人")):
        took_part(person, kesennuma, activity_title=f"{mark}の清掃")
        make_post(kesennuma, person, "投稿")
        with municipality_context(kesennuma):
            answer(person, value=f"{mark}の魚")
            answer(person, value=["family"], question="relation", is_current=False)
        connection.set_schema_to_public()
        SignUp.objects.create(
            resident=person, municipality=kesennuma, session_uuid=person.pk,
            activity_title=f"{mark}の草刈り", starts_at=clock.now(), ends_at=clock.now(),
            page_path="/", name=mark, kana="",
        )  # fmt: skip
    took_part(resident, hida, activity_title="飛騨の清掃")
    look_at(registration, officer)
    made = export(kesennuma, officer)
    with municipality_context(kesennuma):
        fetch_file(made.pk, officer)
    page = text_of(client_of.get(path_of(KESENNUMA)))
    for words in (
        "私の清掃", "私の魚", "私の草刈り", "<p>1件</p>", "新しい回答があります", "：2回",
        'href="/my/access/"', "出身地", registration.number, "別の自治体での記録があるとき",
    ):  # fmt: skip
        assert words in page, words
    for words in ("他人", "飛騨の清掃", "閲覧 職員子"):
        assert words not in page, words


@db
def test_a_co_registered_prefecture_has_its_own_page_without_answers(
    client_of, resident, kesennuma
):
    register_resident(resident, kesennuma)
    with municipality_context(kesennuma):
        answer(resident, value="さんま")
    connection.set_schema_to_public()
    page = text_of(client_of.get(path_of(MIYAGI)))
    assert "宮城県には伝わりません" in page
    assert "さんま" not in page
    assert client_of.get(path_of(GIFU)).status_code == 404


@db
def test_a_past_registration_stays_until_it_is_emptied(client_of, resident, kesennuma):
    registration = register_resident(resident, kesennuma)
    leave(registration)
    resident.phone = "09099999999"
    resident.save()
    refresh_disclosure(resident)
    page = text_of(client_of.get(path_of(KESENNUMA)))
    assert "以前の登録" in page
    assert "09012345678" in page
    assert "09099999999" not in page
    Registration.objects.filter(resident=resident).update(
        family_name="", given_name="", kana="", birth_date=None, address="", phone="", email=""
    )
    page = text_of(client_of.get(path_of(KESENNUMA)))
    assert "この登録で伝えた情報は、消去されています。" in page
    again = register_resident(resident, kesennuma)
    page = text_of(client_of.get(path_of(KESENNUMA)))
    assert page.index(again.number) < page.index(registration.number)


@db
@pytest.mark.parametrize("code", [HIDA, "011002", "000000"])
def test_where_one_never_was_there_is_no_page(client_of, resident, kesennuma, hida, code):
    register_resident(resident, kesennuma)
    make_registrant(hida)
    assert client_of.get(path_of(code)).status_code == 404


@db
def test_the_pages_lead_there(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    own = f"/my/registrations/{KESENNUMA}/"
    for page in (own, "/my/data/", f"/register/{KESENNUMA}/done/"):
        assert f'href="{path_of(KESENNUMA)}"' in text_of(client_of.get(page)), page
    assert f'href="{own}"' in text_of(client_of.get("/my/"))
    prefecture = client_of.get(f"/my/registrations/{MIYAGI}/")
    assert f'href="{path_of(MIYAGI)}"' in text_of(prefecture)


@db
def test_in_english(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    page = text_of(client_of.get(f"/en{path_of(KESENNUMA)}"))
    for words in ("What 宮城県気仙沼市 sees of me", "<dt>Date of birth</dt><dd>6 May 1990</dd>"):
        assert words in page


@db
def test_the_number_of_statements_does_not_grow(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)

    def statements() -> int:
        client_of.get(path_of(KESENNUMA))
        with CaptureQueriesContext(connection) as captured:
            client_of.get(path_of(KESENNUMA))
        return len(captured)

    def fill(number: int) -> None:
        for _one in range(number):
            took_part(resident, kesennuma)
            make_post(kesennuma, resident)
            with municipality_context(kesennuma):
                answer(resident)
        connection.set_schema_to_public()

    fill(1)
    before = statements()
    fill(10)
    assert statements() == before


def test_behind_the_walls_it_is_the_same(own_database):
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    mine, other = make_registrant(here, phone="09012345678"), make_registrant(here)
    register_resident(other, there)
    for person, mark in ((mine, "私"), (other, "他人")):
        took_part(person, here, activity_title=f"{mark}の清掃")
        with municipality_context(here):
            answer(person, value=f"{mark}の魚")
        connection.set_schema_to_public()
    client = signed_in_client(mine.user)
    with logged_in_as(RUN):
        page = text_of(client.get(path_of(KESENNUMA)))
        assert client.get(path_of(HIDA)).status_code == 404
        assert "09012345678" in text_of(client.get(path_of(MIYAGI)))
    for words in ("09012345678", "私の清掃", "私の魚"):
        assert words in page
    assert "他人" not in page

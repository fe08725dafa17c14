"""What is held of me: the page, and the copy as JSON."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import SecurityEvent
from accounts.operations.merge import merge
from accounts.rules.limits import COPY
from common import clock
from common.holdings import Field, Holding
from common.in_words import in_words
from portal.operations import own_data
from portal.operations.own_data import copy_of, gather
from portal.rules.copies import to_json
from portal.views.my_data import SHOWN
from privacy.enums import CaseDecision
from privacy.operations.cases import check_identity, decide
from privacy.queries import holdings
from registration.operations import leave
from tenants.actors import signed_in
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import (
    ResidentFactory,
    UserFactory,
    confirmed_client,
    signed_in_client,
)
from tests.factories.community import make_post, make_registrant
from tests.factories.holdings import KEPT, SAMPLES, answer, took_part
from tests.factories.privacy import a_case
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as

PAGE, JSON = "/my/data/", "/my/data/json/"
db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def samples(monkeypatch):
    """Tables of every kind, whatever apps list by themselves."""
    monkeypatch.setattr(own_data, "holdings", lambda: SAMPLES)


def text_of(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def fill(resident, place, mark: str, number: int = 1) -> None:
    """Something of the resident's in every table."""
    for one in range(number):
        took_part(resident, place, activity_title=f"{mark}の清掃{one}")
        make_post(place, resident, f"{mark}の投稿{one}")
    with municipality_context(place):
        for one in range(number):
            answer(resident, value=[f"{mark}の魚{one}", "かつお"])
    connection.set_schema_to_public()


@pytest.fixture
def resident(kesennuma, hida):
    """Registered in 気仙沼市 and 飛騨市, and there is somebody else in both."""
    made = ResidentFactory(
        family_name="𠮷田", given_name="葛\U000e0100子", residence_id="131016", languages=["ja"]
    )
    other = make_registrant(hida, family_name="他人")
    for place, mark in ((kesennuma, "海"), (hida, "山")):
        register_resident(made, place)
        fill(made, place, mark)
        fill(other, place, "他人")
    return made


def rows_of(document: dict, table: str, code: str | None = None) -> list[dict]:
    return [
        row
        for part in document["parts"]
        if part["table"] == table and (part["municipality"] or {"code": None})["code"] == code
        for row in part["rows"]
    ]


# The page


@db
def test_the_page_shows_every_part_in_plain_words(resident):
    with time_machine.travel("2026-12-01 09:30+09:00", tick=False):
        took_part(resident, Municipality.objects.get(pk=KESENNUMA), activity_title="朝の市")
    page = text_of(signed_in_client(resident.user).get(PAGE))
    for words in (
        "わたしのデータ", "𠮷田", "宮城県気仙沼市が保存している情報",
        "岐阜県飛騨市が保存している情報",
        "海の投稿0", "山の投稿0", "海の魚0、かつお", "令和8年12月1日（火）8時30分", "2.5",
        "試験のため。一年。", "<dd>はい</dd>", "<dd>—</dd>", "<dd>宮城県気仙沼市</dd>",
        "<dt>登録番号</dt>", "<dd>登録</dd>",
    ):  # fmt: skip
        assert words in page, words
    assert "他人" not in page
    assert "venue_code" not in page, "choices by their words"
    for path in (
        f"/my/data/municipalities/{KESENNUMA}/", f"/my/data/municipalities/{HIDA}/",
        "/my/access/", "/my/requests/", "/my/consents/", "/my/close/",
    ):  # fmt: skip
        assert f'href="{path}"' in page


@db
def test_the_page_in_english(resident):
    client = signed_in_client(resident.user)
    page = text_of(client.get(f"/en{PAGE}"))
    for words in (
        "My data",
        "Kept by 宮城県気仙沼市 itself",
        "<dt>Family name</dt>",
        "<dd>Yes</dd>",
    ):
        assert words in page


@db
def test_of_a_long_table_the_page_shows_the_newest_and_says_how_many_more(resident, kesennuma):
    first = clock.now() - timedelta(days=90)
    for one in range(SHOWN + 3):
        took_part(resident, kesennuma, activity_title=f"第{one}回", at=first + timedelta(days=one))
    page = text_of(signed_in_client(resident.user).get(PAGE))
    assert f"第{SHOWN + 2}回" in page
    assert "第4回" not in page, "two are newer than all of these"
    assert "これより古い5件は" in page
    assert page.index(f"第{SHOWN + 2}回") < page.index(f"第{SHOWN + 1}回")


@db
def test_my_page_leads_there_and_strangers_are_led_to_the_sign_in(resident):
    assert f'href="{PAGE}"' in text_of(signed_in_client(resident.user).get("/my/"))
    assert "/account/login/" in Client(HTTP_HOST="localhost").get(PAGE)["Location"]
    assert "/my/profile/" in signed_in_client(UserFactory()).get(PAGE)["Location"]


@db
def test_a_granted_disclosure_leads_there(resident, kesennuma):
    officer = make_member(kesennuma, "administrator")
    case = a_case(resident, kesennuma)
    with municipality_context(kesennuma):
        check_identity(case.pk, officer, "免許証")
        decide(case.pk, officer, CaseDecision.GRANTED, "")
    page = text_of(signed_in_client(resident.user).get(f"/my/requests/{case.pk}/"))
    assert f'class="button button--primary" href="{PAGE}"' in page


# The copy as JSON


@db
def test_the_copy_holds_every_row_of_mine_typed_and_none_of_anybody_else_s(resident, kesennuma):
    with time_machine.travel("2026-12-01 09:30+09:00", tick=False):
        response = confirmed_client(resident.user).post(JSON)
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == (
        'attachment; filename="furusato-my-data-20261201.json"'
    )
    assert "no-store" in response["Cache-Control"]
    text = text_of(response)
    assert "𠮷田" in text, "characters are not escaped"
    assert "葛\U000e0100子" in text
    assert "他人" not in text
    document = json.loads(text)
    assert document["format"] == 1
    assert datetime.fromisoformat(document["made_at"]).isoformat() == "2026-12-01T09:30:00+09:00"
    assert document["person"] == {
        "name": resident.name, "account": resident.user_id, "resident": str(resident.pk),
    }  # fmt: skip
    (person,) = rows_of(document, "accounts_resident")
    assert person["id"] == str(resident.pk)
    assert person["birth_date"] == "1988-04-02"
    assert person["languages"] == ["ja"]
    registrations = rows_of(document, "registration_registration")
    assert {row["municipality"]["name"] for row in registrations} >= {"宮城県気仙沼市", "岐阜県"}
    assert all(row["lives_here"] is False and row["ended_at"] is None for row in registrations)
    record = rows_of(document, "attendance_participationrecord")[0]
    assert (record["hours"], record["designated"], record["method"]) == (2.5, True, "venue_code")
    assert [row["body"] for row in rows_of(document, "community_post", KESENNUMA)] == ["海の投稿0"]
    (given,) = rows_of(document, "surveys_answer", HIDA)
    assert given["value"] == ["山の魚0", "かつお"]
    assert isinstance(given["id"], int)
    assert rows_of(document, "surveys_answer", "040002") == [], "the prefecture has no answers"


@db
def test_the_same_data_gives_the_same_text(resident):
    with time_machine.travel("2026-12-01 09:30+09:00", tick=False):
        assert to_json(copy_of(resident)) == to_json(copy_of(resident))


@db
def test_only_the_fields_of_a_holding_get_in(resident):
    document = json.loads(to_json(copy_of(resident)))
    for holding in SAMPLES:
        keys = [field.key if isinstance(field, Field) else field for field in holding.fields]
        for part in document["parts"]:
            if part["table"] == holding.table:
                assert all(list(row) == ["id", *keys] for row in part["rows"])
    assert resident.user.password not in json.dumps(document)


@db
def test_what_is_no_value_stops_the_copy(resident, monkeypatch):
    key = Field("key", "鍵", lambda row: b"secret")
    wrong = Holding("x", "x", rows=lambda person: [resident], fields=(key,), **KEPT)
    monkeypatch.setattr(own_data, "holdings", lambda: [wrong])
    with pytest.raises(TypeError, match="bytes"):
        gather(resident)


@db
def test_what_an_account_had_that_became_part_of_mine_is_in_it(resident, kesennuma, hida):
    second = make_registrant(kesennuma)
    fill(second, kesennuma, "前")
    merge(resident, second)
    text = to_json(copy_of(resident))
    for words in ("前の清掃0", "前の投稿0", "前の魚0"):
        assert words in text
    assert str(second.pk) in text


@db
def test_what_is_left_at_a_municipality_one_has_left_is_in_it(resident, hida):
    leave(resident.registrations.get(municipality=hida))
    assert "山の投稿0" in to_json(copy_of(resident))


@db
def test_the_number_of_statements_does_not_grow_with_the_rows(resident, kesennuma):
    def statements() -> int:
        gather(resident)  # leaves the connection as the next one finds it
        with CaptureQueriesContext(connection) as captured:
            gather(resident)
        return len(captured)

    before = statements()
    fill(resident, kesennuma, "海", 10)
    assert statements() == before


@db
def test_a_copy_is_recorded_and_there_are_only_so_many_in_an_hour(resident):
    client = confirmed_client(resident.user)
    assert client.post(JSON).status_code == 200
    event = SecurityEvent.objects.get(account=resident.user, kind="data_copied")
    assert event.detail == {"format": "json"}
    assert "あなたのデータの写しを取り出しました" in text_of(client.get("/my/sign-in/"))
    for _one in range(COPY[0].amount - 1):
        assert client.post(JSON).status_code == 200
    assert client.post(JSON).status_code == 429
    assert SecurityEvent.objects.filter(kind="data_copied").count() == COPY[0].amount


@db
@pytest.mark.parametrize("path", [JSON, "/my/data/pdf/"])
def test_a_session_is_not_enough_and_one_comes_back_to_the_buttons(resident, path):
    answer_ = signed_in_client(resident.user).post(path)
    assert answer_["Location"] == "/account/reauthenticate/?next=%2Fmy%2Fdata%2F"
    assert not SecurityEvent.objects.filter(kind="data_copied").exists()
    assert confirmed_client(resident.user).get(path)["Location"] == PAGE
    assert "/my/profile/" in confirmed_client(UserFactory()).post(path)["Location"]


# What apps list


@db
def test_every_label_of_what_apps_list_is_japanese(kesennuma):
    """A property or an unnamed field wants a `Field` with a label."""
    from portal.operations.own_data import _column

    with translation.override("ja"):
        for holding in holdings():
            model = next(
                model
                for model in own_data.Resident._meta.apps.get_models()
                if model._meta.db_table == holding.table
            )
            for field in holding.fields:
                label = _column(field, model).label
                assert re.search("[ぁ-んァ-ヶ一-龠]|^(PDF|ID)$", label), (holding.table, label)


def test_values_in_words():
    with translation.override("ja"):
        assert in_words(None) == in_words("") == in_words([]) == in_words(()) == "—"
        assert in_words(["ja", True, None]) == "ja、はい、—"
        assert in_words({"way": "passkey"}) == "way：passkey"
        assert in_words(0) == "0"
        assert in_words(False) == "いいえ"


# Under the run-time login


def test_behind_the_walls_everybody_finds_their_own_alone(own_database, samples):
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    mine, other = make_registrant(here), make_registrant(here)
    for person, mark in ((mine, "私"), (other, "他人")):
        register_resident(person, there)
        for place in (here, there):
            fill(person, place, mark)
    with at_run_time(signed_in(mine.user_id, mine.pk)):
        text = to_json(copy_of(mine))
        stranger = copy_of(other)
    assert text.count("私の投稿") == 2
    assert text.count("私の清掃") == 2
    assert "他人" not in text
    # What only the reception reads is asked there, for the person who is signed in.
    read = {part.table for part in stranger.parts if part.rows}
    assert read <= {"accounts_user", "account_emailaddress"}, "nobody gathers what is another's"
    client = confirmed_client(mine.user)
    with logged_in_as(RUN):
        assert "私の魚" in text_of(client.get(PAGE))
        assert "私の魚" in text_of(client.post(JSON))
        assert client.post("/my/data/pdf/").content.startswith(b"%PDF")
    connection.set_schema_to_public()
    assert SecurityEvent.objects.filter(account=mine.user, kind="data_copied").count() == 2

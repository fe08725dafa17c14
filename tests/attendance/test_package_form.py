"""What an applicant and whoever runs the activity see of what is booked along."""

from __future__ import annotations

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from attendance.models import SignUp
from attendance.operations.forgetting import empty_names
from attendance.operations.sign_ups import sign_up
from attendance.rules.sign_up import Wish
from tenants.staff.roles import Role
from tests.attendance.test_statements import _AROUND
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.packages import BED, CAR, make_package, part
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db


def sheet_of(answer):
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_three_parts_are_chosen_booked_and_shown(kesennuma):
    session, ids = make_package(kesennuma)
    resident = ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    form = client.get(path).content.decode()
    assert "1泊3,000円／残り3" in form
    assert "予約しない" in form
    sent = {
        f"component-{ids['lodging']}": "3",
        f"component-{ids['childcare']}": "1",
        f"component-{ids['car']}": "1",
    }
    with CaptureQueriesContext(connection) as asked:
        assert client.post(path, sent).status_code == 302
    queries = [one["sql"] for one in asked if not one["sql"].startswith(_AROUND)]
    assert len(queries) <= 10
    html = client.get(path).content.decode()
    for words in ("ゲストハウスの寝台 × 3", "一時保育 × 1", "カーシェア × 1"):
        assert words in html
    portal = signed_in_client(resident.user)
    mine = portal.get("/my/sign-ups/").content.decode()
    assert "カーシェア × 1" in mine
    for page in (html, mine):
        assert "取り消すと、予約したものと一緒に、次の方に回ります。" in page
        assert "数を変えるときは、取り消してから申し込み直してください。" in page
    row = SignUp.objects.get()
    entry = portal.get(f"/my/sign-ups/{row.pk}/calendar.ics")
    assert "カーシェア × 1".encode() in entry.content.replace(b"\r\n ", b"")


def test_what_is_full_is_said_and_nothing_entered_is_lost(kesennuma):
    session, ids = make_package(kesennuma)
    sign_up(ResidentFactory(), kesennuma, session, Wish(components={ids["childcare"]: 1}))
    resident = ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    sent = {
        f"component-{ids['lodging']}": "2",
        f"component-{ids['childcare']}": "1",
        "name_1": "佐藤 翔",
        "age_1": "child",
    }
    answer = client.post(path, sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert html.count("「一時保育」は、この日程では満員です。") == 2, (
        "said twice: above, at the field"
    )
    assert f'href="#id_component-{ids["childcare"]}"' in html
    assert "佐藤 翔" in html
    assert html.count('<option value="2" selected>') == 1
    assert html.count('<option value="1" selected>') == 1
    assert not SignUp.objects.filter(resident=resident).exists()
    sent[f"component-{ids['childcare']}"] = "0"
    assert client.post(path, sent).status_code == 302


def test_what_everybody_books_and_is_full_leads_to_another_date(kesennuma):
    meal = part("昼食", "meals", capacity=1, is_required=True)
    session, ids = make_package(kesennuma, meal, capacity=5)
    sent = {f"component-{ids['meals']}": "1"}
    sign_up(ResidentFactory(), kesennuma, session, Wish(components={ids["meals"]: 1}))
    client = signed_in_client(ResidentFactory().user, kesennuma)
    html = client.post(f"/sessions/{session}/sign-up/", sent).content.decode()
    assert "別の日程を選んでください。" in html
    assert "「予約しない」を選んでください" not in html


def choices_of(html, component):
    select = html.split(f'<select name="component-{component}"')[1].split("</select>")[0]
    return re.findall(r'value="(\d)"', select)


def test_who_gets_a_place_at_once_chooses_of_what_is_left_and_who_waits_of_all(kesennuma):
    session, ids = make_package(kesennuma, capacity=1)
    path = f"/sessions/{session}/sign-up/"
    client = signed_in_client(ResidentFactory().user, kesennuma)
    html = client.get(path).content.decode()
    assert "あと1人" in html
    assert choices_of(html, ids["lodging"]) == ["0", "1", "2", "3"]
    wish = Wish(components={ids["lodging"]: 2, ids["childcare"]: 1})
    sign_up(ResidentFactory(), kesennuma, session, wish)
    html = client.get(path).content.decode()
    assert choices_of(html, ids["lodging"]) == ["0", "1", "2", "3"], "on the waiting list"
    roomy, ids = make_package(kesennuma, part("昼食", "meals", capacity=1, is_required=True), BED)
    wish = Wish(components={ids["meals"]: 1, ids["lodging"]: 2})
    sign_up(ResidentFactory(), kesennuma, roomy, wish)
    html = client.get(f"/sessions/{roomy}/sign-up/").content.decode()
    assert choices_of(html, ids["lodging"]) == ["0", "1"]
    assert choices_of(html, ids["meals"]) == ["1"], "said to be full when it is sent"


@pytest.mark.parametrize("value", ["9", "-1", "x", "1e3", "\x00"])
def test_illegal_numbers_are_refused_at_the_field(kesennuma, value):
    session, ids = make_package(kesennuma)
    client = signed_in_client(ResidentFactory().user, kesennuma)
    answer = client.post(f"/sessions/{session}/sign-up/", {f"component-{ids['car']}": value})
    assert answer.status_code == 422
    assert not SignUp.objects.exists()


def test_what_is_required_or_gone_is_said(kesennuma):
    session, _ids = make_package(kesennuma, part("昼食", "meals", is_required=True), CAR)
    client = signed_in_client(ResidentFactory().user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    answer = client.post(path)
    assert answer.status_code == 409
    assert "「昼食」は、参加する人が全員予約するものです" in answer.content.decode()
    assert client.post(path, {"component-gone": "1"}).status_code == 422
    plain, _ids = make_package(kesennuma, CAR)
    answer = client.post(f"/sessions/{plain}/sign-up/", {"component-gone": "1"})
    assert answer.status_code == 409
    assert "受付を終えたもの" in answer.content.decode()
    assert not SignUp.objects.exists()


def test_the_coordinator_reads_who_booked_what_and_the_sums(kesennuma, hida):
    session, ids = make_package(kesennuma)
    elsewhere, others = make_package(hida)
    sign_up(ResidentFactory(), hida, elsewhere, Wish(components={others["lodging"]: 1}))
    for number in (2, 1):
        person = ResidentFactory(phone="09011112222")
        sign_up(person, kesennuma, session, Wish(components={ids["lodging"]: number}))
    client = staff_client(kesennuma, Role.COORDINATOR)
    for path in ("sign-ups/", "sign-ups/print/"):
        html = client.get(f"/admin/sessions/{session}/{path}").content.decode()
        assert "一緒に予約されたものの合計" in html
        assert "ゲストハウスの寝台 × 2" in html
        sums = html[html.index("合計</caption>") :].replace("\n", "")
        assert '<th scope="row">ゲストハウスの寝台</th><td data-label="予約数">3</td>' in sums
    rows = sheet_of(client.get(f"/admin/sessions/{session}/sign-ups.xlsx"))
    assert [row[3] for row in rows] == ["ゲストハウスの寝台", 2, 1, 3]
    assert "09011112222" not in str(rows)


def test_names_are_forgotten_and_numbers_stay(kesennuma):
    session, ids = make_package(kesennuma)
    sign_up(ResidentFactory(), kesennuma, session, Wish(components={ids["car"]: 1}))
    assert empty_names(SignUp.objects.all()) == 1
    assert SignUp.objects.get().components[0]["number"] == 1


def test_the_organisation_reads_sums_on_the_screen_and_in_the_spreadsheet(kesennuma):
    ours = make_organisation(kesennuma)
    member = make_organisation_member(ours)
    session, ids = make_package(kesennuma, organisation=ours)
    for number in (2, 1):
        sign_up(ResidentFactory(), kesennuma, session, Wish(components={ids["lodging"]: number}))
    client = signed_in_client(member.account, kesennuma)
    path = f"/workspace/{ours.pk}/sessions/{session}/sign-ups"
    html = client.get(f"{path}/").content.decode()
    assert "ゲストハウスの寝台 × 2" in html
    assert '<td data-label="予約数">3</td>' in html
    rows = sheet_of(client.get(f"{path}.xlsx"))
    assert "ご案内中の分も" not in html
    rows_of = SignUp.objects.filter(session_uuid=session)
    rows_of.filter(pk=rows_of.order_by("-pk")[0].pk).update(status="offered")
    html = client.get(f"{path}/").content.decode()
    assert '<td data-label="予約数">3</td>' in html, "what is offered is kept, as on staff's screen"
    assert "ご案内中の分も" in html
    assert rows[0][-3:] == ["ゲストハウスの寝台", "一時保育", "カーシェア"]
    assert [row[-3] for row in rows[1:]] == [2, 1, 3]
    assert rows[-1][0] == "合計"

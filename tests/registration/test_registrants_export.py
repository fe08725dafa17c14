"""Exporting registrants on the screens of the admin."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from privacy.models import Export, ExportRecord
from tenants.context import municipality_context
from tenants.staff.models import Membership
from tests.factories.accounts import signed_in_client
from tests.factories.privacy import export, make_registrants
from tests.factories.staff import make_member, staff_client
from tests.privacy.test_exports import ask_for
from tests.privacy.test_spreadsheets import read_csv

pytestmark = pytest.mark.django_db
FORM = "/admin/registrants/export/"
LIST = "/admin/registrants/exports/"


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="登録 花子")


@pytest.fixture
def desk(officer, kesennuma):
    return signed_in_client(officer, kesennuma, admin=True)


@pytest.fixture
def colleague(kesennuma):
    return staff_client(kesennuma, "administrator")


def filled(count, **fields):
    return {
        "particulars": ["name", "residence"],
        "file_format": "csv",
        "purpose": "notices",
        "note": "秋の便り",
        "count": count,
        "key": str(uuid4()),
        **fields,
    }


def test_the_number_is_shown_before_and_the_filters_hold(desk, kesennuma, hida):
    make_registrants(kesennuma, 2, residence_id="212172")
    make_registrants(kesennuma, 1, residence_id="131016", family_name="千代田野")
    make_registrants(hida, 1)
    assert "<strong>3人</strong>" in text_of(desk.get(FORM))
    query = "?residence=千代田区"
    page = text_of(desk.get(FORM + query))
    assert "<strong>1人</strong>" in page
    assert "お住まいの市区町村: 千代田区" in page
    answer = desk.post(FORM + query, filled(1))
    made = Export.objects.get()
    assert answer["Location"] == f"{LIST}{made.pk}/"
    assert made.selected_by == "お住まいの市区町村: 千代田区"
    rows = read_csv(desk.post(f"{LIST}{made.pk}/file/").content)
    assert len(rows) == 2
    assert rows[1][0].startswith("千代田野")


def test_the_list_leads_to_the_form_with_its_filters(desk, kesennuma):
    make_registrants(kesennuma, 1)
    page = text_of(desk.get("/admin/registrants/?word=佐&page=1"))
    assert re.search(r'href="/admin/registrants/export/\?word=[^"&]+"', page)
    # Who has left is not exported in numbers.
    assert "/export/" not in text_of(desk.get("/admin/registrants/?state=ended"))
    assert "<strong>1人</strong>" in text_of(desk.get(f"{FORM}?state=ended"))


def test_nobody_exports_more_than_was_shown(desk, kesennuma):
    make_registrants(kesennuma, 2)
    page = text_of(desk.post(FORM, filled(1)))
    assert "2人になりました" in page
    assert not Export.objects.exists()
    sent = dict(re.findall(r'name="(count|key)" value="([^"]+)"', page))
    assert sent["count"] == "2"
    assert desk.post(FORM, filled(2, key=sent["key"])).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"purpose": ""}, "目的を選んでください。"),
        ({"purpose": "curiosity"}, "curiosity"),
        ({"note": " "}, "目的を具体的に書いてください。"),
        ({"particulars": []}, "項目を1つ以上選んでください。"),
        ({"particulars": ["history"]}, "history"),
    ],
)
def test_what_lacks_is_said_and_what_was_typed_is_kept(desk, kesennuma, wrong, says):
    make_registrants(kesennuma, 1)
    page = text_of(desk.post(FORM, filled(1, **wrong)))
    assert says in page
    assert not Export.objects.exists()
    if "note" not in wrong:
        assert "秋の便り" in page


def test_the_second_person_sees_purpose_columns_and_number(desk, colleague, kesennuma, officer):
    waiting = ask_for(kesennuma, officer, 1_001)
    path = f"{LIST}{waiting.pk}/"
    own = text_of(desk.get(path))
    assert "承認する" not in own
    assert "ファイルを取り出す" not in own
    page = text_of(colleague.get(path))
    for words in (
        "承認する",
        "承認しない",
        "お知らせの送付",
        "秋の便りの宛名",
        "名前、住所",
        "1001",
    ):
        assert words in page.replace(",", "")
    answer = desk.post(f"{path}approve/", follow=True)
    assert "自分の申請は承認できません" in text_of(answer)
    assert "承認しました" in text_of(colleague.post(f"{path}approve/", follow=True))
    assert "承認しました" in text_of(colleague.post(f"{path}approve/", follow=True))
    assert ExportRecord.objects.filter(event="approved").count() == 1


def test_not_approved_needs_a_reason(colleague, kesennuma, officer):
    waiting = ask_for(kesennuma, officer, 1_001)
    path = f"{LIST}{waiting.pk}/"
    assert "理由を入力してください。" in text_of(colleague.post(f"{path}refuse/", {"reason": " "}))
    assert Export.objects.get().is_waiting
    colleague.post(f"{path}refuse/", {"reason": "住所は要りません"})
    assert "住所は要りません" in text_of(colleague.get(path))


def test_the_file_is_the_requester_s_and_nobody_caches_it(desk, colleague, kesennuma, officer):
    make_registrants(kesennuma, 1)
    made = export(kesennuma, officer)
    path = f"{LIST}{made.pk}/file/"
    assert colleague.post(path).status_code == 404
    assert desk.get(path).status_code == 405, "a link alone fetches nothing"
    answer = desk.post(path)
    assert answer["Content-Disposition"].startswith('attachment; filename="registrants-042056-')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert ExportRecord.objects.filter(event="exported", actor=officer).count() == 1


def test_another_municipality_finds_none_of_it(kesennuma, hida, officer):
    make_registrants(kesennuma, 1)
    made, waiting = export(kesennuma, officer), ask_for(kesennuma, officer, 1_001)
    there = staff_client(hida, "administrator")
    assert there.get(f"{LIST}{made.pk}/").status_code == 404
    for path in (f"{made.pk}/file/", f"{waiting.pk}/approve/", f"{waiting.pk}/refuse/"):
        assert there.post(LIST + path, {"reason": "x"}).status_code == 404
    assert "登録 花子" not in text_of(there.get(LIST))


@pytest.mark.parametrize("role", ["coordinator", "editor", "room_moderator", "reader"])
def test_roles_without_the_permission_export_nothing(kesennuma, officer, role):
    make_registrants(kesennuma, 1)
    made = export(kesennuma, officer)
    client = staff_client(kesennuma, role)
    for path in (FORM, LIST, f"{LIST}{made.pk}/"):
        assert client.get(path)["Location"] == "/admin/"
    for path in (FORM, f"{LIST}{made.pk}/file/", f"{LIST}{made.pk}/approve/"):
        assert client.post(path, filled(1))["Location"] == "/admin/"
    assert Export.objects.count() == 1


def test_who_has_left_the_staff_is_still_named(desk, colleague, kesennuma, officer):
    make_registrants(kesennuma, 1)
    made = export(kesennuma, officer)
    with municipality_context(kesennuma):
        Membership.objects.filter(user=officer).delete()
    for path in (LIST, f"{LIST}{made.pk}/"):
        assert "登録 花子" in text_of(colleague.get(path))


def test_a_second_factor_passed_long_ago_is_asked_for_again(desk, kesennuma, settings):
    """Nothing is taken away from a desk that somebody has left."""
    make_registrants(kesennuma, 1)
    settings.STAFF_CONFIRMATION_MINUTES = 0
    assert "6桁" in desk.post(FORM, filled(1)).content.decode()
    assert not Export.objects.exists()

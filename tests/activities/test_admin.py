"""The admin as a coordinator meets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activities import registry
from activities.models import ActivityPage, Session
from activities.queries import activity_index
from common import clock
from organisations.enums import Pattern
from organisations.models import Organisation
from organisations.queries import standing_on
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.activities import make_activity, session_values
from tests.factories.organisations import make_organisation
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db
REASONS = {
    "lack_of_hands": "yes",
    "lack_of_hands_reason": "清掃の人手が足りません。",
    "public_benefit": "yes",
    "public_benefit_reason": "だれもが使う海辺です。",
}


def session_fields(number: int, **values: Any) -> dict[str, Any]:
    day = clock.today() + timedelta(days=7)
    fields = {
        "id": "",
        "session_uuid": "",
        "starts_at": f"{day} 09:00",
        "ends_at": f"{day} 12:00",
        "place": "内湾地区",
        "meeting_point": "",
        "capacity": "",
        "hours": "",
        "note": "",
        "mode": "first_come",
        "apply_until": "",
        "answer_hours": "48",
        "DELETE": "",
    } | values
    return {f"sessions-{number}-{name}": value for name, value in fields.items()}


def form_of(*sessions: dict[str, Any], initial: int = 0, **changes: Any) -> dict[str, Any]:
    """What the editor's form sends, to be published."""
    data: dict[str, Any] = {
        "title": "海辺の清掃",
        "summary": "ごみを拾います。",
        "category": "cleaning",
        "organisation": "",
        "body-count": "0",
        "components-count": "0",
        "belongings": "",
        "minimum_age": "",
        "contact_name": "",
        "contact_phone": "",
        "contact_email": "",
        "image": "",
        "image_alt": "",
        "seo_title": "",
        "search_description": "",
        "lack_of_hands": "",
        "lack_of_hands_reason": "",
        "public_benefit": "",
        "public_benefit_reason": "",
        "designated_from": "",
        "sessions-TOTAL_FORMS": str(len(sessions)),
        "sessions-INITIAL_FORMS": str(initial),
        "sessions-MIN_NUM_FORMS": "0",
        "sessions-MAX_NUM_FORMS": "1000",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "action-publish": "1",
    }
    for number, values in enumerate(sessions):
        data |= session_fields(number, **values)
    return data | changes


def add_url(municipality):
    with municipality_context(municipality):
        return f"/admin/pages/add/activities/activitypage/{activity_index().pk}/"


def activities_of(municipality):
    with municipality_context(municipality):
        return list(ActivityPage.objects.all())


def words(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_new_activity_s_form_holds_nothing_that_cannot_be_sent_back(kesennuma):
    """What only the database gives would stand in a field as the name of a thing of Python's."""
    html = words(staff_client(kesennuma, Role.COORDINATOR).get(add_url(kesennuma)))
    assert 'name="currency_url"' in html
    assert "DatabaseDefault" not in html


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EDITOR, Role.ADMINISTRATOR])
def test_activity_is_made_designated_and_published_in_one_form(kesennuma, hida, role):
    client = staff_client(kesennuma, role)
    answer = client.post(add_url(kesennuma), form_of({"capacity": "12"}, {}, **REASONS))
    assert answer.status_code == 302, answer.content.decode()
    assert activities_of(hida) == []
    (page,) = activities_of(kesennuma)
    with municipality_context(kesennuma):
        assert page.live
        assert page.slug.isascii()
        record = page.designations.get()
        assert record.designated_by is not None
        sessions = list(page.stored_sessions())
        assert [one.snapshot().is_designated for one in sessions] == [True, True]
        assert len({one.uuid for one in sessions}) == 2
        assert sessions[0].hours == 3


@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRATION_OFFICER, Role.ROOM_MODERATOR])
def test_other_roles_make_no_activity(kesennuma, role):
    answer = staff_client(kesennuma, role).post(add_url(kesennuma), form_of({}, **REASONS))
    assert answer.status_code in {302, 403}
    assert activities_of(kesennuma) == []


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("lack_of_hands", "両方に答えてください"),
        ("public_benefit", "両方に答えてください"),
        ("lack_of_hands_reason", "理由を入力してください"),
        ("public_benefit_reason", "理由を入力してください"),
    ],
)
def test_designation_without_both_answers_is_refused_and_nothing_typed_is_lost(
    kesennuma, missing, sentence
):
    client = staff_client(kesennuma, Role.COORDINATOR)
    html = words(client.post(add_url(kesennuma), form_of({}, **(REASONS | {missing: ""}))))
    assert sentence in html
    assert "海辺の清掃" in html
    assert activities_of(kesennuma) == []


def test_half_answered_draft_can_be_saved(kesennuma):
    client = staff_client(kesennuma, Role.COORDINATOR)
    data = form_of({}, lack_of_hands="yes")
    del data["action-publish"]
    assert client.post(add_url(kesennuma), data).status_code == 302
    (page,) = activities_of(kesennuma)
    assert not page.live


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ends_at": "2026-01-01 09:00"}, "終了は、開始より後"),
        ({"hours": "5"}, "開始から終了までの時間より長く"),
        ({"hours": "0"}, "0より大きい数"),
        ({"capacity": "0"}, "1 以上"),
    ],
)
def test_impossible_session_is_refused_on_the_field(kesennuma, values, sentence):
    client = staff_client(kesennuma, Role.COORDINATOR)
    assert sentence in words(client.post(add_url(kesennuma), form_of(values)))
    assert activities_of(kesennuma) == []


def test_editing_in_the_browser_keeps_the_sessions_and_adds_one(kesennuma):
    client = staff_client(kesennuma, Role.COORDINATOR)
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        before = page.stored_sessions().get()
    url = f"/admin/pages/{page.pk}/edit/"
    assert str(before.uuid) in words(client.get(url))
    kept = {"id": str(before.pk), "session_uuid": str(before.uuid), "place": "別の場所"}
    answer = client.post(url, form_of(kept, {}, initial=1))
    assert answer.status_code == 302, answer.content.decode()
    with municipality_context(kesennuma):
        after = {one.uuid: one for one in page.stored_sessions()}
        assert len(after) == 2
        assert after[before.uuid].pk == before.pk
        assert after[before.uuid].place == "別の場所"
        added = next(one for uuid, one in after.items() if uuid != before.uuid)
    # A tab that was open since before the publication sends no key for the new session.
    stale = {"id": "", "session_uuid": str(added.uuid)}
    answer = client.post(url, form_of(kept, stale, initial=2))
    assert answer.status_code == 302, answer.content.decode()
    with municipality_context(kesennuma):
        rows = set(page.stored_sessions().values_list("uuid", "pk"))
        assert rows == {(one.uuid, one.pk) for one in after.values()}


@pytest.mark.parametrize(
    ("name", "address", "taken"),
    [
        ("さるぼぼコイン", "https://coin.example.jp/", True),
        ("さるぼぼコイン", "", True),
        ("さるぼぼコイン", "http://coin.example.jp/", False),
        ("さるぼぼコイン", "javascript:alert(1)", False),
        (" ", "https://coin.example.jp/", False),
    ],
)
def test_the_website_of_a_local_currency_is_https_and_named(kesennuma, name, address, taken):
    client = staff_client(kesennuma, Role.COORDINATOR)
    data = form_of({}, currency_name=name, currency_url=address)
    assert (client.post(add_url(kesennuma), data).status_code == 302) is taken
    assert [page.currency_url for page in activities_of(kesennuma)] == [address] * taken


def test_session_id_of_another_activity_is_not_taken_over(kesennuma):
    client = staff_client(kesennuma, Role.COORDINATOR)
    other = make_activity(kesennuma)
    with municipality_context(kesennuma):
        foreign = other.stored_sessions().get()
    forged = {"session_uuid": str(foreign.uuid)}
    assert client.post(add_url(kesennuma), form_of(forged)).status_code == 302
    with municipality_context(kesennuma):
        assert Session.objects.get(uuid=foreign.uuid).page_id == other.pk
        assert Session.objects.count() == 2


def test_session_with_people_is_not_removed(kesennuma, monkeypatch):
    monkeypatch.setattr(registry, "_removal_guards", {})
    registry.session_removal_guard("test")(lambda uuids: dict.fromkeys(uuids, "申込みがあります。"))
    client = staff_client(kesennuma, Role.COORDINATOR)
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        session = page.stored_sessions().get()
    removed = {"id": str(session.pk), "session_uuid": str(session.uuid), "DELETE": "1"}
    url = f"/admin/pages/{page.pk}/edit/"
    assert "申込みがあります。" in words(client.post(url, form_of(removed, initial=1)))
    with municipality_context(kesennuma):
        assert page.stored_sessions().count() == 1
    monkeypatch.setattr(registry, "_removal_guards", {})
    assert client.post(url, form_of(removed, initial=1)).status_code == 302
    with municipality_context(kesennuma):
        assert page.stored_sessions().count() == 0


def test_editor_shows_the_decisions_and_the_links_of_sessions(kesennuma, monkeypatch):
    monkeypatch.setattr(registry, "_link_providers", {})
    registry.session_links("test")(lambda session: [("受付用ポスター", f"/poster/{session.uuid}/")])
    page = make_activity(kesennuma)
    html = words(staff_client(kesennuma, Role.COORDINATOR).get(f"/admin/pages/{page.pk}/edit/"))
    assert "令和8年4月1日（水）から指定" in html
    assert "受付用ポスター" in html
    for concept in (
        "担い手活動の指定",
        "担い手不足への対応ですか",
        "公共性や地域への貢献が十分ですか",
    ):
        assert concept in html


def test_coming_dates_stand_first_for_staff_and_past_ones_are_folded(kesennuma):
    today = clock.today()
    days = [today + timedelta(days=ago) for ago in (-9, 3, -2, 12)]
    page = make_activity(kesennuma, sessions=[session_values(day) for day in days])
    html = staff_client(kesennuma, Role.COORDINATOR).get(f"/admin/pages/{page.pk}/edit/")
    html = html.content.decode()
    with municipality_context(kesennuma):
        of = {one.day: f"/admin/sessions/{one.uuid}/check-in/" for one in page.stored_sessions()}
    at = [html.index(of[days[number]]) for number in (1, 3, 2, 0)]
    assert at == sorted(at)
    assert at[1] < html.index("過去の日程（2件）") < at[2]


def test_menu_leads_to_a_list_with_next_date_and_whether_it_counts(kesennuma, hida):
    make_activity(kesennuma, title="海辺の清掃")
    make_activity(kesennuma, title="日程なし", sessions=[], publish=False)
    make_activity(hida, title="飛騨の朝市")
    client = staff_client(kesennuma, Role.COORDINATOR)
    html = words(client.get("/admin/activities/"))
    assert "海辺の清掃" in html
    assert "次の日程" in html
    assert "今後の日程はありません" in html
    assert "飛騨の朝市" not in html
    assert "/admin/activities/" in words(client.get("/admin/"))


def test_copy_in_the_admin_has_sessions_of_its_own(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        parent = activity_index().pk
    answer = staff_client(kesennuma, Role.COORDINATOR).post(
        f"/admin/pages/{page.pk}/copy/",
        {"new_title": "写し", "new_slug": "copy", "new_parent_page": parent},
    )
    assert answer.status_code == 302
    with municipality_context(kesennuma):
        assert Session.objects.count() == 2
        assert Session.objects.values("uuid").distinct().count() == 2


def test_organiser_is_chosen_from_this_municipalitys_organisations(kesennuma, hida):
    ours = make_organisation(kesennuma, name="鹿折の会")
    theirs = make_organisation(hida, name="飛騨の会")
    client = staff_client(kesennuma, Role.COORDINATOR)
    html = words(client.get(add_url(kesennuma)))
    assert ours.name in html
    assert theirs.name not in html
    data = form_of({}, organisation=str(theirs.pk))
    assert client.post(add_url(kesennuma), data).status_code == 200
    assert activities_of(kesennuma) == []


def test_coordinator_enters_an_organisation_once(kesennuma, hida):
    client = staff_client(kesennuma, Role.COORDINATOR)
    data = {"name": "鹿折の会", "kana": "シシオリノカイ", "kind": "rmo", "pattern": "2"}
    for _attempt in range(2):
        assert client.post("/admin/organisations/", data).status_code == 302
    organisation = Organisation.objects.get(name="鹿折の会")
    assert standing_on(organisation, kesennuma, clock.today()).pattern == Pattern.TRUSTED
    assert standing_on(organisation, hida, clock.today()) is None
    assert "鹿折の会" in words(client.get("/admin/organisations/"))
    other = staff_client(hida, Role.COORDINATOR)
    assert "鹿折の会" not in words(other.get("/admin/organisations/"))


def test_reader_enters_no_organisation(kesennuma):
    client = staff_client(kesennuma, Role.READER)
    data = {"name": "鹿折の会", "kind": "rmo", "pattern": "2"}
    assert client.post("/admin/organisations/", data).status_code in {302, 403}
    assert not Organisation.objects.exists()

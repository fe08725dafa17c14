"""New activities from templates, and dates by a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.enums import Category, Insurance
from activities.models import ActivityPage
from activities.operations.dates import add_dates
from activities.operations.templates import activity_from_template
from activities.queries import activity_index, draft_of
from activities.rules.examples import templates
from common import clock
from organisations.enums import OrganisationKind
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.activities import make_activity
from tests.factories.organisations import make_organisation
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db


def test_every_example_is_complete_and_makes_a_draft(kesennuma):
    organisation = make_organisation(kesennuma)
    assert len(templates()) >= 20
    with municipality_context(kesennuma):
        for template in templates().values():
            assert template.category in Category
            assert template.insurance in Insurance
            assert set(template.kinds) <= set(OrganisationKind)
            page = activity_from_template(template, activity_index(), organisation, None)
            stored = ActivityPage.objects.get(pk=page.pk)
            assert not stored.live
            assert stored.organisation == organisation
            assert stored.designations.count() == 0
            session = draft_of(stored).sessions.get()
            assert session.starts_at.astimezone(clock.TOKYO).weekday() == 5
            assert session.hours > 0
            assert template.hours in (None, session.hours)
            assert stored.safety_notes
            assert stored.belongings


@pytest.mark.parametrize("kind", [
    "neighbourhood", "rmo", "fire_corps", "pta", "npo", "town_company", "dmo", "commerce",
    "two_base_living", "intermediary", "common_work", "travel_agency",
])  # fmt: skip
def test_each_kind_of_organisation_of_the_briefing_has_an_example(kind):
    assert any(kind in template.kinds for template in templates().values())


def test_an_own_activity_is_a_template_without_its_designation_and_dates(kesennuma):
    organisation = make_organisation(kesennuma)
    page = make_activity(
        kesennuma, is_template=True, is_urgent=True, cost_amount=300, belongings="軍手"
    )
    with municipality_context(kesennuma):
        new = activity_from_template(page, activity_index(), organisation, None)
        new = ActivityPage.objects.get(pk=new.pk)
        assert (new.title, new.cost_amount, new.belongings) == (page.title, 300, "軍手")
        assert (new.live, new.is_urgent, new.is_template) == (False, False, False)
        assert (new.lack_of_hands, new.designated_from) == ("", None)
        assert new.translation_key != page.translation_key
        (session,) = new.stored_sessions()
        before = page.stored_sessions().get()
        assert session.uuid != before.uuid
        assert session.starts_at > before.starts_at
        assert session.place == before.place
        assert ActivityPage.objects.get(pk=page.pk).live


def test_staff_choose_a_template_and_land_in_the_editor(kesennuma, hida):
    ours = make_activity(kesennuma, title="自慢の清掃", is_template=True)
    theirs = make_activity(hida, title="飛騨のひな型", is_template=True)
    organisation = make_organisation(kesennuma)
    elsewhere = make_organisation(hida, name="飛騨の会")
    client = staff_client(kesennuma, Role.COORDINATOR)
    html = client.get("/admin/activity-templates/").content.decode()
    for words in ("自慢の清掃", "盆踊り大会", "消防団", organisation.name):
        assert words in html, words
    assert "飛騨のひな型" not in html
    assert elsewhere.name not in html
    for template in ("bon_dance", str(ours.pk)):
        answer = client.post(
            "/admin/activity-templates/", {"template": template, "organisation": organisation.pk}
        )
        assert answer.status_code == 302
        assert client.get(answer["Location"]).status_code == 200
    for wrong in ({"template": "nothing"}, {"template": str(theirs.pk) + "0"}, {"template": "²"},
                  {"template": "bon_dance", "organisation": elsewhere.pk}):  # fmt: skip
        assert client.post("/admin/activity-templates/", wrong).status_code == 200
    with municipality_context(kesennuma):
        assert ActivityPage.objects.count() == 3
    assert staff_client(kesennuma, Role.READER).get("/admin/activity-templates/").status_code != 200


def test_the_editor_says_that_a_place_is_needed_before_dates_can_be_added(kesennuma):
    client = staff_client(kesennuma, Role.COORDINATOR)
    client.post("/admin/activity-templates/", {"organisation": "", "template": "bon_dance"})
    with municipality_context(kesennuma):
        page = ActivityPage.objects.get()
    edit = f"/admin/pages/{page.pk}/edit/"
    assert "場所がないと保存できません" in client.get(edit).content.decode()
    with municipality_context(kesennuma):
        draft = draft_of(page)
        for session in draft.sessions.all():
            session.place = "内湾地区"
        draft.save_revision()
    html = client.get(edit).content.decode()
    assert "場所がないと保存できません" not in html
    assert "保存していない内容は引き継がれません" in html


def rule(**changes):
    day = clock.today() + timedelta(days=30)
    return {
        "first": str(day), "until": str(day + timedelta(days=21)), "frequency": "weekly",
        "start": "09:00", "end": "11:30", "more_days": "0", "place": "内湾地区",
        "meeting_point": "", "capacity": "12", "note": "",
    } | changes  # fmt: skip


def test_dates_by_a_rule_are_previewed_and_added_once(kesennuma):
    page = make_activity(kesennuma)
    url = f"/admin/activity-dates/{page.pk}/"
    client = staff_client(kesennuma, Role.COORDINATOR)
    assert url in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "内湾地区 ムカエル" in client.get(url).content.decode()
    assert "追加される日程" in client.post(url, rule()).content.decode()

    def in_draft():
        with municipality_context(kesennuma):
            return list(draft_of(ActivityPage.objects.get(pk=page.pk)).sessions.all())

    assert len(in_draft()) == 1
    for _again in range(2):
        assert client.post(url, rule(add="1")).status_code == 302
    sessions = in_draft()
    assert len(sessions) == 5
    added = [one for one in sessions if one.place == "内湾地区"]
    assert {one.starts_at.astimezone(clock.TOKYO).hour for one in added} == {9}
    assert "登録済み" in client.post(url, rule()).content.decode()
    with municipality_context(kesennuma):
        assert page.stored_sessions().count() == 1
        ActivityPage.objects.get(pk=page.pk).latest_revision.publish()
        rows = list(page.stored_sessions())
    assert len({one.uuid for one in rows}) == 5
    assert {one.hours for one in rows if one.capacity == 12} == {added[0].ends_at.hour * 0 + 2.5}


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"end": "08:00"}, "終了は、開始より後"),
    ({"frequency": "daily", "until": "2099-01-01"}, "日程が60件を超えます"),
    ({"until": "2026-01-01"}, "当てはまる日がありません"),
    ({"capacity": "0"}, "1 以上"),
    ({"frequency": "yearly"}, "正しく選択"),
    ({"first": "tomorrow"}, "日付を正しく"),
])  # fmt: skip
def test_a_rule_that_cannot_be_says_why_and_keeps_what_was_typed(kesennuma, changes, sentence):
    page = make_activity(kesennuma)
    client = staff_client(kesennuma, Role.COORDINATOR)
    html = client.post(
        f"/admin/activity-dates/{page.pk}/", rule(add="1", **changes)
    ).content.decode()
    assert sentence in html
    assert 'value="内湾地区"' in html


def test_tours_of_several_days_come_again_too(kesennuma):
    page = make_activity(kesennuma, sessions=[], publish=False)
    client = staff_client(kesennuma, Role.COORDINATOR)
    url = f"/admin/activity-dates/{page.pk}/"
    assert client.post(url, rule(add="1", more_days="1", end="08:00")).status_code == 302
    with municipality_context(kesennuma):
        sessions = draft_of(ActivityPage.objects.get(pk=page.pk)).sessions.all()
        assert {one.ends_at - one.starts_at for one in sessions} == {timedelta(hours=23)}


def test_the_same_dates_at_once_are_one_each(kesennuma):
    page = make_activity(kesennuma)
    starts_at = clock.now() + timedelta(days=50)
    times = [(starts_at, starts_at + timedelta(hours=1))]
    with municipality_context(kesennuma):
        assert add_dates(page, times, None, place="内湾") == 1
        assert add_dates(page, times, None, place="内湾") == 0

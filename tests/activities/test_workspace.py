"""An organisation's workspace: from a template, changes of what is public, what comes first."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.enums import Answer
from activities.forms.projects import ProjectForm
from activities.models import ActivityPage, DailyViews, DesignationTaskState
from activities.operations.change_session import cancel_session
from activities.operations.projects import (
    FurtherDate,
    drop_change,
    save_project,
    submit_project,
    take_back_project,
)
from activities.operations.reports import hand_in_report
from activities.operations.reviews import Answers, decide_project, return_project
from activities.queries import reports_due
from activities.rules.examples import templates
from activities.rules.projects import change_state
from attendance.models import SignUp
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from common import clock
from common.refusal import Refused
from organisations.enums import Pattern
from organisations.models import Standing
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
YES = Answers(Answer.YES, "人手が足りません。", Answer.YES, "だれもが使う海岸です。")
NO = Answers(Answer.NO, "人手は足りています。", Answer.YES, "あります。")
DAY = timedelta(days=1)


@pytest.fixture(params=[Pattern.EACH_PROJECT])
def partner(request, kesennuma):
    """An organisation of 気仙沼市, its manager with a client, a public activity of two dates."""
    organisation = make_organisation(kesennuma, pattern=request.param)
    account = make_organisation_member(organisation).account
    first = clock.today() + 10 * DAY
    page = make_activity(
        kesennuma, title="海岸の清掃", organisation=organisation,
        sessions=[session_values(first, capacity=5), session_values(first + DAY, capacity=5)],
    )  # fmt: skip
    return SimpleNamespace(
        organisation=organisation, account=account, page=page, first=first,
        client=signed_in_client(account, kesennuma), home=f"/workspace/{organisation.pk}/",
    )  # fmt: skip


def stored(page):
    return ActivityPage.objects.get(pk=page.pk)


def waiting():
    return DesignationTaskState.objects.get(status=DesignationTaskState.STATUS_IN_PROGRESS)


def titles(page):
    """What visitors read, and what the draft says."""
    page = stored(page)
    return page.title, page.get_latest_revision_as_object().title


# Changes of what is public


def test_a_change_is_seen_by_nobody_until_the_municipality_publishes_it(kesennuma, partner):
    officer, comes = make_member(kesennuma, "coordinator"), ResidentFactory()
    with municipality_context(kesennuma):
        first, second = partner.page.sessions.order_by("starts_at")
    sign_up(comes, kesennuma, first.uuid)
    later = datetime.combine(partner.first + 2 * DAY, time(10), clock.TOKYO)
    changes = {
        "title": "海岸の大清掃", "starts_at": later, "ends_at": later + timedelta(hours=2),
        "place": "大島 田中浜",
    }  # fmt: skip
    with municipality_context(kesennuma):
        save_project(partner.organisation, changes, partner.page)
        for _twice in range(2):
            assert submit_project(partner.page, partner.organisation, partner.account) is False
        assert titles(partner.page) == ("海岸の清掃", "海岸の大清掃")
        assert stored(partner.page).sessions.first().starts_at == first.starts_at
        with pytest.raises(Refused) as refusal:
            save_project(partner.organisation, changes, partner.page)
        assert refusal.value.code == "not_a_draft"
        decide_project(waiting(), officer, YES)
        assert titles(partner.page) == ("海岸の大清掃", "海岸の大清掃")
        sessions = {one.uuid: one for one in stored(partner.page).sessions.all()}
        assert sessions.keys() == {first.uuid, second.uuid}
        assert sessions[first.uuid].starts_at == later
        assert sessions[first.uuid].hours == 2
        assert sessions[second.uuid].starts_at == second.starts_at
        assert {one.place for one in sessions.values()} == {"大島 田中浜"}
        assert not stored(partner.page).has_unpublished_changes
    assert SignUp.objects.get().starts_at == later, "who had signed up has the new time"


@pytest.mark.parametrize("answer", ["no", "back"])
def test_a_change_that_is_not_taken_leaves_what_is_public_as_it_is(
    kesennuma, partner, answer, mailoutbox
):
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        save_project(partner.organisation, {"title": "会員の集い"}, partner.page)
        submit_project(partner.page, partner.organisation, partner.account)
        review = waiting()
        if answer == "no":
            decide_project(review, officer, NO)
            assert "公開中の内容はそのままです" in mailoutbox[-1].body
        else:
            return_project(review, officer, "題名を戻してください。")
        assert titles(partner.page) == ("海岸の清掃", "会員の集い")
        assert [one.is_positive for one in stored(partner.page).designations.all()] == [True]
        assert stored(partner.page).sessions.first().snapshot().is_designated
        # Changed once more and taken: what the officer had answered is not carried along.
        save_project(partner.organisation, {"title": "みんなの清掃"}, partner.page)
        submit_project(partner.page, partner.organisation, partner.account)
        decide_project(waiting(), officer, YES)
        assert titles(partner.page) == ("みんなの清掃", "みんなの清掃")


@pytest.mark.parametrize("partner", [Pattern.TRUSTED], indirect=True)
def test_a_trusted_organisation_publishes_its_change_at_once(kesennuma, partner):
    with municipality_context(kesennuma):
        save_project(partner.organisation, {"title": "海岸の大清掃"}, partner.page)
        assert titles(partner.page) == ("海岸の清掃", "海岸の大清掃")
        assert submit_project(partner.page, partner.organisation, partner.account) is True
        assert titles(partner.page) == ("海岸の大清掃", "海岸の大清掃")
        assert not DesignationTaskState.objects.exists()
        assert stored(partner.page).sessions.first().snapshot().is_designated


@pytest.mark.parametrize("partner", [Pattern.TRUSTED], indirect=True)
def test_what_staff_have_begun_is_not_published_for_them(kesennuma, partner):
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        draft = stored(partner.page).get_latest_revision_as_object()
        draft.title = "書きかけ"
        draft.save_revision(user=officer)
        for attempt in (
            lambda: save_project(partner.organisation, {"title": "変更"}, partner.page),
            lambda: submit_project(partner.page, partner.organisation, partner.account),
        ):
            with pytest.raises(Refused) as refusal:
                attempt()
            assert refusal.value.code == "staff_at_work"
        assert titles(partner.page) == ("海岸の清掃", "書きかけ")
    answer = partner.client.get(f"{partner.home}activities/{partner.page.pk}/", follow=True)
    assert "自治体がこの活動を変更しているところです" in answer.content.decode()


@pytest.mark.parametrize("partner", list(Pattern), indirect=True)
def test_what_staff_have_locked_is_theirs(kesennuma, partner):
    with municipality_context(kesennuma):
        save_project(partner.organisation, {"title": "変更"}, partner.page)
        ActivityPage.objects.filter(pk=partner.page.pk).update(locked=True)
        for attempt in (
            lambda: save_project(partner.organisation, {"title": "別の変更"}, partner.page),
            lambda: submit_project(partner.page, partner.organisation, partner.account),
            lambda: drop_change(partner.page),
        ):
            with pytest.raises(Refused) as refusal:
                attempt()
            assert refusal.value.code == "staff_at_work"
        assert titles(partner.page) == ("海岸の清掃", "変更")
        assert not DesignationTaskState.objects.exists()


def test_a_no_to_a_change_is_not_made_public_by_handing_it_in_again(kesennuma, partner):
    """As it stands, not changed first, by an organisation that is trusted by now."""
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        save_project(partner.organisation, {"title": "みんなの清掃"}, partner.page)
        submit_project(partner.page, partner.organisation, partner.account)
        decide_project(waiting(), officer, NO)
        submit_project(partner.page, partner.organisation, partner.account)
        draft = stored(partner.page).get_latest_revision_as_object()
        assert draft.lack_of_hands_reason == stored(partner.page).lack_of_hands_reason
        decide_project(waiting(), officer, NO)
        Standing.objects.update(pattern=Pattern.TRUSTED)
        assert submit_project(partner.page, partner.organisation, partner.account) is True
        assert titles(partner.page) == ("みんなの清掃", "みんなの清掃")
        assert stored(partner.page).lack_of_hands == Answer.YES
        assert all(one.is_positive for one in stored(partner.page).designations.all())
        assert stored(partner.page).sessions.first().snapshot().is_designated


def test_dates_that_have_begun_or_are_cancelled_are_not_touched(kesennuma, partner):
    with municipality_context(kesennuma):
        first, second = partner.page.sessions.order_by("starts_at")
        cancel_session(second, "台風のため", None)
        with time_machine.travel(first.starts_at + timedelta(minutes=1)):
            with pytest.raises(Refused) as refusal:
                save_project(partner.organisation, {"place": "別の場所"}, partner.page)
        assert refusal.value.code == "no_date_left"
        save_project(partner.organisation, {"place": "別の場所"}, partner.page)
        draft = stored(partner.page).get_latest_revision_as_object()
        assert {one.uuid: one.place for one in draft.sessions.all()} == {
            first.uuid: "別の場所", second.uuid: second.place
        }  # fmt: skip


def test_a_change_that_waits_is_taken_back(kesennuma, partner):
    with municipality_context(kesennuma):
        save_project(partner.organisation, {"title": "変更"}, partner.page)
        submit_project(partner.page, partner.organisation, partner.account)
        take_back_project(partner.page)
        save_project(partner.organisation, {"title": "別の変更"}, partner.page)
        assert titles(partner.page) == ("海岸の清掃", "別の変更")


def test_a_change_is_dropped(kesennuma, partner):
    drop = f"{partner.home}activities/{partner.page.pk}/drop/"
    with municipality_context(kesennuma):
        uuids = {one.uuid for one in partner.page.sessions.all()}
        save_project(partner.organisation, {"title": "変更"}, partner.page)
    assert "変更をやめる" in partner.client.get(partner.home).content.decode()
    for _twice in range(2):
        assert partner.client.post(drop)["Location"] == partner.home
    home = partner.client.get(partner.home).content.decode()
    assert "変更の状況" not in home
    with municipality_context(kesennuma):
        assert titles(partner.page) == ("海岸の清掃", "海岸の清掃")
        assert submit_project(partner.page, partner.organisation, partner.account) is True
        stored(partner.page).get_latest_revision().publish()
        assert {one.uuid for one in stored(partner.page).sessions.all()} == uuids


def test_dates_are_added_to_and_left_out_of_a_draft_and_public_ones_stay(kesennuma, partner):
    day = datetime.combine(partner.first + 5 * DAY, time(9), clock.TOKYO)
    more = FurtherDate(None, day, day + timedelta(hours=3))
    with municipality_context(kesennuma):
        draft = save_project(
            partner.organisation,
            {"title": "花だん", "summary": "植えます。", "category": "cleaning"}
            | session_values(partner.first) | {"further": [more]},
        )  # fmt: skip
        assert draft.sessions.count() == 2
        assert {one.place for one in draft.sessions.all()} == {session_values()["place"]}
        draft = save_project(partner.organisation, {"further": []}, stored(draft))
        assert draft.sessions.count() == 1
        public = save_project(partner.organisation, {"further": [more]}, partner.page)
        assert public.sessions.count() == 3, "people know of the two"


@pytest.mark.parametrize(
    ("has_changes", "outcomes", "state"),
    [
        (False, ["returned"], ""),
        (True, [], "draft"),
        (True, [""], "waiting"),
        (True, ["returned", ""], "returned"),
        (True, ["taken_back"], "draft"),
    ],
)
def test_how_far_a_change_is(has_changes, outcomes, state):
    assert change_state(has_changes=has_changes, outcomes=outcomes) == state


# Templates


def test_what_a_template_says_beyond_the_form_is_taken_over(kesennuma):
    organisation = make_organisation(kesennuma)
    template = next(one for one in templates().values() if one.safety and one.hours)
    with municipality_context(kesennuma):
        starts = datetime.combine(clock.today() + 9 * DAY, template.start, clock.TOKYO)
        times = {"starts_at": starts, "ends_at": starts + template.length}
        page = save_project(organisation, {"title": "わたしたちの活動"} | times, template=template)
        page = stored(page)
        [session] = page.sessions.all()
        assert (page.title, page.organisation) == ("わたしたちの活動", organisation)
        assert (page.safety_notes, page.live) == (template.safety, False)
        assert (session.starts_at, session.hours) == (starts, template.hours)


def test_a_template_of_the_municipality_brings_no_contact_and_no_designation(kesennuma, hida):
    organisation = make_organisation(kesennuma)
    account = make_organisation_member(organisation).account
    own = make_activity(
        kesennuma, title="市のひな型", is_template=True, contact_email="shi@example.jp",
        sessions=[session_values(start=time(13), hours=2, place="市民会館")],
    )  # fmt: skip
    make_activity(hida, title="飛騨のひな型", is_template=True)
    client = signed_in_client(account, kesennuma)
    base = f"/workspace/{organisation.pk}/activities/"
    offered = client.get(f"{base}templates/").content.decode()
    assert "市のひな型" in offered
    assert "飛騨のひな型" not in offered
    form = client.get(f"{base}new/?template={own.pk}").content.decode()
    for words in ('value="市民会館"', 'value="13:00"', 'value="15:00"', organisation.name):
        assert words in form
    assert "気仙沼市 企画課" not in form
    for unknown in ("?template=nothing", "?template=999999", "?template=９", f"?like={own.pk}"):
        assert client.get(f"{base}new/{unknown}").status_code == 404
    sent = client.post(
        f"{base}new/?template={own.pk}",
        {
            "title": "集い", "summary": "集まります。", "category": "exchange",
            "day": str(clock.today() + DAY), "more_1": str(clock.today() + 2 * DAY),
            "begins": "13:00", "ends": "15:00", "place": "市民会館", "contact_name": "会長",
            "contact_phone": "0226-22-0001",
        },
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    with municipality_context(kesennuma):
        made = ActivityPage.objects.get(organisation=organisation)
        assert (made.contact_email, made.lack_of_hands, made.is_template) == ("", "", False)
        assert made.sessions.count() == 2


def test_a_template_of_another_organisation_shows_what_is_public_of_it(kesennuma, partner):
    """Not the change that it is writing; its own draft it begins with."""
    other = make_organisation(kesennuma, name="別の会")
    theirs = signed_in_client(make_organisation_member(other).account, kesennuma)
    with municipality_context(kesennuma):
        ActivityPage.objects.filter(pk=partner.page.pk).update(is_template=True)
        save_project(
            partner.organisation, {"summary": "まだ秘密です。", "place": "秘密の浜"}, partner.page
        )
    form, own = (
        client.get(
            f"/workspace/{organisation.pk}/activities/new/?template={partner.page.pk}"
        ).content.decode()
        for client, organisation in ((theirs, other), (partner.client, partner.organisation))
    )
    assert "秘密" not in form
    assert session_values()["place"] in form
    assert "まだ秘密です。" in own
    with municipality_context(kesennuma):
        made = save_project(other, session_values(), template=stored(partner.page))
        assert made.summary == stored(partner.page).summary
        ActivityPage.objects.filter(pk=partner.page.pk).update(live=False)
    assert (
        "秘密"
        not in theirs.get(
            f"/workspace/{other.pk}/activities/new/?template={partner.page.pk}"
        ).content.decode()
    ), "nor once it is no longer public"


# Pages


def test_a_title_stands_on_one_line():
    form = ProjectForm(FORM | {"title": "海岸の\r\n清掃\n", "day": str(clock.today() + DAY)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "海岸の 清掃"


FORM = {
    "title": "海岸の清掃", "summary": "海岸のごみを拾います。", "category": "cleaning",
    "begins": "09:00", "ends": "12:00", "place": "内湾地区 ムカエル", "capacity": "5",
    "contact_name": "佐藤", "contact_phone": "0226-22-6600",
}  # fmt: skip


def test_dates_are_changed_in_the_form_one_by_one(kesennuma, partner):
    path = f"{partner.home}activities/{partner.page.pk}/"
    page = partner.client.get(path).content.decode()
    [second] = re.findall(r'name="(day_[0-9a-f]{32})"', page)
    sent = FORM | {"day": str(partner.first), second: str(partner.first)}
    twice = partner.client.post(path, sent)
    assert twice.status_code == 400
    assert "同じ日がすでに入力されています" in twice.content.decode()
    left_out = partner.client.post(path, FORM | {"day": str(partner.first)})
    assert left_out.status_code == 400, "a public date is not left out"
    past = partner.client.post(path, sent | {second: "2020-01-01"})
    assert past.status_code == 400
    ok = partner.client.post(path, sent | {second: str(partner.first + 3 * DAY), "submit": "1"})
    assert ok.status_code == 302
    with municipality_context(kesennuma):
        draft = stored(partner.page).get_latest_revision_as_object()
        days = sorted(one.day for one in draft.sessions.all())
        assert days == [partner.first, partner.first + 3 * DAY]
        assert stored(partner.page).sessions.last().day == partner.first + DAY
    home = partner.client.get(partner.home).content.decode()
    assert "変更の状況" in home
    assert "決定までは、公開中のページは変わりません" in home


def test_what_takes_a_night_takes_it_from_a_template_and_in_a_change(kesennuma, partner):
    """Of 23 hours 7 count; moved by a day, with other times, it is still over on the next day."""
    base = f"{partner.home}activities/"
    day, tour = clock.today() + 9 * DAY, FORM | {"begins": "13:00", "ends": "12:00"}
    form = partner.client.get(f"{base}new/?template=farm_tour").content.decode()
    for words in ('value="13:00"', 'value="12:00"', "1日後の時刻です"):
        assert words in form
    sent = tour | {"title": "援農の旅", "day": str(day), "more_1": str(day + 7 * DAY)}
    assert partner.client.post(f"{base}new/?template=farm_tour", sent).status_code == 302
    with municipality_context(kesennuma):
        draft = ActivityPage.objects.get(title="援農の旅").get_latest_revision_as_object()
        assert [(one.ends_at - one.starts_at, one.hours) for one in draft.sessions.all()] == [
            (timedelta(hours=23), 7), (timedelta(hours=23), 7)
        ]  # fmt: skip
    changed = sent | {"day": str(day + DAY), "ends": "11:00"}
    changed.pop("more_1")
    assert partner.client.post(f"{base}{draft.pk}/", changed).status_code == 302
    with municipality_context(kesennuma):
        first = stored(draft).get_latest_revision_as_object().sessions.first()
        assert (first.day, first.ends_on_other_day) == (day + DAY, True)
        assert (first.ends_at - first.starts_at, first.hours) == (timedelta(hours=22), 7)


def test_what_waits_today_comes_first_and_what_is_over_is_folded(kesennuma):
    organisation = make_organisation(kesennuma)
    account = make_organisation_member(organisation).account
    day = date(2026, 10, 3)
    page = make_activity(
        kesennuma, title="毎週の清掃", organisation=organisation,
        sessions=[session_values(day + n * DAY) for n in (-14, -7, 0, 7)],
    )  # fmt: skip
    make_activity(
        kesennuma, title="春の祭り", organisation=organisation, slug="matsuri",
        sessions=[session_values(day - 60 * DAY)],
    )  # fmt: skip
    with municipality_context(kesennuma):
        reported = page.sessions.order_by("starts_at")[0]
        hand_in_report(reported, account, people=3, done="清掃", hours=3)
        spring = ActivityPage.objects.get(title="春の祭り").sessions.get()
        cancelled = spring
        cancelled.state = "cancelled"
        cancelled.save()
    with time_machine.travel("2026-10-02T23:30:00Z"):
        client = signed_in_client(account, kesennuma)
        home = client.get(f"/workspace/{organisation.pk}/").content.decode()
        with municipality_context(kesennuma):
            assert [one.day for one in reports_due()] == [day - 7 * DAY]
    waits, activities, over = (
        home.index(words) for words in ("いま行うこと", "活動を募集する", "終わった活動")
    )
    assert waits < home.index("今日の受付") < home.index("活動報告が未提出です") < activities
    assert home.count("今日の受付") == home.count("活動報告が未提出です") == 1
    assert home.index("春の祭り") > over > activities
    folded = home.index("終わった日程")
    coming = home[activities:folded]
    assert "10月3日" in coming
    assert "10月10日" in coming
    assert "9月26日" not in coming


# Figures


def counted(client, path):
    with CaptureQueriesContext(connection) as queries:
        html = client.get(path).content.decode()
    return html, len(queries)


def test_a_card_says_how_often_it_was_opened_and_who_came_of_it(kesennuma, hida, partner):
    with municipality_context(kesennuma):
        first, second = partner.page.sessions.order_by("starts_at")
        DailyViews.objects.create(page=partner.page, day=clock.today() - 400 * DAY, number=20)
        DailyViews.objects.create(page=partner.page, day=clock.today(), number=3)
    other = make_activity(kesennuma, slug="other", title="ほかの活動")
    with municipality_context(kesennuma):
        DailyViews.objects.create(page=other, day=clock.today(), number=100)
    for session in (first, first, second):
        sign_up(ResidentFactory(), kesennuma, session.uuid)
    gone = ResidentFactory()
    sign_up(gone, kesennuma, first.uuid)
    withdraw_sign_up(gone, first.uuid)
    comes = ResidentFactory()
    sign_up(comes, kesennuma, first.uuid)
    with time_machine.travel(first.starts_at):
        check_in(comes, venue_token(kesennuma.code, first.uuid))
    html, queries = counted(partner.client, partner.home)
    assert "ページの閲覧：23回" in html
    assert "申込み4人、参加1人（延べ）" in html
    make_activity(
        kesennuma, title="下書き", organisation=partner.organisation, publish=False, slug="draft"
    )
    for number in range(3):
        make_activity(
            kesennuma, title=f"清掃{number}", organisation=partner.organisation,
            slug=f"more-{number}",
            sessions=[session_values(partner.first + n * DAY) for n in (0, 1)],
        )  # fmt: skip
    html, more = counted(partner.client, partner.home)
    assert html.count("ページの閲覧") == 4, "of a draft there are none"
    assert more == queries
    with municipality_context(kesennuma):
        cancel_session(first, "台風のため", None)
    assert "申込み1人、参加0人（延べ）" in counted(partner.client, partner.home)[0]

"""An organisation's project: written, handed in, decided, published, reported (R17, R18)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.enums import Answer
from activities.models import ActivityPage, ActivityReport, DesignationTaskState, ProjectSettings
from activities.operations.projects import save_project, submit_project, take_back_project
from activities.operations.reports import hand_in_report
from activities.operations.reviews import Answers, decide_project, return_project
from activities.queries import projects_waiting, reports_due, reports_overdue
from activities.rules.projects import project_state
from common import clock
from common.refusal import Refused
from notifications.operations import deliver_next
from organisations.enums import Pattern
from organisations.models import RunSession
from organisations.operations.sign_up import ask_for_standing
from organisations.operations.standings import end_standing
from privacy.queries import person_of, places_of
from tenants.context import municipality_context, public_context
from tests.factories.accounts import signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
YES = Answers(Answer.YES, "人手が足りません。", Answer.YES, "だれもが使う海岸です。")
NO = Answers(Answer.YES, "人手が足りません。", Answer.NO, "会員だけの集まりです。")


def values(**changes):
    wanted = {
        "title": "海岸の清掃", "summary": "海岸のごみを拾います。", "category": "cleaning",
        "belongings": "軍手", "contact_name": "佐藤", "contact_phone": "0226-22-6600",
    }  # fmt: skip
    return wanted | session_values() | changes


@pytest.fixture
def partner(kesennuma):
    """An organisation of 気仙沼市 (pattern 1) and its manager."""
    organisation = make_organisation(kesennuma)
    return organisation, make_organisation_member(organisation).account


@pytest.fixture
def handed_in(kesennuma, partner):
    organisation, account = partner
    with municipality_context(kesennuma):
        page = save_project(organisation, values())
        assert submit_project(page, organisation, account) is False
    return page


def waiting_state() -> DesignationTaskState:
    return DesignationTaskState.objects.get(status="in_progress")


def state_of(page) -> tuple[bool, list[bool]]:
    page = ActivityPage.objects.get(pk=page.pk)
    return page.live, [record.is_positive for record in page.designations.all()]


def test_pattern_1_twice_yes_is_designated_published_and_told(
    kesennuma, partner, handed_in, mailoutbox
):
    organisation, account = partner
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        assert state_of(handed_in) == (False, [])
        assert submit_project(handed_in, organisation, account) is False
        state = waiting_state()
        assert state.submitted_by == account
        assert state.workflow_state.requested_by is None, "nobody whom Wagtail would write to"
        decide_project(state, officer, YES, "楽しみです。")
        assert state_of(handed_in) == (True, [True])
        record = ActivityPage.objects.get(pk=handed_in.pk).designations.get()
        assert (record.designated_by, record.pattern) == (officer, Pattern.EACH_PROJECT)
        with pytest.raises(Refused):
            decide_project(state, officer, NO)
        answered = DesignationTaskState.objects.get()
        assert (answered.designation, answered.outcome) == (record, "designated")
        assert answered.workflow_state.status == "approved"
    [mail] = [mail for mail in mailoutbox if mail.to == [account.email]]
    assert "楽しみです。" in mail.body
    assert RunSession.objects.get().organisation == organisation


def test_pattern_1_a_no_stays_a_draft_and_is_kept_with_its_reason(
    kesennuma, partner, handed_in, mailoutbox
):
    organisation, account = partner
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        decide_project(waiting_state(), officer, NO)
        assert state_of(handed_in) == (False, [False])
        record = ActivityPage.objects.get(pk=handed_in.pk).designations.get()
        assert record.public_benefit_reason == "会員だけの集まりです。"
        answered = DesignationTaskState.objects.get()
        assert (answered.designation, answered.outcome) == (record, "refused")
        assert answered.workflow_state.status == "cancelled"
        assert submit_project(handed_in, organisation, account) is False, "it may be handed in anew"
        assert waiting_state().workflow_state != answered.workflow_state
    assert "会員だけの集まりです。" in mailoutbox[-1].body
    assert not RunSession.objects.exists()


def test_sent_back_changed_and_handed_in_again(kesennuma, partner, handed_in, mailoutbox):
    organisation, account = partner
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        with pytest.raises(Refused):
            save_project(organisation, values(title="変更"), handed_in)
        with pytest.raises(Refused) as refusal:
            return_project(waiting_state(), officer, " ")
        assert refusal.value.code == "comment_missing"
        return_project(waiting_state(), officer, "集合場所を書いてください。")
        assert "集合場所" in mailoutbox[-1].body
        save_project(organisation, values(title="海岸の清掃（鹿折）"), handed_in)
        submit_project(handed_in, organisation, account)
        decide_project(waiting_state(), officer, YES)
        assert ActivityPage.objects.get(pk=handed_in.pk).title == "海岸の清掃（鹿折）"
        states = DesignationTaskState.objects.order_by("pk")
        assert [state.outcome for state in states] == ["returned", "designated"]
        assert states[0].workflow_state == states[1].workflow_state, "it went on"


def test_what_waits_can_be_taken_back(kesennuma, handed_in):
    officer = make_member(kesennuma, "coordinator")
    with municipality_context(kesennuma):
        waiting = waiting_state()
        for _twice in range(2):
            take_back_project(handed_in)
        with pytest.raises(Refused) as refusal:
            decide_project(waiting, officer, YES)
        assert refusal.value.code == "review_gone"
        assert DesignationTaskState.objects.get().outcome == "taken_back"


def test_pattern_2_is_published_at_once_and_counts_until_it_is_withdrawn(kesennuma, hida):
    organisation = make_organisation(kesennuma, pattern=Pattern.TRUSTED)
    account = make_organisation_member(organisation).account
    with municipality_context(kesennuma):
        page = save_project(organisation, values())
        assert submit_project(page, organisation, account) is True
        page = ActivityPage.objects.get(pk=page.pk)
        session = page.sessions.get()
        assert session.snapshot().designation_basis.startswith("pattern=2;")
        end_standing(organisation, kesennuma, clock.today())
        assert not session.snapshot().is_designated, "it takes place after the last day"
        tomorrow = clock.now() + timedelta(days=1)
        with time_machine.travel(tomorrow), pytest.raises(Refused) as refusal:
            submit_project(save_project(organisation, values()), organisation, account)
        assert refusal.value.code == "no_standing"
    with municipality_context(hida):
        elsewhere = save_project(organisation, values())
        with pytest.raises(Refused):
            submit_project(elsewhere, organisation, account)


def test_a_single_project_of_a_trusted_organisation_is_excepted(kesennuma):
    organisation = make_organisation(kesennuma, pattern=Pattern.TRUSTED)
    account = make_organisation_member(organisation).account
    with municipality_context(kesennuma):
        one, other = (save_project(organisation, values()) for _twice in range(2))
        for page in (one, other):
            submit_project(page, organisation, account)
        draft = ActivityPage.objects.get(pk=one.pk).get_latest_revision_as_object()
        draft.lack_of_hands, draft.lack_of_hands_reason = Answer.NO, "人手は足りています。"
        draft.public_benefit, draft.public_benefit_reason = Answer.YES, "あります。"
        draft.save_revision().publish()
        counted = [
            ActivityPage.objects.get(pk=page.pk).sessions.get().snapshot().is_designated
            for page in (one, other)
        ]
    assert counted == [False, True]


def test_coordinators_learn_of_what_organisations_do_if_they_want_to(kesennuma, mailoutbox):
    coordinator = make_member(kesennuma, "coordinator")
    organisation = make_organisation(kesennuma, pattern=Pattern.TRUSTED)
    make_activity(kesennuma, title="市の清掃")
    page = make_activity(kesennuma, title="会の清掃", organisation=organisation)
    deliver_all()
    assert [m.subject for m in mailoutbox if m.to == [coordinator.email]] == [
        "団体の活動が公開されました：会の清掃"
    ]
    with municipality_context(kesennuma):
        ProjectSettings.objects.create(tells_coordinators=False)
        page.unpublish()
    deliver_all()
    assert len([m for m in mailoutbox if m.to == [coordinator.email]]) == 1


@pytest.mark.parametrize(
    ("news", "subject", "says"),
    [
        ("changed", "団体の活動が変更されました", "次の活動が変更されました。"),
        ("closed", "団体の活動が非公開になりました", "次の活動が非公開になりました。"),
        ("reported", "活動報告が届きました", "活動報告を提出しました。"),
    ],
)
def test_coordinators_learn_of_a_change_an_end_and_a_report(
    kesennuma, hida, mailoutbox, news, subject, says
):
    coordinator = make_member(kesennuma, "coordinator")
    make_member(hida, "coordinator")
    organisation = make_organisation(kesennuma, pattern=Pattern.TRUSTED)
    account = make_organisation_member(organisation).account
    held = session_values(clock.today() - timedelta(days=1))
    page = make_activity(kesennuma, title="会の清掃", organisation=organisation, sessions=[held])
    deliver_all()
    before = len(mailoutbox)
    with municipality_context(kesennuma):
        match news:
            case "changed":
                page.summary = "河原のごみも拾います。"
                page.save_revision().publish()
            case "closed":
                page.unpublish()
            case "reported":
                hand_in_report(page.sessions.get(), account, people=12, done="清掃", hours=3)
    deliver_all()
    [mail] = mailoutbox[before:]
    assert mail.to == [coordinator.email]
    assert mail.subject == f"{subject}：会の清掃"
    assert says in mail.body
    assert f"/admin/pages/{page.pk}/edit/" in mail.body


def deliver_all():
    """The mails themselves stay: nobody takes them here."""
    while deliver_next():
        pass


def test_a_report_is_handed_in_once_and_missed_after_some_days(kesennuma, hida, partner):
    organisation, account = partner
    day = date(2026, 10, 3)
    page = make_activity(kesennuma, organisation=organisation, sessions=[session_values(day)])
    make_activity(kesennuma, sessions=[session_values(day)])  # the municipality's own
    make_activity(hida, organisation=organisation, sessions=[session_values(day)])
    with municipality_context(kesennuma):
        session = page.sessions.get()
        with time_machine.travel("2026-10-03T00:30:00Z"), pytest.raises(Refused):
            hand_in_report(session, account, people=1, done="清掃", hours=3)
        with time_machine.travel("2026-10-10T00:00:00Z"):
            assert [one.pk for one in reports_due()] == [session.pk]
            assert not reports_overdue()
        with time_machine.travel("2026-10-18T00:00:00Z"):
            assert [one.pk for one in reports_overdue()] == [session.pk]
            first = hand_in_report(session, account, people=12, done="清掃", hours=3)
            assert hand_in_report(session, account, people=13, done="清掃", hours=3) == first
            assert not reports_overdue()
        assert ActivityReport.objects.get().people == 12


def test_an_overdue_report_stands_in_both_lists_until_it_is_handed_in(
    kesennuma, hida, partner, settings
):
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 100_000, 100_000
    organisation, account = partner
    day, lists = date(2026, 10, 3), ("/admin/projects/", "/admin/coordinator/")
    headings = ("期限を過ぎた活動報告", "期限を過ぎた団体の報告")
    held = {"organisation": organisation, "sessions": [session_values(day)]}
    page = make_activity(kesennuma, title="鹿折の清掃", **held)
    make_activity(hida, title="飛騨の清掃", **held)
    officer = make_member(kesennuma, "coordinator")

    def overdue(at: str) -> list[bool]:
        """Whether each list names it under its heading of what is overdue."""
        with time_machine.travel(at):
            client = signed_in_client(officer, kesennuma, admin=True)
            pages = [client.get(path).content.decode() for path in lists]
        assert not any("飛騨の清掃" in html for html in pages)
        return [
            "鹿折の清掃" in html.partition(heading)[2].partition("<h")[0]
            for html, heading in zip(pages, headings, strict=True)
        ]

    # 14 days unless the municipality says otherwise.
    assert overdue("2026-10-10T00:00:00Z") == [False, False]
    assert overdue("2026-10-18T00:00:00Z") == [True, True]
    with municipality_context(kesennuma), time_machine.travel("2026-10-18T01:00:00Z"):
        hand_in_report(page.sessions.get(), account, people=12, done="清掃", hours=3)
    assert overdue("2026-10-18T02:00:00Z") == [False, False]


def test_erasure_finds_what_a_member_handed_in_where_they_are_not_registered(
    kesennuma, partner, handed_in
):
    reporter = make_organisation_member(partner[0]).account
    page = make_activity(kesennuma, organisation=partner[0], slug="over")
    with municipality_context(kesennuma):
        session = page.sessions.get()
        with time_machine.travel(session.ends_at + timedelta(minutes=1)):
            hand_in_report(session, reporter, people=1, done="清掃", hours=3)
    with public_context():
        for account in (partner[1], reporter):
            assert [place.pk for place in places_of(person_of(account.resident))] == [kesennuma.pk]


@pytest.mark.parametrize(
    ("is_live", "outcomes", "is_over", "state"),
    [
        (False, [], False, "draft"),
        (False, [""], False, "waiting"),
        (False, ["returned", "refused"], False, "returned"),
        (False, ["refused"], False, "refused"),
        (False, ["taken_back"], False, "draft"),
        (False, ["designated"], False, "draft"),
        (True, ["designated"], False, "published"),
        (True, [], True, "over"),
    ],
)
def test_how_far_it_is(is_live, outcomes, is_over, state):
    assert project_state(is_live=is_live, outcomes=outcomes, is_over=is_over) == state


# Pages


FORM = {
    "title": "海岸の清掃", "summary": "海岸のごみを拾います。", "category": "cleaning",
    "begins": "09:00", "ends": "12:00", "place": "大島 田中浜", "capacity": "20",
    "contact_name": "佐藤", "contact_phone": "0226-22-6600",
}  # fmt: skip


def test_from_the_phone_to_the_public_page_and_the_list(kesennuma, hida, partner):
    organisation, account = partner
    make_activity(kesennuma, title="市だけの活動")
    there = make_activity(hida, organisation=organisation, title="飛騨の活動")
    client = signed_in_client(account, kesennuma)
    home = f"/workspace/{organisation.pk}/"
    day = clock.today() + timedelta(days=10)
    wrong = client.post(f"{home}activities/new/", FORM | {"day": "2020-01-01", "submit": "1"})
    assert wrong.status_code == 400
    assert "大島 田中浜" in wrong.content.decode(), "nothing entered is lost"
    sent = client.post(f"{home}activities/new/", FORM | {"day": day.isoformat(), "submit": "1"})
    assert sent["Location"] == home
    page = client.get(home).content.decode()
    assert "海岸の清掃" in page
    assert "自治体の決定待ち" in page
    assert "市だけの活動" not in page
    assert "飛騨の活動" not in page
    officer = staff_client(kesennuma, "coordinator")
    assert "海岸の清掃" in officer.get("/admin/projects/").content.decode()
    with municipality_context(kesennuma):
        [waiting] = projects_waiting()
    answers = {
        "lack_of_hands": "yes", "lack_of_hands_reason": "人手不足", "public_benefit": "yes",
        "public_benefit_reason": "公共の海岸",
    }  # fmt: skip
    address = f"/admin/pages/workflow/action/{waiting.pk}/designate/{waiting.task_state_id}/"
    assert officer.post(address, answers).status_code == 302
    with municipality_context(kesennuma):
        made = ActivityPage.objects.get(pk=waiting.pk)
        uuid, path = made.sessions.get().uuid, made.public_path
    public = client.get(path).content.decode()
    assert "この活動について決定しました" in public
    sign_ups = f"{home}sessions/{uuid}/sign-ups/"
    assert sign_ups in client.get(home).content.decode()
    assert client.get(sign_ups).status_code == 200
    assert client.get(f"{home}sessions/{uuid}/poster.pdf")["Content-Type"] == "application/pdf"
    assert client.get(f"{home}activities/{there.pk}/").status_code == 404
    # A draft made from it begins with its words.
    assert "大島 田中浜" in client.get(f"{home}activities/new/?like={made.pk}").content.decode()


def test_the_workspace_asks_no_more_for_three_activities_than_for_one(
    kesennuma, partner, django_assert_num_queries
):
    organisation, account = partner
    client = signed_in_client(account, kesennuma)
    home = f"/workspace/{organisation.pk}/"
    client.get(home)
    make_activity(kesennuma, organisation=organisation)
    with CaptureQueriesContext(connection) as one:
        client.get(home)
    for _twice in range(2):
        make_activity(kesennuma, organisation=organisation)
    with django_assert_num_queries(len(one)):
        client.get(home)


def test_staff_answer_requests_and_change_standings(kesennuma, hida, mailoutbox):
    organisation = make_organisation()
    account = make_organisation_member(organisation).account
    request = ask_for_standing(organisation, kesennuma, account, "清掃")
    other = ask_for_standing(organisation, hida, account, "清掃")
    officer = staff_client(kesennuma, "coordinator")
    assert organisation.name in officer.get("/admin/organisations/").content.decode()
    path = f"/admin/organisations/requests/{request.pk}/"
    assert officer.get(f"/admin/organisations/requests/{other.pk}/").status_code == 404
    assert officer.post(path, {"answer": "no", "reason": ""}).status_code == 200
    assert officer.post(path, {"answer": "2"}).status_code == 302
    page = f"/admin/organisations/{organisation.pk}/"
    assert officer.get(page).status_code == 200
    end = {"change": "end", "day": clock.today().isoformat(), "reason": "解散のため"}
    assert officer.post(page, end | {"day": "2020-01-01"}).status_code == 200
    assert officer.post(page, end).status_code == 302
    assert "解散のため" in mailoutbox[-1].body
    assert "解散のため" in officer.get(page).content.decode()
    invited = officer.post(f"{page}manager/", {"email": "kaichou@example.jp"})
    assert invited.status_code == 302
    assert mailoutbox[-1].to == ["kaichou@example.jp"]

"""An organisation's project in Wagtail's workflow: who sees it, who answers (R17, R18)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowState

from activities.models import (
    ActivityPage,
    Designation,
    DesignationTask,
    DesignationTaskState,
)
from activities.operations.defaults import make_designation_workflow
from activities.operations.projects import save_project, submit_project, take_back_project
from activities.queries import projects_waiting
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from tenants.actors import staff
from tenants.context import municipality_context, public_context
from tenants.hosts import municipality_host
from tenants.models import Municipality
from tests.activities.test_projects import FORM, values
from tests.conftest import HIDA, KESENNUMA, SentMails
from tests.factories.accounts import signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member, staff_client
from tests.isolation.logins import RUN, at_run_time, logged_in_as

YES = {
    "lack_of_hands": "yes", "lack_of_hands_reason": "人手不足", "public_benefit": "yes",
    "public_benefit_reason": "公共の海岸",
}  # fmt: skip
NO = YES | {"public_benefit": "no", "public_benefit_reason": "会員だけの集まりです。"}


LABELS = {"designate": "指定して公開する", "reject": "団体に戻す", "refuse": "指定しない"}


def hand_in(place, title="海岸の清掃"):
    """A page that waits at `place`, and the account of who handed it in."""
    organisation = make_organisation(place)
    account = make_organisation_member(organisation).account
    with municipality_context(place):
        page = save_project(organisation, values(title=title))
        submit_project(page, organisation, account)
        return projects_waiting().get(pk=page.pk), account


def address(page, action="designate", way="action"):
    return f"/admin/pages/workflow/{way}/{page.pk}/{action}/{page.task_state_id}/"


def answers(place):
    with municipality_context(place):
        states = DesignationTaskState.objects.select_related("workflow_state").order_by("pk")
        return [(state.outcome, state.workflow_state.status) for state in states]


@pytest.mark.django_db
class TestInTheAdmin:
    def test_each_municipality_has_one_workflow_and_no_page_of_its_own_is_in_any(
        self, kesennuma, hida
    ):
        for place in (kesennuma, hida):
            own = make_activity(place, publish=False)
            with municipality_context(place):
                assert make_designation_workflow() == make_designation_workflow()
                assert [flow.name for flow in Workflow.objects.all()] == ["団体の活動の指定"]
                assert Task.objects.count() == DesignationTask.objects.count() == 1
                assert not WorkflowPage.objects.exists()
                assert not any(page.specific.has_workflow for page in Page.objects.all())
                assert not own.has_workflow

    def test_staff_who_may_designate_find_it_wherever_wagtail_shows_what_waits(
        self, kesennuma, hida
    ):
        page, _account = hand_in(kesennuma)
        elsewhere, _account = hand_in(hida, title="飛騨の清掃")
        edit = f"/admin/pages/{page.pk}/edit/"
        for role in ("coordinator", "editor", "administrator"):
            officer = staff_client(kesennuma, role)
            start = officer.get("/admin/").content.decode()
            assert address(page) in start
            assert "海岸の清掃" in officer.get("/admin/reports/workflow/").content.decode()
            editor = officer.get(edit).content.decode()
            for action, label in LABELS.items():
                assert address(page, action, "collect_action_data") in editor
                assert label in editor
                assert f'data-workflow-action-url="{address(page, action)}"' in (
                    officer.get("/admin/projects/").content.decode()
                )
            assert 'name="action-publish"' not in editor
            assert 'name="action-cancel-workflow"' not in editor
            assert "飛騨の清掃" not in start
        for role in ("reader", "room_moderator", "registration_officer"):
            other = staff_client(kesennuma, role)
            assert address(page) not in other.get("/admin/").content.decode()
            assert other.get(edit).status_code == 302
        officer = staff_client(hida, "coordinator")
        assert address(elsewhere) in officer.get("/admin/").content.decode()

    def test_the_modal_asks_both_questions_and_says_what_lacks(self, kesennuma):
        page, _account = hand_in(kesennuma)
        officer = staff_client(kesennuma, "coordinator")
        shown = officer.get(address(page)).json()["html"]
        for word in ("担い手不足への対応ですか", "公共性や地域への貢献", "指定して公開する"):
            assert word in shown
        ajax = {"headers": {"x-requested-with": "XMLHttpRequest"}}
        wrong = officer.post(address(page), NO, **ajax).json()
        assert wrong["step"] == "action"
        assert "会員だけの集まりです。" in wrong["html"], "nothing entered is lost"
        assert "「指定しない」" in wrong["html"]
        both = officer.post(address(page, "refuse"), YES, **ajax).json()
        assert "「指定して公開する」" in both["html"]
        for lacking in (YES | {"lack_of_hands_reason": " "}, {}):
            assert officer.post(address(page), lacking, **ajax).json()["step"] == "action"
        assert officer.post(address(page, "reject"), {"comment": ""}, **ajax).json()["html"]
        assert answers(kesennuma) == [("", "in_progress")]

    def test_a_no_is_kept_and_sending_back_goes_on(self, kesennuma, mailoutbox):
        page, account = hand_in(kesennuma)
        officer = staff_client(kesennuma, "coordinator")
        officer.post(address(page, "reject"), {"comment": "集合場所を書いてください。"})
        assert answers(kesennuma) == [("returned", "needs_changes")]
        with municipality_context(kesennuma):
            submit_project(page, page.organisation, account)
            page = projects_waiting().get()
        officer.post(address(page, "refuse"), NO)
        assert answers(kesennuma) == [("returned", "cancelled"), ("refused", "cancelled")]
        with municipality_context(kesennuma):
            assert Designation.objects.get().public_benefit is False
            assert not ActivityPage.objects.get(pk=page.pk).live
        told = [mail.body for mail in mailoutbox if mail.to == [account.email]]
        assert "集合場所を書いてください。" in told[0]
        assert "会員だけの集まりです。" in told[1]

    def test_in_the_editor_the_answer_comes_with_the_page(self, kesennuma):
        """The form of the page, with what the modal gave back, as the editor sends it."""
        page, _account = hand_in(kesennuma)
        officer = staff_client(kesennuma, "coordinator")
        given = officer.post(
            address(page, way="collect_action_data"),
            YES | {"counts_from": "2026-04-01", "comment": "ありがとうございます。"},
            headers={"x-requested-with": "XMLHttpRequest"},
        ).json()
        with municipality_context(kesennuma):
            task = page.current_workflow_task
            state = page.current_workflow_task_state
            task.on_action(
                state, make_member(kesennuma, "editor"), "designate",
                **json.loads(json.dumps(given["cleaned_data"])),
            )  # fmt: skip
            record = Designation.objects.get()
        assert str(record.effective_from) == "2026-04-01"
        assert answers(kesennuma) == [("designated", "approved")]

    def test_whoever_may_not_designate_cannot(self, kesennuma, hida):
        page, account = hand_in(kesennuma)
        elsewhere, _account = hand_in(hida)
        for role in ("reader", "room_moderator", "registration_officer"):
            other = staff_client(kesennuma, role)
            for action, data in (("designate", YES), ("reject", {"comment": "x"}), ("refuse", NO)):
                for way in ("action", "collect_action_data"):
                    assert other.post(address(page, action, way), data)["Location"] == "/admin/"
        stranger = staff_client(hida, "administrator")
        unknown = elsewhere.task_state_id + 999
        there = f"/admin/pages/workflow/action/{elsewhere.pk}/designate/{unknown}/"
        assert stranger.post(there, YES).status_code == 404
        member = signed_in_client(account, kesennuma)
        assert member.post(address(page), YES).status_code == 404, "no admin on the public host"
        officer = make_member(kesennuma, "coordinator")
        client = signed_in_client(officer, kesennuma, admin=True)
        for action in ("approve", "cancel"):
            assert client.post(address(page, action), YES)["Location"] == "/admin/"
        assert answers(kesennuma) == [("", "in_progress")]
        assert answers(hida) == [("", "in_progress")]
        with municipality_context(kesennuma):
            state = WorkflowState.objects.get()
            assert not state.user_can_cancel(officer)
            assert not page.permissions_for_user(officer).can_publish()
            take_back_project(page)
            assert ActivityPage.objects.get(pk=page.pk).permissions_for_user(officer).can_publish()

    def test_nor_does_the_owner_of_the_page_end_it(self, kesennuma):
        """Staff began it from a template for the organisation, which would never hear of it."""
        page, _account = hand_in(kesennuma)
        officer = make_member(kesennuma, "coordinator")
        with municipality_context(kesennuma):
            ActivityPage.objects.filter(pk=page.pk).update(owner=officer)
            assert WorkflowState.objects.get().user_can_cancel(officer)
        client = signed_in_client(officer, kesennuma, admin=True)
        edit = f"/admin/pages/{page.pk}/edit/"
        for action in ("action-cancel-workflow", "action-restart-workflow"):
            assert f'name="{action}"' not in client.get(edit).content.decode()
            refused = client.post(edit, {action: "1"}, follow=True)
            assert "いずれかで回答してください" in refused.content.decode()
        assert answers(kesennuma) == [("", "in_progress")]

    def test_a_second_click_changes_nothing(self, kesennuma, mailoutbox):
        page, account = hand_in(kesennuma)
        officer = staff_client(kesennuma, "coordinator")
        for action, data in (("designate", YES), ("designate", YES), ("refuse", NO)):
            assert officer.post(address(page, action), data).status_code == 302
        assert answers(kesennuma) == [("designated", "approved")]
        assert len([mail for mail in mailoutbox if mail.to == [account.email]]) == 1

    def test_the_list_asks_no_more_for_three_than_for_one(
        self, kesennuma, django_assert_max_num_queries
    ):
        hand_in(kesennuma)
        officer = staff_client(kesennuma, "coordinator")
        officer.get("/admin/projects/")
        with CaptureQueriesContext(connection) as one:
            officer.get("/admin/projects/")
        for _twice in range(2):
            hand_in(kesennuma)
        with django_assert_max_num_queries(len(one)):
            officer.get("/admin/projects/")


# Under the run-time login


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    with public_context():
        OutboxMessage.objects.all().delete()
    return here, there


def test_the_whole_way_at_run_time(places):
    """On the public host an organisation begins, takes back, hands in anew; staff answer."""
    here, _there = places
    mails = SentMails()
    organisation = make_organisation(here)
    account = make_organisation_member(organisation).account
    coordinator = make_member(here, "coordinator")
    theirs = signed_in_client(account, here)
    desk = signed_in_client(coordinator, here, admin=True)
    home = f"/workspace/{organisation.pk}/"
    day = session_values()["starts_at"].date().isoformat()
    with logged_in_as(RUN):
        sent = theirs.post(f"{home}activities/new/", FORM | {"day": day, "submit": "1"})
        assert sent["Location"] == home
    with municipality_context(here):
        page = projects_waiting().get()
    with logged_in_as(RUN):
        theirs.post(f"{home}activities/{page.pk}/take-back/")
        theirs.post(f"{home}activities/{page.pk}/submit/")
        assert "自治体の決定待ち" in theirs.get(home).content.decode()
    with municipality_context(here):
        page = projects_waiting().get()
        task = page.current_workflow_task.pk
    with logged_in_as(RUN):
        assert address(page) in desk.get("/admin/").content.decode()
        assert desk.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        assert desk.get(f"/admin/pages/{page.pk}/history/").status_code == 200
        assert desk.get(f"/admin/pages/workflow/preview/{page.pk}/{task}/").status_code == 200
        for report in ("workflow", "workflow_tasks"):
            assert desk.get(f"/admin/reports/{report}/").status_code == 200
        assert desk.post(address(page), YES).status_code == 302
        while deliver_next():
            pass
        shown = theirs.get(
            f"/activities/{page.slug}/", headers={"host": municipality_host(here)}
        ).content.decode()
        assert "この活動について決定しました" in shown
    assert answers(here) == [("taken_back", "cancelled"), ("designated", "approved")]
    outside = [mail for mail in mails if mail.to == [account.email]]
    assert len(outside) == 1
    assert "/admin/" not in outside[0].body
    of_waiting = [
        mail for mail in mails if "決定" in mail.subject and mail.to == [coordinator.email]
    ]
    assert len(of_waiting) == 1, "ours, and none of Wagtail's beside it"


def test_comments_of_another_municipality_s_answers_are_not_read(places):
    """Under that municipality's role too: the claims say where one is."""
    here, there = places
    for place in places:
        hand_in(place)
    connection.set_schema_to_public()
    counts = []
    with at_run_time(staff(make_member(here, "coordinator").pk, here.code), here):
        for place in places:
            role = connection.role_of(place.schema_name)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, true)", [role])
                for table in ("wagtailcore_taskstate", "activities_designationtaskstate"):
                    cursor.execute(f"SELECT count(*) FROM {place.schema_name}.{table}")
                    counts += cursor.fetchone()
    assert counts == [1, 1, 0, 0]


def test_two_officers_at_once_give_one_answer(places):
    here, _there = places
    mails = SentMails()
    page, account = hand_in(here)
    desks = [
        (signed_in_client(make_member(here, "coordinator"), here, admin=True), action, data)
        for action, data in (("designate", YES), ("refuse", NO)) * 2
    ]

    def answer(way):
        desk, action, data = way
        try:
            return desk.post(address(page, action), data).status_code
        finally:
            connection.close()

    with logged_in_as(RUN), ThreadPoolExecutor(4) as pool:
        assert set(pool.map(answer, desks)) == {302}
    with municipality_context(here):
        assert Designation.objects.count() == 1
        assert DesignationTaskState.objects.exclude(status="in_progress").count() == 1
        record, live = Designation.objects.get(), ActivityPage.objects.get(pk=page.pk).live
        assert record.is_positive == live
    assert len([mail for mail in mails if mail.to == [account.email]]) == 1

"""The answer to an organisation's project, as a task of Wagtail's workflow (R17, R18).

The workflow is begun, and taken back, by the organisation on the public host; staff find it where
Wagtail shows what waits for them, and answer there. What counts stands in `Designation` alone: the
state of the task only points to the record that the answer made.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.forms import Form
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PagePermissionTester, Task, TaskState, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from activities.enums import DesignationAction, ReviewOutcome
from activities.page_forms import DesignateForm, RefuseForm, SendBackForm
from activities.registry import answer_project

_FORMS: dict[str, type[Form]] = {
    DesignationAction.DESIGNATE: DesignateForm,
    DesignationAction.SEND_BACK: SendBackForm,
    DesignationAction.REFUSE: RefuseForm,
}


class DesignationTaskState(TaskState):
    """One handing-in of a project and what the municipality said to it.

    When, by whom and with which comment it was answered are Wagtail's own columns. Who handed it in
    stands here and not in Wagtail's `requested_by`: that one leads to an account, and staff may not
    read the account of somebody who is no colleague (nor would Wagtail's mails, which go to it,
    lead them anywhere: they have no admin).
    """

    # Accounts live in the shared schema; empty once the person has closed theirs.
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed in by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    # Answered with a no, and not sent back to be changed.
    is_refused = models.BooleanField(_("not designated"), default=False)
    # Both answers with their reasons, where they were given; none where it was sent back, nor
    # where a change of what is public got a no: what is public counts as before.
    designation = models.ForeignKey(
        "activities.Designation",
        verbose_name=_("designation"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("review of a project")
        verbose_name_plural = _("reviews of projects")
        default_permissions = ()

    @property
    def outcome(self) -> str:
        """A code of `ReviewOutcome`; "" while it waits."""
        if self.status == self.STATUS_REJECTED:
            return ReviewOutcome.REFUSED if self.is_refused else ReviewOutcome.RETURNED
        outcomes = {
            self.STATUS_IN_PROGRESS: "",
            self.STATUS_APPROVED: ReviewOutcome.DESIGNATED,
        }
        return outcomes.get(self.status, ReviewOutcome.TAKEN_BACK)

    @property
    def page_id(self) -> int:
        """Of the activity that was handed in."""
        return int(self.workflow_state.object_id)


class DesignationTask(Task):
    """Designate and publish, send back with a comment, or refuse with reasons.

    There is one in each municipality. Who may publish the page may answer.
    """

    task_state_class = DesignationTaskState

    class Meta:
        verbose_name = _("designation of an organisation's activity")
        verbose_name_plural = _("designations of organisations' activities")
        default_permissions = ()

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        """None is called "approve": who has that one is offered by Wagtail to cancel a workflow,
        which would be an answer that the organisation never hears of."""
        if not may_designate(user, obj):
            return []
        return [(action.value, action.label, True) for action in DesignationAction]

    def get_form_for_action(self, action: str) -> type[Form]:
        try:
            return _FORMS[action]
        except KeyError:
            raise PermissionDenied from None

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **values: Any) -> None:
        """Answer, and tell the organisation. `values` are those of the action's form; they come
        through the browser once more, and `task_state` from its address: both are looked at again.

        Raises `PermissionDenied`, also where somebody has answered meanwhile.
        """
        form = self.get_form_for_action(action_name)(values)
        page = task_state.workflow_state.content_object
        if not may_designate(user, page) or not form.is_valid():
            raise PermissionDenied
        answer_project(task_state, user, action_name, form.cleaned_data)

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return may_designate(user, obj)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        return not may_designate(user, obj)

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        return may_designate(user, obj)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        pages = _policy().instances_user_has_permission_for(user, "publish")
        waiting: QuerySet[TaskState] = self.task_states.filter(
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__object_id__in=pages.annotate(as_text=Cast("pk", CharField())).values(
                "as_text"
            ),
        )
        return waiting

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Whoever may publish the activity answers both questions of designation; with two yes"
            " it is published."
        )


def may_designate(user: AbstractBaseUser, page: Page) -> bool:
    """Whether `user` answers for the municipality whether this activity counts."""
    return bool(
        user.is_active and _policy().user_has_permission_for_instance(user, "publish", page)
    )


class ActivityPermissions(PagePermissionTester):
    """What waits for its designation is published by that answer, and by no other button."""

    page: Page

    def can_publish(self) -> bool:
        return bool(super().can_publish()) and not waits_for_designation(self.page)


def waits_for_designation(page: Page) -> bool:
    """Whether the municipality has this project before it, handed in and not answered."""
    state = page.current_workflow_state
    return state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS


def _policy() -> PagePermissionPolicy:
    return policy_registry.get_by_type(Page)

"""The municipality's answer to a project that an organisation handed in (R17, R18).

Called by the task of the workflow (`models.workflow`), which has looked at who may answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from wagtail.models import TaskState

from accounts.models import User
from activities.enums import Answer
from activities.models import ActivityPage, DesignationTaskState
from activities.operations.designate import designate
from activities.operations.letters import tell_organisation
from common.refusal import Refused


@dataclass(frozen=True)
class Answers:
    """Both questions of R18, each with its reason. `counts_from`: None for the day it is
    published on, else the earlier day on which the municipality decided."""

    lack_of_hands: Answer
    lack_of_hands_reason: str
    public_benefit: Answer
    public_benefit_reason: str
    counts_from: date | None = None

    @property
    def are_positive(self) -> bool:
        return self.lack_of_hands == self.public_benefit == Answer.YES


@transaction.atomic
def decide_project(
    state: TaskState, officer: User, answers: Answers, comment: str = ""
) -> DesignationTaskState:
    """Answer both questions. Twice yes: the project is designated and published, and the workflow
    approved. A no: it stays a draft, the refusal is kept as a `Designation` with its reasons, and
    the workflow has ended; handed in again, it begins anew. A change of what is public that gets a
    no stays a draft too, with the reasons in it; what is public goes on as it is.

    Raises `Refused`: `review_gone`; `reason_missing` (field) where one was not written.
    """
    waiting, page = _waiting(state)
    for name in ("lack_of_hands_reason", "public_benefit_reason"):
        if not getattr(answers, name).strip():
            raise Refused("reason_missing", field=name)
    draft = page.get_latest_revision_as_object()
    for name in (
        "lack_of_hands", "lack_of_hands_reason", "public_benefit", "public_benefit_reason",
    ):  # fmt: skip
        setattr(draft, name, getattr(answers, name))
    draft.designated_from = answers.counts_from
    draft.save_revision(user=officer)
    if answers.are_positive:
        # Ends the workflow, which publishes the newest revision, which designates it.
        waiting.approve(user=officer, comment=comment.strip())
        waiting.designation = page.designations.order_by("-pk").first()
    else:
        waiting.is_refused = True
        if not page.live:  # what is public is not what was refused
            waiting.designation = designate(draft, officer)
        waiting.reject(user=officer, update=False, comment=comment.strip())
        # Not "needs changes": nobody asked for any.
        waiting.workflow_state.cancel(user=officer)
    waiting.save(update_fields=["designation", "is_refused"])
    tell_organisation(waiting, draft)
    return waiting


@transaction.atomic
def return_project(state: TaskState, officer: User, comment: str) -> DesignationTaskState:
    """Send a project back to be changed. Raises `Refused`: `review_gone`, `comment_missing`."""
    waiting, page = _waiting(state)
    if not comment.strip():
        raise Refused("comment_missing")
    waiting.reject(user=officer, comment=comment.strip())
    tell_organisation(waiting, page.get_latest_revision_as_object())
    return waiting


def _waiting(state: TaskState) -> tuple[DesignationTaskState, ActivityPage]:
    """As they are now, the page locked: two officers at once give one answer."""
    page = (
        ActivityPage.objects.select_for_update(of=("self",))
        .filter(pk=int(state.workflow_state.object_id))
        .first()
    )
    waiting = (
        DesignationTaskState.objects.select_related("workflow_state")
        .filter(pk=state.pk, status=TaskState.STATUS_IN_PROGRESS)
        .first()
    )
    if page is None or waiting is None:
        raise Refused("review_gone")
    return waiting, page

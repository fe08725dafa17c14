"""The municipality's answer to a project that an organisation handed in (R17, R18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from activities.enums import Answer, ReviewOutcome
from activities.models import ActivityPage, ProjectReview
from activities.operations.designate import designate
from activities.operations.letters import tell_organisation
from common import clock
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
    review_id: int, officer: User, answers: Answers, comment: str = ""
) -> ProjectReview:
    """Answer both questions. Twice yes: the project is designated and published. A no: it stays a
    draft, and the refusal is kept as a `Designation` with its reasons. A change of what is public
    that gets a no stays a draft too, with the reasons in it; what is public goes on as it is.

    Raises `Refused`: `review_gone`; `reason_missing` (field) where one was not written.
    """
    review, page = _waiting(review_id)
    for name in ("lack_of_hands_reason", "public_benefit_reason"):
        if not getattr(answers, name).strip():
            raise Refused("reason_missing", field=name)
    draft = page.get_latest_revision_as_object()
    for name in (
        "lack_of_hands", "lack_of_hands_reason", "public_benefit", "public_benefit_reason",
    ):  # fmt: skip
        setattr(draft, name, getattr(answers, name))
    draft.designated_from = answers.counts_from
    revision = draft.save_revision(user=officer)
    if answers.are_positive:
        revision.publish(user=officer)
        return _answer(review, draft, officer, ReviewOutcome.DESIGNATED, comment)
    if not page.live:  # what is public is not what was refused
        designate(draft, officer)
    return _answer(review, draft, officer, ReviewOutcome.REFUSED, comment)


@transaction.atomic
def return_project(review_id: int, officer: User, comment: str) -> ProjectReview:
    """Send a project back to be changed. Raises `Refused`: `review_gone`, `comment_missing`."""
    review, page = _waiting(review_id)
    if not comment.strip():
        raise Refused("comment_missing")
    draft = page.get_latest_revision_as_object()
    return _answer(review, draft, officer, ReviewOutcome.RETURNED, comment)


def _waiting(review_id: int) -> tuple[ProjectReview, ActivityPage]:
    """Locked: two officers at once give one answer."""
    review = (
        ProjectReview.objects.select_for_update(of=("self",))
        .select_related("page")
        .filter(pk=review_id, outcome="")
        .first()
    )
    if review is None:
        raise Refused("review_gone")
    return review, review.page


def _answer(
    review: ProjectReview, page: ActivityPage, officer: User, outcome: ReviewOutcome, comment: str
) -> ProjectReview:
    review.outcome, review.comment = outcome, comment.strip()
    review.decided_by, review.decided_at = officer, clock.now()
    review.save(update_fields=["outcome", "comment", "decided_by", "decided_at"])
    tell_organisation(review, page)
    return review

"""Writing down whether an activity is designated (R17, R18)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from activities.enums import Answer
from activities.models import ActivityPage, Designation
from activities.signals import activity_designated
from common import clock
from organisations.enums import Pattern
from organisations.queries import standing_on
from tenants.context import current_municipality

_ANSWERS = {Answer.YES: True, Answer.NO: False}


@transaction.atomic
def designate(page: ActivityPage, user: User | None) -> Designation | None:
    """Record the page's answers if they are new; the record in force, or None.

    Called when the page is published. Without both answers nothing is designated, except
    that the projects of a trusted organisation are, in principle (pattern 2). A "no" takes
    effect today; a "yes" on the day the page names, else today.
    """
    # The page's row is the lock: two editors who publish at once write one after the other.
    ActivityPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    current = page.designations.order_by("-pk").first()
    wanted = _wanted(page)
    if wanted is None:
        if current and current.valid_to is None:
            _close(current)
        return None
    if current is not None and current.valid_to is None and _same(current, wanted):
        if page.designated_from in (None, current.effective_from):
            return current
    if current is not None and current.valid_to is None:
        current.valid_to = wanted.effective_from - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    wanted.designated_by = user
    wanted.designated_at = clock.now()
    wanted.save()
    if wanted.is_positive:
        activity_designated.send(sender=Designation, page=page, designation=wanted)
    return wanted


def _close(current: Designation) -> None:
    """The answers were taken back: it no longer counts from today on."""
    current.valid_to = clock.today() - timedelta(days=1)
    current.save(update_fields=["valid_to"])


def _wanted(page: ActivityPage) -> Designation | None:
    """The record the page asks for, unsaved; None where there is nothing to record."""
    today = clock.today()
    both = page.lack_of_hands and page.public_benefit
    trusted = _is_trusted(page, today)
    if not both and not trusted:
        return None
    lack_of_hands = _ANSWERS[Answer(page.lack_of_hands)] if both else None
    public_benefit = _ANSWERS[Answer(page.public_benefit)] if both else None
    refused = False in (lack_of_hands, public_benefit)
    return Designation(
        page=page,
        pattern=Pattern.TRUSTED if trusted else Pattern.EACH_PROJECT,
        lack_of_hands=lack_of_hands,
        lack_of_hands_reason=page.lack_of_hands_reason.strip() if both else "",
        public_benefit=public_benefit,
        public_benefit_reason=page.public_benefit_reason.strip() if both else "",
        effective_from=today if refused else page.designated_from or today,
    )


def _is_trusted(page: ActivityPage, day: date) -> bool:
    if page.organisation is None:
        return False
    standing = standing_on(page.organisation, current_municipality(), day)
    return standing is not None and standing.pattern == Pattern.TRUSTED


def _same(current: Designation, wanted: Designation) -> bool:
    fields = (
        "pattern",
        "lack_of_hands",
        "lack_of_hands_reason",
        "public_benefit",
        "public_benefit_reason",
    )
    return all(getattr(current, name) == getattr(wanted, name) for name in fields)

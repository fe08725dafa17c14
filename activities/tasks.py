"""Background work of this app, by the clock."""

from __future__ import annotations

from celery import shared_task

from tenants.actors import OWNER


@shared_task(name="activities.tasks.forget_needs", acts_as=OWNER)
def forget_needs() -> int:
    """Forget needs a year after their last step; the caretaker's, every night."""
    from activities.operations import forgetting  # operations import tasks elsewhere

    return forgetting.forget_needs()

"""Background work of this app, by the clock."""

from __future__ import annotations

from celery import shared_task

from tenants.actors import OWNER


@shared_task(name="registration.tasks.forget_left", acts_as=OWNER)
def forget_left() -> int:
    """Forget who left a municipality a month ago; the caretaker's, every night."""
    from registration.operations import forgetting  # operations import tasks elsewhere

    return forgetting.forget_left()


@shared_task(name="registration.tasks.nightly", acts_as=OWNER)
def nightly() -> dict[str, int | None]:
    """Warnings, releases, ends and renewals of premium, the day's figures; the caretaker's."""
    from registration.operations import nightly as work  # operations import tasks elsewhere

    return work.nightly()

"""Background work of this app, by the clock."""

from __future__ import annotations

import logging

from celery import shared_task

from tenants.actors import OWNER

logger = logging.getLogger(__name__)


@shared_task(name="registration.tasks.forget_left", acts_as=OWNER)
def forget_left() -> int:
    """Forget who left a municipality a month ago; the caretaker's, every night."""
    from registration.operations import forgetting  # operations import tasks elsewhere

    return forgetting.forget_left()


@shared_task(name="registration.tasks.replay_decisions", acts_as=OWNER)
def replay_decisions() -> None:
    """Every replay the operator asked for; the caretaker's. Also runs by the clock."""
    from registration.operations import replaying  # operations import tasks elsewhere

    while replaying.replay_next():
        pass


def wake_replays() -> None:
    """Ask the caretaker to start now; without a broker the clock does it a little later."""
    try:
        replay_decisions.apply_async(retry=False)
    except Exception:
        logger.warning("no broker: replays wait for the clock", exc_info=True)


@shared_task(name="registration.tasks.nightly", acts_as=OWNER)
def nightly() -> dict[str, int | None]:
    """Warnings, releases, ends and renewals of premium, the day's figures; the caretaker's."""
    from registration.operations import nightly as work  # operations import tasks elsewhere

    return work.nightly()


@shared_task(name="registration.tasks.coregister_late", acts_as=OWNER)
def coregister_late() -> int:
    """Register who is with a city with its prefecture, which has joined since; the caretaker's,
    woken by each publication and by the clock."""
    from registration.operations import coregister  # operations import tasks elsewhere

    return coregister.coregister_late()


def wake() -> None:
    """Ask the caretaker to co-register now; without a broker the clock does it a little later."""
    try:
        coregister_late.apply_async(retry=False)
    except Exception:
        logger.warning("no broker: co-registering waits for the clock", exc_info=True)

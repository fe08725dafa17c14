"""Background work of this app, by the clock."""

from __future__ import annotations

import logging

from celery import shared_task

from common import clock
from privacy.queries import with_cases_due, with_exports_due
from privacy.rules.cases import REMIND_BEFORE
from privacy.rules.exports import APPROVAL_WITHIN
from tenants.actors import OWNER, acting, worker

logger = logging.getLogger(__name__)


@shared_task(name="privacy.tasks.end_exports", acts_as=worker())
def end_exports() -> int:
    """Delete files a day after they were made; end exports that nobody approved."""
    from privacy.operations.exports import end_what_is_over  # operations import tasks elsewhere

    ended, now = 0, clock.now()
    for municipality in with_exports_due(now, now - APPROVAL_WITHIN):
        with acting(worker(municipality.code)):
            ended += end_what_is_over(municipality)
    return ended


@shared_task(name="privacy.tasks.remind_of_cases", acts_as=worker())
def remind_of_cases() -> int:
    """Remind every office of deadlines; one that fails does not keep the others waiting."""
    from privacy.operations.case_reminders import remind

    sent = remind(None)
    for municipality in with_cases_due(clock.today() + REMIND_BEFORE):
        with acting(worker(municipality.code)):
            try:
                sent += remind(municipality)
            except Exception:
                logger.exception("reminding %s of its cases failed", municipality.code)
    return sent


@shared_task(name="privacy.tasks.erase_closed", acts_as=OWNER)
def erase_closed() -> int:
    """Erase what is held of everybody who closed their account; the caretaker's, woken by each
    closing and by the clock. Returns how many were tried."""
    from privacy.operations.erasing import erase_next

    tried = 0
    while erase_next():
        tried += 1
    return tried


def wake() -> None:
    """Ask the caretaker to erase now; without a broker the clock does it a little later."""
    try:
        erase_closed.apply_async(retry=False)
    except Exception:
        logger.warning("no broker: erasing waits for the clock", exc_info=True)

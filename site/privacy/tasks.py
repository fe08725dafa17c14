"""Background work of this app, by the clock."""

from __future__ import annotations

import logging

from celery import shared_task

from tenants.actors import acting, worker
from tenants.models import Municipality

logger = logging.getLogger(__name__)


@shared_task(name="privacy.tasks.end_exports", acts_as=worker())
def end_exports() -> int:
    """Delete files a day after they were made; end exports that nobody approved."""
    from privacy.operations.exports import end_what_is_over  # operations import tasks elsewhere

    ended = 0
    for municipality in Municipality.objects.all():
        with acting(worker(municipality.code)):
            ended += end_what_is_over(municipality)
    return ended


@shared_task(name="privacy.tasks.remind_of_cases", acts_as=worker())
def remind_of_cases() -> int:
    """Remind every office of deadlines; one that fails does not keep the others waiting."""
    from privacy.operations.case_reminders import remind

    sent = remind(None)
    for municipality in Municipality.objects.all():
        with acting(worker(municipality.code)):
            try:
                sent += remind(municipality)
            except Exception:
                logger.exception("reminding %s of its cases failed", municipality.code)
    return sent

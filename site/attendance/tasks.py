"""Background work of this app, by the clock."""

from __future__ import annotations

from celery import shared_task

from tenants.actors import OWNER


@shared_task(name="attendance.tasks.forget_waiting", acts_as=OWNER)
def forget_waiting() -> int:
    """Delete what waited too long for its person; the caretaker's, every night."""
    from attendance.operations.earlier import forgetting  # operations import tasks elsewhere

    return forgetting.forget_waiting()


@shared_task(name="attendance.tasks.seal", acts_as=OWNER)
def seal() -> int:
    """Seal what is new in the ledger; the caretaker's, every minute."""
    from attendance.operations.ledger.sealing import seal_new_rows  # layers: operations above

    return seal_new_rows()

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


@shared_task(name="attendance.tasks.tend_sign_ups", acts_as=OWNER)
def tend_sign_ups() -> None:
    """Offers whose time is over go to the next; draws that are due are held. The caretaker's."""
    from attendance.operations.signing_up import drawing, promoting  # operations import tasks

    promoting.lapse_due()
    drawing.draw_due()


@shared_task(name="attendance.tasks.remind", acts_as=OWNER)
def remind() -> int:
    """Remind of tomorrow's sessions; the caretaker's, several times a day, each of them once."""
    from attendance.operations.signing_up import reminding  # operations import tasks elsewhere

    return reminding.remind()

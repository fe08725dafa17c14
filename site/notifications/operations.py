"""Writing to the outbox and delivering what stands in it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common import clock
from notifications import tasks
from notifications.models import OutboxMessage
from notifications.queries import waiting_for
from notifications.registry import handler_of, patience_with
from tenants.actors import acting, putting_off, worker
from tenants.context import municipality_context, public_context
from tenants.models import Municipality

logger = logging.getLogger(__name__)
MAX_DELAY = timedelta(hours=6)


def enqueue(
    kind: str,
    payload: dict[str, Any],
    municipality_code: str = "",
    dedupe_key: str = "",
    wait: timedelta = timedelta(),
) -> None:
    """Write one message in the current transaction; a worker is woken once it commits, and does
    not deliver it before `wait` is over.

    With `dedupe_key`, a message of the same kind and key that still waits is enough. One that
    is being delivered this moment is not: its handler may have read the state from before.
    """
    # Whoever causes a mail may not read the outbox, which holds everybody's.
    with putting_off():
        if dedupe_key and _is_waiting(kind, dedupe_key):
            return
        OutboxMessage.objects.create(
            kind=kind,
            payload=payload,
            municipality_code=municipality_code,
            dedupe_key=dedupe_key,
            due_at=clock.now() + wait,
        )
    transaction.on_commit(tasks.wake)


def enqueue_each(rows: str) -> str:
    """SQL that writes a message for each row of `rows`, the name of a WITH query with the columns
    kind, payload (jsonb) and municipality_code, which reads `%(now)s`. For work on very many
    people at once, by the owner; whoever runs it calls `tasks.wake` after the commit.
    """
    return (
        "INSERT INTO public.notifications_outboxmessage (kind, payload, municipality_code,"
        " dedupe_key, created_at, due_at, attempts, last_error)"
        f" SELECT kind, payload, municipality_code, '', %(now)s, %(now)s, 0, '' FROM {rows}"
    )


def _is_waiting(kind: str, dedupe_key: str) -> bool:
    """Locks the waiting message, so that nobody delivers it before our changes are committed.

    A message under delivery is locked and so not seen; then a second one is written. Two at
    once may both be written: handlers are idempotent, a lost change would be worse.
    """
    with transaction.atomic():
        return bool(
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(kind=kind, dedupe_key=dedupe_key, delivered_at=None)
            .values_list("pk")[:1]
        )


def withdraw(addresses: Iterable[str], before: datetime | None = None) -> None:
    """Send none of the mails that wait for these addresses, or of those written before a moment.

    For whoever closes an account, before the last word is written to them. What the mails said is
    forgotten as if they had been delivered; one that is being delivered is waited for.
    """
    with putting_off():
        mails = waiting_for(addresses)
        if before:
            mails = mails.filter(created_at__lt=before)
        mails.update(payload={}, last_error="", delivered_at=clock.now())


def deliver_next() -> bool:
    """Deliver one due message that no other worker holds; False when there is none.

    The row stays locked while it is delivered: a killed worker's transaction ends and the
    row is free again. A failure is kept on the row and tried again, later each time; where the
    kind of message says so, not for ever.
    """
    with acting(worker()), public_context(), transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(delivered_at=None, due_at__lte=clock.now())
            .order_by("due_at")
            .first()
        )
        if message is None:
            return False
        message.attempts += 1
        try:
            with transaction.atomic():
                _deliver(message)
        except Exception as error:
            _log(message, error)
            if _is_hopeless(message):
                _forget(message, type(error).__name__)
            else:
                message.last_error = f"{type(error).__name__}: {error}"
            message.due_at = clock.now() + min(
                timedelta(seconds=5 * 2 ** min(message.attempts, 12)), MAX_DELAY
            )
        else:
            _forget(message)  # names, addresses and sign-in codes have done their work
        message.save(update_fields=["attempts", "last_error", "due_at", "delivered_at", "payload"])
        return True


def _log(message: OutboxMessage, error: Exception) -> None:
    """Without the error's words: mail servers quote the address that they refuse. They stand on
    the row, and go with it."""
    trace = "".join(traceback.format_tb(error.__traceback__))
    logger.error(
        "outbox message %s (%s) failed: %s\n%s",
        message.pk, message.kind, type(error).__name__, trace,
    )  # fmt: skip


def _is_hopeless(message: OutboxMessage) -> bool:
    patience = patience_with(message.kind)
    return patience is not None and clock.now() - message.created_at >= patience


def _forget(message: OutboxMessage, error: str = "") -> None:
    """It waits no more, and says nothing of anybody. `error`: its kind, where nothing arrived."""
    message.delivered_at, message.payload, message.last_error = clock.now(), {}, error


def _deliver(message: OutboxMessage) -> None:
    deliver = handler_of(message.kind)
    if not message.municipality_code:
        deliver(message.payload)
        return
    municipality = Municipality.objects.get(pk=message.municipality_code)
    with municipality_context(municipality), acting(worker(municipality.code)):
        deliver(message.payload)

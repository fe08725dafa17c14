"""What can be asked of the outbox."""

from collections.abc import Iterable

from django.db.models import Min, QuerySet

from common import clock
from notifications.models import OutboxMessage


def oldest_waiting_seconds() -> float:
    """Age in seconds of the longest overdue message; 0 when none waits."""
    oldest = OutboxMessage.objects.filter(delivered_at=None, due_at__lte=clock.now()).aggregate(
        oldest=Min("due_at")
    )["oldest"]
    return round((clock.now() - oldest).total_seconds(), 1) if oldest else 0.0


def waiting_for(addresses: Iterable[str]) -> QuerySet[OutboxMessage]:
    """Mails to one of these addresses that are not delivered yet. For the worker alone."""
    found = OutboxMessage.objects.none()
    for address in addresses:
        found |= OutboxMessage.objects.filter(payload__to__contains=[address], delivered_at=None)
    return found

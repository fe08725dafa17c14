"""What can be asked of the outbox."""

from django.db.models import Min

from common import clock
from notifications.models import OutboxMessage


def oldest_waiting_seconds() -> float:
    """Age in seconds of the longest overdue message; 0 when none waits."""
    oldest = OutboxMessage.objects.filter(delivered_at=None, due_at__lte=clock.now()).aggregate(
        oldest=Min("due_at")
    )["oldest"]
    return round((clock.now() - oldest).total_seconds(), 1) if oldest else 0.0

"""People on a list who never came: they are not kept for ever."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from attendance.models import EarlierCode, EarlierRecord
from attendance.models.earlier import OPEN
from common import clock


@transaction.atomic
def forget_waiting() -> int:
    """Delete rows that have waited for `EARLIER_RECORD_DAYS`, and codes that open nothing any
    more; the owner's work. Returns how many rows."""
    limit = clock.now() - timedelta(days=settings.EARLIER_RECORD_DAYS)
    deleted, _by_model = EarlierRecord.objects.filter(
        status__in=OPEN, created_at__lt=limit
    ).delete()
    EarlierCode.objects.filter(
        Q(expires_at__lt=clock.now()) | Q(used_at__lt=limit) | Q(ended_at__lt=limit)
    ).delete()
    return deleted

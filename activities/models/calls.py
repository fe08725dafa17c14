"""Which urgent activities people have been told of."""

from __future__ import annotations

from django.db import models


class UrgentCall(models.Model):
    """People were told of an urgent activity: once, however often its page is published."""

    page = models.OneToOneField(
        "activities.ActivityPage", on_delete=models.CASCADE, related_name="call"
    )
    called_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.page_id}: {self.called_at}"

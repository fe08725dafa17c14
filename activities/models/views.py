"""How often activities are looked at."""

from __future__ import annotations

from django.db import models


class DailyViews(models.Model):
    """How often one page (a translation has its own row) was opened on one day in Japan.

    Openings, not people: nothing that tells one visitor from another is kept, so whoever opens a
    page twice is counted twice. Robots that say so, staff's previews and errors are left out.
    """

    page = models.ForeignKey(
        "activities.ActivityPage", on_delete=models.CASCADE, related_name="daily_views"
    )
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["page", "day"], name="activities_views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.day}: {self.number}"

"""The participation ledger: who took part in what. Rows are added, never changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from activities.enums import Category
from attendance.enums import CheckInMethod
from tenants.models import Municipality


class ParticipationRecord(models.Model):
    """One resident took part in one session (活動実績, R8, R19).

    The row keeps what held when it was made: title, time, hours, and whether and why the
    activity was designated (R17). The database refuses UPDATE, DELETE and TRUNCATE.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="participations")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), db_index=True)
    activity_title = models.CharField(_("activity"), max_length=255)
    organiser = models.CharField(_("organiser"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    session_date = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    designated = models.BooleanField(_("designated"))
    designation_basis = models.CharField(_("ground of designation"), max_length=200, blank=True)
    # Of the activity when it took place; "" of records older than this column.
    category = models.CharField(
        _("category"),
        max_length=24,
        choices=Category.choices,
        blank=True,
        default="",
        db_default="",
    )
    method = models.CharField(_("recorded by"), max_length=16, choices=CheckInMethod.choices)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("participation record")
        verbose_name_plural = _("participation records")
        ordering = ["-starts_at"]
        indexes = [
            models.Index(
                fields=["municipality", "-session_date"], name="attendance_by_municipality"
            )
        ]
        constraints = [
            # However often the code is read, on however many devices: one participation.
            models.UniqueConstraint(
                fields=["resident", "session_uuid"], name="attendance_record_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.session_date}"

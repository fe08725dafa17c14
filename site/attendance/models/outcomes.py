"""What the organiser says of who signed up, and what people report of remote activities."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from attendance.enums import Attendance, ReportStatus
from attendance.models.ledger import ParticipationRecord
from common.fields import EncryptedTextField
from tenants.models import Municipality


class Outcome(models.Model):
    """What became of a sign-up, by the organiser's word; the newest row of a person holds.

    Rows are added, never changed. Who took part by the ledger needs none.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), db_index=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Attendance.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("outcome of a sign-up")
        verbose_name_plural = _("outcomes of sign-ups")

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.outcome}"


class ParticipationReport(models.Model):
    """What somebody did for a remote activity, in their own words, for review (R30).

    One of a person and session; one that was returned can be written anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"))
    activity_title = models.CharField(_("activity"), max_length=255)
    text = EncryptedTextField(_("report"), max_length=2000)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ReportStatus.choices,
        default=ReportStatus.HANDED_IN,
    )
    handed_in_at = models.DateTimeField(_("handed in at"))
    reason = EncryptedTextField(_("reason"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    record = models.ForeignKey(
        ParticipationRecord, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("participation report")
        verbose_name_plural = _("participation reports")
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "session_uuid"], name="attendance_report_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.status}"

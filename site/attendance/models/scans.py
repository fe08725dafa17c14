"""Every reading of a code that was ever received. Rows are added, never changed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from attendance.enums import CheckInMethod, ScanClass, ScanDecision
from attendance.models.devices import ScanDevice
from attendance.models.ledger import ParticipationRecord
from tenants.models import Municipality


class Scan(models.Model):
    """One reading of a code, and what it came to.

    `uuid` is made where the code was read; `source` is the device's id or the resident's, so
    that nobody can use up another's. The same reading sent five times is one row. What names
    neither session nor person, as a forged code does, has neither.
    """

    uuid = models.UUIDField()
    source = models.UUIDField()
    device = models.ForeignKey(
        ScanDevice, on_delete=models.PROTECT, null=True, related_name="scans"
    )
    # What a resident's own browser calls itself: one that many residents use is looked at.
    browser = models.UUIDField(null=True)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, related_name="scans"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, related_name="+"
    )
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), null=True)
    way = models.CharField(_("way"), max_length=16, choices=CheckInMethod.choices)
    sequence = models.PositiveBigIntegerField(_("number on the device"), null=True)
    device_time = models.DateTimeField(_("time on the device"), null=True)
    # The device's time, corrected by how wrong its clock was when it sent.
    made_at = models.DateTimeField(_("read at"))
    received_at = models.DateTimeField(_("received at"))
    clock_off = models.BooleanField(_("the device's clock was wrong"), default=False)
    sent_late = models.BooleanField(_("sent late"), default=False)
    classification = models.CharField(_("result"), max_length=16, choices=ScanClass.choices)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    # Of an entry that could not be read: its shape, without letters or digits of anybody's.
    shape = models.CharField(max_length=200, blank=True)
    record = models.ForeignKey(
        ParticipationRecord, on_delete=models.PROTECT, null=True, related_name="scans"
    )

    class Meta:
        verbose_name = _("reading of a code")
        verbose_name_plural = _("readings of codes")
        constraints = [
            models.UniqueConstraint(fields=["source", "uuid"], name="attendance_scan_uniq")
        ]
        indexes = [models.Index(fields=["session_uuid", "made_at"], name="attendance_scan_session")]

    def __str__(self) -> str:
        return f"{self.uuid} {self.classification}"


class ScanReview(models.Model):
    """What staff decided of a reading that did not count by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="review")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=8, choices=ScanDecision.choices)
    reason = models.CharField(_("reason"), max_length=300)
    record = models.ForeignKey(
        ParticipationRecord, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("review of a reading")
        verbose_name_plural = _("reviews of readings")

    def __str__(self) -> str:
        return f"{self.scan_id} {self.decision}"

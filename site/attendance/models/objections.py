"""What a participant says against a row of the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident, User
from attendance.enums import ObjectionStatus
from attendance.models.ledger import ParticipationRecord
from common.fields import EncryptedTextField
from tenants.models import Municipality


class Objection(models.Model):
    """A participant objects to a record, or to its voiding; the municipality answers.

    Both texts are about a person: encrypted, and gone with the account.
    """

    record = models.ForeignKey(
        ParticipationRecord, on_delete=models.PROTECT, related_name="objections"
    )
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_("what is not right"), max_length=1000)
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=ObjectionStatus.choices,
        default=ObjectionStatus.OPEN,
    )
    created_at = models.DateTimeField(_("sent at"))
    answer = EncryptedTextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(status=ObjectionStatus.OPEN),
                name="attendance_objection_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.status}"

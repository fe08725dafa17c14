"""What later came of a participation: each change is a row of its own."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident, User
from attendance.enums import AmendmentKind
from attendance.models.ledger import ParticipationRecord
from tenants.models import Municipality


class Amendment(models.Model):
    """A participation was voided, restored, its hours corrected, or its activity designated
    afterwards. The newest of a record says which hours count; a designation holds once it is there.

    Append-only, as the ledger is. It names the resident by the same random number, and holds
    nothing else of them.
    """

    record = models.ForeignKey(
        ParticipationRecord, on_delete=models.PROTECT, related_name="amendments"
    )
    # The record's own, here again: the walls, and a person's history, read by them.
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("number"))  # 1, 2, 3 … of this record
    kind = models.CharField(_("kind"), max_length=16, choices=AmendmentKind.choices)
    # What counts from here on, in hours; None: the participation does not count.
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2, null=True)
    # Of a designation afterwards its ground, as `ParticipationRecord.designation_basis` has it, and
    # from which day it holds: "pattern=1;designation=12;from=2026-04-01".
    reason = models.CharField(_("reason"), max_length=200)
    actor = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("amendment of a participation")
        verbose_name_plural = _("amendments of participations")
        ordering = ["record", "number"]
        constraints = [
            # Of two amendments at the same moment one is refused.
            models.UniqueConstraint(fields=["record", "number"], name="attendance_amendment_uniq"),
            models.CheckConstraint(
                condition=Q(kind=AmendmentKind.VOID, hours=None)
                | Q(~Q(kind=AmendmentKind.VOID), hours__gte=0),
                name="attendance_amendment_hours",
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(kind=AmendmentKind.DESIGNATE),
                name="attendance_designated_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.number} {self.kind}"

    @property
    def counts_from(self) -> date | None:
        """Of a designation afterwards, the day from which it holds; None of all others."""
        if self.kind != AmendmentKind.DESIGNATE:
            return None
        return date.fromisoformat(self.reason.rpartition(";from=")[2])

"""The participation ledger: who took part in what. Rows are added, never changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident, User
from activities.enums import Category
from attendance.enums import AmendmentKind, CheckInMethod, ObjectionStatus
from tenants.models import Municipality

# No participation lasts less than nothing: told apart from one never amended by a single look.
VOIDED = Decimal(-1)


class ParticipationQuerySet(models.QuerySet["ParticipationRecord"]):
    """Rows as they count; without either of these, as they were written."""

    def counted(self) -> ParticipationQuerySet:
        """Those that count: without voided ones, `counted_hours` as corrected, and
        `counted_designated` whether they count as designated (R17)."""
        return self.with_state().filter(Q(counted_hours__gte=0))

    def with_state(self) -> ParticipationQuerySet:
        """All of them, with `counted_hours`: as corrected, `VOIDED` where one does not count; and
        `counted_designated`: as recorded, or afterwards."""
        amendments = apps.get_model("attendance", "Amendment").objects.filter(record=OuterRef("pk"))
        newest = amendments.order_by("-number")
        now = Subquery(newest.values_list(Coalesce("hours", Value(VOIDED)))[:1])
        # Of few rows: not EXISTS, for which the planner may read all that was ever amended.
        afterwards = amendments.filter(kind=AmendmentKind.DESIGNATE).order_by("number")
        return self.annotate(
            counted_hours=Coalesce(now, "hours"),
            counted_designated=Q(designated=True)
            | Q(IsNull(Subquery(afterwards.values("number")[:1]), False)),
        )


class ParticipationRecord(models.Model):
    """One resident took part in one session (活動実績, R8, R19).

    The row keeps what held when it was made: title, time, hours, and whether and why the
    activity was designated (R17). The database refuses UPDATE, DELETE and TRUNCATE: what turns
    out wrong is said by an `Amendment`. What counts is `counted_hours` and `counted_designated`, of
    rows read by `objects.counted()` alone; `hours` and `designated` are what was written.
    """

    counted_hours: Decimal
    counted_designated: bool
    objections: Any  # the other side of `Objection.record`

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
    # Whoever entered it for the resident; None: the resident themself. Accounts stay, emptied.
    recorded_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # never looked for, and the door at a full venue pays for each index
        verbose_name=_("entered by"),
    )
    # Why it was entered by hand. Nothing of a person: see `Amendment.reason`.
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ParticipationQuerySet.as_manager()

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

    @property
    def has_open_objection(self) -> bool:
        """Whether one waits for an answer; of a row read with its objections no query."""
        return any(one.status == ObjectionStatus.OPEN for one in self.objections.all())

    @property
    def is_voided(self) -> bool:
        """Of a row read with its state."""
        return self.counted_hours == VOIDED

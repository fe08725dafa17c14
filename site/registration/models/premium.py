"""Premium standing: since when, until when, and whether it counts towards the limit (R7, R14)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from registration.enums import StandingStatus
from registration.models.decisions import PremiumDecision
from registration.models.registrations import Registration
from tenants.models import Municipality


class PremiumStandingQuerySet(models.QuerySet["PremiumStanding"]):
    def running(self) -> PremiumStandingQuerySet:
        return self.filter(status=StandingStatus.ACTIVE)


class PremiumStanding(models.Model):
    """A resident has premium standing at a municipality, without a gap from `starts_on` to
    `ends_on` (both days included): a renewal moves `ends_on`, a lapse ends the row.

    `derived_from` is a city's standing that this one, of its prefecture, follows and ends with;
    a prefecture's own (direct) has none. `over_limit`: it was within the limit until a city was
    left; it stays, and no other can begin (R7). What counts towards the limit has a `PremiumSlot`.
    """

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="standings"
    )
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=StandingStatus.choices,
        default=StandingStatus.ACTIVE,
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    derived_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="derived"
    )
    over_limit = models.BooleanField(_("over the limit"), default=False)
    long_stay = models.BooleanField(_("long stay"), default=False)
    # The newest that granted or renewed it; a derived one has its city's.
    decision = models.ForeignKey(PremiumDecision, on_delete=models.PROTECT, related_name="+")

    objects = PremiumStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of a registration")
        verbose_name_plural = _("terms of registrations")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "municipality"],
                condition=Q(status=StandingStatus.ACTIVE),
                name="registration_standing_uniq",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="registration_standing_days"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"],
                condition=Q(status=StandingStatus.ACTIVE),
                name="registration_standings_due",
            ),
            models.Index(
                fields=["municipality", "status", "ends_on"], name="registration_standings_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.starts_on} {self.ends_on}"

    def holds_on(self, day: date) -> bool:
        return self.status == StandingStatus.ACTIVE and self.starts_on <= day <= self.ends_on


class PremiumSlot(models.Model):
    """One of the places (three) a resident has for premium standings that count (R7).

    The limit is held by these constraints, not by a count: of twenty decisions at the same
    moment no more find a free number than there are.
    """

    standing = models.OneToOneField(
        PremiumStanding, on_delete=models.PROTECT, primary_key=True, related_name="slot"
    )
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["resident", "number"], name="registration_slot_uniq"),
            models.CheckConstraint(condition=Q(number__gte=1), name="registration_slot_number"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.number}"

"""What an organisation is to a municipality, and since when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.enums import Pattern
from organisations.models.organisations import Organisation
from organisations.rules.designation import TrustedStanding
from tenants.models import Municipality


class StandingQuerySet(models.QuerySet["Standing"]):
    def on(self, day: date) -> StandingQuerySet:
        """Standings in force on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def at(self, municipality: Municipality) -> StandingQuerySet:
        """Standings given by one municipality."""
        return self.filter(municipality=municipality)


class Standing(models.Model):
    """How a municipality deals with an organisation's projects (R17), from day to day.

    Both days are included. Who decided is kept as a staff member's account.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="standings"
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="standings"
    )
    pattern = models.PositiveSmallIntegerField(
        _("designation of its projects"), choices=Pattern.choices, default=Pattern.EACH_PROJECT
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"))
    # Of a standing that was ended for itself; one that another follows says nothing.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    end_reason = models.TextField(_("reason"), max_length=1000, blank=True, db_default="")

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="organisations_standing_days",
            ),
            # One open-ended standing at a time: two officers at once can't make two.
            models.UniqueConstraint(
                fields=["organisation", "municipality"],
                condition=Q(valid_to=None),
                name="organisations_standing_open_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} / {self.municipality}"

    @property
    def facts(self) -> TrustedStanding:
        """What the rule of designation reads."""
        return TrustedStanding(
            pattern=self.pattern,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            reference=self.pk,
        )

"""Coordinators, what they worked on, and what a year of it costs (A15.1, A15.2)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.enums import CoordinatorKind
from activities.rules.special_grant import claim_for_coordinator, claim_for_other_costs, days_of

_MOST_YEN = 9_999_999_999


class Coordinator(models.Model):
    """One person as coordinator in one fiscal year: how employed, and at what cost in yen."""

    # Accounts live in the shared schema and are anonymised, never deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff member"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    # As it was: of whoever left the municipality, nobody here reads the account.
    name = models.CharField(_("name"), max_length=150, editable=False)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    kind = models.CharField(_("employed as"), max_length=12, choices=CoordinatorKind.choices)
    cost = models.PositiveBigIntegerField(
        _("costs of the person (yen a year)"),
        default=0,
        validators=[MaxValueValidator(_MOST_YEN)],
    )

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        default_permissions = ("change",)
        ordering = ["fiscal_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "fiscal_year"], name="activities_coordinator_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.user_id}"

    @property
    def claim(self) -> int:
        """What may be claimed of the costs, in yen."""
        return claim_for_coordinator(self.kind, self.cost)


class OtherCosts(models.Model):
    """All other costs of one fiscal year, in yen, and the correction by financial strength."""

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), unique=True)
    cost = models.PositiveBigIntegerField(
        _("other costs (yen a year)"), default=0, validators=[MaxValueValidator(_MOST_YEN)]
    )
    correction = models.DecimalField(
        _("correction by financial strength"),
        max_digits=5,
        decimal_places=4,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(Decimal(1))],
        help_text=_("A figure above 0 up to 1. Leave it at 1 to claim without a correction."),
    )

    class Meta:
        verbose_name = pgettext_lazy("special grant", "other costs")
        verbose_name_plural = pgettext_lazy("special grant", "other costs")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.fiscal_year}"

    @property
    def claim(self) -> int:
        """What may be claimed of the costs, in yen."""
        return claim_for_other_costs(self.cost, self.correction)


class WorkEntryQuerySet(models.QuerySet["WorkEntry"]):
    def in_year(self, year: int) -> WorkEntryQuerySet:
        """Of a fiscal year (April to March), newest first."""
        return self.filter(day__range=days_of(year)).order_by("-day", "-pk")


class WorkEntry(models.Model):
    """What a coordinator did on one day, and for how many hours."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff member"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        editable=False,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=150, editable=False)  # as in `Coordinator`
    day: models.DateField[date | str, date] = models.DateField(_("day"))
    hours = models.DecimalField(
        _("hours worked"),
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(24))],
    )
    what = models.CharField(_("what was done"), max_length=300)
    activity = models.ForeignKey(
        "activities.ActivityPage",
        verbose_name=_("activity"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Made with the form: the same form sent twice is one entry.
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = WorkEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in the work log")
        verbose_name_plural = _("entries in the work log")
        default_permissions = ()
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.day}: {self.user_id}"

"""What one municipality asks for, in versions."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.enums import Category
from common import clock
from registration.rules.facts import Asked
from tenants.models import Municipality


class MunicipalConditionsQuerySet(models.QuerySet["MunicipalConditions"]):
    def newest_of(self, municipality: Municipality) -> MunicipalConditions:
        """The version in force, or an unsaved one that asks for what the nation asks for."""
        found = self.filter(municipality=municipality).order_by("-version").first()
        return found or MunicipalConditions(municipality=municipality, version=0)


class MunicipalConditions(models.Model):
    """One version of what a municipality asks for beyond the national rule, and how it decides.

    Versions are added, never changed: decisions keep theirs and replay under it. A municipality
    without a row asks for nothing more.
    """

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(_("version"))
    set_at = models.DateTimeField(_("set at"), default=clock.now)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # More than the nation asks for is allowed, fewer is not (R8).
    needed_participations = models.PositiveSmallIntegerField(
        _("participations needed within one year"), default=3, validators=[MinValueValidator(3)]
    )
    category = models.CharField(
        _("category of activity"), max_length=24, choices=Category.choices, blank=True
    )
    of_category = models.PositiveSmallIntegerField(
        _("of these participations, at least so many of this category"), default=0
    )
    hours = models.DecimalField(
        _("hours in all, at least"), max_digits=5, decimal_places=1, default=Decimal(0)
    )
    asks_documents = models.BooleanField(_("an officer checks documents"), default=False)
    documents_wanted = models.TextField(_("which documents"), max_length=1000, blank=True)
    renews_by_itself = models.BooleanField(
        _("a registration is renewed by itself where the conditions are met"), default=False
    )
    four_eyes = models.BooleanField(_("two members of staff decide"), default=False)
    counts_cities = models.BooleanField(
        _("activities designated by the prefecture's cities count too"), default=False
    )
    # Off where empty (R12); the nation suggests 10.
    long_stay_days = models.PositiveSmallIntegerField(
        _("days of stay a year that make a long stay"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )

    objects = MunicipalConditionsQuerySet.as_manager()

    class Meta:
        verbose_name = _("conditions of a kind of registration")
        verbose_name_plural = _("conditions of a kind of registration")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "version"], name="registration_conditions_uniq"
            ),
            models.CheckConstraint(
                condition=Q(needed_participations__gte=3),
                name="registration_asks_for_three_at_least",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.version}"

    def as_rules(self) -> Asked:
        return Asked(
            version=self.version,
            needed=self.needed_participations,
            category=self.category if self.of_category else "",
            of_category=self.of_category if self.category else 0,
            hours=self.hours,
            documents=self.asks_documents,
            counts_cities=self.counts_cities,
        )

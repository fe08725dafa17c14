"""The stored versions of the national parameters (R29)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.rules.parameters import FISCAL_YEAR, ROLLING, Parameters


class NationalParametersQuerySet(models.QuerySet["NationalParameters"]):
    def in_force_on(self, day: date) -> NationalParameters:
        """The newest version in force on `day`. Raises `NationalParameters.DoesNotExist`."""
        return self.filter(effective_from__lte=day).order_by("-effective_from", "-pk")[:1].get()


class NationalParameters(models.Model):
    """One version of the scheme's figures and names, with its date of effect.

    A version that is in force is never edited: decisions keep its name and replay under it.
    """

    version = models.CharField(_("version"), max_length=16, unique=True)
    effective_from = models.DateField(_("in force from"))
    basic_name = models.CharField(_("name of the registration open to everybody"), max_length=40)
    basic_name_en = models.CharField(
        _("name of the registration open to everybody, in English"), max_length=40
    )
    premium_name = models.CharField(_("name of the registration with conditions"), max_length=40)
    premium_name_en = models.CharField(
        _("name of the registration with conditions, in English"), max_length=40
    )
    # Nobody, the operator included, asks for fewer than three (R8).
    needed_participations = models.PositiveSmallIntegerField(
        _("participations needed within one year"), validators=[MinValueValidator(3)]
    )
    window = models.CharField(
        _("how one year is counted"),
        max_length=12,
        choices=[
            (ROLLING, _("12 months ending on the day of the decision")),
            (FISCAL_YEAR, _("fiscal year, April to March")),
        ],
    )
    one_a_day = models.BooleanField(_("at most one participation a day counts"))
    max_premium = models.PositiveSmallIntegerField(
        _("municipalities with a registration with conditions at most")
    )
    adult_age = models.PositiveSmallIntegerField(_("age of majority"))
    release_after_months = models.PositiveSmallIntegerField(
        _("months without a visit after which registrations end"),
        default=24,
        db_default=24,
        validators=[MinValueValidator(3)],
    )
    countable_from = models.DateField(_("participations count from"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # Nobody of the first version, which came with the platform.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = NationalParametersQuerySet.as_manager()

    class Meta:
        verbose_name = _("national parameters")
        verbose_name_plural = _("national parameters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(needed_participations__gte=3),
                name="registration_at_least_three",
            )
        ]

    def __str__(self) -> str:
        return self.version

    def as_rules(self) -> Parameters:
        """The plain values the rules work with."""
        return Parameters(
            version=self.version,
            basic_name=self.basic_name,
            basic_name_en=self.basic_name_en,
            premium_name=self.premium_name,
            premium_name_en=self.premium_name_en,
            needed_participations=self.needed_participations,
            window=self.window,  # type: ignore[arg-type]  # held by the choices
            one_a_day=self.one_a_day,
            max_premium=self.max_premium,
            adult_age=self.adult_age,
            countable_from=self.countable_from,
            release_after_months=self.release_after_months,
        )

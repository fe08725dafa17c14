"""From how many participations on a municipality sees a closer relation (A16.5)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import clock
from registration.rules.relation import Thresholds
from tenants.models import Municipality

_NUMBER = [MinValueValidator(2), MaxValueValidator(365)]
_DEFAULTS = Thresholds()


class RelationSetting(models.Model):
    """One row for a municipality; the defaults hold without it."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    core_in_year = models.PositiveSmallIntegerField(
        _("participations within twelve months for “at the heart of it”"),
        default=_DEFAULTS.core_in_year,
        validators=_NUMBER,
    )
    core_in_all = models.PositiveSmallIntegerField(
        _("participations in all for “at the heart of it”"),
        default=_DEFAULTS.core_in_all,
        validators=_NUMBER,
    )
    fellow_in_all = models.PositiveSmallIntegerField(
        _("participations in all for “fellow”"),
        default=_DEFAULTS.fellow_in_all,
        validators=_NUMBER,
    )
    set_at = models.DateTimeField(default=clock.now)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("stages of the relation")
        verbose_name_plural = _("stages of the relation")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(core_in_year__gte=2)
                & Q(core_in_all__gte=F("core_in_year"))
                & Q(fellow_in_all__gt=F("core_in_all")),
                name="registration_relation_in_order",
                violation_error_message=_(
                    "Each stage has to come after the one before: in all at least as many as"
                    " within twelve months, and more of them for a fellow."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}"

    @classmethod
    def of(cls, municipality: Municipality) -> RelationSetting:
        """What the municipality has set, or an unsaved row with the defaults."""
        return cls.objects.filter(pk=municipality.pk).first() or cls(municipality=municipality)

    def as_rules(self) -> Thresholds:
        return Thresholds(self.core_in_year, self.core_in_all, self.fellow_in_all)

"""Decisions on premium standing as they were made: input, versions, outcome (R13, R29)."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from common.decision import Decision
from registration.enums import DecisionOccasion
from registration.models.registrations import Registration
from tenants.models import Municipality


class PremiumDecision(models.Model):
    """One decision of the engine. The database refuses every change: replaying `facts` under
    `rules_version` gives `outcome` again, years later. No personal data is in either."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="decisions"
    )
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(_("occasion"), max_length=16, choices=DecisionOccasion.choices)
    at = models.DateTimeField(_("decided at"))
    rules_version = models.CharField(_("version of the rules"), max_length=16)
    parameters_version = models.CharField(_("version of the national parameters"), max_length=16)
    conditions_version = models.PositiveIntegerField(_("version of the municipality's conditions"))
    facts = models.JSONField(_("what it was read from"))
    outcome = models.JSONField(_("every condition, met or not"))
    allowed = models.BooleanField(_("granted"))

    class Meta:
        verbose_name = _("decision on the kind of a registration")
        verbose_name_plural = _("decisions on the kind of a registration")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["registration", "-at"], name="registration_decisions"),
            models.Index(fields=["municipality", "-at"], name="registration_decisions_here"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises `TypeError` on change."""
        if not self._state.adding:
            raise TypeError("decisions are never changed")
        super().save(*args, **kwargs)

    @property
    def decision(self) -> Decision:
        return Decision.from_json(self.outcome)

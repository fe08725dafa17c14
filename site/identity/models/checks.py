"""A card looked at by staff, at the desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from common.fields import EncryptedDateField, EncryptedJSONField
from identity.enums import CardKind, CheckStatus
from identity.rules.claims import Attributes
from tenants.models import Municipality


class CounterCheck(models.Model):
    """One member of staff has seen the card; a second must have, before it is a proof.

    The row stays as the record of who did what. `attributes` is emptied once it is decided:
    what was proved stands in the `Verification`, which staff do not read.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("registration number"), max_length=20)
    card = models.CharField(_("card shown"), max_length=20, choices=CardKind.choices)
    card_until = EncryptedDateField(_("card valid until"), blank=True)
    attributes = EncryptedJSONField(_("particulars on the card"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CheckStatus.choices,
        default=CheckStatus.PROPOSED,
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("looked at"))
    expires_at = models.DateTimeField(_("to be confirmed by"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of a card")
        verbose_name_plural = _("checks of cards")
        default_permissions = ("add",)
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "resident"],
                condition=Q(status=CheckStatus.PROPOSED),
                name="identity_one_open_check",
            ),
            models.CheckConstraint(
                condition=~Q(status=CheckStatus.CONFIRMED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="identity_check_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.status}"

    @property
    def seen(self) -> Attributes | None:
        """What the first member of staff read on the card; None once it is decided."""
        values: dict[str, Any] = self.attributes or {}
        return Attributes.of_json(values) if values else None

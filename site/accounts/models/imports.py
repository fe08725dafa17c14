"""Accounts that came from another system."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.residents import Resident


class ImportedAccount(models.Model):
    """Which row of which list became which resident, so that a second run adds nobody.

    `source` names the list, `key` the row in it: a member's number, never anything personal.
    """

    source = models.CharField(_("list"), max_length=60)
    key = models.CharField(_("key in the list"), max_length=100)
    resident = models.OneToOneField(Resident, on_delete=models.PROTECT, related_name="imported_as")
    imported_at = models.DateTimeField(_("imported at"))

    class Meta:
        verbose_name = _("imported account")
        verbose_name_plural = _("imported accounts")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="accounts_imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"

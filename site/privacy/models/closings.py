"""That an account was closed, and how far its data has been forgotten."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident


class AccountClosing(models.Model):
    """A resident closed the account. Written once; it stays as the proof that nothing is held.

    `erased_at` is empty until the caretaker has erased what names the person, and again after a
    municipality or the database was restored from a copy in which it may still stand.
    """

    resident = models.OneToOneField(
        Resident, on_delete=models.PROTECT, primary_key=True, related_name="closing"
    )
    closed_at = models.DateTimeField(_("closed at"))
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True)
    # The last day on which a backup may hold what was erased: by the operator's word.
    backups_until = models.DateField(_("in backups until"))
    # Erasures that failed since the last one that did not, and with which kind of error.
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("closing of an account")
        verbose_name_plural = _("closings of accounts")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["attempts", "closed_at"],
                condition=models.Q(erased_at=None),
                name="privacy_to_be_erased",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id}"

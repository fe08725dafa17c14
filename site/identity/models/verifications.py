"""That a resident is who they say they are (R10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from common import clock
from common.fields import EncryptedJSONField
from identity.enums import Assurance, Method
from identity.rules.claims import Attributes
from tenants.models import Municipality


class Verification(models.Model):
    """One proof of identity. The newest that has not ended and is not past `valid_until` holds.

    Never kept: the 12-digit individual number, pictures of the card, the provider's tokens.
    `subject_hash` is a keyed hash of the provider's pairwise subject, so that one person is
    verified in one account only; "" where the method gives no subject (counter).
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="verifications")
    method = models.CharField(_("method"), max_length=20, choices=Method.choices)
    assurance = models.CharField(_("assurance"), max_length=12, choices=Assurance.choices)
    subject_hash = models.CharField(max_length=64, blank=True)
    # What was proved: family_name, given_name, birth_date (ISO), address; as the proof has it.
    attributes = EncryptedJSONField(_("verified particulars"))
    verified_at = models.DateTimeField(_("verified at"))
    valid_until = models.DateTimeField(_("valid until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=200, blank=True)
    # At the counter: where, who looked at the card, and who else did.
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("verification of identity")
        verbose_name_plural = _("verifications of identity")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_hash"],
                condition=Q(ended_at=None) & ~Q(subject_hash=""),
                name="identity_one_account_a_person",
            ),
            # An account has one proof that holds; a newer one ends the older.
            models.UniqueConstraint(
                fields=["resident"], condition=Q(ended_at=None), name="identity_one_proof"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("checked_by")),
                name="identity_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.verified_at:%Y-%m-%d}"

    @property
    def holds(self) -> bool:
        return self.ended_at is None and self.valid_until > clock.now()

    @property
    def proved(self) -> Attributes | None:
        """Who the resident was proved to be; None where that was erased."""
        values = self.attributes or {}
        return Attributes.of_json(values) if values else None

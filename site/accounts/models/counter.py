"""People whom staff entered because they have no e-mail, and how they come into their account."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.models.residents import Resident
from tenants.models import Municipality


class CounterEntry(models.Model):
    """A municipality's staff entered a resident: who did, when, and how they were told.

    Rows are only added. The municipality's staff read theirs, the resident reads their own.
    """

    # Made with the empty form: however often the filled one is sent, it is one entry.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.OneToOneField(
        Resident, on_delete=models.PROTECT, related_name="counter_entry"
    )
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    channel = models.CharField(_("received by"), max_length=12, choices=Channel.choices)
    # The signed paper is the proof of consent; this says where to find it.
    paper_kept_at = models.CharField(_("where the paper is kept"), max_length=200)
    # Of the registration that was made: the number stays with it, whoever it belongs to later.
    registration_number = models.CharField(_("registration number"), max_length=20)
    at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("entry at the counter")
        verbose_name_plural = _("entries at the counter")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["municipality", "-at"], name="accounts_counter_entries"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.at:%Y-%m-%d}"


class ClaimCode(models.Model):
    """A code on paper by which somebody entered at the counter makes the account their own.

    The code stands nowhere: `code_hash` is a keyed hash of it, and the code itself follows from
    `nonce` and the platform's key (`accounts.operations.claim_codes`), so that whoever issued it
    can print it for an hour. One a person is open at a time.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="claim_codes")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("valid until"))
    # Used, or replaced by a newer one.
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim code")
        verbose_name_plural = _("claim codes")
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(ended_at=None, used_at=None),
                name="accounts_one_claim_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.issued_at:%Y-%m-%d}"


class ClaimAttempt(models.Model):
    """Somebody typed a claim code that was not right. Kept for a day, to slow guessing down.

    `client` is a keyed hash of the network address: enough to count, no trace of who it was.
    """

    client = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["client", "at"], name="accounts_claim_attempts")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

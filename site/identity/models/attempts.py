"""What stands between the beginning of a verification and its end. Short-lived."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedJSONField
from identity.enums import Waiting


class Attempt(models.Model):
    """Somebody was sent to the provider and has not come back yet.

    Of the state that comes back through the browser only the hash is kept; nonce and PKCE
    verifier never leave the server. The row goes when it is used: it works once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    secrets = EncryptedJSONField()  # nonce, verifier
    next_path = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10)
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("attempt at verification")
        verbose_name_plural = _("attempts at verification")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d %H:%M}"


class WaitingProof(models.Model):
    """A proof that could not be kept at once; gone within the hour, whatever happens.

    It waits for a profile to be entered, which it fills; or for the word that two accounts of
    one person shall become one. Holds what a `Verification` would, and no more.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    waits_for = models.CharField(max_length=8, choices=Waiting.choices)
    proof = EncryptedJSONField()
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("proof that waits")
        verbose_name_plural = _("proofs that wait")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.waits_for}"

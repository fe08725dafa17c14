"""What happened around signing in: for the owner of the account, operators and auditors."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import SecurityEventKind, SignInWay
from common import clock
from tenants.models import Municipality


class SecurityEvent(models.Model):
    """One event; written once. The database lets nobody change one, and nobody at run time
    delete one that is younger than a year (`accounts.walls`).

    `detail` never holds a code, a key or an address: only words from closed lists, and a keyed
    hash of the network somebody came from, which tells two apart and neither's name.
    """

    # Chosen here, so that nothing has to be read back: who writes may not read.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=32, choices=SecurityEventKind.choices)
    at = models.DateTimeField(_("at"), default=clock.now, db_index=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="security_events",
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"

    @property
    def way(self) -> str:
        """What was signed in with, or tried to be, in words; "" where that is not what happened."""
        known = dict(SignInWay.choices)
        return str(known.get(self.detail.get("way", ""), ""))

"""Phones and tablets that read participants' passes at the venue."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Organisation
from tenants.models import Municipality


class ScanDevice(models.Model):
    """A phone or tablet that may read passes for one session.

    Made with a link, whose secret is stored as a hash; the phone that opens it gets a cookie of
    its own, stored as a hash too. It ends by itself (`ends_at`), and staff can end it before; one
    that an organisation made is let in no longer than whoever made it may act for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), db_index=True)
    label = models.CharField(
        _("name of the device"),
        max_length=60,
        help_text=_("So that you can tell it from others, for instance: reception, phone 1."),
    )
    link_hash = models.CharField(max_length=64, unique=True)
    cookie_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Whose member made it, from the workspace; empty where staff did. It stays as it was made.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made at"))
    enrolled_at = models.DateTimeField(_("in use since"), null=True)
    ends_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("ended at"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("scanning device")
        verbose_name_plural = _("scanning devices")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.label

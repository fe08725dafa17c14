"""Certificates and the PDFs made of them."""

from __future__ import annotations

import base64
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from certificates.enums import CertificateKind, CertificateStatus, Layout
from common.text import short_name
from registration.models import Registration
from tenants.models import Municipality

_CODE_BYTES = 15


def new_code() -> str:
    """120 random bits as 24 capitals and digits: not to be guessed, and small in a QR code."""
    return base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()


class Certificate(models.Model):
    """A certificate as it was issued. What it says (`payload`) never changes while it is valid;
    afterwards the name goes when a municipality has to forget, and all of it when the account is
    closed.

    A registration has one valid certificate at a time; when what it says changes, a new one
    replaces it. `code` is what its QR code carries.
    """

    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=CertificateKind.choices)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="certificates")
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    payload = models.JSONField(_("what it says"))
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=CertificateStatus.choices,
        default=CertificateStatus.ISSUED,
    )
    issued_at = models.DateTimeField(_("issued at"))
    ended_at = models.DateTimeField(_("no longer valid since"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("revoked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        indexes = [
            models.Index(fields=["municipality", "-issued_at"], name="certificates_by_municipality")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status=CertificateStatus.ISSUED),
                name="certificates_one_valid",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_erased(self) -> bool:
        """Nothing is left of what it said: whose it was has closed the account."""
        return not self.payload

    @property
    def number(self) -> str:
        """The registration's number, or a running one for activity certificates."""
        if self.is_erased and self.registration is not None:
            return self.registration.number
        return str(self.payload.get("number") or f"A-{self.pk:08d}")

    @property
    def short_name(self) -> str:
        """The name as strangers see it: 佐藤 ＊＊. From what was printed, not from today's name."""
        family, _, given = str(self.payload["name"]).partition(" ")
        return short_name(family, given)

    @property
    def is_valid(self) -> bool:
        return self.status == CertificateStatus.ISSUED


class CertificateFile(models.Model):
    """A rendered PDF, 30 to 60 KB, kept in the database.

    There it is as private as its certificate and there is nothing to serve by guessing. Made
    when first asked for, and again where the kind of registration is called otherwise since
    (R29); rows may be deleted at any time and are made again.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="files")
    layout = models.CharField(max_length=8, choices=Layout.choices)
    # What it calls the kind of registration; "" of an activity certificate, which names none.
    kind_name = models.CharField(max_length=40, blank=True, default="", db_default="")
    content = models.BinaryField()
    rendered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "layout", "kind_name"], name="certificates_file_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.layout}"

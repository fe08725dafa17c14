"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateKind(TextChoices):
    """The two documents."""

    REGISTRATION = "registration", _("Registration certificate")
    ACTIVITY = "activity", _("Activity certificate")


class CertificateStatus(TextChoices):
    """What a certificate is worth now."""

    ISSUED = "issued", _("Valid")
    REPLACED = "replaced", _("Replaced by a newer one")
    ENDED = "ended", _("Ended with the registration")
    REVOKED = "revoked", _("Revoked")


class Layout(TextChoices):
    """Sizes a certificate can be printed in."""

    A4 = "a4", _("A4")
    CARD = "card", _("Card")

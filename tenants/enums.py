"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HostKind(TextChoices):
    """Which of the four hosts a request came to."""

    PORTAL = "portal", _("Portal")
    MUNICIPALITY = "municipality", _("Municipality's site")
    ADMIN = "admin", _("Municipality's admin")
    OPERATOR = "operator", _("Platform operator")


class GovernmentKind(TextChoices):
    """The two kinds of local government that can take part (R1)."""

    CITY = "city", _("City, town, village or ward")
    PREFECTURE = "prefecture", _("Prefecture")


class RequestStatus(TextChoices):
    """Life of a participation request."""

    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved, being set up")
    PROVISIONED = "provisioned", _("Set up")
    DECLINED = "declined", _("Declined")


class TermsKind(TextChoices):
    """Texts somebody agrees to (R28)."""

    MUNICIPALITY = "municipality", _("Terms of use for municipalities")
    RESIDENT = "resident", _("Terms of use for residents")
    PRIVACY = "privacy", _("Privacy notice")

"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    GUARDIAN = "guardian", _("Consent of a minor's guardian")
    DISCLOSURE = "disclosure", _("Particulars given to municipalities")
    MAILING = "mailing", _("News from municipalities")
    ORGANISATIONS = "organisations", _("Particulars given to organisations")


class MunicipalityStatus(TextChoices):
    """Life of a municipality on the platform; `tenants.rules.life` says what leads where."""

    PREPARING = "preparing", _("In preparation")
    PUBLISHED = "published", pgettext_lazy("municipality", "Published")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")


INITIAL_STATUS = MunicipalityStatus.PREPARING
"""What a municipality is once it has been set up: its staff fill the pages before anybody looks."""


class FeeWaiver(TextChoices):
    """What was recorded of a municipality's system fee when it joined (R26)."""

    WAIVED = "waived", _("Waived for a period")
    TO_BE_DECIDED = "to_be_decided", _("To be decided")


class NoteKind(TextChoices):
    """What the operator writes down while reviewing a request."""

    NOTE = "note", _("Internal note")
    QUESTION = "question", _("Question to the applicant")


class FactorKind(TextChoices):
    """What a second factor of sign-in is."""

    APP = "app", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")


class FactorEvent(TextChoices):
    """What happened to somebody's second factors."""

    ADDED = "added", pgettext_lazy("second factor", "Added")
    REMOVED = "removed", pgettext_lazy("second factor", "Removed")
    RESET = "reset", pgettext_lazy("second factor", "Reset")

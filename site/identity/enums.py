"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """How somebody proved who they are."""

    DIGITAL_AUTH_APP = "digital_auth_app", _("My Number card, with the Digital Agency's app")
    COUNTER = "counter", _("My Number card, shown at the counter")


class Assurance(TextChoices):
    """How sure the proof makes us.

    The guideline on identity proofing in public administration (DS-500): level 3 asks for the
    card's certificate and its code; a card looked at by two members of staff is level 2.
    """

    LEVEL_3 = "level_3", _("Card read, code entered")
    LEVEL_2 = "level_2", _("Card looked at by two members of staff")

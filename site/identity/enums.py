"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class CardKind(TextChoices):
    """What was looked at, at the counter. The kind alone is kept: no number, no picture."""

    MY_NUMBER_CARD = "my_number_card", _("My Number card")


class CheckStatus(TextChoices):
    """How far a check at the counter is."""

    PROPOSED = "proposed", _("Waits for the second member of staff")
    CONFIRMED = "confirmed", pgettext_lazy("check at the counter", "Confirmed")
    REFUSED = "refused", pgettext_lazy("check at the counter", "Not confirmed")
    EXPIRED = "expired", pgettext_lazy("check at the counter", "Nobody confirmed in time")


class Waiting(TextChoices):
    """What a proof that could not be kept at once waits for."""

    PROFILE = "profile", _("Particulars to be entered")
    MERGE = "merge", _("Two accounts to become one")

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


class Relation(TextChoices):
    """Who can consent for a minor: those who represent the child by law.

    Parents with parental authority (Civil Code, article 818), guardians appointed for a minor
    (838), heads of child welfare facilities and of child guidance centres (Child Welfare Act,
    article 47).
    """

    PARENT = "parent", _("Father or mother (with parental authority)")
    MINOR_GUARDIAN = "minor_guardian", _("Guardian appointed for the minor")
    FACILITY_HEAD = (
        "facility_head",
        _("Head of a child welfare facility or child guidance centre"),
    )


class ConsentMethod(TextChoices):
    """How a guardian consented."""

    INVITATION = "invitation", _("With the guardian's own account")
    COUNTER = "counter", _("On paper, at the counter")


class ConsentEnd(TextChoices):
    """Why a consent no longer holds."""

    WITHDRAWN = "withdrawn", _("Withdrawn by the guardian")
    WITHDRAWN_AT_COUNTER = "withdrawn_counter", _("Withdrawn at the counter")
    CAME_OF_AGE = "came_of_age", _("The child came of age")
    GUARDIAN_LEFT = "guardian_left", _("The guardian closed the account")
    CHILD_LEFT = "child_left", _("The child closed the account")


class InvitationOutcome(TextChoices):
    """What became of an invitation to a guardian; one that is open has none."""

    AGREED = "agreed", pgettext_lazy("guardian", "Agreed")
    DECLINED = "declined", pgettext_lazy("guardian", "Did not agree")
    CANCELLED = "cancelled", pgettext_lazy("guardian", "Taken back")
    EXPIRED = "expired", pgettext_lazy("guardian", "Not answered in time")


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

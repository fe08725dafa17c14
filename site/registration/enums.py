"""Closed lists of this app."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegistrationKind(TextChoices):
    """Kinds of registration. Screens show the name in force (`Parameters.name_of`); the words
    here, and of whatever else speaks of kinds in a label, hold whatever the names are (R29)."""

    BASIC = "basic", _("Registration open to everybody")
    PREMIUM = "premium", _("Registration with conditions")


class Origin(TextChoices):
    """How a registration came about (R5, R6)."""

    DIRECT = "direct", _("By the resident")
    CO_REGISTERED = "co_registered", _("Together with a city of the prefecture")


class RegistrationStatus(TextChoices):
    """Whether a registration holds."""

    ACTIVE = "active", _("Registered")
    ENDED = "ended", _("Ended")


class EventKind(TextChoices):
    """What can happen to a registration."""

    REGISTERED = "registered", _("Registered")
    REGISTERED_AGAIN = "registered_again", _("Registered again")
    CO_REGISTERED = "co_registered", _("Registered together with a city")
    MADE_DIRECT = "made_direct", _("Also registered by the resident")
    MADE_CO_REGISTERED = "made_co_registered", _("Kept for a city of the prefecture")
    MOVED_IN = "moved_in", _("Moved into the municipality")
    MOVED_AWAY = "moved_away", _("Moved away from the municipality")
    PREMIUM_GRANTED = "premium_granted", _("Registration with conditions granted")
    PREMIUM_DERIVED = "premium_derived", _("Registration with conditions through a city")
    PREMIUM_RENEWED = "premium_renewed", _("Registration with conditions renewed")
    PREMIUM_LAPSED = "premium_lapsed", _("Registration with conditions over")
    OVER_LIMIT = "over_limit", _("More registrations than the limit")
    WITHIN_LIMIT = "within_limit", _("Within the limit again")
    LONG_STAY = "long_stay", _("Long stay recognised")
    RELEASED = "released", _("Ended because nobody signed in for a long time")
    TAKEN_OVER = "taken_over", _("Taken over from another account of the same person")
    MERGED = "merged", _("Joined with the registration of another account")
    ENDED = "ended", _("Ended")


class DecisionOccasion(TextChoices):
    """What a decision on premium standing was made for."""

    APPLICATION = "application", pgettext_lazy("premium", "Application")
    RENEWAL = "renewal", pgettext_lazy("premium", "Renewal")
    NIGHTLY = "nightly", _("Renewal by itself")
    CHANGE = "change", _("Something it rests on has changed")


class StandingStatus(TextChoices):
    """Whether a premium standing runs."""

    ACTIVE = "active", pgettext_lazy("premium", "Running")
    LAPSED = "lapsed", pgettext_lazy("premium", "Over")
    LEFT = "left", pgettext_lazy("premium", "Ended with the registration")


class PremiumEnd(TextChoices):
    """Why a premium standing ended; kept as the reason of the event."""

    NOT_RENEWED = "not_renewed", pgettext_lazy("premium", "It was not renewed.")
    CONSENT_ENDED = "consent_ended", pgettext_lazy("premium", "The guardian's consent has ended.")
    CITY_ENDED = "city_ended", pgettext_lazy("premium", "That of the city it followed has ended.")
    CHOSEN = "chosen", pgettext_lazy("premium", "You chose to end it.")
    LEFT = "left", pgettext_lazy("premium", "The registration has ended.")
    MERGED = "merged", pgettext_lazy("premium", "Your other account has an earlier one.")


class ApplicationKind(TextChoices):
    """What is applied for."""

    NEW = "new", pgettext_lazy("application", "First time")
    RENEWAL = "renewal", pgettext_lazy("premium", "Renewal")


class ApplicationStatus(TextChoices):
    """Where an application stands; see `registration.rules.moves`."""

    SUBMITTED = "submitted", pgettext_lazy("application", "Applied")
    RETURNED = "returned", pgettext_lazy("application", "Question to the resident")
    PROPOSED = "proposed", pgettext_lazy("application", "Waits for a second member of staff")
    GRANTED = "granted", pgettext_lazy("application", "Granted")
    REFUSED = "refused", pgettext_lazy("application", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")


OPEN_APPLICATIONS = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.RETURNED,
    ApplicationStatus.PROPOSED,
)


class StayEvidence(TextChoices):
    """What shows that somebody stayed (R12)."""

    RECEIPT = "receipt", _("Receipt of a lodging")
    FACILITY = "facility", _("Check-in at a facility")
    STAFF = "staff", _("Word of a member of staff")
    CODE = "code", _("Code read at the base")


class StayStatus(TextChoices):
    """Whether an officer has accepted a stay."""

    CLAIMED = "claimed", pgettext_lazy("stay", "To be checked")
    ACCEPTED = "accepted", pgettext_lazy("stay", "Accepted")
    REFUSED = "refused", pgettext_lazy("stay", "Not accepted")


class ReplayKind(TextChoices):
    """Why stored decisions are made again."""

    REPLAY = "replay", _("Replay of all decisions")
    PREVIEW = "preview", _("Preview of a new version")


class CountScope(TextChoices):
    """Of what the relation population is counted (R25)."""

    CITY = "city", _("City, town or village")
    PREFECTURE = "prefecture", _("Prefecture with its cities")
    NATION = "nation", _("Nation")


class RelationStage(IntegerChoices):
    """The numbers of `rules.relation.Stage`, and what people are called at each."""

    VISITOR = 1, _("A visitor")
    SUPPORTER = 2, _("A supporter")
    CORE = 3, _("Someone at the heart of it")
    FELLOW = 4, _("A fellow")

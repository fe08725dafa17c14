"""Closed lists about activities."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(TextChoices):
    """What an activity is about.

    First what regional management organisations do most (Ministry of Internal Affairs:
    festivals 71.8 %, exchange 69.7 %, health 62.0 %, disaster prevention 62.0 %), then what
    the other kinds of organisations in the briefing do.
    """

    FESTIVAL = "festival", _("Festivals and events")
    EXCHANGE = "exchange", _("Exchange and gatherings")
    HEALTH = "health", _("Health and sport")
    DISASTER_PREVENTION = "disaster_prevention", _("Disaster prevention and night watch")
    DISASTER_RELIEF = "disaster_relief", _("Help after disasters")
    CLEANING = "cleaning", _("Cleaning and beautifying")
    WATCHING_OVER = "watching_over", _("Watching over the elderly and children")
    SHOPPING = "shopping", _("Help with shopping and daily life")
    TRANSPORT = "transport", _("Local transport")
    FARMING = "farming", _("Farming, fishing and forestry")
    COMMON_LAND = "common_land", _("Care of farmland, waterways, paths and terraces")
    CULTURE = "culture", _("Handing on culture and tradition")
    CHILDREN = "children", _("Children and schools")
    VACANT_HOUSES = "vacant_houses", _("Vacant houses and community building")
    TOURISM = "tourism", _("Tourism")
    COMMERCE = "commerce", _("Shopping streets and local trade")
    PROMOTION = "promotion", _("Spreading the word about the area")
    ADVICE = "advice", _("Expert advice, also from afar")
    OTHER = "other", _("Other")


class ComponentKind(TextChoices):
    """What can be booked along with a place. A closed list, in which nothing is sent to
    anybody's home: return gifts are not allowed (R22)."""

    LODGING = "lodging", pgettext_lazy("component", "Lodging")
    CHILDCARE = "childcare", pgettext_lazy("component", "Childcare")
    CAR = "car", pgettext_lazy("component", "Car")
    WORKSPACE = "workspace", pgettext_lazy("component", "Place to work (telework)")
    MEALS = "meals", pgettext_lazy("component", "Meals")
    TOOLS = "tools", pgettext_lazy("component", "Tools to use there")
    OTHER = "other", pgettext_lazy("component", "Other")


class Availability(TextChoices):
    """How many places a date has left, as the calendar says it: a sign and words."""

    FREE = "free", pgettext_lazy("places", "Places free")
    FEW = "few", pgettext_lazy("places", "Few places left")
    FULL = "full", pgettext_lazy("places", "Full")
    APPLY = "apply", pgettext_lazy("places", "Applications are taken")
    CLOSED = "closed", pgettext_lazy("places", "Sign-up closed")

    @property
    def sign(self) -> str:
        """The sign beside the words: it never stands alone."""
        return _SIGNS[self.value]


_SIGNS = {"free": "○", "few": "△", "full": "×", "apply": "○", "closed": "－"}


class SignUpMode(TextChoices):
    """How the places of a session are given."""

    FIRST_COME = "first_come", _("First come, first served")
    APPROVAL = "approval", _("By approval")
    LOTTERY = "lottery", _("By lot")


class Answer(TextChoices):
    """The answer to one question of designation (R18)."""

    __empty__ = _("Not decided yet")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Insurance(TextChoices):
    """Who sees to the insurance of those who come."""

    COVERED = "covered", _("Covered by the municipality or the organiser")
    TAKE_OUT = "take_out", _("To be taken out by yourself")
    NONE = "none", pgettext_lazy("insurance", "None")


class SessionState(TextChoices):
    """Whether a session takes place."""

    PLANNED = "planned", _("Takes place")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


class NeedOrigin(TextChoices):
    """Who told a need."""

    RESIDENT = "resident", pgettext_lazy("of a need", "A person")
    ORGANISATION = "organisation", pgettext_lazy("of a need", "An organisation")
    STAFF = "staff", pgettext_lazy("of a need", "Staff, for somebody who telephoned or came")


class NeedState(TextChoices):
    """Where a need stands."""

    NEW = "new", pgettext_lazy("of a need", "Received")
    LOOKED_AT = "looked_at", pgettext_lazy("of a need", "Being looked at")
    ACTIVITY = "activity", pgettext_lazy("of a need", "Became an activity")
    PASSED_ON = "passed_on", pgettext_lazy("of a need", "Passed on")
    CLOSED = "closed", pgettext_lazy("of a need", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a need", "Withdrawn")


class CoordinatorKind(TextChoices):
    """How a coordinator is employed (A15.1)."""

    DEDICATED = "dedicated", _("Dedicated (only this work)")
    CONCURRENT = "concurrent", _("Concurrent (beside other work)")


# What is wrong with the times of a session (`rules.sessions.faults_of_times`).
FAULTS = {
    "end_before_start": _("The end must be after the start."),
    "too_long": _("A session lasts 14 days at most. Please make several sessions of it."),
    "hours_not_positive": _("Please enter a number of hours above 0."),
    "hours_exceed_duration": _("The hours cannot be more than the time from start to end."),
    "sign_up_after_start": _("Sign-up must end before the start."),
    "draw_without_end": _("For a draw, please enter until when people can sign up."),
}


class ReviewOutcome(TextChoices):
    """What the municipality said to a project that was handed in; "" while it waits."""

    __empty__ = _("Waiting for the municipality")
    DESIGNATED = "designated", _("Designated and published")
    REFUSED = "refused", _("Not designated")
    RETURNED = "returned", _("Sent back with a comment")
    TAKEN_BACK = "taken_back", _("Taken back by the organisation")


class DesignationAction(TextChoices):
    """What staff can do with a project that was handed in: the actions of its workflow."""

    DESIGNATE = "designate", _("Designate and publish")
    SEND_BACK = "reject", _("Send it back")
    REFUSE = "refuse", _("Do not designate")


class ProjectState(TextChoices):
    """How far an organisation's activity is, as its workspace shows it."""

    DRAFT = "draft", _("Not handed in yet")
    WAITING = "waiting", _("Waiting for the municipality")
    RETURNED = "returned", _("Sent back with a comment")
    REFUSED = "refused", _("Not designated")
    PUBLISHED = "published", pgettext_lazy("project", "Published")
    OVER = "over", _("All dates are over")

"""Closed lists about activities."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class Answer(TextChoices):
    """The answer to one question of designation (R18)."""

    __empty__ = _("Not decided yet")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class ReviewOutcome(TextChoices):
    """What the municipality said to a project that was handed in; "" while it waits."""

    __empty__ = _("Waiting for the municipality")
    DESIGNATED = "designated", _("Designated and published")
    REFUSED = "refused", _("Not designated")
    RETURNED = "returned", _("Sent back with a comment")
    TAKEN_BACK = "taken_back", _("Taken back by the organisation")


class ProjectState(TextChoices):
    """How far an organisation's activity is, as its workspace shows it."""

    DRAFT = "draft", _("Not handed in yet")
    WAITING = "waiting", _("Waiting for the municipality")
    RETURNED = "returned", _("Sent back with a comment")
    REFUSED = "refused", _("Not designated")
    PUBLISHED = "published", _("Published")
    OVER = "over", _("All dates are over")

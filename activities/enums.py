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

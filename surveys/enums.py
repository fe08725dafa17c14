"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionKind(TextChoices):
    """What an answer looks like."""

    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    ONE_CHOICE = "one_choice", _("One choice")
    SEVERAL_CHOICES = "several_choices", _("Several choices")


# Answered in people's own words.
TEXT_KINDS = (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT)


class Survey(TextChoices):
    """Surveys somebody can be asked."""

    REGISTRATION = "registration", _("Registration survey")


class CommonQuestion(TextChoices):
    """Asked of everybody, before a municipality's own items (R4)."""

    RELATION = "relation", _("How are you connected with this area, or how do you want to be?")
    INTERESTS = "interests", _("What information would you like?")


class Relation(TextChoices):
    """Relations with an area: the examples of the ministry's briefing (A1.8, A1.9), and two
    for whoever finds none of them fitting."""

    LOCAL_PRODUCTS = "local_products", _("I buy its products")
    HOMETOWN_TAX = "hometown_tax", _("I give hometown tax (furusato nōzei)")
    REPEAT_VISITOR = "repeat_visitor", _("I come again and again as a visitor")
    YEARLY_RETURN = "yearly_return", _("I go back there a few times a year")
    VOLUNTEER = "volunteer", _("I volunteer, or work there on the side")
    NEIGHBOURHOOD = "neighbourhood", _("I take part in a neighbourhood association")
    TWO_HOMES = "two_homes", _("I live both there and elsewhere")
    FAMILY = "family", _("I come from there, or my family does")
    OTHER = "other", _("Other")


class Interest(TextChoices):
    """What registrants may want to hear about (R23)."""

    ACTIVITIES = "activities", _("Activities that need people")
    EVENTS = "events", _("Events and festivals")
    PRODUCTS = "products", _("Products and food")
    STAYING = "staying", _("Visiting and staying")
    MOVING = "moving", _("Living in two places, moving there")
    WORK = "work", _("Work and side jobs")
    NEWS = "news", _("News from the municipality")

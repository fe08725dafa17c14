"""Closed lists about people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Persona(TextChoices):
    """What brings somebody here: the four examples of the ministry's briefing (A0.7)."""

    LONGING = "longing", _("I think of a place that is dear to me")
    HELPING = "helping", _("I want to lend an area a hand")
    DISASTER = "disaster", _("I help after disasters")
    TWO_HOMES = "two_homes", _("I live in two places")


class Channel(TextChoices):
    """How a person's wish reached the staff who enter it."""

    COUNTER = "counter", _("At the counter")
    TELEPHONE = "telephone", _("By telephone")
    LETTER = "letter", _("By letter")


class SpokenLanguage(TextChoices):
    """Languages one can talk to a resident in; by number of speakers among those who live here."""

    JAPANESE = "ja", pgettext_lazy("language", "Japanese")
    ENGLISH = "en", pgettext_lazy("language", "English")
    CHINESE = "zh", pgettext_lazy("language", "Chinese")
    VIETNAMESE = "vi", pgettext_lazy("language", "Vietnamese")
    KOREAN = "ko", pgettext_lazy("language", "Korean")
    TAGALOG = "tl", pgettext_lazy("language", "Tagalog")
    PORTUGUESE = "pt", pgettext_lazy("language", "Portuguese")
    NEPALI = "ne", pgettext_lazy("language", "Nepali")
    INDONESIAN = "id", pgettext_lazy("language", "Indonesian")
    SPANISH = "es", pgettext_lazy("language", "Spanish")
    SIGN = "jsl", pgettext_lazy("language", "Japanese sign language")


class Interest(TextChoices):
    """What somebody would like to help with; `activities.enums.Category` in fewer words."""

    FESTIVALS = "festivals", _("Festivals and gatherings")
    NATURE = "nature", _("Fields, forests and the sea")
    DISASTER = "disaster", _("Disaster prevention and help after disasters")
    CARE = "care", _("Looking after the elderly and children")
    CULTURE = "culture", _("Culture and tradition")
    TOWN = "town", _("Vacant houses, shops and tourism")
    WORD = "word", _("Spreading the word, and advice from afar")

"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyColour(TextChoices):
    """The nine hues of the Digital Agency's design system that a municipality may choose from.

    Hues, not free colours: for each of them a test proves that text stays legible on light
    and on dark screens (WCAG 2.2 AA).
    """

    BLUE = "blue", _("Blue")
    LIGHT_BLUE = "light-blue", _("Light blue")
    CYAN = "cyan", _("Cyan")
    GREEN = "green", _("Green")
    LIME = "lime", _("Lime")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")
    MAGENTA = "magenta", _("Magenta")
    PURPLE = "purple", _("Purple")

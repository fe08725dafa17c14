"""How a municipality's site looks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from themes.enums import KeyColour


@register_setting(icon="view", order=100)
class Theme(BaseGenericSetting):
    """One row per municipality, made when its staff first save it; until then the defaults."""

    key_colour = models.CharField(
        _("key colour"),
        max_length=16,
        choices=KeyColour,
        default=KeyColour.BLUE,
        help_text=_(
            "Used for buttons and links. Every colour can be read well on light and dark screens."
        ),
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown at the top of every page, before the name of the municipality."),
    )

    panels = [FieldPanel("key_colour"), FieldPanel("logo")]

    class Meta:
        verbose_name = _("look of the site")
        verbose_name_plural = _("looks of the site")

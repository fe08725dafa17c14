"""The area in figures and short facts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock


class FactBlock(StructBlock):
    """One name and what it is: “Population: 58,000”."""

    label = CharBlock(
        label=_("What the fact is about"), max_length=60, help_text=_("For example: population")
    )
    value = CharBlock(label=_("The fact"), max_length=200, help_text=_("For example: 58,000"))

    class Meta:
        label = _("Fact")
        icon = "list-ul"


class FactsBlock(StructBlock):
    """Names and contents side by side, as a description list."""

    heading = CharBlock(label=_("Heading"), max_length=60)
    facts = ListBlock(FactBlock(), label=_("Facts"), min_num=1, max_num=20)

    class Meta:
        label = _("Facts")
        icon = "list-ul"
        template = "pages/blocks/facts.html"
        description = _("Short facts about the area: population, access, what it is known for.")

"""How an editor describes what can be booked along with a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import BooleanBlock, CharBlock, ChoiceBlock, IntegerBlock, StructBlock

from activities.enums import ComponentKind
from activities.rules.components import Component


class ComponentBlock(StructBlock):
    """One part of a package: a kind out of a closed list, what it is called, how many there are.

    Name, costs and note are translated with the page; all else is the source's.
    """

    kind = ChoiceBlock(
        choices=ComponentKind.choices,
        label=_("kind"),
        help_text=_("Goods that are sent to people's homes may not be offered."),
    )
    name = CharBlock(
        label=_("name"), max_length=60, help_text=_("For example: bed in the guest house.")
    )
    costs = CharBlock(
        label=_("costs"),
        default="",
        max_length=100,
        required=False,
        help_text=_("For example: 3,000 yen a night, paid there. Money is never taken here."),
    )
    note = CharBlock(
        label=pgettext_lazy("component", "note"), default="", max_length=200, required=False
    )
    capacity = IntegerBlock(
        label=_("how many there are on each date"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=_("Leave empty if there are as many as are needed."),
    )
    is_required = BooleanBlock(
        label=_("everybody books it"),
        required=False,
        help_text=_("Whoever signs up takes at least one."),
    )

    class Meta:
        label = _("Part of the package")
        icon = "plus-inverse"


PACKAGE_BLOCKS = [("component", ComponentBlock())]


def components_in(stream: Iterable[Any]) -> list[Component]:
    """The components of a page's field. One that was never saved has no id, and is left out:
    nobody can book it yet."""
    return [
        Component(
            id=str(block.id),
            kind=block.value["kind"] or ComponentKind.OTHER,
            name=block.value["name"] or "",
            costs=block.value["costs"] or "",
            note=block.value["note"] or "",
            capacity=block.value["capacity"],
            is_required=bool(block.value["is_required"]),
        )
        for block in stream
        if block.id
    ]


def labelled(components: list[Component]) -> list[dict[str, Any]]:
    """For templates, with the name of the kind in the reader's language."""
    return [{**asdict(one), "kind_label": ComponentKind(one.kind).label} for one in components]


def in_words_of(components: list[Component], translated: list[Component]) -> list[Component]:
    """`components` with the words of a translation, where it has any: numbers and whether one is
    required are the source's."""
    words = {one.id: one for one in translated}
    return [
        Component(
            one.id, one.kind, said.name or one.name, said.costs, said.note,
            one.capacity, one.is_required,
        )
        if (said := words.get(one.id))
        else one
        for one in components
    ]  # fmt: skip

"""Navigation that survives a route which is not there, and links to other languages."""

from __future__ import annotations

from typing import Any, TypedDict

from django import template
from django.conf import settings
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()


class LanguageLink(TypedDict):
    """`code` as in settings, `name` in the language itself, `url` of this page in it."""

    code: str
    name: str
    url: str
    is_current: bool


@register.inclusion_tag("themes/nav_link.html", takes_context=True)
def nav_link(
    context: dict[str, Any], label: str, target: str | None, *args: Any, exact: bool = False
) -> dict[str, Any]:
    """A list item with a link to a path, an address or a named route; nothing if there is none.

    Marks the page the reader is on: the path itself, or one below it unless `exact`.
    """
    url = str(_url_of(target, args))  # a lazy string is no string to startswith
    request = context.get("request")
    path = request.path if request else ""
    is_below = not exact and len(url) > 1 and url.endswith("/") and path.startswith(url)
    return {"label": label, "url": url, "current": "page" if path == url else is_below and "true"}


def _url_of(target: str | None, args: tuple[Any, ...]) -> str:
    if not target or target.startswith(("/", "http://", "https://")):
        return target or ""
    try:
        return reverse(target, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def language_prefix() -> str:
    """What addresses begin with in the active language: "" for Japanese, "/en" for English."""
    language = get_language() or settings.LANGUAGE_CODE
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


@register.simple_tag(takes_context=True)
def interface_languages(context: dict[str, Any]) -> list[LanguageLink]:
    """This page in each language of the interface.

    A view whose page exists in other languages (a page of the CMS) puts its own list of the
    same shape into the context as `language_links`.
    """
    if "language_links" in context:
        return list(context["language_links"])
    request = context.get("request")
    if request is None:
        return []
    return language_links(without_language(request.get_full_path()))


def language_links(address: str) -> list[LanguageLink]:
    """An address of ours, without its language, in each language of the interface."""
    active = get_language() or settings.LANGUAGE_CODE
    return [
        LanguageLink(
            code=code,
            name=name,
            url=address if code == settings.LANGUAGE_CODE else f"/{code}{address}",
            is_current=code == active,
        )
        for code, name in settings.INTERFACE_LANGUAGES
    ]


def without_language(address: str) -> str:
    """An address as it is in Japanese, which has no language in front."""
    for code, _name in settings.LANGUAGES:
        if address == f"/{code}" or address.startswith(f"/{code}/"):
            return address.removeprefix(f"/{code}") or "/"
    return address


@register.filter
def control_kind(field: BoundField) -> str:
    """How `themes/field.html` lays a field out.

    "options" (radio buttons, several checkboxes), "checkbox" (one), "group" (several inputs
    for one answer, such as year, month and day) or "single".
    """
    widget = field.field.widget
    input_type = getattr(widget, "input_type", "")
    if field.use_fieldset and input_type in {"radio", "checkbox"}:
        return "options"
    if field.use_fieldset or hasattr(widget, "widgets"):
        return "group"
    return "checkbox" if input_type == "checkbox" else "single"


class Part(TypedDict):
    """One of several inputs for one answer: its own label, the id that belongs to, its markup."""

    label: str
    id: str
    markup: str


_DATE_PARTS = {"year": _("Year"), "month": _("Month"), "day": _("Day")}


@register.filter
def parts(field: BoundField) -> list[Part]:
    """The inputs of a field with several, each with a name of its own to be read aloud.

    A widget names its inputs by an attribute `part_labels`; those of Django's own date widget
    are known. None for a widget with a template of its own: it labels its inputs itself.
    """
    widget = field.subwidgets[0].data
    if not widget["template_name"].startswith("django/") or "subwidgets" not in widget:
        return []
    named = getattr(field.field.widget, "part_labels", ())
    found = []
    for index, part in enumerate(widget["subwidgets"]):
        suffix = part["name"].rpartition("_")[2]
        label = named[index] if index < len(named) else _DATE_PARTS.get(suffix, field.label)
        markup = field.form.renderer.render(part["template_name"], {"widget": part})
        markup = mark_safe(markup)  # noqa: S308 - made by the form renderer, which escapes
        found.append(Part(label=str(label), id=part["attrs"].get("id", ""), markup=markup))
    return found


@register.filter
def first_control(field: BoundField) -> str:
    """The id of the input that a link in the error summary leads to."""
    return field.id_for_label or f"{field.auto_id}_0"

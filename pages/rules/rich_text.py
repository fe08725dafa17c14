"""Formatted text of editors, brought down to a closed list of elements.

Wagtail's editor offers no more than these, yet what is saved need not come from it: a request can
be made by hand, a translation comes from a file, an import from another system.
"""

from __future__ import annotations

import re

import nh3

TAGS = {"a", "b", "br", "h2", "h3", "li", "ol", "p", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}
# Wagtail's own: a link to a page or a document by its number, and a mark on each block by which
# it knows it again.
_LINK_TYPES = {"page", "document"}
_BLOCK_KEY = re.compile(r"[A-Za-z0-9]{1,16}")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_KEYED = {"h2", "h3", "li", "ol", "p", "ul"}
# Their content goes with them; of every other element that is not listed the words stay.
_WITH_CONTENT = {
    "applet", "embed", "frame", "frameset", "iframe", "math", "noembed", "noframes", "noscript",
    "object", "script", "style", "svg", "template", "textarea", "title", "xmp",
}  # fmt: skip


def clean_rich_text(html: str) -> str:
    """`html` as Wagtail keeps it, with listed elements, attributes and schemes only.

    Safe to repeat: what is clean stays as it is.
    """
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes={"a": {"href", "id", "linktype"}} | {tag: {"data-block-key"} for tag in _KEYED},
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value as it may stay, None where the attribute goes."""
    allowed = {
        "data-block-key": _BLOCK_KEY.fullmatch(value),
        "id": _WHOLE_NUMBER.fullmatch(value),
        "linktype": value in _LINK_TYPES,
        "href": not value.strip().startswith(("//", "\\", "/\\")),
    }
    return value if allowed.get(name) else None

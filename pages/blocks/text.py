"""Running text."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock

FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class TextBlock(RichTextBlock):
    """Headings, paragraphs, lists and links.

    Nothing that could break the page's look or load from elsewhere: no colours, no embedded
    films, and pictures stand in their own block, where their description is asked for.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", FEATURES)
        super().__init__(**kwargs)

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "pages/blocks/text.html"
        description = _("Headings, paragraphs, lists and links.")

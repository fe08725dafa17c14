"""Running text."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import RichTextBlock
from wagtail.rich_text import RichText

from pages.rules.rich_text import clean_rich_text

FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class TextBlock(RichTextBlock):
    """Headings, paragraphs, lists and links.

    Nothing that could break the page's look or load from elsewhere: no colours, no embedded
    films, and pictures stand in their own block, where their description is asked for. Cleaned on
    the way into the database and again on the way out: what stands there already, or came past
    the editor, is shown clean, too.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", FEATURES)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> RichText:
        return _cleaned(value)

    def normalize(self, value: Any) -> RichText:
        return _cleaned(value.source if isinstance(value, RichText) else value)

    def get_prep_value(self, value: Any) -> str:
        return clean_rich_text(super().get_prep_value(value))

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "pages/blocks/text.html"
        description = _("Headings, paragraphs, lists and links.")


def _cleaned(html: Any) -> RichText:
    return RichText(clean_rich_text(force_str(html)) if html else "")

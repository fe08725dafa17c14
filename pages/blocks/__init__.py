"""What an editor builds a page from; one block, one file."""

from __future__ import annotations

from wagtail.blocks import StreamBlock

from pages.blocks.call_to_register import CallToRegisterBlock
from pages.blocks.contact import ContactBlock
from pages.blocks.facts import FactsBlock
from pages.blocks.image import ImageBlock
from pages.blocks.text import TextBlock

__all__ = [
    "ArticleBody",
    "CallToRegisterBlock",
    "ContactBlock",
    "FactsBlock",
    "ImageBlock",
    "IntroductionBody",
    "TextBlock",
]


class ArticleBody(StreamBlock):
    """Blocks of a piece of news."""

    text = TextBlock()
    image = ImageBlock()
    contact = ContactBlock()


class IntroductionBody(ArticleBody):
    """Blocks of the page on which a municipality introduces itself."""

    facts = FactsBlock()
    call_to_register = CallToRegisterBlock()

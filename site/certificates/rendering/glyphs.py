"""Which characters our fonts can print, asked before anything is drawn.

A resident's name with an empty box in it is not a certificate. So every value passes through
`printable`, which raises `MissingGlyph` where no font has the character.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"

# The order of preference. The bold files print the same characters (held by a test).
TEXT_FONT = "BIZUDPGothic-Regular.ttf"
FALLBACK_FONT = "NotoSansJP-Regular.ttf"
FONT_FILES = (TEXT_FONT, "BIZUDPGothic-Bold.ttf", FALLBACK_FONT, "NotoSansJP-Bold.ttf")

GETA = "〓"

# Invisible characters that come along with pasted text; without them the text says the same.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_SPACES = re.compile(r"[\t\r\n\u2028\u2029\u00a0\u0085]+")
_SELECTOR = re.compile(
    "([^\ufe00-\ufe0f\U000e0100-\U000e01ef])([\ufe00-\ufe0f\U000e0100-\U000e01ef])"
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class MissingGlyph(Exception):
    """No font of ours prints these characters. `characters`: each once, in order."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        codes = " ".join(f"U+{ord(character):04X}" for character in characters)
        super().__init__(f"No glyph for {characters!r} ({codes})")


class Coverage(NamedTuple):
    """What one font prints: code points, and (base, variation selector) pairs."""

    characters: frozenset[int]
    variants: frozenset[tuple[int, int]]


@cache
def coverage(font_file: str) -> Coverage:
    """Read from the font's own character map. Takes some 60 ms the first time."""
    with TTFont(FONTS / font_file, lazy=True) as font:
        variants = {
            (base, selector)
            for table in font["cmap"].tables
            if table.format == 14
            for selector, pairs in table.uvsDict.items()
            for base, _glyph in pairs
        }
        return Coverage(frozenset(font.getBestCmap()), frozenset(variants))


def missing_characters(text: str) -> str:
    """The characters of `text` that cannot be printed, each once, in order; "" if all can."""
    first, second = coverage(TEXT_FONT).characters, coverage(FALLBACK_FONT).characters
    characters = dict.fromkeys(_SELECTORS.sub("", _plain(text)))
    return "".join(c for c in characters if ord(c) not in first and ord(c) not in second)


def with_geta(text: str) -> str:
    """`text` with 〓, the printer's mark for a letter he lacks, where our fonts have none.

    For titles and places, which may hold an emoji and stand in the ledger for good; never for
    a person's name.
    """
    missing = set(missing_characters(text))
    return "".join(GETA if character in missing else character for character in text)


def printable(value: object) -> SafeString:
    """`value` as HTML text, escaped, every character of which our fonts have.

    A name written with a variation selector (葛󠄀) keeps its form: where only the fallback font has
    it, the character is marked for that font; where none has, the selector is left out and the
    ordinary form is printed, as Unicode provides. Raises `MissingGlyph`.
    """
    text = str(value)
    if missing := missing_characters(text):
        raise MissingGlyph(missing)
    if not _SELECTORS.search(text):
        return escape(_plain(text))
    return _with_variants(_plain(text))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def _with_variants(text: str) -> SafeString:
    parts: list[str] = []
    end = 0
    for match in _SELECTOR.finditer(text):
        parts.append(escape(_SELECTORS.sub("", text[end : match.start()])))
        parts.append(_variant(*match.groups()))
        end = match.end()
    parts.append(escape(_SELECTORS.sub("", text[end:])))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped


def _variant(base: str, selector: str) -> str:
    pair = (ord(base), ord(selector))
    if pair in coverage(TEXT_FONT).variants:
        return escape(base + selector)
    if pair in coverage(FALLBACK_FONT).variants:
        return f'<span class="fallback">{escape(base + selector)}</span>'
    return escape(base)

"""Choices as an editor types them: one a line, with English lines in the same order."""

from __future__ import annotations


def lines_of(text: str) -> list[str]:
    """The lines that hold something, trimmed."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def problem_with(choices: str, choices_en: str) -> str | None:
    """The code of what is wrong with an item's choices, None if nothing is.

    `too_few` (under two), `repeated`, `english_differs` (English given, of another number).
    """
    japanese, english = lines_of(choices), lines_of(choices_en)
    if len(japanese) < 2:
        return "too_few"
    if len(set(japanese)) < len(japanese):
        return "repeated"
    if english and len(english) != len(japanese):
        return "english_differs"
    return None


def labelled(choices: str, choices_en: str, language: str) -> list[tuple[str, str]]:
    """Pairs of the value kept (the Japanese line) and the label in `language`."""
    japanese, english = lines_of(choices), lines_of(choices_en)
    if language.startswith("en") and len(english) == len(japanese):
        return list(zip(japanese, english, strict=True))
    return [(line, line) for line in japanese]

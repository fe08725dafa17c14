"""Choices as editors type them."""

import pytest

from surveys.rules.choices import labelled, lines_of, problem_with


def test_empty_lines_and_spaces_are_no_choices():
    assert lines_of(" 海 \n\n　\n山\r\n") == ["海", "山"]


@pytest.mark.parametrize(
    ("japanese", "english", "problem"),
    [
        ("海\n山", "", None),
        ("海\n山", "Sea\nMountain", None),
        ("", "", "too_few"),
        ("海", "", "too_few"),
        ("海\n海", "", "repeated"),
        ("海\n山", "Sea", "english_differs"),
    ],
)
def test_what_is_wrong_with_choices_is_named(japanese, english, problem):
    assert problem_with(japanese, english) == problem


def test_the_japanese_line_is_kept_whatever_language_it_was_read_in():
    assert labelled("海\n山", "Sea\nMountain", "en") == [("海", "Sea"), ("山", "Mountain")]
    assert labelled("海\n山", "Sea\nMountain", "ja") == [("海", "海"), ("山", "山")]
    assert labelled("海\n山", "", "en") == [("海", "海"), ("山", "山")]

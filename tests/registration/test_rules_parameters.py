"""National parameters: names in force (R29)."""

from __future__ import annotations

import pytest

from registration.rules.parameters import Parameters

NAMES = Parameters(
    basic_name="つながり", basic_name_en="Tie", premium_name="あつまり", premium_name_en="Bond"
)


@pytest.mark.parametrize(
    ("kind", "language", "name"),
    [
        ("basic", "ja", "つながり"),
        ("basic", "en", "Tie"),
        ("premium", "ja", "あつまり"),
        ("premium", "en-gb", "Bond"),
        ("premium", "fr", "あつまり"),  # languages without a name of their own read the Japanese
    ],
)
def test_names_in_force(kind, language, name):
    assert NAMES.name_of(kind, language) == name


def test_names_are_japanese_unless_asked_otherwise():
    assert NAMES.name_of("premium") == "あつまり"
    with pytest.raises(KeyError):
        NAMES.name_of("gold")

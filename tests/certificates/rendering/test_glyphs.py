"""Names with rare forms are printed in those forms or refused."""

from __future__ import annotations

import pytest

from certificates.rendering.documents import render_registration_certificate
from certificates.rendering.glyphs import (
    FONT_FILES,
    GETA,
    MissingGlyph,
    coverage,
    missing_characters,
    printable,
    with_geta,
)
from tests.certificates.rendering.samples import registration


@pytest.mark.parametrize(
    "name",
    ["𠮷", "髙", "﨑", "濵", "邉", "齋", "塚", "德", "圡", "桒", "栁", "槗", "曻", "𣘺", "神"],
)
def test_forms_common_in_names_can_be_printed(name: str) -> None:
    assert missing_characters(name) == ""


def test_bold_prints_what_regular_prints() -> None:
    for regular, bold in (FONT_FILES[:2], FONT_FILES[2:]):
        assert coverage(regular) == coverage(bold)


def test_missing_characters_are_named_once_each_in_order() -> None:
    assert missing_characters("a\U0001f30ab\u0e01\U0001f30a") == "\U0001f30a\u0e01"
    with pytest.raises(MissingGlyph, match=r"U\+0E01"):
        printable("\u0e01")


def test_a_title_is_printed_with_a_mark_for_what_no_font_has() -> None:
    assert with_geta("秋祭り\U0001f3ee𠮷田") == "秋祭り〓𠮷田"
    assert missing_characters(GETA) == ""


def test_a_control_character_is_refused() -> None:
    assert missing_characters("花\x07子") == "\x07"


def test_spaces_and_invisible_characters_of_pasted_text_do_no_harm() -> None:
    assert printable("花\u200b子\ufeff\r\n様\u3000です") == "花子 様\u3000です"


def test_text_is_escaped() -> None:
    assert printable('<a href="x">&\'') == "&lt;a href=&quot;x&quot;&gt;&amp;&#x27;"
    assert printable("<葛\U000e0100>") == "&lt;葛\U000e0100&gt;"


def test_a_variant_that_only_the_fallback_font_has_is_marked_for_it() -> None:
    text, more = coverage(FONT_FILES[0]), coverage(FONT_FILES[2])
    base, selector = min(
        pair for pair in more.variants - text.variants if pair[0] in text.characters
    )
    variant = chr(base) + chr(selector)
    assert printable(f"花{variant}子") == f'花<span class="fallback">{variant}</span>子'


def test_a_variant_that_no_font_has_is_printed_in_its_ordinary_form() -> None:
    assert printable("花\U000e01ef子") == "花子"


def test_a_variant_changes_what_is_printed(text_of) -> None:
    plain = render_registration_certificate(registration(resident_name="葛"), "card")
    variant = render_registration_certificate(registration(resident_name="葛\U000e0100"), "card")
    assert "葛\U000e0100" in text_of(variant)
    assert "葛\U000e0100" not in text_of(plain)

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.text import (
    normalise_digits,
    normalise_kana,
    normalise_name,
    normalise_postal_code,
    short_name,
    written_postal_code,
)

# Ideographs, those of the compatibility blocks too; some followed by a variation selector.
KANJI = st.one_of(
    st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0xF900, max_codepoint=0xFAFF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
    st.sampled_from(["\ufa19", "葛\U000e0100", "辻\U000e0101", "神\ufe00", "〆", "々"]),
)
ANYTHING = st.text(
    st.characters() | st.sampled_from("ｶﾊｳﾞﾟかカはハうウわワ゛゜\u3099\u309aー　\u200b\u202eＡ１")
)


@given(ANYTHING)
@example("ｶ\u200bﾞ")
@example("わ\u3099゛")
@example("は\u3099\u309a")
def test_normalising_twice_changes_nothing_more(text):
    name, kana = normalise_name(text), normalise_kana(text)
    assert normalise_name(name) == name
    assert normalise_kana(kana) == kana
    assert normalise_name(kana) == kana


@given(st.lists(KANJI, max_size=10).map("".join))
def test_kanji_survive_byte_for_byte(name):
    for compatibility in ("\ufa19", "𠮷田 髙﨑", "葛\U000e0100飾", "神\ufe00"):
        for normalise in (normalise_name, normalise_kana):
            assert normalise(name + compatibility) == name + compatibility


@given(ANYTHING)
def test_nothing_invisible_or_doubled_stays_in_a_name(text):
    name = normalise_name(text)
    assert name == name.strip()
    assert "  " not in name
    assert not set(name) & {"\u3000", "\u00a0", "\t", "\n", "\x00", "\u200b", "\u202e", "\ufeff"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ｻﾄｳ ﾊﾅｺ", "サトウ ハナコ"),
        ("ｶﾞｷﾞﾊﾟｳﾞｧ", "ガギパヴァ"),
        ("カ゛カ\u3099", "ガガ"),
        ("佐藤　 花子 ", "佐藤 花子"),
        ("　佐藤\t\u2003\u00a0花子\n", "佐藤 花子"),
        ("Ｓｍｉｔｈ－Ｊｏｎｅｓ　３世", "Smith-Jones 3世"),
        ("佐\x00藤\u200b花\u202e子\x1b", "佐藤花子"),
        ("さとう", "さとう"),
        ("ジョージ・Ｗ", "ジョージ・W"),
        ("\u3164\u200b　", ""),
        ("カ\u309a", "カ\u309a"),  # a mark without a composed letter is somebody's spelling
        ("e\u0301", "e\u0301"),
    ],
)
def test_name_takes_one_form(typed, kept):
    assert normalise_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("さとう　はなこ", "サトウ ハナコ"),
        ("か\u3099か゛ば", "ガガバ"),
        ("ゔぁいおりん", "ヴァイオリン"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("みすゞ", "ミスヾ"),
        ("わ\u3099", "ヷ"),
    ],
)
def test_furigana_become_katakana(typed, kept):
    assert normalise_kana(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("０９０－１２３４－５６７８", "09012345678"), ("(03) 1234ー5678", "0312345678"),
     ("＋81 90", "+8190"), ("九", "九")],
)  # fmt: skip
def test_digits_lose_their_grouping_and_nothing_else(typed, kept):
    assert normalise_digits(typed) == kept


@pytest.mark.parametrize("typed", ["988-0017", "〒９８８－００１７", " 〒 988 0017", "9880017"])
def test_postal_code_is_seven_digits_however_it_is_typed(typed):
    assert normalise_postal_code(typed) == "9880017"


def test_a_short_name_hides_each_letter_of_the_given_name_once():
    assert short_name("佐藤", "花子") == "佐藤 ＊＊"
    assert short_name("𠮷田", "葛󠄀") == "𠮷田 ＊"


@pytest.mark.parametrize(
    ("code", "written"),
    [("9880017", "988-0017"), ("", ""), ("96815", "96815"), ("K1A 0B1", "K1A 0B1")],
)
def test_a_postal_code_is_written_as_on_an_envelope(code, written):
    assert written_postal_code(code) == written

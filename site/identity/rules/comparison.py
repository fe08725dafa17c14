"""Whether what somebody wrote and what was proved are the same.

Only for showing both and saying which one is proved: nothing is refused or changed by it.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_STROKES = re.compile(r"[\-\u2010-\u2015\u2212\u30fc\uff0d\uff70]")
# 一丁目2番3号, 1丁目2番地の3 and 1-2-3 are one place.
_PARTS = re.compile(r"(?<=\d)(?:丁目|番地の|番地|番|号|の)")
_KANJI_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_ONE_TO_NINE = "[一二三四五六七八九]"
_KANJI = re.compile(f"(?:{_ONE_TO_NINE}?十{_ONE_TO_NINE}?|{_ONE_TO_NINE})(?=丁目)")


def same_name(one: str, other: str) -> bool:
    """The same letters; spaces don't count. 髙 and 高 are not the same."""
    return _SPACES.sub("", one) == _SPACES.sub("", other)


def same_address(one: str, other: str) -> bool:
    """The same place, as far as the ways of writing go; a building is not looked at.

    Reading: a profile may add building and room, the card may too: the shorter is the beginning
    of the longer, where the longer does not go on with a digit.
    """
    short, long = sorted((_place(one), _place(other)), key=len)
    rest = long[len(short) :]
    return bool(short) and long.startswith(short) and not re.match(r"-?\d", rest)


def _place(text: str) -> str:
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    plain = _KANJI.sub(_number, plain)
    plain = _STROKES.sub("-", plain)
    return re.sub(r"-+", "-", _PARTS.sub("-", plain)).removesuffix("-")


def _number(match: re.Match[str]) -> str:
    digits = match[0].translate(_KANJI_DIGITS)
    if "十" not in digits:
        return digits
    tens, _ten, ones = digits.partition("十")
    return f"{tens or '1'}{ones or '0'}"

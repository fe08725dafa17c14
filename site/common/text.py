"""What people type, in one form: names, furigana, digits, postal codes.

No NFC or NFKC over a whole text, ever: it would turn U+FA19 into U+795E and so change how
a person's name is written in the family register. 𠮷, 髙, 﨑 and characters followed by a
variation selector leave these functions as they came in; only kana, ASCII, spaces and
invisible characters are touched.
"""

import re
import unicodedata

_HALF_KANA = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
_FULL_KANA = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト"
    "ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
)
_WIDTH = str.maketrans(_HALF_KANA, _FULL_KANA) | {
    # ！ to ～ become ! to ~
    full: full - 0xFEE0
    for full in range(0xFF01, 0xFF5F)
}
_KATAKANA = {hira: hira + 0x60 for hira in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_VOICED, _SEMI_VOICED = "\u3099\u309b", "\u309a\u309c"


def _composed() -> dict[str, str]:
    """Every kana that has a voiced form, with each way its mark is typed."""
    pairs: dict[str, str] = {}
    for base in map(chr, range(0x3041, 0x30FF)):
        for marks in (_VOICED, _SEMI_VOICED):
            whole = unicodedata.normalize("NFC", base + marks[0])
            if len(whole) == 1:
                pairs |= {base + mark: whole for mark in marks}
    return pairs


_COMPOSED = _composed()
_COMPOSABLE = re.compile("|".join(map(re.escape, _COMPOSED)))
_SPACES = re.compile(r"[\s\u2028\u2029]+")
# Letters and symbols that show as nothing: a name made of them would look empty.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SEPARATORS = re.compile(r"[\s()（）\-\u2010-\u2015\u2212\u2500ー－ｰ]+")


def _is_invisible(character: str) -> bool:
    """Control, format and surrogate characters, but not white space, which becomes a space.

    Format characters include the ones that reverse the direction of the text that follows.
    Variation selectors are marks, not format characters: they stay.
    """
    if character in _BLANKS:
        return True
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and not character.isspace()


def normalise_name(value: str) -> str:
    """A name in the form we keep and compare.

    Half-width kana become full-width, voiced marks join their kana, full-width ASCII becomes
    half-width, white space of any kind becomes one ASCII space and is trimmed, control and
    invisible characters go. Kanji are never changed. A name with nothing left comes back "".
    """
    visible = "".join(character for character in value if not _is_invisible(character))
    spaced = _SPACES.sub(" ", visible.translate(_WIDTH)).strip()
    return _COMPOSABLE.sub(lambda match: _COMPOSED[match[0]], spaced)


def normalise_kana(value: str) -> str:
    """Furigana: as `normalise_name`, and hiragana becomes katakana."""
    katakana = normalise_name(value).translate(_KATAKANA)
    return _COMPOSABLE.sub(lambda match: _COMPOSED[match[0]], katakana)


def short_name(family: str, given: str) -> str:
    """For people who need to recognise a person, not to know one: 佐藤 ＊＊.

    A variation selector belongs to its letter and is none of its own.
    """
    letters = sum(unicodedata.category(character) != "Mn" for character in given)
    return f"{family} {'＊' * letters}"


def normalise_digits(value: str) -> str:
    """Digits of a number people write in groups (telephone, postal code).

    Full-width digits become ASCII; spaces, brackets and hyphens of every kind go. Other
    characters stay, so that the field can refuse them: '０９０（1234）5678' → '09012345678'.
    """
    return _SEPARATORS.sub("", normalise_name(value))


def written_postal_code(code: str) -> str:
    """'9880017' → '988-0017'; a postal code abroad stays as it is."""
    is_ours = len(code) == 7 and code.isascii() and code.isdigit()
    return f"{code[:3]}-{code[3:]}" if is_ours else code


def normalise_postal_code(value: str) -> str:
    """'〒９８８－００１７' → '9880017'. Not judged: the caller checks for seven digits."""
    return normalise_digits(value).removeprefix("〒")

"""How a claim code is written on paper and read back: 7K2M-9QXD-4TBH.

Twelve characters of Crockford's base 32, which leaves out I, L, O and U: eleven of the code and a
check character (Luhn mod 32), so that a mistyped one is told at once and costs no attempt.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_BASE = len(ALPHABET)
_GROUP = 4
# What people take these letters for on paper.
_ALIKE = str.maketrans("ILO", "110")
NUMBERS = _BASE ** (LENGTH - 1)


def write(number: int) -> str:
    """The code of a number below `NUMBERS` (2^55), without hyphens."""
    characters = []
    for _place in range(LENGTH - 1):
        number, digit = divmod(number, _BASE)
        characters.append(ALPHABET[digit])
    body = "".join(reversed(characters))
    return body + _check(body)


def read(typed: str) -> str | None:
    """The code somebody typed, as `write` gives it; None if it cannot be one.

    `typed` has no hyphens and spaces any more (`common.text.normalise_digits`).
    """
    code = typed.upper().translate(_ALIKE)
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    return code if _check(code[:-1]) == code[-1] else None


def grouped(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _check(body: str) -> str:
    """Luhn mod N (ISO/IEC 7812-1, annex B, carried over to base 32)."""
    total = 0
    for place, character in enumerate(reversed(body)):
        product = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += product // _BASE + product % _BASE
    return ALPHABET[-total % _BASE]

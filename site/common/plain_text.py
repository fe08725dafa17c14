"""What people write for others to read: plain text, and whether there is anything to read in it."""

from __future__ import annotations

import unicodedata

# Cc other than these two, and the marks that turn the direction of what follows: with them a
# text could rewrite how its neighbours read.
_KEPT_CONTROLS = {"\n", "\t"}
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_UNSEEN = {"Cf", "Zs", "Zl", "Zp", "Cc", "Mn"}
# Letters and a symbol by their category, and yet shown as nothing: Hangul fillers, empty Braille.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def tidy(text: str) -> str:
    """Plain text: one kind of line break, no control characters, no space at the ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        sign
        for sign in text
        if sign in _KEPT_CONTROLS or (unicodedata.category(sign) != "Cc" and sign not in _TURNING)
    )
    return "".join(kept).strip()


def says_something(text: str) -> bool:
    """Whether there is anything to see: not only spaces and signs without width."""
    return any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANKS for sign in text)

"""Names of files that people send in."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
"""Characters, the extension included: what a database column and every file system take."""
_SPACES = re.compile(r"\s+")
# What Windows forbids in a name, and what would leave a header or a path.
_FORBIDDEN = re.compile(r'[<>:"|?*\\/%;\'`&]')


def clean_file_name(name: str) -> str:
    """The name without path, without signs nobody sees, and not too long: `a/b\u202egpj.exe`
    becomes `bgpj.exe`, so that a name says what it is. Never empty; the extension stays.
    """
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Format characters include those that turn the direction of what follows.
    seen = "".join(
        sign for sign in name if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    plain = _SPACES.sub(" ", _FORBIDDEN.sub("_", seen)).rstrip(" .")
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        stem, extension = plain, ""
    extension = extension.strip()[:10]
    ending = f".{extension}" if extension else ""
    return f"{stem.strip(' .')[: LONGEST - len(ending)].rstrip(' .') or 'file'}{ending}"

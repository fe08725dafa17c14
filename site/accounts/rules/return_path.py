"""Where somebody may be sent back to."""

from urllib.parse import urlsplit

from common.my_number import has_my_number

MAX_LENGTH = 500


def safe_path(value: str | None) -> str | None:
    """`value` if it is a path on the host that answers, else None.

    Attacks this answers: `//evil` and `/\\evil`, which browsers read as another host;
    a scheme (`https:`, `javascript:`); tabs and line ends, which browsers drop before they
    look at the slashes and which could split a header. A path is kept for a minute on the way to
    another host: one with an individual number in it (R10) is not.
    """
    if not value or len(value) > MAX_LENGTH or has_my_number(value):
        return None
    if not value.startswith("/") or value.startswith("//") or "\\" in value:
        return None
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else value

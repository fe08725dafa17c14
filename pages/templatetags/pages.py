"""What page templates need."""

from __future__ import annotations

import re
import unicodedata

from django import template

register = template.Library()


@register.filter
def telephone(number: str) -> str:
    """A number as a telephone dials it: digits and a leading plus, full-width ones narrowed."""
    return re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", number))

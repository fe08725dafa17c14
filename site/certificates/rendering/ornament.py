"""Seigaiha, the pattern of waves: the only decoration. No seal is imitated anywhere."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString


@cache
def waves(columns: int, rows: int) -> SafeString:
    """A band of `columns` × `rows` waves, as one path; the style sheet gives colour and size."""
    path: list[str] = []
    for row in range(rows):
        for column in range(columns + 1):
            x, y = column * 20 + (10 if row % 2 else 0), 10 + row * 5
            path += [f"M{x - r} {y}a{r} {r} 0 0 1 {2 * r} 0" for r in (9.5, 6.5, 3.5)]
    width, height = columns * 20 + 10, rows * 5 + 5
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="waves" viewBox="0 0 {} {}"'
        ' aria-hidden="true"><title>飾り</title>'
        '<path fill="none" stroke="#9fb6cf" stroke-width="0.7" d="{}"/></svg>',
        width,
        height,
        "".join(path),
    )

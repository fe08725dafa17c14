"""The copy of one's own data to read and to print: A4, tagged, with our fonts alone."""

from __future__ import annotations

from pathlib import Path

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from certificates.rendering.documents import AUTHOR
from certificates.rendering.glyphs import missing_characters, printable, with_geta
from common.templatetags.wareki import jdatetime
from portal.rules.copies import Copy, Part

SHEETS = Path(__file__).resolve().parent / "sheets"
_ROW_BREAKS = 12
"""Rows with more values than this may go on over the page."""
_DENSE_FROM = 20
"""From so many rows on their values follow each other on the line: a fifth of the pages."""


def render_copy(copy: Copy) -> bytes:
    """The copy as PDF, in the reader's language.

    Unlike a certificate it is never refused for a character that no font of ours has: 〓 stands
    there, the first page says so, and the other file holds the character itself.
    """
    # WeasyPrint takes a second to load, which every command of Django's would wait for.
    from certificates.rendering.press import fill, print_pdf

    values = {
        "language": get_language() or "ja",
        "author": AUTHOR,
        "title": _("A copy of my data"),
        "name": _text(copy.name),
        "made_on": _("As of %(moment)s") % {"moment": jdatetime(copy.made_at)},
        "about": [
            _(
                "This is what the platform and the municipalities hold of you, table by table,"
                " with what it is held for and how long."
            ),
            _("A dash (—) means that nothing is stored there."),
            _("It holds what is private to you. Please keep it where nobody else reads it."),
        ],
        "missing": _characters_missing(copy),
        "contents": _("Contents"),
        "colon": pgettext("state", ": "),
        "nothing": _("Nothing is stored here."),
        "parts": [_part(part) for part in copy.parts],
    }
    html = fill("own_data.html", values, SHEETS)
    return print_pdf(html, ("common.css", SHEETS / "own_data.css"))


def _part(part: Part) -> dict[str, object]:
    return {
        "title": _text(part.title if part.place is None else f"{part.place.name}　{part.title}"),
        "why": _text(part.why),
        "count": len(part.rows),
        "dense": len(part.rows) >= _DENSE_FROM,
        "breaks": bool(part.rows) and len(part.rows[0].values) > _ROW_BREAKS,
        "rows": [
            [(_text(value.label), _text(value.words)) for value in row.values] for row in part.rows
        ],
    }


def _text(text: str) -> SafeString:
    """`text` as HTML; the lines somebody wrote stay lines."""
    lines = ((printable(with_geta(line)),) for line in text.splitlines() or [""])
    return format_html_join(SafeString("<br>"), "{}", lines)


def _characters_missing(copy: Copy) -> str:
    texts = (value.words for part in copy.parts for row in part.rows for value in row.values)
    if not any(map(missing_characters, (copy.name, *texts))):
        return ""
    return _(
        "〓 stands for a character that cannot be printed. The file for machines (JSON) holds it as"
        " it was written."
    )

"""Pages of which only the middle differs from reader to reader.

At a venue hundreds ask for the same page within minutes. Head, header and scripts of it are made
once a process, language and municipality's kind, with what follows the middle on every such page;
what is somebody's own is put in: the middle, the page's address and the number that lets its
scripts run, which is another one every time.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from themes.templatetags.themes import language_links, without_language

# Letters for private use: no text of ours or of anybody's has them.
TITLE, MIDDLE, ADDRESS, NONCE = "\ue001", "\ue002", "\ue003", "\ue004"
_frames: dict[tuple[str | None, bool, str], str] = {}


def render_in_frame(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    is_demonstration: bool,
    after: str = "",
) -> HttpResponse:
    """The page of `template`, which extends the template in `frame` and fills its blocks `title`
    and `content`; `after` names a template of what follows, the same for everybody. It shows no
    messages: they wait for the next page."""
    middle = render_to_string(template, context | {"frame": "themes/middle.html"}, request)
    title, _separator, content = middle.partition(TITLE)
    page = (
        _frame(request, is_demonstration, after)
        .replace(NONCE, str(request.csp_nonce))  # type: ignore[attr-defined]
        .replace(ADDRESS, escape(without_language(request.get_full_path())))
        .replace(TITLE, title)
        .replace(MIDDLE, content)
    )
    return HttpResponse(page)


def _frame(request: HttpRequest, is_demonstration: bool, after: str) -> str:
    key = get_language(), is_demonstration, after
    if key not in _frames:
        context = {
            "title": TITLE,
            "middle": MIDDLE,
            "after": after,
            "language_links": language_links(ADDRESS),
            "messages": (),
            "is_demonstration": is_demonstration,
        }
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        made = render_to_string("themes/focus.html", context, request)
        _frames[key] = made.replace(nonce, NONCE)
    return _frames[key]

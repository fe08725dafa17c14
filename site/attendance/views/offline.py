"""What browsers keep for places without a network: the service workers and the pages they keep.

None of it is anybody's: no session has a part in it, so all get the same. A worker's text changes
with every file that it keeps, by which browsers notice that there is a newer one.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from attendance.views.surface import desk_surface
from attendance.views.venue_words import desk_words

_LOOK = [
    "themes/vendor/design-tokens.css",
    *(
        f"themes/css/{name}.css"
        for name in ("base", "key-colours", "frame", "components", "forms", "content", "print")
    ),
    "themes/img/icon.svg",
    "themes/js/app.js",
]
_DESK = ["attendance/desk.css", "attendance/desk.js", "attendance/vendor/zxing_reader.wasm"]
_OWN = ["attendance/own.js"]
_OWN_SHELLS = ("attendance/own_shell.html", "attendance/pass_shell.html")
# What scripts import, by addresses relative to their own: these are not named by content.
_DESK_IMPORTS = [
    *(f"{name}.js" for name in ("camera", "codes", "desk-screen", "judging", "qr", "queue")),
    "store.js",
    "vendor/ponyfill.js",
    "vendor/zxing-exported.js",
    "vendor/qrcode.mjs",
]
_OWN_IMPORTS = ["queue.js", "store.js"]


@require_safe
def desk_worker(request: HttpRequest) -> HttpResponse:
    """Of `/desk/`: the page comes from the device first, so that it opens at once anywhere."""
    pages = [_page(reverse("attendance:desk"), "attendance:desk_shell")]
    shells = {"attendance/desk.html": desk_words()}
    return _worker("desk", pages, shells, _DESK, _DESK_IMPORTS, kept_first=True)


@require_safe
@desk_surface
def desk_shell(request: HttpRequest) -> HttpResponse:
    """The desk's page without anything of a session or a device, for being kept."""
    return render(request, "attendance/desk.html", {"words": desk_words()})


@require_safe
def own_worker(request: HttpRequest) -> HttpResponse:
    """Of `/c/` or `/my/pass/` on the portal, wherever it is asked: the network comes first.

    `?language=en`: what it keeps for these addresses is in English. A poster's address names no
    language, so the reader's is said by whoever sets the worker up (`own.js`).
    """
    # The poster's address is in capitals, and scopes of workers tell them from small letters.
    codes = rf"{reverse('attendance:digits')}([A-Za-z2-7]{{20,100}}/?)?".replace("/c/", "/[cC]/")
    my_pass = reverse("attendance:my_pass")
    language = request.GET.get("language", "")
    known = language if language in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(known):
        pages = [_page(codes, "attendance:own_shell"), _page(my_pass, "attendance:pass_shell")]
        shells: dict[str, dict[str, str]] = dict.fromkeys(_OWN_SHELLS, {})
        return _worker("own", pages, shells, _OWN, _OWN_IMPORTS, kept_first=False)


@require_safe
def own_shell(request: HttpRequest) -> HttpResponse:
    """In place of the page behind a venue's code, where there is no network."""
    return render(request, "attendance/own_shell.html")


@require_safe
def pass_shell(request: HttpRequest) -> HttpResponse:
    """In place of the pass's page, which the device fills in itself."""
    return render(request, "attendance/pass_shell.html")


def _page(path: str, shell: str) -> dict[str, str]:
    """`path` is a regular expression of JavaScript's kind, which must match the whole."""
    return {"path": f"^{path}$", "shell": reverse(shell)}


def _worker(
    name: str,
    pages: list[dict[str, str]],
    shells: dict[str, dict[str, str]],
    files: list[str],
    imports: list[str],
    *,
    kept_first: bool,
) -> HttpResponse:
    files, imports = [*_LOOK, *files], [f"attendance/{one}" for one in imports]
    digest = hashlib.sha256(_content_of((*files, *imports, "attendance/worker.js")))
    for shell, words in shells.items():
        digest.update(render_to_string(shell, {"words": words}).encode())
    keeps = {
        "name": name,
        "version": digest.hexdigest()[:16],
        "keptFirst": kept_first,
        "pages": pages,
        "assets": [*map(static, files), *(f"{settings.STATIC_URL}{one}" for one in imports)],
    }
    script = _found("attendance/worker.js").read_text()
    answer = HttpResponse(f"const KEEPS = {json.dumps(keeps)};\n{script}", "text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _content_of(names: tuple[str, ...]) -> bytes:
    """A hash over what a process serves; files change with a new start only."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(_found(name).read_bytes())
    return digest.digest()


def _found(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)

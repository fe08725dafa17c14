"""HTML to PDF by WeasyPrint, with our fonts and nothing else from the machine or the network."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock, local
from typing import Any, NoReturn

from django.template import Context, Engine
from weasyprint import CSS, HTML
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from certificates.rendering.glyphs import FONT_FILES, FONTS, MissingGlyph

SHEETS = Path(__file__).resolve().parent / "sheets"

# Pango's font map may be used by one thread at a time. Layout holds Python's lock nearly all
# the time anyway, so one at a time costs nothing; more at once take more processes.
_press = Lock()


class OutsideReference(Exception):
    """The page asks for something outside itself."""


class NoFetching(URLFetcher):
    """Refuses every address, `file:` and `data:` too: all we print is in the HTML itself.

    The attack: a name that became markup (`<img src="http://169.254…">`) and makes the server
    fetch for its author. The refusal stops the rendering instead of leaving the picture out.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise FatalURLFetchingError(f"Refused to fetch {url}")


class OurFonts(FontConfiguration):
    """The fonts in `fonts/` and none of the machine's: the same page looks the same everywhere.

    WeasyPrint's way for this, `@font-face`, copies 20 MB a process to the temporary folder, which
    cleaning jobs empty under a worker that runs for weeks. Fontconfig takes the files where they
    are. Raises `OSError` if one cannot be loaded.
    """

    def __init__(self) -> None:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
        try:
            super().__init__()
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
        for name in FONT_FILES:
            if not fontconfig.FcConfigAppFontAddFile(self._config, os.fsencode(FONTS / name)):
                raise OSError(f"Cannot load the font {name}")
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", self.font_map))


class _EmptyBoxes(logging.Handler):
    """Collects the characters WeasyPrint drew as empty boxes, for the thread that draws."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._found = local()

    def start(self) -> None:
        self._found.characters = []

    def characters(self) -> str:
        return "".join(dict.fromkeys(self._found.characters))

    def emit(self, record: logging.LogRecord) -> None:
        if ".notdef" not in str(record.msg) or not isinstance(record.args, tuple):
            return
        if hasattr(self._found, "characters"):
            self._found.characters.append(str(record.args[0]))


@cache
def _empty_boxes() -> _EmptyBoxes:
    handler = _EmptyBoxes()
    logging.getLogger("weasyprint").addHandler(handler)
    return handler


@cache
def _fonts() -> OurFonts:
    return OurFonts()


@cache
def _style(file: Path) -> CSS:
    return CSS(
        string=file.read_text(encoding="utf-8"),
        font_config=_fonts(),
        url_fetcher=NoFetching(),
    )


@cache
def _engine(folder: Path) -> Engine:
    # Our own engine, not the site's: no context processor, loader or tag of any app reaches in.
    return Engine(
        dirs=[str(folder)],
        autoescape=True,
        loaders=[
            ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])
        ],
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Holds Python's cycle collector back while a page's boxes pile up; it catches up afterwards.

    Measured in a small process: nothing gained on a one-page registration certificate, a fifth of
    the time on 60 rows.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fill(sheet: str, values: dict[str, Any], folder: Path = SHEETS) -> str:
    """The HTML of the template `sheet` in `sheets/`, or in another app's; values are escaped."""
    return str(_engine(folder).get_template(sheet).render(Context(values)))


def print_pdf(html: str, styles: tuple[str | Path, ...]) -> bytes:
    """`html` as tagged PDF (PDF/UA-1), styled by files of `sheets/`, or others by their path.

    Raises `MissingGlyph` if a character would come out as an empty box, and
    `OutsideReference` if the page asks for anything outside itself.
    """
    boxes = _empty_boxes()
    with _press, _no_collection():
        boxes.start()
        try:
            pdf = HTML(string=html, url_fetcher=NoFetching()).write_pdf(
                font_config=_fonts(),
                stylesheets=[_style(SHEETS / name) for name in styles],
                pdf_variant="pdf/ua-1",
            )
        except FatalURLFetchingError as refusal:
            # WeasyPrint's is a BaseException, which would end a worker.
            raise OutsideReference(str(refusal)) from refusal
        if missing := boxes.characters():
            raise MissingGlyph(missing)
    return bytes(pdf)

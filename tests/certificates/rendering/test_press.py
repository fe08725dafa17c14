"""Nothing is fetched, no machine font is used, no empty box is printed, threads may share."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from certificates.rendering.documents import render_registration_certificate
from certificates.rendering.glyphs import FONT_FILES, FONTS, MissingGlyph
from certificates.rendering.press import OurFonts, OutsideReference, print_pdf
from tests.certificates.rendering.samples import registration


def _page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="ja"><title>x</title><body>{body}</body></html>'


@pytest.mark.parametrize(
    "address",
    ["https://example.com/x.png", "http://127.0.0.1:1/x.png", "file:///etc/hostname",
     "data:image/png;base64,AAAA", (FONTS / "MANIFEST.json").as_uri()],
)  # fmt: skip
def test_no_address_at_all_is_fetched(address: str) -> None:
    with pytest.raises(OutsideReference, match="Refused"):
        print_pdf(_page(f'<img alt="x" src="{address}">'), ("common.css",))


def test_a_style_sheet_from_elsewhere_is_not_fetched() -> None:
    with pytest.raises(OutsideReference):
        print_pdf(_page('<link rel="stylesheet" href="https://example.com/x.css">'), ())


def test_an_empty_box_is_an_error_even_if_no_one_asked_before() -> None:
    # U+0E01, Thai: in fonts of many machines, in none of ours.
    with pytest.raises(MissingGlyph) as refusal:
        print_pdf(_page("花\u0e01子"), ("common.css",))
    assert refusal.value.characters == "\u0e01"
    assert print_pdf(_page("花子"), ("common.css",))  # the refusal does not stick


def test_choosing_our_fonts_leaves_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/other/fonts.conf")
    OurFonts()
    assert os.environ["FONTCONFIG_FILE"] == "/other/fonts.conf"
    monkeypatch.delenv("FONTCONFIG_FILE")
    OurFonts()
    assert "FONTCONFIG_FILE" not in os.environ


def test_threads_share_the_press_and_keep_their_refusals_apart() -> None:
    names = ["山田 花子", "欠\U0001f30a", "𠮷田 太郎", "欠\U00030edd"]

    def attempt(name: str) -> str:
        try:
            return render_registration_certificate(registration(resident_name=name), "card")[
                :5
            ].decode()
        except MissingGlyph as refusal:
            return refusal.characters

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, names))
    assert results == ["%PDF-", "\U0001f30a", "%PDF-", "\U00030edd"]


def test_every_font_file_is_the_published_one() -> None:
    manifest = json.loads((FONTS / "MANIFEST.json").read_text(encoding="utf-8"))
    listed: dict[str, str] = {}
    for package in manifest["packages"]:
        assert package["licence"] == "OFL-1.1"
        assert package["version"]
        listed |= package["sha256"]
    assert set(FONT_FILES) <= set(listed)
    assert set(listed) == {path.name for path in _published(FONTS)}
    for name, digest in listed.items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest


def _published(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name not in ("MANIFEST.json", "fonts.conf")]

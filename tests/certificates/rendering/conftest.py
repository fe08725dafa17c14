"""What a reader sees in a PDF: its text, its fonts, its QR code."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader


@pytest.fixture
def text_of() -> Callable[[bytes], str]:
    """The text of all pages without any spaces or line breaks."""

    def extract(pdf: bytes) -> str:
        pages = PdfReader(io.BytesIO(pdf)).pages
        return "".join("".join(page.extract_text() for page in pages).split())

    return extract


@pytest.fixture
def scan(tmp_path: Path) -> Callable[..., str]:
    """What a camera reads from the first page, rasterised at `dpi`; needs poppler-utils."""
    cv2 = pytest.importorskip("cv2")

    def decode(pdf: bytes, dpi: int = 150) -> str:
        source = tmp_path / "page.pdf"
        source.write_bytes(pdf)
        try:
            subprocess.run(
                ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", source, tmp_path / "page"],
                check=True,
            )
        except FileNotFoundError:
            pytest.skip("pdftoppm is not installed (Debian: poppler-utils)")
        text, _points, _code = cv2.QRCodeDetector().detectAndDecode(
            cv2.imread(str(tmp_path / "page.png"))
        )
        return str(text)

    return decode

"""QR codes as SVG for pages and print."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from common.qr import QUIET_ZONE, qr_modules, qr_svg

URL = "HTTPS://FURUSATO.EXAMPLE.GO.JP/C/AEB2Q7XKJ4TMZ5LC3WNRYD6HUVSPGFOI"


def test_the_picture_has_a_quiet_zone_of_four_modules() -> None:
    svg = ElementTree.fromstring(qr_svg(URL, "M"))
    side = qr_modules(URL, "M")
    assert svg.attrib["viewBox"] == f"0 0 {side} {side}"
    starts = [
        tuple(map(int, point))
        for point in re.findall(r"M(\d+) (\d+)", svg.findall("{*}path")[1].attrib["d"])
    ]
    assert min(x for x, _ in starts) == min(y for _, y in starts) == QUIET_ZONE == 4
    assert max(y for _, y in starts) == side - 5


def test_capitals_need_fewer_modules() -> None:
    assert qr_modules(URL, "Q") < qr_modules(URL.lower(), "Q")


def test_more_correction_needs_more_modules() -> None:
    assert qr_modules(URL, "L") < qr_modules(URL, "H")


def test_it_fits_a_strict_content_security_policy_and_names_itself() -> None:
    svg = qr_svg(URL, label='二次元コード "<1>"')
    assert "style=" not in svg
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).attrib["aria-label"] == '二次元コード "<1>"'


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        qr_modules("x" * 3000, "Q")

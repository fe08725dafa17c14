"""Every key colour can be read, on light and on dark screens (WCAG 2.2, 1.4.3 and 1.4.11).

Reads the style sheets themselves: what is proved is what browsers get.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from themes.enums import KeyColour

STATIC = Path(__file__).resolve().parents[2] / "themes" / "static" / "themes"
TEXT, GRAPHIC = 4.5, 3.0
MODES = ("light", "dark")
BACKGROUNDS = ("--surface", "--surface-soft", "--surface-raised", "--key-soft")

_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n  \}", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DECLARATION = re.compile(r"(--[\w-]+):\s*([^;]+);")
_REFERENCE = re.compile(r"var\((--[\w-]+)\)")
_MIX = re.compile(r"color-mix\(in srgb, (\S+) (\d+)%, (\S+)\)")


def _declarations(css: str, selector: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for selectors, body in _RULE.findall(css):
        names = {name.strip().rsplit("\n", 1)[-1].strip() for name in selectors.split(",")}
        if selector in names:
            found |= dict(_DECLARATION.findall(body))
    return found


@cache
def _values(colour: str, mode: str) -> dict[str, str]:
    """Custom properties in force for a key colour in a mode, as the cascade gives them."""
    values = dict(_DECLARATION.findall((STATIC / "vendor" / "design-tokens.css").read_text()))
    key = f'[data-key-colour="{colour}"]'
    for name, selector in (("base.css", ":root"), ("key-colours.css", key)):
        css = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / name).read_text(), flags=re.S)
        values |= _declarations(_DARK.sub("", css), selector)
        if mode == "dark":
            dark = "".join(_DARK.findall(css))
            found = _declarations(dark, selector)
            assert found, f"{name} says nothing about {selector} on dark screens"
            values |= found
    return values


def _rgb(value: str, values: dict[str, str]) -> tuple[float, float, float]:
    while reference := _REFERENCE.search(value):
        value = value.replace(reference[0], values[reference[1]].strip())
    if mix := _MIX.fullmatch(value.strip()):
        first, second, share = _rgb(mix[1], values), _rgb(mix[3], values), int(mix[2]) / 100
        red, green, blue = (a * share + b * (1 - share) for a, b in zip(first, second, strict=True))
        return red, green, blue
    digits = re.fullmatch(r"#([0-9a-f]{6})", value.strip())
    assert digits, f"not a colour this test can read: {value}"
    red, green, blue = (int(digits[1][i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def _luminance(rgb: tuple[float, float, float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, mode: str, front: str, back: str) -> float:
    values = _values(colour, mode)
    high, low = sorted(
        (_luminance(_rgb(values[front], values)), _luminance(_rgb(values[back], values))),
        reverse=True,
    )
    return (high + 0.05) / (low + 0.05)


def test_measure_agrees_with_the_figures_of_the_standard() -> None:
    assert contrast("blue", "light", "--color-neutral-black", "--surface") == pytest.approx(21)
    # #767676 on white is the well-known grey that just passes.
    grey = contrast("blue", "light", "--color-neutral-solid-gray-536", "--surface")
    assert grey == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("colour", KeyColour.values)
def test_text_on_buttons_is_legible(colour: str, mode: str) -> None:
    for button in ("--key-button", "--key-button-hover"):
        assert contrast(colour, mode, "--key-on-button", button) >= TEXT, button


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("colour", KeyColour.values)
def test_links_are_legible_on_every_background(colour: str, mode: str) -> None:
    for back in BACKGROUNDS:
        assert contrast(colour, mode, "--key-link", back) >= TEXT, back
        assert contrast(colour, mode, "--key-link-hover", back) >= TEXT, back
        assert contrast(colour, mode, "--text", back) >= 7, back
        assert contrast(colour, mode, "--text-soft", back) >= TEXT, back


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("colour", KeyColour.values)
def test_focus_ring_borders_and_buttons_stand_out(colour: str, mode: str) -> None:
    for back in BACKGROUNDS:
        for line in ("--focus", "--key-line", "--key-button", "--line-strong"):
            assert contrast(colour, mode, line, back) >= GRAPHIC, (line, back)
    # The ring has two colours so that it is seen against a button as well.
    assert contrast(colour, mode, "--focus", "--focus-halo") >= GRAPHIC


@pytest.mark.parametrize("mode", MODES)
def test_notices_and_badges_are_legible(mode: str) -> None:
    for kind in ("info", "success", "warning", "danger"):
        for back in (f"--{kind}-soft", "--surface"):
            assert contrast("blue", mode, f"--{kind}", back) >= TEXT, (kind, back)
        assert contrast("blue", mode, "--text", f"--{kind}-soft") >= 7, kind
    for button in ("--danger", "--danger-hover"):
        assert contrast("blue", mode, "--on-danger", button) >= TEXT


def test_style_sheet_knows_the_colours_a_municipality_can_choose_and_no_others() -> None:
    css = (STATIC / "css" / "key-colours.css").read_text()
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    assert set(re.findall(r'data-key-colour="([\w-]+)"', css)) == set(KeyColour.values)

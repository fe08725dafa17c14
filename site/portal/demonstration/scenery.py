"""Drawn landscapes, so that pages have pictures nobody has rights in."""

from __future__ import annotations

import colorsys
import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 900
_HUES = {
    "blue": 0.60, "light-blue": 0.55, "cyan": 0.51, "green": 0.38, "lime": 0.25,
    "orange": 0.08, "red": 0.99, "magenta": 0.87, "purple": 0.74,
}  # fmt: skip


def landscape(colour: str, seed: int) -> bytes:
    """A PNG of hills before hills under a pale sky, in a hue near `colour`."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    hue = _HUES[colour]
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(picture)
    for y in range(HEIGHT):
        light = 0.93 + 0.05 * y / HEIGHT
        draw.line([(0, y), (WIDTH, y)], fill=_rgb(hue + 0.04, 0.28 - 0.22 * y / HEIGHT, light))
    sun = (WIDTH * dice.uniform(0.6, 0.85), HEIGHT * dice.uniform(0.15, 0.3))
    radius = 70
    draw.ellipse(
        [sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius], fill=(255, 250, 236)
    )
    picture = picture.filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(picture)
    layers = 5
    for layer in range(layers):
        base = HEIGHT * (0.45 + 0.12 * layer)
        waves = [
            (dice.uniform(30, 90) / (k + 1), dice.uniform(1, 2.4) * (k + 1), dice.uniform(0, 6.3))
            for k in range(4)
        ]
        ridge = [
            (x, base + sum(a * math.sin(f * x / WIDTH * 6.3 + p) for a, f, p in waves))
            for x in range(0, WIDTH + 8, 8)
        ]
        fill = _rgb(hue - 0.02 * layer, 0.25 + 0.1 * layer, 0.82 - 0.13 * layer)
        draw.polygon([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], fill=fill)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _rgb(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)

"""What kind of device a browser says it is: three words from closed lists, no more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """`kind` is phone, tablet, computer or ""; `system` and `browser` as in the lists below."""

    kind: str = ""
    system: str = ""
    browser: str = ""


# The first that is found counts: an iPhone says "Mac OS X" too, Edge and Chrome say "Safari".
_SYSTEMS = (
    ("iPhone", "iphone", "phone"),
    ("iPad", "ipad", "tablet"),
    ("Android", "android", ""),
    ("CrOS", "chromeos", "computer"),
    ("Windows", "windows", "computer"),
    ("Macintosh", "mac", "computer"),
    ("Linux", "linux", "computer"),
)
_BROWSERS = (
    ("Edg", "edge"),
    ("SamsungBrowser", "samsung"),
    ("Firefox", "firefox"),
    ("FxiOS", "firefox"),
    ("Chrome", "chrome"),
    ("CriOS", "chrome"),
    ("Safari", "safari"),
)


def device_of(user_agent: str) -> Device:
    """Read from the `User-Agent` header, which the browser may have made up."""
    system, kind = next(
        ((name, kind) for mark, name, kind in _SYSTEMS if mark in user_agent), ("", "")
    )
    if system == "android":
        kind = "phone" if "Mobile" in user_agent else "tablet"
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    return Device(kind, system, browser)

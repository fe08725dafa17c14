"""No template of the repository breaks the content security policy or asks a foreign host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each exemption with its reason: a part of the path, and why the rule does not hold there.
EXEMPT = {
    "/mail/": "letters are no pages: they may name addresses in full",
    "/pdf/": "typeset by us into a file, never sent to a browser",
}
RULES = {
    "inline style": re.compile(r"<[^>{]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style[\s>]", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I),
    "event handler": re.compile(r"<[^>]*\son[a-z]{3,}\s*=\s*[\"']", re.I),
    "javascript address": re.compile(r"(?:href|action|src)\s*=\s*[\"']\s*javascript:", re.I),
    "foreign origin": re.compile(
        r"<(?:script|link|img|iframe|source|video|audio|object|embed|form)\b[^>]*"
        r"(?:src|href|srcset|action|data)\s*=\s*[\"']?(?:https?:)?//",
        re.I,
    ),
}


def _templates() -> list[Path]:
    found = []
    for path in ROOT.glob("**/templates/**/*.html"):
        inside = path.relative_to(ROOT)
        if inside.parts[0].startswith(".") or any(part in f"/{inside}" for part in EXEMPT):
            continue
        found.append(inside)
    return sorted(found)


def _breaches(markup: str) -> list[str]:
    markup = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", markup, flags=re.S)
    return [name for name, rule in RULES.items() if rule.search(markup)]


@pytest.mark.parametrize("template", _templates(), ids=str)
def test_template_keeps_the_content_security_policy(template: Path) -> None:
    assert _breaches((ROOT / template).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("markup", "breach"),
    [
        ('<p class="x" style="color:red">', "inline style"),
        ("<style>p{}</style>", "style element"),
        ("<script>go()</script>", "inline script"),
        ('<button onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "javascript address"),
        ('<script src="https://cdn.example/x.js"></script>', "foreign origin"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "foreign origin"),
    ],
)
def test_lint_finds_what_it_is_for(markup: str, breach: str) -> None:
    assert breach in _breaches(markup)


def test_lint_lets_through_what_is_allowed() -> None:
    allowed = (
        '<script src="{% static "themes/js/app.js" %}" defer></script>'
        '<a href="https://www.soumu.go.jp/">x</a><link rel="stylesheet" href="/a.css">'
        '<form class="form" action="{{ url }}" data-confirm="x">'
    )
    assert _breaches(allowed) == []

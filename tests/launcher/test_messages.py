"""A text that no catalogue translates is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from launcher import messages

CATALOGUE = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

msgid "Register"
msgstr "登録する"

msgid "One place left"
msgid_plural "%(count)s places left"
msgstr[0] "残り%(count)s名"

msgid ""
"A long text "
"on two lines \"quoted\""
msgstr "長い文"

#, fuzzy
msgid "Leave"
msgstr "たぶん"

msgid "Empty"
msgstr ""

msgctxt "month"
msgid "May"
msgstr "5月"
"""
needs_gettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is missing")


def _app(root: Path, place: str, catalogue: str) -> Path:
    app = root / place
    target = app / messages.CATALOGUE
    target.parent.mkdir(parents=True)
    target.write_text(catalogue, encoding="utf-8")
    (app / "apps.py").touch()
    return app


def test_entries_are_read_with_context_plural_and_long_texts(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(CATALOGUE, encoding="utf-8")
    assert messages.entries(path) == {
        ("", "Register"): True,
        ("", "One place left"): True,
        ("", 'A long text on two lines "quoted"'): True,
        ("", "Leave"): False,
        ("", "Empty"): False,
        ("month", "May"): True,
    }


@needs_gettext
def test_texts_missing_from_their_own_apps_catalogue_are_found(tmp_path):
    first = _app(tmp_path, "site/registration", CATALOGUE)
    (first / "forms.py").write_text('_ = str\nlabel = _("Register")\nhelp = _("New here")\n')
    second = _app(tmp_path, "pages", 'msgid "New here"\nmsgstr "はじめての方"\n')
    (second / "templates").mkdir()
    (second / "templates" / "page.html").write_text(
        '{% load i18n %}{% translate "New here" %}'
        "{% blocktranslate %}Only here{% endblocktranslate %}"
        '{% translate "May" context "month" %}'
    )
    assert messages.untranslated(tmp_path) == [
        ("pages", ("", "Only here")),
        ("pages", ("month", "May")),
        ("site/registration", ("", "New here")),
    ]
    assert messages.main(tmp_path) == 1


@needs_gettext
def test_complete_catalogues_pass(tmp_path):
    app = _app(tmp_path, "pages", 'msgid "Home"\nmsgstr "ホーム"\n')
    (app / "views.py").write_text('_ = str\ntitle = _("Home")\n')
    assert messages.main(tmp_path) == 0


@needs_gettext
def test_an_app_within_an_app_may_use_its_parents_catalogue_or_its_own(tmp_path):
    _app(tmp_path, "tenants", 'msgid "Staff"\nmsgstr "職員"\n')
    inner = tmp_path / "tenants" / "staff"
    inner.mkdir()
    (inner / "apps.py").write_text('_ = str\nname = _("Staff")\n')
    assert messages.untranslated(tmp_path) == []
    (inner / "locale").mkdir()
    assert messages.untranslated(tmp_path) == [("tenants/staff", ("", "Staff"))]

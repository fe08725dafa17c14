"""An editor who works in Japanese meets no English text of Wagtail's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import polib
import pytest
import wagtail.locales
from django.apps import apps
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation
from wagtail.admin.localization import get_js_translation_strings

from common import catalogues
from tenants.context import municipality_context

PACKAGES = {"wagtail", "wagtail_localize", "taggit", "allauth"}
# Japanese says "of 4" without naming what is counted, and Wagtail has no name for it at times.
NAMELESS = "%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"
SAID_IN_LATIN = {"URL", "ID", "UID", "WebAuthn", "Wagtail API v2", "Wagtail API v3"}
# Our words for texts of Wagtail's: they fit there too. A text that means something else here
# than there has a context here, and Wagtail's meaning in pages/wagtail_words.
SAID_OUR_WAY = set(
    "Action|Add|All|Approved|Cancel|Code|Filter|For search engines|Go back|Format|Language|Next|No"
    "|Notifications|Previous|Recovery codes|Remove|Revoke|Revoked|Save|Show|Sign in"
    "|Sign in with a passkey|Status|Submitted|Yes"
    "|account|active|created at|status".split("|")
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Nothing(NullTranslations):
    """Stands behind the Japanese catalogues and answers with nothing where they have none."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""

    def pgettext(self, context: str, message: str) -> str:
        return ""

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return ""


def japanese(domain: str, folder: Path | None = None) -> DjangoTranslation:
    """What a Japanese reader gets; of a script of one package if its folder is named."""
    found = DjangoTranslation("ja", domain=domain, localedirs=folder and [str(folder)])
    found.add_fallback(Nothing())
    return found


def folders() -> list[Path]:
    """Where the packages keep their catalogues.

    wagtail.locales is not installed, but wagtail-localize replaces it with views of its own
    that inherit from it.
    """
    installed = [
        Path(app.path) / "locale"
        for app in apps.get_app_configs()
        if app.name.split(".")[0] in PACKAGES
    ]
    return [*installed, Path(wagtail.locales.__path__[0]) / "locale"]


def english(folder: Path, domain: str) -> Iterator[polib.POEntry]:
    source = folder / "en" / "LC_MESSAGES" / f"{domain}.po"
    if source.exists():
        yield from (entry for entry in polib.pofile(str(source)) if not entry.obsolete)


def shown(entry: polib.POEntry, words: DjangoTranslation) -> str:
    if entry.msgctxt and entry.msgid_plural:
        return words.npgettext(entry.msgctxt, entry.msgid, entry.msgid_plural, 2)
    if entry.msgctxt:
        return words.pgettext(entry.msgctxt, entry.msgid)
    if entry.msgid_plural:
        return words.ngettext(entry.msgid, entry.msgid_plural, 2)
    return words.gettext(entry.msgid)


def placeholders(text: str) -> set[tuple[str, int]]:
    """Those with a name may be repeated; of the others the number matters."""
    found = PLACEHOLDER.findall(text)
    return {(one, found.count(one) if one in {"%s", "%d", "{}"} else 1) for one in found}


def texts() -> Iterator[tuple[polib.POEntry, str]]:
    """Every text of the packages, and what stands on the page or in the browser for it."""
    catalogues.compile_catalogues()
    words = japanese("django")
    for folder in folders():
        yield from ((entry, shown(entry, words)) for entry in english(folder, "django"))
        of_scripts = list(english(folder, "djangojs"))
        if of_scripts:
            spoken = japanese("djangojs", folder)
            yield from ((entry, shown(entry, spoken)) for entry in of_scripts)


def test_every_text_is_translated():
    read = list(texts())
    assert len(read) > 1500
    assert [entry.msgid for entry, text in read if not text] == []
    latin = {
        text
        for _entry, text in read
        if re.search("[A-Za-z]", re.sub("<.*?>", "", PLACEHOLDER.sub("", text)))
        and not re.search("[ぁ-んァ-ヶ一-龠]", text)
    }
    assert latin - SAID_IN_LATIN == set()


def wagtails(domain: str) -> dict[str, str]:
    """The packages' texts without context, and their own Japanese, which may be empty."""
    found: dict[str, str] = {}
    for folder in folders():
        own = folder / "ja" / "LC_MESSAGES" / f"{domain}.po"
        entries = polib.pofile(str(own)) if own.exists() else []
        japanese_texts = {entry.msgid: entry.msgstr for entry in entries}
        for entry in english(folder, domain):
            if not entry.msgctxt:
                found[entry.msgid] = found.get(entry.msgid) or japanese_texts.get(entry.msgid, "")
    return found


def test_our_words_stand_for_wagtails_only_where_they_fit():
    theirs = wagtails("django")
    ours = {
        entry.msgid
        for source in catalogues.catalogues()
        if source.name == "django.po" and "pages" not in source.parts
        for entry in polib.pofile(str(source))
        if not entry.obsolete and not entry.msgctxt
        if theirs.get(entry.msgid, entry.msgstr) != entry.msgstr
    }
    assert ours == SAID_OUR_WAY


def test_a_word_that_means_something_else_here_keeps_both_meanings():
    catalogues.compile_catalogues()
    words = japanese("django")
    assert [words.gettext(text) for text in ("Help", "From", "Privacy", "Document")] == [
        "ヘルプ",
        "リダイレクト元",
        "公開設定",
        "ドキュメント",
    ]
    assert words.pgettext("verb", "Help") == "手伝う"
    assert words.pgettext("footer", "Privacy") == "個人情報の取扱い"


def test_wagtails_own_japanese_is_put_right():
    catalogues.compile_catalogues()
    words = japanese("django")
    assert (
        words.gettext("Page '%(page_title)s' moved.") == "ページ「%(page_title)s」を移動しました。"
    )
    assert words.gettext("Add collection") == "コレクションを追加"
    assert "%(title)s」の下に" in words.gettext(
        "Are you sure you want to move this page into '%(title)s'?"
    )


def test_what_is_filled_in_has_its_place_in_japanese_too():
    differing = [
        f"{entry.msgid}: {text}"
        for entry, text in texts()
        if entry.msgid != NAMELESS
        and placeholders(text)
        not in (placeholders(entry.msgid), placeholders(entry.msgid_plural or entry.msgid))
    ]
    assert differing == []


def test_the_edit_page_says_in_japanese_what_wagtail_has_no_japanese_for(
    staff, the_home, kesennuma, settings
):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 500  # its words are the newest, and ready for its return
    client, _user = staff(kesennuma)
    with municipality_context(kesennuma):
        home = the_home()
    page = client.get(f"/admin/pages/{home.pk}/edit/").content.decode()
    assert "自動保存は停止中です" in page
    assert "プレビューの表示を切り替え" in page
    assert "Autosave is paused" not in page
    assert "Toggle preview" not in page


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("jsi18n/", "Insert a block", "ブロックを挿入"),
        ("localize/jsi18n/", "segments translated", "か所を翻訳済み"),
    ],
)
def test_scripts_get_their_words_in_japanese(staff, kesennuma, path, text, said):
    client, _user = staff(kesennuma)
    script = client.get(f"/admin/{path}").content.decode()
    assert f"{json.dumps(text)}: {json.dumps(said)}" in script


def test_words_handed_to_scripts_with_the_page_are_japanese():
    with translation.override("ja"):
        strings = get_js_translation_strings()
    assert strings["BULK_ACTIONS"]["PAGE"]["SINGULAR"] == "1ページを選択中"

import os

import polib
from django.utils.translation.trans_real import DjangoTranslation

from common import catalogues


def catalogue(root, app, *entries, name="django.po"):
    folder = root / app / "locale" / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    po.extend(entries)
    po.save(str(folder / name))
    return folder / name


def test_only_catalogues_that_changed_are_compiled(tmp_path):
    one = catalogue(tmp_path, "one", polib.POEntry(msgid="Leave", msgstr="やめる"))
    two = catalogue(tmp_path, "site/two", polib.POEntry(msgid="Join", msgstr="登録する"))
    catalogue(tmp_path, ".venv/lib/other", polib.POEntry(msgid="Other", msgstr=""))
    written = [one.with_suffix(".mo"), two.with_suffix(".mo")]
    assert catalogues.compile_catalogues(tmp_path) == written
    assert polib.mofile(str(written[0])).find("Leave").msgstr == "やめる"
    assert catalogues.compile_catalogues(tmp_path) == []
    later = one.with_suffix(".mo").stat().st_mtime + 5
    os.utime(one, (later, later))
    assert catalogues.compile_catalogues(tmp_path) == written[:1]
    assert not list(tmp_path.rglob("*.part"))


def test_what_scripts_say_is_compiled_and_checked_too(tmp_path):
    source = catalogue(
        tmp_path,
        "one",
        polib.POEntry(msgid="Insert", msgstr="挿入"),
        polib.POEntry(msgid="Missing", msgstr=""),
        name="djangojs.po",
    )
    assert catalogues.compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    assert [line.split(": ", 1)[1] for line in catalogues.untranslated(tmp_path)] == ["Missing"]


def test_missing_fuzzy_and_half_plural_entries_are_listed(tmp_path):
    catalogue(
        tmp_path,
        "one",
        polib.POEntry(msgid="Done", msgstr="完了"),
        polib.POEntry(msgid="Missing", msgstr=""),
        polib.POEntry(msgid="Doubtful", msgstr="あやしい", flags=["fuzzy"]),
        polib.POEntry(msgid="Gone", msgstr="", obsolete=True),
        polib.POEntry(msgid="%d day", msgid_plural="%d days", msgstr_plural={0: ""}),
    )
    listed = [line.split(": ", 1)[1] for line in catalogues.untranslated(tmp_path)]
    assert listed == ["Missing", "Doubtful", "%d day"]


def test_a_text_translated_in_two_ways_is_listed_unless_its_context_differs(tmp_path):
    catalogue(
        tmp_path,
        "one",
        polib.POEntry(msgid="Answer", msgstr="回答"),
        polib.POEntry(msgid="Name", msgstr="名前"),
        polib.POEntry(msgid="Post", msgstr="投稿"),
    )
    catalogue(
        tmp_path,
        "two",
        polib.POEntry(msgid="Answer", msgstr="返信"),
        polib.POEntry(msgid="Name", msgstr="名前"),
        polib.POEntry(msgctxt="verb", msgid="Post", msgstr="投稿する"),
    )
    assert catalogues.contradictions(tmp_path) == ["Answer: 回答 (one), 返信 (two)"]


def test_the_check_command_fails_only_where_something_is_listed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogues, "contradictions", lambda: [])
    monkeypatch.setattr(catalogues, "untranslated", lambda: [])
    assert catalogues.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(catalogues, "untranslated", lambda: ["one/django.po:3: Missing"])
    assert catalogues.main(["--check"]) == 1
    assert capsys.readouterr().out == "one/django.po:3: Missing\n"


def test_our_words_reach_the_reader_whatever_other_packages_translate():
    catalogues.compile_catalogues()
    overruled = []
    for source in catalogues.catalogues():
        ours = DjangoTranslation("ja", domain=source.stem)
        for entry in polib.pofile(str(source)):
            if entry.obsolete or entry.msgid_plural:
                continue
            shown = (
                ours.pgettext(entry.msgctxt, entry.msgid)
                if entry.msgctxt
                else ours.gettext(entry.msgid)
            )
            if shown != entry.msgstr:
                overruled.append(f"{entry.msgid}: {shown} for {entry.msgstr}")
    assert overruled == []

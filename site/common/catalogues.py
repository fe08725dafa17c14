"""Translations: compile every app's catalogue, and tell what is wrong with them.

`python -m common.catalogues` writes the .mo files that are older than their .po; `--check`
lists what is untranslated or fuzzy, and texts that two apps translate differently, and exits
1 if there is any. No gettext tools needed on the machine.
"""

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parents[2]
NAMES = ("django.po", "djangojs.po")  # the second is for what scripts say


def catalogues(root: Path = PROJECT) -> Iterator[Path]:
    """Every .po of a `*/locale/*/LC_MESSAGES` of the project, not of what it depends on."""
    for folder, children, files in os.walk(root):
        children[:] = sorted(
            child for child in children if not child.startswith(".") and child != "node_modules"
        )
        path = Path(folder)
        if path.name == "LC_MESSAGES" and path.parents[1].name == "locale":
            yield from (path / name for name in NAMES if name in files)


def compile_catalogues(root: Path = PROJECT) -> list[Path]:
    """Write each .mo that is missing or older than its .po; returns the ones written.

    Several processes may start at once: each file appears whole or not at all.
    """
    written = []
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        content = polib.pofile(str(source)).to_binary()
        handle, unfinished = tempfile.mkstemp(dir=target.parent, suffix=".mo.part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(target)
        written.append(target)
    return written


def untranslated(root: Path = PROJECT) -> list[str]:
    """Entries without translation or marked fuzzy, as `path:line: message`."""
    return [
        f"{source.relative_to(root)}:{entry.linenum}: {entry.msgid}"
        for source in catalogues(root)
        for entry in polib.pofile(str(source))
        if not entry.obsolete and not entry.translated()
    ]


def contradictions(root: Path = PROJECT) -> list[str]:
    """Texts with more than one translation, as `message: translation (app), …`.

    Django merges all catalogues into one, so the order of the apps would decide which of them
    everybody sees. Texts with different meanings need a context.
    """
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for source in catalogues(root):
        for entry in polib.pofile(str(source)):
            if not entry.obsolete and entry.translated():
                translation = entry.msgstr or str(entry.msgstr_plural)
                app = str(source.parents[3].relative_to(root))
                found[entry.msgctxt or "", entry.msgid].setdefault(translation, app)
    return [
        f"{message}: " + ", ".join(f"{text} ({app})" for text, app in translations.items())
        for (_context, message), translations in sorted(found.items())
        if len(translations) > 1
    ]


def main(arguments: list[str]) -> int:
    checking = "--check" in arguments
    if checking:
        lines = [*untranslated(), *contradictions()]
    else:
        lines = [f"compiled {path.relative_to(PROJECT)}" for path in compile_catalogues()]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if checking and lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

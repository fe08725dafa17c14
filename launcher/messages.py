"""Texts in the source that an app's Japanese catalogue lacks.

`python -m launcher.messages [ROOT]` extracts them as `makemessages` does, from a copy of the
sources, and compares: a string that nobody entered in the catalogue appears in English on a
Japanese page, and nothing else would notice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

CATALOGUE = Path("locale", "ja", "LC_MESSAGES", "django.po")
COPIED = {".py", ".html", ".txt"}
# Context and text of one entry; the context is empty for most.
Message = tuple[str, str]


def homes(root: Path) -> list[Path]:
    """Folders with a catalogue of their own, relative to `root`.

    Each app, `site/config`, and an app within an app only if it has a `locale` folder.
    """
    places = [path for place in (root, root / "site") for path in place.glob("*/apps.py")]
    nested = [path for path in root.glob("*/*/apps.py") if (path.parent / "locale").is_dir()]
    found = {path.parent for path in (*places, *nested)} | {root / "site" / "config"}
    return sorted(path.relative_to(root) for path in found if path.is_dir())


def untranslated(root: Path) -> list[tuple[str, Message]]:
    """Home and message of every text that the home's catalogue does not translate."""
    places = homes(root)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for place in places:
            _copy_sources(root, place, copy)
        _extract(copy)
        return [
            (str(place), message)
            for place in places
            for message in sorted(
                entries(copy / place / CATALOGUE).keys() - _translated(root / place / CATALOGUE)
            )
        ]


def _copy_sources(root: Path, place: Path, copy: Path) -> None:
    for path in (root / place).rglob("*"):
        if path.suffix in COPIED and "migrations" not in path.parts and path.is_file():
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (copy / place / "locale").mkdir(parents=True, exist_ok=True)


def _extract(folder: Path) -> None:
    """One run for all apps; makemessages puts each text in the nearest `locale` folder."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "ja", "--no-location", "-v", "0"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=True,
    )


def _translated(catalogue: Path) -> set[Message]:
    return {message for message, is_translated in entries(catalogue).items() if is_translated}


def entries(catalogue: Path) -> dict[Message, bool]:
    """Messages of a .po file, and whether they are translated (a fuzzy one is not)."""
    if not catalogue.exists():
        return {}
    return {
        (entry.msgctxt or "", entry.msgid): entry.translated()
        for entry in polib.pofile(str(catalogue))
        if not entry.obsolete
    }


def main(root: Path) -> int:
    """Print what is missing; 1 if anything is."""
    missing = untranslated(root)
    for home, (context, text) in missing:
        print(f"{home}: {text!r}" + (f" (context {context!r})" if context else ""))
    if missing:
        print(f"{len(missing)} texts are not in their {CATALOGUE}.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))

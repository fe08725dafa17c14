"""Texts in the source that an app's Japanese catalogue lacks.

`python -m launcher.messages [ROOT]` extracts them as `makemessages` does, from a copy of the
sources, and compares: a string that nobody entered in the catalogue appears in English on a
Japanese page, and nothing else would notice.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

CATALOGUE = Path("locale", "ja", "LC_MESSAGES", "django.po")
COPIED = {".py", ".html", ".txt"}
# Context and text of one entry; the context is empty for most.
Message = tuple[str, str]


def apps(root: Path) -> list[Path]:
    """Folders of the apps, at the root and in `site/`."""
    found = [path.parent for place in (root, root / "site") for path in place.glob("*/apps.py")]
    return sorted(found)


def untranslated(root: Path) -> list[tuple[str, Message]]:
    """App and message of every text that the app's catalogue does not translate."""
    with tempfile.TemporaryDirectory() as folder:
        copies = {app: Path(folder) / app.name for app in apps(root)}
        for app, copy in copies.items():
            _copy_sources(app, copy)
        _extract(Path(folder))
        return [
            (app.name, message)
            for app, copy in copies.items()
            for message in sorted(entries(copy / CATALOGUE).keys() - _translated(app / CATALOGUE))
        ]


def _copy_sources(app: Path, copy: Path) -> None:
    for path in app.rglob("*"):
        if path.suffix in COPIED and "migrations" not in path.parts and path.is_file():
            target = copy / path.relative_to(app)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (copy / "locale").mkdir(parents=True, exist_ok=True)


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
    return {message for message, translation in entries(catalogue).items() if translation}


def entries(catalogue: Path) -> dict[Message, str]:
    """Messages of a .po file and their (first) translation, "" where it lacks or is fuzzy."""
    if not catalogue.exists():
        return {}
    found: dict[Message, str] = {}
    for block in _blocks(catalogue.read_text(encoding="utf-8")):
        parts = _parts(block)
        if parts.get("msgid"):
            fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block)
            translation = parts.get("msgstr", parts.get("msgstr[0]", ""))
            found[parts.get("msgctxt", ""), parts["msgid"]] = "" if fuzzy else translation
    return found


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []


def _parts(block: list[str]) -> dict[str, str]:
    """Keyword → text of one entry; a text may go on over several quoted lines."""
    parts: dict[str, str] = {}
    keyword = ""
    for line in block:
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            keyword, _, line = line.partition(" ")
        parts[keyword] = parts.get(keyword, "") + str(ast.literal_eval(line))
    return parts


def main(root: Path) -> int:
    """Print what is missing; 1 if anything is."""
    missing = untranslated(root)
    for app, (context, text) in missing:
        print(f"{app}: {text!r}" + (f" (context {context!r})" if context else ""))
    if missing:
        print(f"{len(missing)} texts are not in their app's {CATALOGUE}.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))

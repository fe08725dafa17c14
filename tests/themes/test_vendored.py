"""What was copied from others is what it claims to be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ROOT / "themes" / "static" / "themes" / "vendor",
    ROOT / "site" / "attendance" / "static" / "attendance" / "vendor",
    ROOT / "tests" / "journeys" / "vendor",
)


def _entries(folder: Path) -> list[dict[str, str]]:
    return json.loads((folder / "MANIFEST.json").read_text())["files"]


folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)


@folders
def test_each_vendored_file_has_the_hash_of_the_manifest(folder: Path) -> None:
    for entry in _entries(folder):
        content = (folder / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]


@folders
def test_manifest_lists_every_file_and_no_other(folder: Path) -> None:
    present = {path.name for path in folder.iterdir()} - {"MANIFEST.json"}
    assert {entry["file"] for entry in _entries(folder)} == present


@folders
def test_document_names_package_version_licence_and_hash_of_each_file(folder: Path) -> None:
    rows = (ROOT / "docs" / "vendored.md").read_text().splitlines()
    for entry in _entries(folder):
        row = next(line for line in rows if line.startswith(f"| `{entry['file']}`"))
        for part in ("package", "version", "licence", "sha256"):
            assert entry[part] in row

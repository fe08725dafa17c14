"""What was copied from others is what it claims to be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "themes" / "static" / "themes" / "vendor"
FILES = json.loads((VENDOR / "MANIFEST.json").read_text())["files"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_vendored_file_has_the_hash_of_the_manifest(entry: dict[str, str]) -> None:
    content = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_manifest_lists_every_file_and_no_other() -> None:
    present = {path.name for path in VENDOR.iterdir()} - {"MANIFEST.json"}
    assert {entry["file"] for entry in FILES} == present


def test_document_names_package_version_licence_and_hash_of_each_file() -> None:
    rows = (ROOT / "docs" / "vendored.md").read_text().splitlines()
    for entry in FILES:
        row = next(line for line in rows if line.startswith(f"| `{entry['file']}`"))
        for part in ("package", "version", "licence", "sha256"):
            assert entry[part] in row

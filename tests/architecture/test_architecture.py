"""The plan of the house, held by tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from common.catalogues import untranslated

ROOT = Path(__file__).resolve().parents[2]
ROOT_APPS = ["activities", "community", "pages", "surveys", "tenants", "themes"]
OURS = [*ROOT_APPS, "site"]


def _python_files():
    for part in OURS:
        for path in (ROOT / part).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def _apps():
    return sorted(
        path.parent
        for pattern in ("*/apps.py", "site/*/apps.py", "tenants/*/apps.py")
        for path in ROOT.glob(pattern)
    )


def test_apps_and_layers_depend_downwards_only():
    """Runs import-linter on the contracts in pyproject.toml; quick, needs no database."""
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


def test_the_second_source_root_is_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()
    import site

    assert not hasattr(site, "__path__"), "the standard library's module, not our folder"


def test_there_is_no_junk_drawer():
    drawers = {"utils.py", "helpers.py", "misc.py", "lib.py", "core.py"}
    assert [path for path in _python_files() if path.name in drawers] == []


@pytest.mark.parametrize("app", _apps(), ids=lambda path: path.name)
def test_every_app_has_a_japanese_catalogue(app):
    assert (app / "locale" / "ja" / "LC_MESSAGES" / "django.po").exists()


def test_no_entry_of_a_catalogue_lacks_its_japanese():
    assert untranslated(ROOT) == []


def test_files_stay_readable():
    long = [
        (str(path.relative_to(ROOT)), lines)
        for path in _python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert long == []


def test_staff_pages_keep_their_heading():
    """Wagtail's header shows a variable called `heading` instead of the title that it is given."""
    for path in ROOT.rglob("templates/**/*.html"):
        source = path.read_text(encoding="utf-8")
        if "wagtailadmin/shared/header.html" in source:
            assert " as heading %}" not in source, path


def test_rules_are_pure():
    for path in _python_files():
        if "rules" in path.relative_to(ROOT).parts or path.name == "rules.py":
            source = path.read_text(encoding="utf-8")
            assert "from django" not in source, path
            assert "import django" not in source, path

"""What refuses to start."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from tenants.checks import DatabaseFacts, check_production, judge_database

ROOT = Path(__file__).resolve().parents[2]
GOOD = DatabaseFacts(
    encoding="UTF8",
    ctype="C.UTF-8",
    has_builtin_locale=True,
    is_superuser=False,
    bypasses_row_security=False,
    may_create_schemas=True,
)


@pytest.fixture
def production(settings):
    settings.IS_PRODUCTION = True
    settings.DEBUG = False
    settings.SECRET_KEY = "x" * 50
    settings.BASE_DOMAIN = "furusato.example.jp"
    settings.CELERY_BROKER_URL = "redis://broker"
    settings.FIELD_KEYS_ARE_OWN = True
    settings.LEDGER_SEAL_KEYS_ARE_OWN = True
    return settings


def test_production_with_all_it_needs_is_clean(production):
    assert check_production(None) == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEBUG", True, "tenants.E001"),
        ("SECRET_KEY", "development-only-not-a-secret", "tenants.E002"),
        ("SECRET_KEY", "x" * 49, "tenants.E002"),
        ("BASE_DOMAIN", "localhost", "tenants.E003"),
        ("CELERY_BROKER_URL", "filesystem://", "tenants.E004"),
        ("CELERY_BROKER_URL", "memory://", "tenants.E004"),
        ("FIELD_KEYS_ARE_OWN", False, "tenants.E005"),
        ("FIELD_KEYS", [(1, bytes(32)), (1, bytes(32))], "tenants.E006"),
        ("FIELD_KEYS", [(1, bytes(16))], "tenants.E006"),
        ("LEDGER_SEAL_KEYS_ARE_OWN", False, "tenants.E007"),
        ("LEDGER_SEAL_KEYS", [(1, bytes(16))], "tenants.E008"),
    ],
)
def test_production_refuses_a_development_default(production, name, value, error):
    setattr(production, name, value)
    assert [problem.id for problem in check_production(None)] == [error]
    production.IS_PRODUCTION = False
    assert check_production(None) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"encoding": "SQL_ASCII"}, "tenants.E011"),
        ({"ctype": "C", "has_builtin_locale": False}, "tenants.E012"),
        ({"is_superuser": True}, "tenants.E013"),
        ({"bypasses_row_security": True}, "tenants.E013"),
        ({"may_create_schemas": False}, "tenants.E014"),
    ],
)
def test_a_database_that_cannot_work_is_refused(change, error):
    assert judge_database(GOOD) == []
    assert [problem.id for problem in judge_database(replace(GOOD, **change))] == [error]


@pytest.mark.django_db
def test_the_checks_say_nothing_about_this_installation():
    assert run_checks(databases=["default"]) == []
    call_command("check", databases=["default"], fail_level="WARNING")


def test_the_web_server_does_not_start_in_production_with_development_defaults():
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "BASE_DOMAIN")},
        "ENVIRONMENT": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
    }
    started = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert started.returncode != 0
    for error in ("tenants.E002", "tenants.E003", "tenants.E004", "tenants.E005"):
        assert error in started.stderr

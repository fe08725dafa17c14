"""`manage.py prepare` brings a database to where the platform can start."""

import pytest
from django.core.management import call_command
from django.db import connection

from tenants.models import LocalGovernment, Terms

pytestmark = pytest.mark.django_db


def test_prepare_again_changes_nothing_and_migrates_nothing(kesennuma):
    Terms.objects.filter(kind="municipality").update(body_ja="同意された文")
    before = list(Terms.objects.values_list("pk", "body_ja"))
    with connection.execute_wrapper(_refuse_ddl):
        call_command("prepare")
    assert list(Terms.objects.values_list("pk", "body_ja")) == before
    assert LocalGovernment.objects.count() == 1788


def test_prepare_takes_up_a_changed_name(kesennuma):
    LocalGovernment.objects.filter(pk=kesennuma.pk).update(name="旧名市")
    call_command("prepare")
    kesennuma.local_government.refresh_from_db()
    assert kesennuma.name == "気仙沼市"


def _refuse_ddl(execute, sql, params, many, context):
    statement = str(sql).lstrip().upper()
    assert not statement.startswith(("CREATE", "ALTER", "DROP")), sql
    return execute(sql, params, many, context)

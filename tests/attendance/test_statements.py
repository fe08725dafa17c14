"""What a sign-up costs the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up
from tenants.context import municipality_context
from tests.attendance.test_sign_up import make_session
from tests.factories.accounts import ResidentFactory, signed_in_client

pytestmark = pytest.mark.django_db
# What changes who acts, and what begins and ends a transaction, ask the database nothing.
_AROUND = ("SELECT set_config(", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def test_a_sign_up_takes_ten_statements_at_most(kesennuma):
    session = make_session(kesennuma, capacity=50)
    sign_up(ResidentFactory(), kesennuma, session)
    resident = ResidentFactory()
    with CaptureQueriesContext(connection) as asked, municipality_context(kesennuma):
        sign_up(resident, kesennuma, session)
    assert SignUp.objects.filter(resident=resident).exists()
    assert len(asked) <= 10


def test_over_http_it_asks_no_more_than_ten_times(kesennuma):
    session = make_session(kesennuma, capacity=50)
    sign_up(ResidentFactory(), kesennuma, session)
    resident = ResidentFactory()
    client = signed_in_client(resident.user, kesennuma)
    path = f"/sessions/{session}/sign-up/"
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.post(path)
    assert SignUp.objects.filter(resident=resident).exists()
    queries = [one["sql"] for one in asked if not one["sql"].startswith(_AROUND)]
    assert len(queries) <= 10
    assert len(asked) <= 16

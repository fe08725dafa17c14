"""Who is behind a session, read in one query with the resident."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, authenticate
from django.test import RequestFactory

from accounts.backends import AccountBackend
from accounts.middleware import LazyResident
from accounts.models import Resident, User
from accounts.queries import resident_for
from tests.factories.accounts import PASSWORD, ResidentFactory, UserFactory, signed_in_client

pytestmark = pytest.mark.django_db


def resident_behind(user: User) -> Resident | None:
    """What a view finds in a request that `user` sends."""
    request = RequestFactory().get("/")
    request.user = user
    request.resident = LazyResident(request)
    return resident_for(request)


def test_account_resident_and_residence_are_one_query(django_assert_num_queries):
    resident, _other = ResidentFactory(), ResidentFactory()
    with django_assert_num_queries(1):
        user = AccountBackend().get_user(resident.user_id)
        found = resident_behind(user)
        assert found == resident
        assert found.user == user
        assert found.address.startswith(found.residence.full_name)


def test_that_there_is_no_resident_is_known_from_the_same_query(django_assert_num_queries):
    ResidentFactory()
    pk = UserFactory().pk
    with django_assert_num_queries(1):
        assert resident_behind(AccountBackend().get_user(pk)) is None


def test_an_account_that_was_closed_or_is_gone_is_nobody():
    closed = UserFactory(is_active=False)
    assert AccountBackend().get_user(closed.pk) is None
    assert AccountBackend().get_user(closed.pk + 1) is None


@pytest.mark.parametrize("name", ["email", "username"])
def test_residents_and_staff_sign_in_with_it(name):
    user = UserFactory()
    signed_in = authenticate(None, **{name: user.email, "password": PASSWORD})
    assert signed_in.backend == settings.AUTHENTICATION_BACKENDS[0]
    assert authenticate(None, **{name: user.email, "password": "wrong"}) is None


@pytest.mark.parametrize("backend", settings.AUTHENTICATION_BACKENDS)
def test_a_session_holds_whichever_backend_it_was_begun_with(backend):
    resident = ResidentFactory()
    client = signed_in_client(resident.user)
    session = client.session
    session[BACKEND_SESSION_KEY] = backend
    session.save()
    page = client.get("/my/profile/")
    assert page.status_code == 200
    assert resident.address_line in page.content.decode()

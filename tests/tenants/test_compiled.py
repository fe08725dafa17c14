"""A query put into SQL once gives what the queryset gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Model

from accounts.models import User
from common import clock
from tenants.postgresql.compiled import CompiledQuery
from tests.factories.accounts import ResidentFactory, UserFactory

pytestmark = pytest.mark.django_db


def _with_resident(pk: int):
    return User.objects.select_related("resident__residence__prefecture").filter(pk=pk)


def _values(found: Model) -> dict[str, object]:
    return {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields}


def test_it_gives_the_same_objects_with_what_hangs_on_them(django_assert_num_queries) -> None:
    query = CompiledQuery(_with_resident, 0)
    for resident in (ResidentFactory(), ResidentFactory()):
        expected = _with_resident(resident.user_id).get()
        with django_assert_num_queries(1):
            found = query.first(resident.user_id)
            assert found is not None
            assert _values(found) == _values(expected)
            assert _values(found.resident) == _values(expected.resident)
            assert found.resident.birth_date == resident.birth_date  # decrypted
            assert _values(found.resident.residence) == _values(expected.resident.residence)
            assert found.resident.user is found
        assert not found._state.adding


def test_what_is_joined_and_not_there_is_known_not_to_be(django_assert_num_queries) -> None:
    user = UserFactory()
    found = CompiledQuery(_with_resident, 0).first(user.pk)
    assert found is not None
    with django_assert_num_queries(0):
        assert not hasattr(found, "resident")


def test_nothing_found_is_none() -> None:
    assert CompiledQuery(_with_resident, 0).first(-1) is None


def test_several_values_keep_their_order() -> None:
    now = clock.now()

    def living(key: str, then: object):
        return Session.objects.filter(session_key=key).filter(expire_date__gt=then)

    query = CompiledQuery(living, "", now)
    Session.objects.create(session_key="a", session_data="x", expire_date=now + timedelta(1))
    assert query.first("a", now) == Session.objects.get()
    assert query.first("a", now + timedelta(2)) is None
    assert query.first("b", now) is None


def test_what_a_statement_takes_besides_stays_as_it_is() -> None:
    user, gone = UserFactory(), UserFactory(is_active=False)
    query = CompiledQuery(lambda pk: User.objects.filter(pk=pk, is_active=True), 0)
    assert query.first(user.pk) == user
    assert query.all(gone.pk) == []


def test_a_statement_that_does_not_take_a_value_is_refused() -> None:
    query = CompiledQuery(lambda pk: User.objects.filter(is_active=True), 0)
    with pytest.raises(ValueError, match="does not take"):
        query.first(1)

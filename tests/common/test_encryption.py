"""Personal particulars stand encrypted in the database, under keys that can be changed."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Resident
from activities.models import Need
from common.encryption import Unreadable, decrypt, encrypt
from common.fields import encrypted_fields
from common.rekey import renew
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory
from tests.factories.needs import make_need

OLD, NEW = (1, bytes(range(32))), (2, bytes(range(32, 64)))


@given(st.text())
def test_what_was_encrypted_comes_back(text):
    assert decrypt(encrypt(text, "here"), "here") == text


def test_the_same_text_never_looks_the_same():
    assert encrypt("090-1234-5678", "here") != encrypt("090-1234-5678", "here")


@pytest.mark.parametrize("position", [0, 2, 20, -1])
def test_a_changed_value_is_unreadable(position):
    value = encrypt("1963-04-02", "here")
    letters = list(value)
    letters[position] = "A" if letters[position] != "A" else "B"
    with pytest.raises(Unreadable):
        decrypt("".join(letters), "here")


def test_a_value_moved_to_another_column_is_unreadable():
    with pytest.raises(Unreadable):
        decrypt(encrypt("1963-04-02", "here"), "there")


def test_an_unknown_key_is_unreadable_and_says_no_value(settings):
    value = encrypt("1963-04-02", "here")
    settings.FIELD_KEYS = [(9, bytes(32))]
    with pytest.raises(Unreadable) as raised:
        decrypt(value, "here")
    assert "1963" not in str(raised.value)


def stored(resident: Resident) -> dict[str, str]:
    names = [field.column for field in encrypted_fields(Resident)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(names)} FROM accounts_resident WHERE id = %s", [resident.pk]
        )
        return dict(zip(names, cursor.fetchone(), strict=True))


@pytest.mark.django_db
def test_nothing_stands_in_clear_and_all_can_be_read():
    made = ResidentFactory(phone="09012345678", building="")
    in_database = stored(made)
    assert in_database.pop("building") == ""
    for value in in_database.values():
        assert value.startswith("1:")
    for clear in ("1988", "09012345678", made.address_line, made.postal_code):
        assert clear not in "".join(in_database.values())
    read = Resident.objects.get(pk=made.pk)
    assert read.birth_date == date(1988, 4, 2)
    assert (read.phone, read.building, read.address_line) == ("09012345678", "", made.address_line)
    Resident.objects.filter(pk=made.pk).update(phone="0226220000")
    assert stored(made)["phone"].startswith("1:")
    assert Resident.objects.get(pk=made.pk).phone == "0226220000"


@pytest.mark.django_db
def test_nothing_can_be_looked_up_by_it():
    with pytest.raises(FieldError):
        Resident.objects.filter(phone="09012345678").exists()
    assert not Resident.objects.filter(birth_date__isnull=True).exists()


@pytest.mark.django_db
def test_a_date_that_is_not_known_any_more():
    made = ResidentFactory()
    Resident.objects.filter(pk=made.pk).update(birth_date=None)
    assert stored(made)["birth_date"] == ""
    assert Resident.objects.get(pk=made.pk).birth_date is None


@pytest.mark.django_db
def test_the_key_is_changed_a_batch_at_a_time_and_goes_on_where_it_stopped(settings):
    settings.FIELD_KEYS = [OLD]
    residents = ResidentFactory.create_batch(5, phone="09012345678")
    settings.FIELD_KEYS = [NEW, OLD]
    written_meanwhile = ResidentFactory(phone="0226220000")
    assert list(islice(renew(Resident, batch=2), 1)) == [2]  # stopped after the first batch
    under_new = [one for one in residents if stored(one)["phone"].startswith("2:")]
    assert len(under_new) == 2
    before = stored(written_meanwhile)
    call_command("change_field_key", verbosity=0)
    assert stored(written_meanwhile) == before
    settings.FIELD_KEYS = [NEW]
    for one in residents:
        assert Resident.objects.get(pk=one.pk).phone == "09012345678"
    assert list(renew(Resident)) == []


@pytest.mark.django_db
def test_the_key_of_what_stands_in_municipalities_is_changed_too(settings, kesennuma, hida):
    settings.FIELD_KEYS = [OLD]
    needs = [
        make_need(place, resident=ResidentFactory(), title=place.name)
        for place in (kesennuma, hida)
    ]
    settings.FIELD_KEYS = [NEW, OLD]
    call_command("change_field_key", verbosity=0)
    settings.FIELD_KEYS = [NEW]
    for place, need in zip((kesennuma, hida), needs, strict=True):
        with municipality_context(place):
            assert Need.objects.get(pk=need.pk).title == place.name

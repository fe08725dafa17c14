"""Case 34: what is held of a person is all there is, and what is left of it names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attendance.models import ParticipationRecord
from certificates.models import Certificate
from common.holdings import Field, Holding, Person
from community.models import Post
from privacy.queries import holdings, person_of
from registration.models import Registration
from surveys.enums import TEXT_KINDS
from surveys.models import Answer
from tenants.actors import OWNER, acting, signed_in
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.cases.everything import Everything, build
from tests.cases.scanning import Needles, Place, Row, all_rows, checksum, files_with, found
from tests.conftest import HIDA, KESENNUMA
from tests.isolation.logins import at_run_time

# Tables whose rows are a person's by way of another row: the column, and the table it points to.
BEHIND = {
    "account_emailconfirmation": ("email_address_id", "account_emailaddress"),
    "certificates_certificatefile": ("certificate_id", "certificates_certificate"),
    "privacy_caseevent": ("case_id", "privacy_case"),
    "registration_registrationevent": ("registration_id", "registration_registration"),
    "registration_applicationmessage": ("application_id", "registration_premiumapplication"),
    "registration_applicationdocument": ("application_id", "registration_premiumapplication"),
}
# Kept under a pseudonym, and naming it themselves.
LEDGERS = {holding.table for holding in holdings() if holding.kept} - {"privacy_exportrecord"}
# Found by the scan, and not read by the person.
NOT_SHOWN = {
    "django_session": "its key would let somebody in; `accounts_opensession` tells of each",
    "privacy_exportfile": "other people are in the file",
    "privacy_export": "the words of staff who looked for somebody, and chose others too",
}
# Emptied, and there under the person's number: others' rows point to them, or totals count them.
SHELLS = {
    "accounts_user", "accounts_resident", "accounts_claimcode", "privacy_case",
    "identity_verification", "identity_countercheck", "identity_guardianinvitation",
    "identity_guardianconsent", "attendance_signup", "registration_registration",
    "registration_registrationevent", "certificates_certificate",
    "registration_premiumapplication", "registration_applicationmessage", "registration_stay",
    "organisations_organisationmember",
}  # fmt: skip


@pytest.fixture(scope="module")
def everything(module_database: str) -> Everything:
    connection.set_schema_to_public()
    return build(*(Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA)))


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        connection.set_schema_to_public()
        transaction.set_rollback(True)


def places_of(needles: Needles) -> tuple[set[Place], list[Row]]:
    """Where the person is, in rows of their own and in rows behind those."""
    rows = list(all_rows())
    places = found(needles, rows)
    exports = {
        (row.place[0], str(row.values["export_id"]))
        for row in rows
        if row.place in places and row.place[1] == "privacy_exportsubject"
    }
    for row in rows:
        schema, table, _pk = row.place
        if table in BEHIND:
            column, target = BEHIND[table]
            if (schema, target, str(row.values[column])) in places:
                places.add(row.place)
        if table == "privacy_exportrecord" and (schema, str(row.values["export_id"])) in exports:
            places.add(row.place)
    return places, rows


def read(holding: Holding, person: Person, schema: str) -> set[Place]:
    """The rows, with every field of each read as the person reads it."""
    places = set()
    for row in holding.rows(person):
        for field in holding.fields:
            value = field.read(row) if isinstance(field, Field) else getattr(row, field)
            assert not callable(value), (holding.table, field)
        places.add((schema, holding.table, str(row.pk)))
    return places


def read_as(everything: Everything, resident: Any) -> set[Place]:
    """All that `resident` is given to read, under the run-time login."""
    places = set()
    with at_run_time(signed_in(resident.user_id, resident.pk)):
        person = person_of(resident)
        for holding in holdings():
            if not holding.municipal:
                places |= read(holding, person, "public")
        for municipality in everything.places:
            with municipality_context(municipality):
                for holding in holdings():
                    if holding.municipal:
                        places |= read(holding, person, municipality.schema_name)
    connection.set_schema_to_public()
    return places


def erase(everything: Everything, person: Person) -> None:
    with acting(OWNER):
        for holding in holdings():
            if holding.erase and not holding.municipal:
                holding.erase(person)
        for municipality in everything.places:
            with municipality_context(municipality):
                for holding in holdings():
                    if holding.erase and holding.municipal:
                        holding.erase(person)
    connection.set_schema_to_public()


def totals(everything: Everything) -> dict[str, int]:
    counted = {
        "participations": ParticipationRecord.objects.count(),
        "registrations": Registration.objects.count(),
        "certificates": Certificate.objects.count(),
    }
    for municipality in everything.places:
        with municipality_context(municipality):
            choices = Answer.objects.exclude(kind__in=TEXT_KINDS)
            counted[f"choices {municipality}"] = choices.count()
            counted[f"posts {municipality}"] = Post.objects.count()
    connection.set_schema_to_public()
    return counted


def test_there_is_a_row_in_every_table_for_each_of_them(everything: Everything) -> None:
    schemas = {municipality.schema_name for municipality in everything.places}
    wanted = {
        (schema, holding.table)
        for holding in holdings()
        for schema in (schemas if holding.municipal else {"public"})
    }
    for resident in (everything.juria, everything.gorosaku):
        places, _rows = places_of(everything.needles_of(resident))
        assert wanted - {(schema, table) for schema, table, _pk in places} == set()
    merged = Needles(accounts=(everything.merged.user_id,), residents=(everything.merged.pk,))
    tables = {table for _schema, table, _pk in found(merged)}
    taken_over = {"registration_premiumstanding"}
    assert LEDGERS - taken_over - tables == set(), "records go on naming the older number"


@pytest.mark.parametrize("who", ["juria", "gorosaku"])
def test_what_somebody_reads_of_themselves_is_all_that_is_there(
    everything: Everything, who: str
) -> None:
    resident = getattr(everything, who)
    places, rows = places_of(everything.needles_of(resident))
    internal = {
        row.place for row in rows if row.place[1] == "privacy_caseevent" and row.values["internal"]
    }
    given = read_as(everything, resident)
    assert given == {place for place in places if place[1] not in NOT_SHOWN} - internal
    other = everything.gorosaku if who == "juria" else everything.juria
    theirs, _rows = places_of(everything.needles_of(other))
    assert given & theirs == set()


def test_after_erasing_nothing_names_them_and_the_other_s_is_as_it_was(
    everything: Everything,
) -> None:
    juria, gorosaku = everything.juria, everything.gorosaku
    needles = everything.needles_of(juria)
    theirs, _rows = places_of(everything.needles_of(gorosaku))
    with taken_back():
        person = person_of(juria)
        before, counted = checksum(theirs), totals(everything)
        erase(everything, person)
        named = found(Needles(words=needles.words))
        assert named == set()
        assert files_with(needles) == []
        left = found(Needles(accounts=needles.accounts, residents=needles.residents))
        assert {table for _schema, table, _pk in left} == SHELLS | LEDGERS
        assert {schema for schema, _table, _pk in left} == {"public"}
        assert checksum(theirs) == before
        assert totals(everything) == counted


def test_erasing_takes_as_many_statements_for_three_times_as_many_rows(
    everything: Everything,
) -> None:
    counted = []
    for resident in (everything.juria, everything.gorosaku):
        with taken_back():
            person = person_of(resident)
            with CaptureQueriesContext(connection) as statements:
                erase(everything, person)
            counted.append(len(statements))
    assert counted[0] == counted[1]


def test_erasing_twice_changes_nothing(everything: Everything) -> None:
    with taken_back():
        person = person_of(everything.juria)
        erase(everything, person)
        once = {row.place: row.stored for row in all_rows()}
        erase(everything, person)
        erase(everything, person_of(everything.juria))
        assert {row.place: row.stored for row in all_rows()} == once

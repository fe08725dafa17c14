"""Records that are only added to name rows that are turned back: what they name stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from accounts.models import Resident, User
from certificates.models import Certificate, CertificateFile
from certificates.operations.issue import issue_registration_certificate
from common import clock
from common.refusal import Refused
from privacy.enums import CaseStatus
from privacy.models import Case, Export, ExportRecord
from privacy.operations.cases import check_identity
from privacy.operations.exports import fetch_file
from registration.models import Registration
from registration.operations import leave
from tenants.context import municipality_context
from tenants.operations.archive.catalogue import Change, refusing
from tenants.operations.archive.contents import own_tables
from tenants.operations.archive.export import export_municipality
from tenants.operations.archive.restore import restore_municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.privacy import a_case, export
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.migrations.test_archive import municipality, rows_of, rows_of_others


@pytest.fixture
def officer(own_database: str, settings: Any, tmp_path: Path) -> User:
    """Of 気仙沼市, which has a registrant; the uploads are the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    for code in (KESENNUMA, HIDA):
        register_resident(ResidentFactory(), municipality(code))
    make_member(municipality(HIDA), "registration_officer")
    return make_member(municipality(KESENNUMA), "registration_officer")


@pytest.fixture
def resident(officer: User) -> Resident:
    return Registration.objects.get(municipality=KESENNUMA).resident


def archived(tmp_path: Path) -> Path:
    connection.set_schema_to_public()
    path = tmp_path / "archive"
    export_municipality(KESENNUMA, path)
    return path


@contextmanager
def behind_its_back() -> Iterator[Any]:
    """Records that are only added to can be changed meanwhile."""
    with connection.cursor() as cursor:
        tables = refusing(cursor, Change.DELETE)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with transaction.atomic():
            yield cursor
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_requests_and_exports_entered_since_stay(officer, resident, tmp_path):
    path = archived(tmp_path)
    case = a_case(resident, municipality(KESENNUMA))
    made = export(municipality(KESENNUMA), officer)
    a_case(resident, municipality(HIDA))
    today, others = rows_of(KESENNUMA), rows_of_others(KESENNUMA)

    for _time in range(2):
        restored = restore_municipality(path, replace=True)
        assert restored.kept == {
            "privacy_case": 1,
            "privacy_caseevent": 1,
            "privacy_export": 1,
            "privacy_exportrecord": ExportRecord.objects.filter(export=made).count(),
            "privacy_exportsubject": 1,
        }
        now = rows_of(KESENNUMA)
        for table in restored.kept:
            assert now["shared", table] == today["shared", table], table
        assert rows_of_others(KESENNUMA) == others
    assert Case.objects.get(pk=case.pk).events.count() == 1
    connection.set_schema_to_public()
    # Ready, and without the file: that went with the day.
    Export.objects.filter(pk=made.pk).update(
        status="ready", kept_until=clock.now() + timedelta(hours=1)
    )
    with municipality_context(municipality(KESENNUMA)), pytest.raises(Refused, match="no_file"):
        fetch_file(made.pk, officer)


def test_those_of_the_archive_are_as_they_were_under_their_numbers(officer, resident, tmp_path):
    case = a_case(resident, municipality(KESENNUMA))
    made = export(municipality(KESENNUMA), officer)
    path = archived(tmp_path)
    yesterday = rows_of(KESENNUMA)
    check_identity(case.pk, officer, "免許証")
    Export.objects.filter(pk=made.pk).update(row_count=99)
    younger = a_case(resident, municipality(KESENNUMA))
    others = rows_of_others(KESENNUMA)

    restored = restore_municipality(path, replace=True)
    assert restored.kept == {"privacy_case": 1, "privacy_caseevent": 3}
    assert restored.as_today == {}
    connection.set_schema_to_public()
    again = Case.objects.get(pk=case.pk)
    assert again.status == CaseStatus.RECEIVED
    assert again.events.count() == 3, "the history tells of the step that has to be made again"
    assert Export.objects.get(pk=made.pk).row_count == 1
    assert Case.objects.get(pk=younger.pk).events.count() == 1
    now = rows_of(KESENNUMA)
    for table, rows in yesterday.items():
        assert set(rows) <= set(now[table]), table
    assert rows_of_others(KESENNUMA) == others


def test_a_municipality_moved_elsewhere_knows_its_requests_again(officer, resident, tmp_path):
    """Others have their numbers there: they get new ones, and keep those when restored again."""
    case = a_case(resident, municipality(KESENNUMA))
    register_resident(resident, municipality(HIDA))
    path = archived(tmp_path)
    with behind_its_back() as cursor:
        cursor.execute(f"DROP SCHEMA m{KESENNUMA} CASCADE")
        cursor.execute("DELETE FROM privacy_consent WHERE municipality_id = %s", [KESENNUMA])
        for table in reversed(own_tables(cursor, KESENNUMA)):
            cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(table.identifier, table.where))
    theirs = a_case(resident, municipality(HIDA))
    with behind_its_back() as cursor:
        # As if it had been entered first in that database.
        cursor.execute("UPDATE privacy_case SET id = %s WHERE id = %s", [case.pk, theirs.pk])
        cursor.execute("UPDATE privacy_caseevent SET case_id = %s", [case.pk])
    assert restore_municipality(path).kept == {}
    connection.set_schema_to_public()
    moved = Case.objects.get(key=case.key)
    assert moved.pk != case.pk
    before = rows_of(KESENNUMA)

    check_identity(moved.pk, officer, "免許証")
    others = rows_of_others(KESENNUMA)
    assert restore_municipality(path, replace=True).kept == {"privacy_caseevent": 2}
    connection.set_schema_to_public()
    again = Case.objects.get(key=case.key)
    assert (again.pk, again.status) == (moved.pk, CaseStatus.RECEIVED)
    assert rows_of(KESENNUMA)["shared", "privacy_case"] == before["shared", "privacy_case"]
    assert rows_of_others(KESENNUMA) == others


def refuse(change: str, table: str) -> None:
    """As a later release may have it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER later_rows BEFORE {change} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change()"
        )


def test_what_a_row_that_stays_names_stays_too(officer, resident, tmp_path):
    """Of three tables in a row only the last is added to."""
    refuse("UPDATE OR DELETE", "certificates_certificatefile")
    path = archived(tmp_path)
    newcomer, another = ResidentFactory(), ResidentFactory()
    registration = register_resident(newcomer, municipality(KESENNUMA))
    register_resident(another, municipality(KESENNUMA))
    certificate = issue_registration_certificate(registration)
    connection.set_schema_to_public()
    CertificateFile.objects.create(certificate=certificate, layout="a4", content=b"%PDF")
    others = rows_of_others(KESENNUMA)

    for _time in range(2):
        restored = restore_municipality(path, replace=True)
        assert restored.kept == {
            "registration_registration": 1,
            "certificates_certificate": 1,
            "certificates_certificatefile": 1,
        }
        assert rows_of_others(KESENNUMA) == others
    connection.set_schema_to_public()
    here = Registration.objects.filter(municipality=KESENNUMA)
    assert {one.resident for one in here} == {resident, newcomer}
    assert Certificate.objects.get(pk=certificate.pk).registration == registration
    # The counter was turned back, and counts on from what stayed.
    assert register_resident(another, municipality(KESENNUMA)).number > registration.number


def test_what_may_not_be_updated_stays_as_it_is(officer, resident, tmp_path):
    made = export(municipality(KESENNUMA), officer)
    path = archived(tmp_path)
    Export.objects.filter(pk=made.pk).update(row_count=99)
    refuse("UPDATE", "privacy_export")
    assert restore_municipality(path, replace=True).kept == {}
    connection.set_schema_to_public()
    assert Export.objects.get().row_count == 99


def test_whoever_left_and_came_back_since_is_registered_once(officer, resident, tmp_path):
    """Both registrations would be active: the younger stays, and so does that the first ended."""
    path = archived(tmp_path)
    refuse("UPDATE OR DELETE", "registration_registrationevent")
    first = Registration.objects.get(municipality=KESENNUMA)
    leave(first)
    second = register_resident(resident, municipality(KESENNUMA))
    others = rows_of_others(KESENNUMA)
    restored = restore_municipality(path, replace=True)
    assert restored.as_today == {"registration_registration": 1}
    assert restored.kept["registration_registration"] == 1
    connection.set_schema_to_public()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("ended", "active")
    assert rows_of_others(KESENNUMA) == others


def test_it_is_all_or_nothing(officer, resident, tmp_path):
    """The archive's key is by now that of a request to somebody else, which is not touched."""
    case = a_case(resident, municipality(KESENNUMA))
    path = archived(tmp_path)
    other = a_case(resident, municipality(KESENNUMA))
    with behind_its_back() as cursor:
        cursor.execute("DELETE FROM privacy_caseevent WHERE case_id = %s", [case.pk])
        cursor.execute("DELETE FROM privacy_case WHERE id = %s", [case.pk])
        cursor.execute(
            "UPDATE privacy_case SET key = %s, municipality_id = NULL WHERE id = %s",
            [case.key, other.pk],
        )
    before = rows_of(KESENNUMA), rows_of_others(KESENNUMA)
    with pytest.raises(Refused, match="rows_do_not_fit"):
        restore_municipality(path, replace=True)
    assert (rows_of(KESENNUMA), rows_of_others(KESENNUMA)) == before

"""A municipality in one file and back: itself as it was, its neighbours as they are."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from PIL import Image as Picture
from psycopg import sql
from wagtail.images.models import Image

from accounts.models import Resident, User
from activities.models import ActivityPage
from tests.factories.codes import venue_token
from attendance.models import ParticipationRecord, SignUp
from attendance.operations.check_in import check_in
from attendance.operations.ledger.amend import correct
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.ledger.verify import verify_ledger
from attendance.operations.sign_ups import sign_up
from certificates.models import Certificate
from certificates.operations.issue import (
    issue_activity_certificate,
    issue_registration_certificate,
)
from common import clock
from common.refusal import Refused
from community.models import Post
from notifications.models import OutboxMessage
from organisations.models import Organisation
from pages.models import HomePage
from portal.models import ActivityListing
from portal.operations.listings import index_municipality
from registration.models import Registration
from surveys.models import Answer
from tenants.context import municipality_context
from tenants.models import Domain, Municipality
from tenants.operations import life
from tenants.operations.archive import export as exporting
from tenants.operations.archive import media, schemas
from tenants.operations.archive import restore as restoring
from tenants.operations.archive.contents import own_tables, referred_tables, schema_tables
from tenants.operations.archive.export import export_municipality
from tenants.operations.archive.restore import restore_municipality
from tenants.staff.models import Membership
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA, _admin_connection, _use, own_copy
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.community import make_post
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.factories.surveys import make_item
from tests.forks import Forked

DAY = date(2026, 11, 23)
ARCHIVE = "kesennuma.tar.gz"
BODY = "タブ\tと\\と改行\nのある投稿"
Rows = dict[tuple[str, str], list[str]]


def municipality(code: str) -> Municipality:
    connection.set_schema_to_public()
    ContentType.objects.clear_cache()
    return Municipality.objects.get(pk=code)


def make_content(place: Municipality) -> None:
    """Everything a municipality can have: pages, a picture, people and what they did."""
    organisation = make_organisation(place, name=f"{place.name}の会")
    stream = io.BytesIO()
    Picture.new("RGB", (640, 480), "teal").save(stream, "PNG")
    stream.seek(0)
    with municipality_context(place):
        home = HomePage.objects.get(locale__language_code="ja")
        home.hero_image = Image.objects.create(title="海", file=ImageFile(stream, name="umi.png"))
        home.hero_image_alt = "朝の海"
        home.save_revision().publish()
    page = make_activity(
        place,
        title=f"{place.name}の海岸清掃",
        organisation=organisation,
        sessions=[session_values(DAY), session_values(clock.today() + timedelta(days=30))],
    )
    member = make_member(place, Role.COORDINATOR)
    with municipality_context(place):
        past, coming = page.sessions.order_by("starts_at")
        # A draft by a member: the organisation and the account stand inside of its JSON.
        ActivityPage.objects.update(owner=member)
        ActivityPage.objects.get(pk=page.pk).save_revision(user=member)
        index_municipality()
    item = make_item(place)
    for _number in range(3):
        resident = ResidentFactory()
        registration = register_resident(resident, place)
        sign_up(resident, place, coming.uuid)
        with clock.as_of(past.starts_at):
            record = check_in(resident, venue_token(place.code, past.uuid)).record
            correct(record, Decimal(1), None, "終了が早まった")
        issue_registration_certificate(registration)
        issue_activity_certificate(resident, place)
        post = make_post(place, resident, body=BODY)
        make_post(place, member, body="ようこそ", parent=post)
        with municipality_context(place):
            Answer.objects.create(
                resident_id=resident.pk,
                survey="registration",
                item=item,
                question_text=item.text,
                kind="short_text",
                value="さんま",
                answered_at=clock.now(),
            )
    life.suspend(place.code, member, "点検のため")
    life.resume(place.code, member)
    OutboxMessage.objects.create(
        kind="mail", payload={"to": "x"}, municipality_code=place.code, due_at=clock.now()
    )
    connection.set_schema_to_public()


@pytest.fixture(scope="module")
def yesterday(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Two municipalities with content: a database nobody works on; uploads and an archive."""
    usual = connection.settings_dict["NAME"]
    folder = tmp_path_factory.mktemp("yesterday")
    with own_copy(django_db_blocker, "yesterday") as name:
        with override_settings(**_uploads_in(folder / "media")):
            for code in (HIDA, KESENNUMA):
                make_content(municipality(code))
            export_municipality(KESENNUMA, folder / ARCHIVE)
        _use(usual)
        yield name, folder


@pytest.fixture
def world(
    yesterday: tuple[str, Path], django_db_blocker: object, settings: Any, tmp_path: Path
) -> Iterator[Path]:
    """Two municipalities with content, their uploads below the folder that is given."""
    name, folder = yesterday
    shutil.copytree(folder / "media", tmp_path / "media")
    _use_uploads(settings, tmp_path / "media")
    with own_copy(django_db_blocker, "own", of=name):
        yield tmp_path


@pytest.fixture
def archive(yesterday: tuple[str, Path], world: Path) -> Path:
    """気仙沼市 in a file."""
    return Path(shutil.copy2(yesterday[1] / ARCHIVE, world))


@pytest.fixture
def another_database(archive: Path, settings: Any, tmp_path: Path) -> Iterator[str]:
    """One without 気仙沼市, with other people and other numbers, and its own uploads."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_2"
    with _admin_connection() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{usual.removesuffix("_own")}"')
    _use(name)
    _use_uploads(settings, tmp_path / "media-2")
    try:
        _forget(KESENNUMA)
        yield name
    finally:
        _use(usual)
        with _admin_connection() as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _use_uploads(settings: Any, folder: Path) -> None:
    for name, value in _uploads_in(folder).items():
        setattr(settings, name, value)


def _uploads_in(folder: Path) -> dict[str, Any]:
    # The storage keeps the folder until the second setting is set, too.
    return {"MEDIA_ROOT": folder, "MULTITENANT_RELATIVE_MEDIA_ROOT": "%s"}


def _forget(code: str) -> None:
    """As if the municipality had never been in this database."""
    with unlocked() as cursor:
        cursor.execute(f"DROP SCHEMA m{code} CASCADE")
        # The residents': they name the municipality and are not its own.
        cursor.execute("DELETE FROM privacy_consent WHERE municipality_id = %s", [code])
        for table in reversed(own_tables(cursor, code)):
            cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(table.identifier, table.where))


APPEND_ONLY = (
    "attendance_participationrecord", "attendance_amendment", "attendance_scan",
    "attendance_signupevent", "tenants_municipalitychange", "privacy_consent",
)  # fmt: skip


@contextmanager
def unlocked() -> Iterator[Any]:
    """Append-only tables can be changed meanwhile."""
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with transaction.atomic():
            yield cursor
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def rows_of(code: str) -> Rows:
    """A municipality's rows, as text, in its schema and the shared tables."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        tables = [*schema_tables(cursor, f"m{code}"), *own_tables(cursor, code)]
        return {(table.part, table.name): _rows(cursor, table.identifier, table.where)
                for table in tables}  # fmt: skip


def rows_of_others(code: str) -> Rows:
    """All rows of the database that are not a municipality's."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        own = {table.name: table.where for table in own_tables(cursor, code)}
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN"
            " (%s, 'pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg_%%'"
            # What comes back to the ledger waits for a seal, as everything new there.
            " AND tablename NOT IN ('replay_artefact', 'attendance_unsealed')",
            [f"m{code}"],
        )
        return {
            (schema, name): _rows(
                cursor,
                sql.Identifier(schema, name),
                sql.SQL("({}) IS NOT TRUE").format(own.get(name, sql.SQL("false")))
                if schema == "public"
                else sql.SQL("true"),
            )
            for schema, name in cursor.fetchall()
        }


def _rows(cursor: Any, table: sql.Identifier, where: sql.Composable) -> list[str]:
    cursor.execute(sql.SQL("SELECT t::text FROM {} t WHERE {}").format(table, where))
    return sorted(row for (row,) in cursor.fetchall())


def uploads(root: Path, schema: str = "") -> dict[str, str]:
    """Digests of the files below a folder of uploads."""
    folder = root / schema
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def everything(world: Path) -> tuple[Rows, Rows, dict[str, str]]:
    """What must be the same after a refusal."""
    return rows_of(KESENNUMA), rows_of_others(KESENNUMA), uploads(world / "media")


def front_page(host: str = "kesennuma.localhost") -> tuple[int, str]:
    answer = Client(headers={"host": host}).get("/")
    connection.set_schema_to_public()
    return answer.status_code, answer.content.decode()


def picture_of(page: str) -> bytes:
    """The front page's picture, as visitors get it."""
    path = page.partition('src="/media/')[2].partition('"')[0]
    answer = Client(headers={"host": "kesennuma.localhost"}).get(f"/media/{path}")
    connection.set_schema_to_public()
    assert answer.status_code == 200
    return answer.getvalue()


def spoil(code: str, world: Path) -> None:
    """A day goes by on which everything goes wrong."""
    place = municipality(code)
    with municipality_context(place):
        Post.objects.exclude(parent=None).delete()
        Post.objects.all().delete()
        Answer.objects.update(value="まぐろ")
        ActivityPage.objects.get().delete()
        home = HomePage.objects.get(locale__language_code="ja")
        home.title = "荒らされたページ"
        home.save_revision().publish()
        Image.objects.all().delete()
        Membership.objects.all().delete()
    connection.set_schema_to_public()
    SignUp.objects.filter(municipality=place).update(page_path="/gone/", line=7)
    Certificate.objects.filter(municipality=place, registration=None).delete()
    Registration.objects.filter(municipality=place).update(address="?")
    ActivityListing.objects.filter(municipality=place).delete()
    Domain.objects.filter(tenant=place).update(is_primary=False)
    for path in (world / "media" / f"m{code}").rglob("*.png"):
        path.unlink()
    (world / "media" / f"m{code}" / "original_images" / "evil.png").write_bytes(b"?")


def test_a_municipality_is_as_it_was_and_its_neighbours_are_as_they_are(archive, world):
    """Case 32: 気仙沼市 back to yesterday; 飛騨市's today stays."""
    yesterday, files = rows_of(KESENNUMA), uploads(world / "media", f"m{KESENNUMA}")
    status, page = front_page()
    assert status == 200
    assert picture_of(page)
    spoil(KESENNUMA, world)
    make_content(municipality(HIDA))
    register_resident(Resident.objects.last(), municipality(KESENNUMA))
    assert "荒らされた" in front_page()[1]
    others, their_files = rows_of_others(KESENNUMA), uploads(world / "media", f"m{HIDA}")

    restored = restore_municipality(archive, replace=True)

    now = rows_of(KESENNUMA)
    assert now.keys() == yesterday.keys()
    for table in yesterday:
        assert now[table] == yesterday[table], table
    assert uploads(world / "media", f"m{KESENNUMA}") == files
    assert rows_of_others(KESENNUMA) == others
    assert uploads(world / "media", f"m{HIDA}") == their_files
    assert restored.people_made == 0
    seal_new_rows()
    assert verify_ledger().findings == ()
    assert front_page()[0] == 200
    assert "荒らされた" not in front_page()[1]
    assert picture_of(front_page()[1])
    assert [path.name for path in (world / "media").iterdir() if path.name[0] == "."] == []
    # And its next row gets the next number.
    make_post(municipality(KESENNUMA), Resident.objects.first(), body="戻りました")


def test_it_comes_back_where_everything_of_it_is_gone(archive, world):
    before = rows_of(KESENNUMA)
    ledger = ("shared", "attendance_participationrecord")
    seal_new_rows()
    _forget(KESENNUMA)
    assert len(verify_ledger().findings) == 6, "three records, each with its amendment"
    others = rows_of_others(KESENNUMA)
    restore_municipality(archive)
    assert len(before[ledger]) == 3
    seal_new_rows()
    assert verify_ledger().findings == (), "what came back is as it was sealed"
    assert rows_of(KESENNUMA) == before
    assert rows_of_others(KESENNUMA) == others
    assert front_page()[0] == 200


def test_the_ledger_is_added_to_and_never_turned_back(archive, world):
    kesennuma = municipality(KESENNUMA)
    with municipality_context(kesennuma):
        past = ActivityPage.objects.get().sessions.order_by("starts_at")[0]
    newcomer = ResidentFactory()
    with clock.as_of(past.starts_at):
        check_in(newcomer, venue_token(KESENNUMA, past.uuid))
    ledger = rows_of(KESENNUMA)["shared", "attendance_participationrecord"]
    assert len(ledger) == 4
    life.suspend(KESENNUMA, None, "雪のため")
    restored = restore_municipality(archive, replace=True)
    assert restored.kept == {
        "attendance_participationrecord": 1,
        "attendance_scan": 1,
        "tenants_municipalitychange": 1,
    }
    changes = municipality(KESENNUMA).changes.order_by("pk")
    assert [change.to_status for change in changes] == [
        "suspended", "published", "suspended", "published",
    ]  # fmt: skip
    assert "Restored as of" in changes.last().reason
    assert municipality(KESENNUMA).is_published
    assert rows_of(KESENNUMA)["shared", "attendance_participationrecord"] == ledger
    connection.set_schema_to_public()
    with pytest.raises(Exception, match="append-only"):
        ParticipationRecord.objects.filter(resident=newcomer)._raw_delete("default")


def test_a_ledger_that_was_changed_behind_the_databases_back_is_refused(archive, world):
    with unlocked():
        ParticipationRecord.objects.filter(municipality=KESENNUMA).update(hours=99)
    before = everything(world)
    with pytest.raises(Refused, match="append_only_rows_differ"):
        restore_municipality(archive, replace=True)
    assert everything(world) == before


def test_what_was_sent_is_not_sent_again_and_what_was_undone_is_not_told(archive, world):
    OutboxMessage.objects.filter(municipality_code=KESENNUMA).update(delivered_at=clock.now())
    late = OutboxMessage.objects.create(
        kind="mail", payload={}, municipality_code=KESENNUMA, due_at=clock.now()
    )
    hidas = OutboxMessage.objects.create(
        kind="mail", payload={}, municipality_code=HIDA, due_at=clock.now()
    )
    restore_municipality(archive, replace=True)
    connection.set_schema_to_public()
    messages = OutboxMessage.objects.filter(municipality_code=KESENNUMA)
    assert messages.exists()
    assert not messages.filter(delivered_at=None).exists()
    assert not OutboxMessage.objects.filter(pk=late.pk).exists()
    assert OutboxMessage.objects.filter(pk=hidas.pk).exists()


def facts(place: Municipality) -> dict[str, Any]:
    """Who did what with whom, in words and not in numbers."""
    with municipality_context(place):
        page = ActivityPage.objects.get()
        draft = page.get_latest_revision_as_object()
        found: dict[str, Any] = {
            "members": sorted(Membership.objects.values_list("user__email", "group__name")),
            "organisation": [page.organisation.name, draft.organisation.name],
            "accounts": [page.owner.email, page.latest_revision.user.email],
            "pictures": sorted(Image.objects.values_list("title")),
            "posts": sorted(Post.objects.values_list("body", "author_id", "staff_user__email")),
            "permissions": _permissions(),
            "revision": _revision_facts(page),
        }
    connection.set_schema_to_public()
    mine = {"municipality": place}
    found["registrations"] = sorted(
        Registration.objects.filter(**mine).values_list(
            "number", "resident__user__email", "events__kind"
        )
    )
    found["certificates"] = sorted(
        Certificate.objects.filter(**mine).values_list("code", "registration__number", "resident"),
        key=str,
    )
    found["ledger"] = sorted(
        ParticipationRecord.objects.filter(**mine).values_list("session_uuid", "resident")
    )
    found["sign_ups"] = sorted(
        SignUp.objects.filter(**mine).values_list("session_uuid", "resident", "name")
    )
    found["standings"] = sorted(place.standings.values_list("organisation__name"))
    return found


def _permissions() -> list[tuple[str, ...]]:
    return sorted(
        Group.objects.values_list(
            "name",
            "permissions__content_type__app_label",
            "permissions__content_type__model",
            "permissions__codename",
        ),
        key=str,
    )


def _revision_facts(page: ActivityPage) -> list[Any]:
    content = page.latest_revision.content
    owner = User.objects.get(pk=content["owner"])
    organisation = Organisation.objects.get(pk=content["organisation"])
    kind = ContentType.objects.get_for_id(content["content_type"])
    return [owner.email, organisation.name, kind.model]


def test_it_moves_into_another_database_with_other_numbers(archive, world, request):
    told = facts(municipality(KESENNUMA))
    files = uploads(world / "media", f"m{KESENNUMA}")
    connection.set_schema_to_public()
    waiting = OutboxMessage.objects.filter(municipality_code=KESENNUMA, delivered_at=None).count()
    someone = Registration.objects.filter(municipality=KESENNUMA).first().resident.user.email
    request.getfixturevalue("another_database")
    # One of the people has an account here already, and others hold the numbers of the rest.
    make_content(municipality(HIDA))
    known = User.objects.create_user(someone, "a-password-of-this-database")
    _swap_content_types("homepage", "activitypage")
    others, their_files = rows_of_others(KESENNUMA), uploads(world / "media-2")

    restored = restore_municipality(archive)

    before = rows_of(KESENNUMA)
    assert facts(municipality(KESENNUMA)) == told
    assert restored.messages_left_out == waiting > 0
    assert uploads(world / "media-2", f"m{KESENNUMA}") == files
    assert front_page()[0] == 200
    assert picture_of(front_page()[1])
    after = rows_of_others(KESENNUMA)
    added = {table for table in after if after[table] != others[table]}
    assert added == {
        ("public", name)
        for name in ("accounts_user", "accounts_resident", "organisations_organisation")
    }
    for table in added:
        assert set(others[table]) < set(after[table]), "and none of theirs was changed"
    assert their_files.items() <= uploads(world / "media-2").items()
    known.refresh_from_db()
    assert known.check_password("a-password-of-this-database")
    made = User.objects.filter(password__startswith="!", is_superuser=False)
    assert made.count() == 3, "two residents and the member; the third has an account"

    # And again, over itself: the same.
    again = restore_municipality(archive, replace=True)
    assert again.people_made == 0
    assert again.kept == {}
    assert facts(municipality(KESENNUMA)) == told
    now = rows_of(KESENNUMA)
    for table, rows in before.items():
        assert len(now[table]) == len(rows), table


def _swap_content_types(one: str, other: str) -> None:
    """Give two models the ids of each other, as if they had been made in another order."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_content_type SET model = '?' WHERE model = %s", [one])
        cursor.execute("UPDATE django_content_type SET model = %s, app_label = 'pages'"
                       " WHERE model = %s", [one, other])  # fmt: skip
        cursor.execute("UPDATE django_content_type SET model = %s, app_label = 'activities'"
                       " WHERE model = '?'", [other])  # fmt: skip
    ContentType.objects.clear_cache()


def test_a_municipality_that_is_there_is_not_replaced_unasked(archive, world):
    before = everything(world)
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore_municipality", archive)
    assert everything(world) == before


def test_one_export_or_restoration_of_a_municipality_at_a_time(archive, world):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [media.LOCK, int(KESENNUMA)])
        for command in (("export_municipality", KESENNUMA, world / "b"),
                        ("restore_municipality", archive, "--replace")):  # fmt: skip
            with pytest.raises(CommandError, match="at this moment"):
                call_command(*command)
        export_municipality(HIDA, world / "hida.tar.gz")
    other.close()


def rewritten(archive: Path, change: Callable[[tarfile.TarInfo, bytes], Any]) -> Path:
    """A copy whose members went through `change`; None leaves one out."""
    path = archive.with_name("changed.tar.gz")
    with tarfile.open(archive) as old, tarfile.open(path, "w:gz") as new:
        for member in old:
            source = old.extractfile(member)
            assert source is not None
            changed = change(member, source.read())
            if changed is not None:
                member, content = changed
                member.size = len(content) if member.isreg() else 0
                new.addfile(member, io.BytesIO(content))
    return path


def with_manifest(archive: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy with another manifest, its digest right: made with intent, not by accident."""
    kept: list[bytes] = []

    def rewrite(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if member.name == "manifest.json":
            values = json.loads(content)
            change(values)
            content = json.dumps(values).encode()
            kept.append(content)
        if member.name == "manifest.sha256":
            content = hashlib.sha256(kept[0]).hexdigest().encode()
        return member, content

    return rewritten(archive, rewrite)


def _flip(name: str) -> Any:
    def change(member: tarfile.TarInfo, content: bytes) -> Any:
        if member.name == name:
            content = content[:20] + bytes([content[20] ^ 1]) + content[21:]
        return member, content

    return change


def _leave_out(part: str) -> Any:
    return lambda member, content: None if member.name.startswith(part) else (member, content)


def _uploads(**attributes: Any) -> Any:
    """Give every upload another name, or make it something else than a file."""

    def change(member: tarfile.TarInfo, content: bytes) -> Any:
        if member.name.startswith("media/"):
            for attribute, value in attributes.items():
                setattr(member, attribute, value)
        return member, content

    return change


DAMAGES = [
    _flip("schema/community_post.copy"), _flip("shared/registration_registration.copy"),
    _flip("people/accounts_user.copy"), _flip("manifest.json"),
    _leave_out("schema/wagtailcore_page.copy"), _leave_out("media/"), _leave_out("manifest.json"),
    _leave_out("manifest.sha256"), _uploads(name="media/../../x"), _uploads(name="../x"),
    _uploads(name="/tmp/x"), _uploads(name="media/../m212172/x"), _uploads(name="media//x"),
    _uploads(name="other/x.copy"), _uploads(name="schema/auth_group.copy"),
    _uploads(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    _uploads(type=tarfile.LNKTYPE, linkname="/etc/passwd"),
    _uploads(type=tarfile.DIRTYPE, linkname="/etc/passwd"),
    _uploads(type=tarfile.FIFOTYPE, linkname="/etc/passwd"),
]  # fmt: skip


def test_a_damaged_archive_is_refused_and_leaves_no_trace(archive, world):
    before, around = everything(world), uploads(world)
    assert any(name.startswith("media/m042056/") for name in around)
    for number, change in enumerate(DAMAGES):
        path = rewritten(archive, change)
        with pytest.raises(Refused, match="archive_damaged"):
            restore_municipality(path, replace=True)
        path.unlink()
        assert uploads(world) == around, number
    assert everything(world) == before


def test_a_file_that_is_cut_off_or_changed_is_refused(archive, world):
    whole = archive.read_bytes()
    before, around = everything(world), uploads(world)
    for content in (
        whole[: len(whole) // 2],
        whole[:-4],
        whole[:5000] + bytes([whole[5000] ^ 4]) + whole[5001:],
        gzip.compress(b"no tar"),
        b"no gzip",
        b"",
    ):
        path = world / "broken.tar.gz"
        path.write_bytes(content)
        with pytest.raises(Refused, match="archive_damaged"):
            restore_municipality(path, replace=True)
        path.unlink()
    assert everything(world) == before
    assert uploads(world) == around


def test_an_archive_of_another_release_is_refused_and_says_what_differs(archive, world):
    before = everything(world)

    def later(values: dict[str, Any]) -> None:
        values["migrations"]["schema"].append("pages.0099_later")
        values["migrations"]["shared"].remove("attendance.0001_initial")

    with pytest.raises(CommandError, match=r"schema: pages\.0099_later") as error:
        call_command("restore_municipality", with_manifest(archive, later), replace=True)
    assert "shared: attendance.0001_initial" in str(error.value)

    def other_column(values: dict[str, Any]) -> None:
        values["members"]["schema/community_post.copy"]["columns"][0] = "number"

    with pytest.raises(Refused) as refusal:
        restore_municipality(with_manifest(archive, other_column), replace=True)
    assert refusal.value.data["only_here"] == ["schema/community_post.copy: id"]

    def other_format(values: dict[str, Any]) -> None:
        values["format"] = 2

    with pytest.raises(Refused, match="archive_of_another_format"):
        restore_municipality(with_manifest(archive, other_format), replace=True)
    assert everything(world) == before


def test_nothing_is_written_into_a_neighbours_rows_whatever_the_archive_says(archive, world):
    """An archive made with intent, whose digests are right."""
    name = "shared/attendance_signup.copy"
    kept: dict[str, str] = {}

    def theirs(member: tarfile.TarInfo, content: bytes) -> Any:
        if member.name == name:
            content = content.replace(KESENNUMA.encode(), HIDA.encode())
            kept[name] = hashlib.sha256(content).hexdigest()
        return member, content

    def told(values: dict[str, Any]) -> None:
        values["members"][name]["sha256"] = kept[name]

    before = everything(world)
    first = rewritten(archive, theirs).rename(world / "first.tar.gz")
    with pytest.raises(Refused, match="not_its_own"):
        restore_municipality(with_manifest(first, told), replace=True)
    assert everything(world) == before


def test_an_archive_is_of_one_moment(world, monkeypatch):
    """A post is written and sign-ups are deleted while the first table is copied."""
    before = rows_of(KESENNUMA)
    usual = exporting._copy
    other = connection.copy()
    written = []

    def copy_slowly(*args: Any) -> dict[str, Any]:
        if not written:
            written.append(1)
            with other.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO m{KESENNUMA}.community_post (room_id, author_id, body,"
                    " created_at, client_key, hidden_reason)"
                    " SELECT room_id, author_id, 'meanwhile',"
                    f" now(), gen_random_uuid(), '' FROM m{KESENNUMA}.community_post"
                    " WHERE author_id IS NOT NULL LIMIT 1"
                )
                cursor.execute(
                    "DELETE FROM attendance_signup WHERE municipality_id = %s", [KESENNUMA]
                )
        return usual(*args)

    monkeypatch.setattr(exporting, "_copy", copy_slowly)
    manifest = export_municipality(KESENNUMA, world / "a.tar.gz")
    other.close()
    assert written
    assert rows_of(KESENNUMA) != before
    counted = {name: one["rows"] for name, one in manifest.members.items() if "rows" in one}
    for (part, table), rows in before.items():
        assert counted[f"{part}/{table}.copy"] == len(rows), table
    restore_municipality(world / "a.tar.gz", replace=True)
    assert rows_of(KESENNUMA) == before


def test_the_file_is_its_owners_and_holds_no_secret_of_an_account(archive, world):
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path for path in world.iterdir() if path.suffix == ".partial"] == []
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        users = tar.extractfile("people/accounts_user.copy").read().decode()  # type: ignore[union-attr]
    assert manifest["members"]["people/accounts_user.copy"]["personal"] is True
    columns = manifest["members"]["people/accounts_user.copy"]["columns"]
    passwords = [line.split("\t")[columns.index("password")] for line in users.splitlines()]
    assert [password[0] for password in passwords] == ["!"] * 4
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_municipality", KESENNUMA, archive)
    with pytest.raises(CommandError, match="No municipality"):
        call_command("export_municipality", "999999", world / "b.tar.gz")


def test_a_link_among_the_uploads_is_not_followed(world):
    (world / "media" / f"m{KESENNUMA}" / "original_images" / "link.png").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="media_not_a_file"):
        export_municipality(KESENNUMA, world / "a.tar.gz")
    assert not list(world.glob("*a.tar.gz*")), "nothing, nor the beginning of it"


def restore_and_linger(
    say: Callable[[str], None], archive: Path, owner: Any, name: str, after: bool
) -> None:
    usual = getattr(owner, name)

    def slow(*args: Any) -> Any:
        result = usual(*args) if after else None
        say("in the middle")
        time.sleep(120)
        return result or usual(*args)

    setattr(owner, name, slow)
    restore_municipality(archive, replace=True)


MOMENTS = {
    "unpacked": (restoring, "require_this_release", False),
    "written": (schemas, "fill", True),
    "exchanged": (media.Exchange, "take_place", True),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_restoration_killed_at_any_moment_leaves_all_as_it_was(archive, world, moment):
    before = everything(world)
    process = Forked(restore_and_linger, archive, *MOMENTS[moment])
    assert process.hear() == "in the middle"
    process.kill()
    with connection.cursor() as cursor:  # waits until the server has noticed
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [media.LOCK, int(KESENNUMA)])
        cursor.execute("SELECT pg_advisory_unlock_all()")
    with media.alone(KESENNUMA, f"m{KESENNUMA}"):
        pass
    with media.stage():
        pass  # what the next restoration does first
    assert everything(world) == before
    assert restore_municipality(archive, replace=True).schema_rows
    assert everything(world)[1:] == before[1:]


def test_what_was_committed_stays_although_the_process_ended_before_it_cleaned_up(
    archive, world, monkeypatch
):
    monkeypatch.setattr(media.Exchange, "forget", lambda self: None)
    restore_municipality(archive, replace=True)
    restored = rows_of(KESENNUMA)
    assert list((world / "media").glob(".replaced-*"))
    with connection.cursor() as cursor:
        media.settle(cursor, f"m{KESENNUMA}")
    assert not list((world / "media").glob(".replaced-*"))
    assert rows_of(KESENNUMA) == restored


def test_every_shared_table_that_names_a_municipality_is_taken_along_or_has_a_reason(own_database):
    """A new app's rows come along without anybody's thinking of it."""
    with connection.cursor() as cursor:
        own = own_tables(cursor, KESENNUMA)
        referred = referred_tables(cursor, [*own, *schema_tables(cursor, f"m{KESENNUMA}")])
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
            " AND confrelid = 'public.tenants_municipality'::regclass"
        )
        naming = {name.removeprefix("public.") for (name,) in cursor.fetchall()}
    taken = {table.name for table in own}
    # Codes and second factors open doors: whoever restores gets new ones.
    opening = {"accounts_claimcode", "accounts_handoff", "tenants_secondfactor"}
    assert naming - taken == {
        *opening,
        "accounts_opensession",
        "accounts_securityevent",
        "identity_guardianconsent",
        "organisations_organisation",
        "privacy_consent",
    }
    assert {"registration_registrationevent", "notifications_outboxmessage"} <= taken
    assert {table.label for table in referred} == {
        "accounts.User", "accounts.Resident", "organisations.Organisation",
    }  # fmt: skip
    assert all(len(table.key) == 1 for table in [*own, *referred])

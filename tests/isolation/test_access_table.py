"""Every address of every host, asked by everybody who might (hard cases 1, 11 to 15, 17).

What must come out stands in `access.txt`. A new address fails here until it has a row there;
the message names the line to add.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, override_settings
from wagtail.documents.models import Document
from wagtail.images.models import Image

from pages.models import ArticlePage
from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.models import Municipality
from tenants.staff.models import Invitation, Membership
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import signed_in_client
from tests.factories.staff import make_member, staff_client
from tests.isolation.access_table import (
    ACTORS,
    HOSTS,
    TABLE,
    Question,
    Row,
    ask,
    line_for,
    outcome,
    questions,
    routes,
    rows,
    rows_for,
)
from tests.isolation.access_world import MARKER, WORD, World, make_world

pytestmark = pytest.mark.django_db
NOT_ASKED = "-"
MUNICIPAL = [HostKind.MUNICIPALITY, HostKind.ADMIN]
# Who asks at 飛騨市 for what is 気仙沼市's: whoever may see the most there.
ASKS_THERE = {HostKind.MUNICIPALITY: "other", HostKind.ADMIN: "elsewhere"}
# Sessions begun on another host, which make a visitor of whoever carries them over:
# who, and on which kind of host and whose.
CARRIED_OVER = {
    HostKind.PORTAL: [
        ("resident", HostKind.MUNICIPALITY, "here"),
        ("administrator", HostKind.ADMIN, "here"),
        ("operator", HostKind.OPERATOR, ""),
    ],
    HostKind.MUNICIPALITY: [
        ("resident", HostKind.PORTAL, ""),
        ("resident", HostKind.MUNICIPALITY, "there"),
        ("administrator", HostKind.ADMIN, "here"),
        ("operator", HostKind.OPERATOR, ""),
    ],
    HostKind.ADMIN: [
        ("administrator", HostKind.PORTAL, ""),
        ("administrator", HostKind.MUNICIPALITY, "here"),
        ("elsewhere", HostKind.ADMIN, "there"),
        ("operator", HostKind.OPERATOR, ""),
    ],
    HostKind.OPERATOR: [
        ("operator", HostKind.PORTAL, ""),
        ("operator", HostKind.ADMIN, "here"),
        ("administrator", HostKind.ADMIN, "here"),
    ],
}


@pytest.fixture(autouse=True)
def _no_log() -> Iterator[None]:
    """Thousands of "Not Found" would bury the lines that say what is wrong."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def filled(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Any]]:
    """Two municipalities full of things, committed, and the folder of their uploads."""
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        made = make_world(here, there)
    connection.set_schema_to_public()
    yield made, folder


@pytest.fixture
def world(filled: tuple[World, Any], db: None, settings: Any) -> World:
    made, settings.MEDIA_ROOT = filled
    return made


def compare(question: Question, who: str, answer: Any, expected: Iterable[str]) -> list[str]:
    """What is wrong with an answer, a line each; nothing where all is well."""
    row, got = question.row, outcome(answer, question.row.host)
    where = f"{TABLE.name}:{row.line} {row.host}: {who}: {row.method} {question.path}"
    wrong = []
    if got not in expected:
        wrong.append(f"{where}: {'|'.join(sorted(expected))} expected, {got} found")
    if answer.status_code >= 500:
        wrong.append(f"{where}: {answer.status_code} is nobody's due")
    if any(cookie["domain"] for cookie in answer.cookies.values()):
        wrong.append(f"{where}: a cookie names a domain, so other hosts would get it")
    if row.host in MUNICIPAL and MARKER in answer.body.decode(errors="ignore"):
        wrong.append(f"{where}: shows what is the other municipality's")
    return wrong


def report(wrong: list[str]) -> None:
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} answers differ:", *wrong]), pytrace=False)


# The table and the resolver


@pytest.mark.parametrize("host", HOSTS)
def test_every_address_has_a_row_and_every_row_an_address(host: HostKind) -> None:
    table = [row for row in rows() if row.host == host]
    here = routes(host)
    missing = [line_for(route) for route in here if not rows_for(route, table)]
    used = {row for route in here for row in rows_for(route, table)}
    stale = [f"line {row.line}: {row.route}" for row in table if row not in used]
    wrong = []
    if missing:
        wrong += [f"Add to [{host}] of {TABLE.name}, who gets what in place of `?`:", *missing]
    if stale:
        wrong += [f"Take out of {TABLE.name}, no address is meant any more:", *stale]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_every_row_expects_what_can_come_out() -> None:
    names = {"sign-in", "home", "profile", NOT_ASKED}
    unknown = [
        f"line {row.line}: {actor}: {word}"
        for row in rows()
        for actor, words in row.expected.items()
        for word in words
        if word not in names and not (word.isdecimal() and 200 <= int(word) < 500)
    ]
    assert unknown == []


# Wagtail's hundreds of routes apart: two workers then share the admin host.
@pytest.mark.parametrize(
    ("host", "by_prefix"), [(HostKind.ADMIN, True), *((host, False) for host in HOSTS)]
)
def test_everybody_gets_what_the_table_says(world: World, host: HostKind, by_prefix: bool) -> None:
    sessions = {who: world.session(who, host) for who in ACTORS if who != "visitor"}
    abroad = world.session(ASKS_THERE[host], host, world.there) if host in ASKS_THERE else None
    wrong: list[str] = []
    for question in questions(host, world.values):
        if question.row.is_prefix != by_prefix:
            continue
        expected = question.row.expected
        for who in ACTORS:
            if NOT_ASKED not in expected[who]:
                answer = ask(question, world.host(host), sessions.get(who))
                wrong += compare(question, who, answer, expected[who])
                wrong += _others_affairs(question, who, answer)
        if abroad and question.names_an_object:
            answer = ask(question, world.host(host, world.there), abroad)
            if outcome(answer, host) not in expected["there"] or WORD in answer.body.decode(
                errors="ignore"
            ):
                wrong.append(
                    f"{TABLE.name}:{question.row.line} {host} of the other municipality:"
                    f" {question.path}: {'|'.join(sorted(expected['there']))} expected,"
                    f" {outcome(answer, host)} found"
                )
    report(wrong)


def _others_affairs(question: Question, who: str, answer: Any) -> list[str]:
    """On the portal a resident's own pages show nothing of another resident's."""
    if who != "other" or not question.route.startswith("/my/"):
        return []
    return [f"{question.path} shows another's"] if WORD in answer.body.decode("utf-8") else []


@pytest.mark.parametrize("host", HOSTS)
def test_a_session_of_another_host_makes_nobody_of_its_owner(world: World, host: HostKind) -> None:
    wrong = []
    carried = [
        (f"{who} of {kind}", world.session(who, kind, getattr(world, whose) if whose else None))
        for who, kind, whose in CARRIED_OVER[host]
    ]
    for question in questions(host, world.values):
        # Wagtail's own routes share one guard: two of the sessions are enough for them.
        asking = carried[2:] if question.row.is_prefix else carried
        for who, session in asking:
            answer = ask(question, world.host(host), session)
            wrong += compare(question, who, answer, question.row.expected["visitor"])
    report(wrong)


def test_the_portal_in_english_lets_in_whom_it_lets_in_in_japanese(world: World) -> None:
    wrong = []
    sessions = {"visitor": None, "other": world.session("other", HostKind.PORTAL)}
    for question in questions(HostKind.PORTAL, world.values):
        for who, session in sessions.items():
            path = f"/en{question.path}"
            answer = ask(question, world.host(HostKind.PORTAL), session, path)
            wrong += compare(question, f"{who} in English", answer, question.row.expected[who])
    report(wrong)


# The Host header and caches (hard case 11)


def test_a_forwarded_host_changes_nothing(world: World) -> None:
    wrong = []
    for host, who in ((HostKind.MUNICIPALITY, "resident"), (HostKind.ADMIN, "administrator")):
        session = world.session(who, host)
        forged = {"x-forwarded-host": world.host(host, world.there)}
        for question in questions(host, world.values):
            if not question.row.is_prefix and NOT_ASKED not in question.row.expected[who]:
                answer = ask(question, world.host(host), session, **forged)
                wrong += compare(question, f"{who}, forwarded", answer, question.row.expected[who])
    report(wrong)


def test_the_spelling_of_the_host_changes_nothing(world: World) -> None:
    kind = HostKind.MUNICIPALITY
    host, session = world.host(kind), world.session("resident", kind)
    wrong = []
    for question in questions(kind, world.values):
        for spelt in (host.upper(), f"{host}.", f"{host}:8000", f"{host.upper()}.:443"):
            answer = ask(question, spelt, session)
            wrong += compare(question, spelt, answer, question.row.expected["resident"])
        answer = ask(question, host.replace(world.here.slug, "nobody"), session)
        wrong += compare(question, "unknown host", answer, {"404"})
    report(wrong)


def test_what_one_municipality_was_shown_is_not_kept_for_the_other(world: World) -> None:
    """Each page in turn at both, twice, as whoever sees the most and as a visitor."""
    kind = HostKind.MUNICIPALITY
    there = (world.host(kind, world.there), world.session("other", kind, world.there))
    here = [(world.host(kind), world.session("resident", kind)), (world.host(kind), None)]
    wrong, marked = [], 0
    for question in questions(kind, world.values):
        if question.row.method != "GET" or question.names_an_object:
            continue
        for _twice in range(2):
            marked += MARKER in ask(question, *there).body.decode()
            for host, session in here:
                body = ask(question, host, session).body.decode()
                if MARKER in body or world.there.name in body:
                    wrong.append(f"{question.path} shows what is the other municipality's")
    assert marked, "the other municipality shows its own words"
    report(wrong)


def test_a_password_opens_its_page_here_and_no_page_of_the_other(world: World) -> None:
    kind, path = HostKind.MUNICIPALITY, world.values["closed_path"]
    unlock = "/_util/authenticate_with_password/{lock}/{closed}/".format(**world.values)
    client = Client(headers={"host": world.host(kind)})
    assert "内輪" not in client.get(path).content.decode()
    wrong = client.post(unlock, {"password": "x", "return_url": path})
    assert wrong.status_code == 200
    right = client.post(unlock, {"password": "himitsu", "return_url": path})
    assert right["Location"] == path
    assert "内輪" in client.get(path).content.decode()
    other = path.replace(world.here.slug, world.there.slug)
    answer = client.get(other, headers={"host": world.host(kind, world.there)})
    assert answer.status_code == 200
    assert "内輪" not in answer.content.decode(), "asks for the password"


# What the roles of one municipality may not do (hard case 17)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_gives_a_role_that_he_lacks(kesennuma: Any, role: Role) -> None:
    client = staff_client(kesennuma, role)
    with municipality_context(kesennuma):
        before = Membership.objects.count()
    wanted = {"email": "friend@example.jp", "role": Role.ADMINISTRATOR}
    assert client.post("/admin/staff/", wanted).status_code == 403
    with municipality_context(kesennuma):
        assert not Invitation.objects.filter(email="friend@example.jp").exists()
        assert Membership.objects.count() == before


@pytest.mark.parametrize("role", Role)
def test_nobody_makes_himself_superuser(kesennuma: Any, role: Role) -> None:
    user = make_member(kesennuma, role)
    client = signed_in_client(user, kesennuma, admin=True)
    wanted = {
        **{"is_superuser": "on", "is_active": "on", "email": user.email, "name": "編集 花子"},
        **{"role": Role.READER, "groups": "1", "user_permissions": "1"},
    }
    for path in ("/admin/users/new/", f"/admin/users/edit/{user.pk}/", "/admin/groups/edit/1/"):
        assert client.post(path, wanted).status_code == 404, path
    for path in ("/admin/account/", "/admin/staff/"):
        client.post(path, wanted)
    assert not get_user_model().objects.filter(is_superuser=True).exists()
    with municipality_context(kesennuma):
        assert [group.name for group in type(user).objects.get(pk=user.pk).groups.all()] == [role]


def test_a_reader_changes_nothing_by_sending_forms(world: World) -> None:
    """By POST what the table asks by GET: a guard may stand in front of the page alone."""
    session = world.session("reader", HostKind.ADMIN)
    before = _counted(world)
    wrong = []
    for question in questions(HostKind.ADMIN, world.values):
        if question.row.is_prefix:
            posted = Question(_by_post(question.row), question.route, question.path)
            answer = ask(posted, world.host(HostKind.ADMIN), session)
            if answer.status_code in {200, 204} and question.route not in HARMLESS:
                wrong.append(f"reader: POST {question.path}: {answer.status_code}")
    report(wrong)
    # `ask` takes everything back; the forms that change most are sent for good.
    reader = signed_in_client(world.people["reader"], world.here, admin=True)
    for path in (
        "/admin/pages/{article}/delete/",
        "/admin/pages/{article}/move/{home}/confirm/",
        "/admin/bulk/wagtailcore/page/delete/?id={article}",
        "/admin/bulk/wagtailcore/page/unpublish/?id={article}",
        "/admin/bulk/wagtaildocs/document/delete/?id={document}",
        "/admin/bulk/wagtailimages/image/delete/?id={image}",
        "/admin/documents/delete/{document}/",
        "/admin/images/{image}/delete/",
    ):
        reader.post(path.format(**world.values))
    assert _counted(world) == before


# Answered to a reader, and nothing is written: choosers of links, tags, the pings of an editor.
HARMLESS = {
    "/admin/choose-anchor-link/",
    "/admin/choose-email-link/",
    "/admin/choose-phone-link/",
    "/admin/editing-sessions/release/<int:session_id>/",
    "/admin/embeds/chooser/",
    "/admin/embeds/chooser/upload/",
    "/admin/pages/create/<slug:app_label>/<slug:model_name>",
    "/admin/pages/workflow/confirm_cancellation/<int:page_id>/",
    "/admin/tag-autocomplete/",
}


def _by_post(row: Row) -> Row:
    return Row(row.host, row.route, "POST", row.example, row.line, row.expected)


def _counted(world: World) -> tuple[Any, ...]:
    with municipality_context(world.here):
        article = ArticlePage.objects.filter(pk=world.values["article"]).values("path", "live")
        return (list(article), Document.objects.count(), Image.objects.count())

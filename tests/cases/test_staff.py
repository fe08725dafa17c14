"""How staff and operators sign in (hard case 17): the second factor, and what a password alone
opens. Sessions and recovery are `test_staff_sessions.py`'s."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import Passkey
from common import clock
from portal.demonstration.factors import SECRET as PUBLIC
from portal.demonstration.factors import give_factor
from tenants.actors import ActorKind, current_actor
from tenants.context import municipality_context
from tenants.enums import FactorEvent, FactorKind, HostKind
from tenants.models import Municipality, SecondFactor, SecondFactorEvent
from tenants.operations.operators import make_operator
from tenants.operations.second_factors import code_at, present_step
from tenants.operations.staff_sessions import STAFF_HOSTS
from tenants.staff.models import Invitation, Membership
from tenants.staff.operations import invite
from tenants.staff.roles import Role
from tests.factories.accounts import PASSWORD, SECRET, UserFactory, signed_in_client, with_factor
from tests.factories.passkeys import SoftPasskey
from tests.factories.staff import make_member, staff_client
from tests.factories.tenants import operator_client, passed

pytestmark = pytest.mark.django_db
HOST = "kesennuma.admin.localhost"
ORIGIN = f"http://{HOST}:{django_settings.PUBLIC_PORT}"
BEHIND = [
    "/",
    "/admin/",
    "/admin/pages/",
    "/admin/pages/1/view_draft/",
    "/admin/pages/1/edit/preview/",
    "/admin/api/main/pages/",
    "/admin/staff/",
    "/admin/account/",
    "/admin/documents/",
    "/admin/survey_answers/?export=xlsx",
    "/documents/1/x.txt",
    "/second-factor/list/",
    "/second-factor/confirm/",
    "/still-here/",
]


def password_client(user, host=HOST):
    """Signed in by the form, with the password alone."""
    client = Client(HTTP_HOST=host)
    path = "/sign-in/" if host.startswith("operator") else "/admin/login/"
    answer = client.post(path, {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def now_code(secret=SECRET, steps=0):
    return code_at(secret, present_step() + steps)


def shown_secret(page):
    return re.search(r"data-key>([A-Z2-7 ]+)<", page.content.decode())[1].replace(" ", "")


# 17: staff without a second factor reach its page and nothing else


@pytest.mark.parametrize("path", BEHIND)
def test_17_without_a_factor_only_the_page_that_sets_one_up(kesennuma, path):
    client = password_client(make_member(kesennuma, Role.ADMINISTRATOR))
    for answer in (client.get(path), client.post(path, {"email": "x@example.jp"})):
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/second-factor/add/?next="), path
        assert "no-store" in answer["Cache-Control"]
    assert client.get("/second-factor/add/").status_code == 200


@pytest.mark.parametrize("path", [*BEHIND, "/second-factor/add/"])
def test_17_with_a_factor_only_the_page_that_asks_for_it(kesennuma, path):
    user = make_member(kesennuma, Role.ADMINISTRATOR)
    with_factor(user, kesennuma)
    client = password_client(user)
    for answer in (client.get(path), client.post(path, {"code": now_code()})):
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/second-factor/?next="), path
    assert client.get("/second-factor/").status_code == 200


def test_17_a_script_is_refused_and_not_led_anywhere(kesennuma):
    client = password_client(make_member(kesennuma, Role.EDITOR))
    answer = client.get("/admin/api/main/pages/", headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 403


def test_17_the_password_alone_is_no_staff_before_the_database(kesennuma):
    user = make_member(kesennuma, Role.ADMINISTRATOR)
    half = password_client(user)

    def actors(client, *paths):
        seen = set()

        def note(execute, *args):
            seen.add(current_actor().kind)
            return execute(*args)

        for path in paths:
            with connection.execute_wrapper(note):
                client.get(path)
        return seen

    assert actors(half, "/admin/", "/second-factor/add/", "/admin/staff/") == {ActorKind.RECEPTION}
    passed(half, user, kesennuma)
    assert ActorKind.STAFF in actors(half, "/admin/staff/")


def test_17_an_operators_password_alone_is_no_operator_before_the_database(kesennuma):
    operator = make_operator("operator@example.go.jp", "総務", PASSWORD)
    client = password_client(operator, "operator.localhost")
    for path in ("/", "/requests/", f"/municipalities/{kesennuma.code}/", "/requests/bulk/"):
        assert client.get(path)["Location"].startswith("/second-factor/add/?next="), path
    client.post(f"/municipalities/{kesennuma.code}/close/", {"reason": "x"})
    assert Municipality.objects.get(pk=kesennuma.pk).status == "published"
    seen = set()
    with connection.execute_wrapper(
        lambda execute, *args: seen.add(current_actor().kind) or execute(*args)
    ):
        client.get("/")
    assert seen == {ActorKind.RECEPTION}


# 17: other hosts


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/second-factor/", "/still-here/"])
def test_17_admin_addresses_do_not_exist_on_a_public_host(kesennuma, path):
    client = signed_in_client(make_member(kesennuma, Role.ADMINISTRATOR), kesennuma)
    assert client.get(path).status_code == 404
    assert Client(HTTP_HOST="localhost").get(path).status_code == 404


def test_17_a_public_session_at_the_admin_host_is_led_to_the_sign_in(kesennuma):
    user = make_member(kesennuma, Role.ADMINISTRATOR)
    with_factor(user, kesennuma)
    for municipality in (None, kesennuma):
        client = signed_in_client(user, municipality)
        answer = client.get("/admin/", headers={"host": HOST})
        assert answer["Location"].startswith("/admin/login/"), municipality


# 17: nobody gives what he lacks


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_17_who_is_no_administrator_makes_none_and_gives_no_permission(kesennuma, role):
    client = staff_client(kesennuma, role)
    colleague = make_member(kesennuma, Role.ADMINISTRATOR)
    with_factor(colleague, kesennuma)
    with municipality_context(kesennuma):
        theirs = Membership.objects.get(user=colleague).pk
        before = Membership.objects.count()
    for path in (
        "/admin/staff/",
        f"/admin/staff/members/{theirs}/remove/",
        f"/admin/staff/members/{theirs}/reset/",
        "/admin/staff/networks/",
    ):
        wanted = {"email": "friend@example.jp", "role": Role.ADMINISTRATOR, "cidr": "10.0.0.0/8"}
        assert client.post(path, wanted).status_code == 403, path
    for path in ("/admin/users/new/", "/admin/groups/edit/1/"):
        assert client.post(path, {"user_permissions": "1"}).status_code == 404, path
    with municipality_context(kesennuma):
        assert not Invitation.objects.filter(email="friend@example.jp").exists()
        assert Membership.objects.count() == before
    assert SecondFactor.objects.filter(user=colleague).exists()


# The first step


def test_a_resident_is_refused_at_the_admin_like_a_wrong_password(kesennuma):
    resident, member = UserFactory(), make_member(kesennuma, Role.READER)
    client = Client(HTTP_HOST=HOST)
    answers = [
        client.post("/admin/login/", {"username": email, "password": password})
        for email, password in (
            (resident.email, PASSWORD),
            (member.email, "wrong"),
            ("nobody@example.jp", "wrong"),
        )
    ]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({str(answer.context["form"].non_field_errors()) for answer in answers}) == 1


def test_nobody_is_remembered(kesennuma):
    user = make_member(kesennuma, Role.READER)
    client = Client(HTTP_HOST=HOST)
    page = client.get("/admin/login/").content.decode()
    assert "ログイン" in page and "remember" not in page and "Wagtail" not in page
    wanted = {"username": user.email, "password": PASSWORD, "remember": "on"}
    answer = client.post("/admin/login/", wanted)
    cookie = answer.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == "" and cookie["expires"] == ""


def test_a_new_password_by_mail_does_not_pass_the_second_factor(kesennuma, mailoutbox):
    user = make_member(kesennuma, Role.EDITOR)
    with_factor(user, kesennuma)
    client = Client(HTTP_HOST=HOST)
    client.post("/admin/password_reset/", {"email": user.email})
    path = re.search(r"http://[^/]+(/\S+)", mailoutbox[-1].body)[1]
    form = client.get(path, follow=True)
    address = form.redirect_chain[-1][0]
    new = "atarashii-kotoba-2026"
    done = client.post(address, {"new_password1": new, "new_password2": new})
    assert done.status_code == 302
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    client.post("/admin/login/", {"username": user.email, "password": new})
    assert client.get("/admin/")["Location"].startswith("/second-factor/?next=")


def test_a_second_password_begins_anew_in_the_same_browser(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    client = signed_in_client(user, kesennuma, admin=True)
    assert client.get("/admin/").status_code == 200
    client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    assert client.get("/admin/")["Location"].startswith("/second-factor/")


# Enrolment with an authenticator app


def test_an_invitation_leads_to_enrolment_and_then_to_where_one_wanted(kesennuma, mailoutbox):
    with municipality_context(kesennuma):
        invite("new@example.lg.jp", Role.EDITOR)
    token = re.search(r"/welcome/([^/]+)/", mailoutbox[-1].body)[1]
    client = Client(HTTP_HOST=HOST)
    client.post(f"/welcome/{token}/", {"name": "新", "password": PASSWORD})
    page = client.get("/admin/pages/", follow=True)
    assert page.redirect_chain == [("/second-factor/add/?next=%2Fadmin%2Fpages%2F", 302)]
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = shown_secret(page)
    again = client.get("/second-factor/add/")
    assert shown_secret(again) == secret, "a page loaded anew fits what was scanned"
    wrong = client.post("/second-factor/add/", {"code": "000000x", "label": "机の電話"})
    assert wrong.context["form"].errors["code"]
    assert wrong.context["form"]["label"].value() == "机の電話"
    key = client.session.session_key
    answer = client.post(
        "/second-factor/add/",
        {"code": now_code(secret), "label": "机の電話", "next": "/admin/pages/"},
    )
    assert answer["Location"] == "/admin/pages/"
    session = client.session
    assert session.session_key != key
    factor = SecondFactor.objects.get(user__email="new@example.lg.jp")
    assert (factor.kind, factor.municipality, factor.label) == ("app", kesennuma, "机の電話")
    assert session["staff_factor"] == factor.pk and session["staff_factor_kind"] == "app"
    assert abs(session["staff_passed"] - clock.now().timestamp()) < 60
    assert "staff_new_secret" not in session
    assert client.get("/admin/").status_code == 200
    assert "確認" in mailoutbox[-1].subject and mailoutbox[-1].to == ["new@example.lg.jp"]
    event = SecondFactorEvent.objects.get(person=factor.user)
    assert (event.event, event.municipality) == (FactorEvent.ADDED, kesennuma)


def test_the_secret_stands_in_clear_nowhere(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    client = password_client(user)
    secret = shown_secret(client.get("/second-factor/add/"))
    assert secret not in str(dict(client.session.items()))
    client.post("/second-factor/add/", {"code": now_code(secret)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM tenants_secondfactor WHERE user_id = %s", [user.pk])
        [(stored,)] = cursor.fetchall()
    assert secret not in stored and stored.startswith("1:")
    assert SecondFactor.objects.get(user=user).secret == secret


# Codes


def sign_in_with(user, code):
    client = password_client(user)
    return client, client.post("/second-factor/", {"code": code, "next": "/admin/"})


def test_a_code_opens_the_admin_once(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    with_factor(user, kesennuma)
    code = now_code()
    client, answer = sign_in_with(user, code)
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    _, again = sign_in_with(user, code)
    assert again.status_code == 200
    assert "使用済み" in str(again.context["form"].errors["code"])


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_code_of_the_step_before_or_after_is_taken_and_no_other(kesennuma, steps, opens):
    user = make_member(kesennuma, Role.EDITOR)
    with_factor(user, kesennuma)
    with time_machine.travel(clock.now(), tick=False):
        _, answer = sign_in_with(user, now_code(steps=steps))
    assert (answer.status_code == 302) is opens


def test_a_code_may_be_typed_in_wide_digits_and_groups(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    with_factor(user, kesennuma)
    code = now_code()
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    _, answer = sign_in_with(user, f"{wide[:3]}　{wide[3:]} ")
    assert answer.status_code == 302


@pytest.fixture
def _cache_is_down(settings):
    settings.CACHES = {"default": {"BACKEND": "tests.cases.test_staff.DownCache"}}


class DownCache:
    def __init__(self, *args, **kwargs):
        raise ConnectionError("the cache is down")


def test_five_wrong_codes_make_wait_also_with_the_cache_down(kesennuma, _cache_is_down):
    user = make_member(kesennuma, Role.EDITOR)
    with_factor(user, kesennuma)
    begin = clock.now()
    with time_machine.travel(begin, tick=False):
        for number in range(5):
            client, answer = sign_in_with(user, "12345x")  # each from a new browser
            assert answer.status_code == 200, number
        assert "5分" in str(answer.context["form"].errors["code"])
        _, answer = sign_in_with(user, now_code())
        assert "5分" in str(answer.context["form"].errors["code"]), "the right one neither"
    with time_machine.travel(begin + timedelta(minutes=5, seconds=1), tick=False):
        _, answer = sign_in_with(user, now_code())
        assert answer.status_code == 302
    assert SecondFactor.objects.get(user=user).wrong_codes == 0


def test_a_colleagues_wrong_codes_make_nobody_else_wait(kesennuma):
    user, colleague = (make_member(kesennuma, Role.EDITOR) for _ in range(2))
    for one in (user, colleague):
        with_factor(one, kesennuma)
    for _ in range(5):
        sign_in_with(colleague, "12345x")
    assert sign_in_with(user, now_code())[1].status_code == 302


# Whose factor counts where


def test_what_opens_one_host_opens_no_other(kesennuma, hida):
    user = make_member(kesennuma, Role.EDITOR)
    with municipality_context(hida):
        Membership.objects.create(user=user, group=Group.objects.get(name=Role.EDITOR))
    with_factor(user, hida)
    with_factor(user, None)
    # A resident's, on the portal.
    Passkey.objects.create(user=user, user_handle=b"h", credential_id=b"x", credential=b"x")
    client = password_client(user)
    assert client.get("/admin/")["Location"].startswith("/second-factor/add/")
    client.post("/second-factor/", {"code": now_code()})
    assert client.get("/admin/").status_code == 302
    there = password_client(user, "hida.admin.localhost")
    assert there.post("/second-factor/", {"code": now_code()})["Location"] == "/admin/"


def test_a_session_that_names_another_hosts_factor_is_nothing(kesennuma, hida):
    user = make_member(kesennuma, Role.EDITOR)
    client = password_client(user)
    session = client.session
    session["staff_factor"], session["staff_passed"] = with_factor(user, hida).pk, 1
    session.save()
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


# Passkeys


def enrol_passkey(client, passkey, **more):
    options = client.get("/second-factor/add/").context["passkey_options"]
    answer = client.post("/second-factor/add/", {"credential": passkey.create(options), **more})
    return answer


def test_a_passkey_is_enrolled_and_opens_the_admin(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    passkey = SoftPasskey(HOST, ORIGIN)
    answer = enrol_passkey(password_client(user), passkey, label="職員証")
    assert answer["Location"] == "/admin/"
    factor = SecondFactor.objects.get(user=user)
    assert (factor.kind, factor.rp_id, factor.label) == (FactorKind.PASSKEY, HOST, "職員証")
    client = password_client(user)
    options = client.get("/second-factor/").context["passkey_options"]
    assert options["publicKey"]["rpId"] == HOST
    said = passkey.get(options)
    assert client.post("/second-factor/", {"credential": said})["Location"] == "/admin/"
    assert client.session["staff_factor_kind"] == "passkey"
    other = password_client(user)
    other.get("/second-factor/")
    again = other.post("/second-factor/", {"credential": said})
    assert again.status_code == 200, "an answer recorded is of no use later"


@pytest.mark.parametrize(
    ("rp_id", "origin"),
    [
        (HOST, "http://kesennuma.admin.localhost:9"),
        (HOST, f"https://{HOST}:{django_settings.PUBLIC_PORT}"),
        (HOST, f"http://x.{HOST}:{django_settings.PUBLIC_PORT}"),
        (HOST, "http://hida.admin.localhost:8000"),
        ("localhost", ORIGIN),
        ("hida.admin.localhost", ORIGIN),
    ],
)
def test_a_passkey_of_another_origin_or_host_is_refused(kesennuma, rp_id, origin):
    user = make_member(kesennuma, Role.EDITOR)
    assert enrol_passkey(password_client(user), SoftPasskey(rp_id, origin)).status_code == 200
    assert not SecondFactor.objects.filter(user=user).exists()
    right = SoftPasskey(HOST, ORIGIN)
    enrol_passkey(password_client(user), right)
    right.rp_id, right.origin = rp_id, origin
    client = password_client(user)
    options = client.get("/second-factor/").context["passkey_options"]
    answer = client.post("/second-factor/", {"credential": right.get(options)})
    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_copied_passkey_is_found_out_by_its_count(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    passkey = SoftPasskey(HOST, ORIGIN, count=7)
    enrol_passkey(password_client(user), passkey)
    passkey.count = 5
    client = password_client(user)
    options = client.get("/second-factor/").context["passkey_options"]
    assert client.post("/second-factor/", {"credential": passkey.get(options)}).status_code == 200


def test_a_passkey_belongs_to_one_person(kesennuma):
    passkey = SoftPasskey(HOST, ORIGIN)
    enrol_passkey(password_client(make_member(kesennuma, Role.EDITOR)), passkey)
    other = make_member(kesennuma, Role.EDITOR)
    assert enrol_passkey(password_client(other), passkey).status_code == 200
    assert not SecondFactor.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    "said",
    ["", "x", "[]", "{}", '{"id": 1}', '{"id":"a","rawId":"!","type":"public-key","response":{}}'],
)
def test_a_damaged_answer_is_refused_with_a_sentence(kesennuma, said):
    user = make_member(kesennuma, Role.EDITOR)
    client = password_client(user)
    client.get("/second-factor/add/")
    answer = client.post("/second-factor/add/", {"credential": said})
    assert answer.status_code == 200 and "パスキーを確認できませんでした" in answer.content.decode()
    enrol_passkey(password_client(user), SoftPasskey(HOST, ORIGIN))
    client = password_client(user)
    client.get("/second-factor/")
    answer = client.post("/second-factor/", {"credential": said})
    assert answer.status_code == 200 and "パスキーを確認できませんでした" in answer.content.decode()


# Several factors


def test_one_may_have_several_and_keeps_the_last(kesennuma, mailoutbox):
    user = make_member(kesennuma, Role.EDITOR)
    client = signed_in_client(user, kesennuma, admin=True)
    first = SecondFactor.objects.get(user=user)
    refused = client.post(f"/second-factor/{first.pk}/remove/", follow=True)
    assert "最後" in refused.content.decode()
    assert enrol_passkey(client, SoftPasskey(HOST, ORIGIN))["Location"] == "/second-factor/list/"
    page = client.get("/second-factor/list/").content.decode()
    assert "認証アプリ" in page and "パスキー" in page
    client.post(f"/second-factor/{first.pk}/remove/")
    assert [one.kind for one in SecondFactor.objects.filter(user=user)] == ["passkey"]
    # The session was passed with what is gone: it is over.
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert len(mailoutbox) == 2


def test_nobody_removes_a_colleagues(kesennuma):
    theirs = with_factor(make_member(kesennuma, Role.EDITOR), kesennuma)
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    client.post(f"/second-factor/{theirs.pk}/remove/")
    assert SecondFactor.objects.filter(pk=theirs.pk).exists()


# The operator's host, and the demonstration


def test_an_operator_enrols_and_signs_in_by_code():
    operator = make_operator("operator@example.go.jp", "総務", PASSWORD)
    client = password_client(operator, "operator.localhost")
    secret = shown_secret(client.get("/second-factor/add/"))
    assert client.post("/second-factor/add/", {"code": now_code(secret)})["Location"] == "/"
    assert client.get("/requests/").status_code == 200
    factor = SecondFactor.objects.get(user=operator)
    assert factor.municipality is None
    later = clock.now() + timedelta(minutes=1)
    with time_machine.travel(later):
        again = password_client(operator, "operator.localhost")
        assert again.get("/requests/")["Location"] == "/second-factor/?next=%2Frequests%2F"
        assert again.post("/second-factor/", {"code": now_code(secret)})["Location"] == "/"


def test_the_code_of_a_demonstration_is_printed_and_no_other(kesennuma, settings, capsys):
    invented, real = (make_member(kesennuma, Role.EDITOR) for _ in range(2))
    give_factor(invented, kesennuma)
    with_factor(real, kesennuma)
    call_command("demonstration_code", invented.email)
    _, answer = sign_in_with(invented, capsys.readouterr().out.strip())
    assert answer.status_code == 302
    with pytest.raises(CommandError):
        call_command("demonstration_code", real.email)
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("demonstration_code", invented.email)


def test_a_demonstrations_factor_counts_for_nothing_in_production(kesennuma, settings):
    user = make_member(kesennuma, Role.EDITOR)
    give_factor(user, kesennuma)
    settings.IS_PRODUCTION = True
    client = password_client(user)
    assert client.get("/admin/")["Location"].startswith("/second-factor/add/")
    client.post("/second-factor/", {"code": now_code(PUBLIC)})
    assert client.get("/admin/").status_code == 302


def test_operators_reset_each_other_at_the_command_line(mailoutbox):
    client = operator_client()
    half = password_client(client.operator, "operator.localhost")
    call_command("reset_second_factor", client.operator.email)
    assert client.get("/")["Location"].startswith("/sign-in/?next=")
    assert half.get("/")["Location"].startswith("/sign-in/?next=")
    assert not SecondFactor.objects.filter(user=client.operator).exists()
    event = SecondFactorEvent.objects.get(person=client.operator)
    assert (event.event, event.done_by, event.municipality) == (FactorEvent.RESET, None, None)
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.jp")


def test_kinds_of_hosts_are_those_the_middleware_knows():
    assert {HostKind.ADMIN, HostKind.OPERATOR} == STAFF_HOSTS

"""The staff screen, roles, and invitations."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from common.refusal import Refused
from tenants.context import municipality_context
from tenants.staff.models import Invitation, Membership
from tenants.staff.operations import invite, remove_member
from tenants.staff.roles import Role
from tests.factories.accounts import PASSWORD, signed_in_client
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
OTHER_ROLES = [role for role in Role.values if role != Role.ADMINISTRATOR]
CLOSED = [
    "/admin/users/",
    "/admin/users/new/",
    "/admin/users/{user}/",
    "/admin/users/edit/{user}/",
    "/admin/users/delete/{user}/",
    "/admin/users/results/",
    "/admin/users/history/{user}/",
    "/admin/groups/",
    "/admin/groups/new/",
    "/admin/groups/edit/1/",
    "/admin/groups/users/1/",
    "/admin/bulk/accounts/user/assign_role/?id={user}",
    "/admin/bulk/accounts/user/delete/?id={user}",
    "/admin/bulk/accounts/user/set_active_state/?id={user}",
    "/admin/bulk/auth/group/delete/?id=1",
]


def _token(mail):
    return re.search(r"/welcome/([^/]+)/", mail.body)[1]


@pytest.mark.parametrize("role", Role.values)
def test_wagtails_screens_of_accounts_exist_for_nobody(kesennuma, role):
    client = staff_client(kesennuma, role)
    victim = make_member(kesennuma, "reader")
    for path in CLOSED:
        url = path.format(user=victim.pk)
        assert client.get(url).status_code == 404, url
        posted = client.post(url, {"is_superuser": "on", "email": "x@example.jp", "role": "1"})
        assert posted.status_code == 404, url
    victim.refresh_from_db()
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("role", Role.values)
def test_every_role_may_enter_the_admin_in_japanese(kesennuma, role):
    answer = staff_client(kesennuma, role).get("/admin/")
    assert answer.status_code == 200
    assert '<html lang="ja"' in answer.content.decode()


def test_nobody_is_made_superuser_by_an_invitation(kesennuma, mailoutbox):
    with municipality_context(kesennuma):
        invite("new@example.lg.jp", Role.ADMINISTRATOR)
    host = Client(HTTP_HOST="kesennuma.admin.localhost")
    host.post(
        f"/welcome/{_token(mailoutbox[-1])}/",
        {"name": "新", "password": PASSWORD, "is_superuser": "on"},
    )
    assert User.objects.get(email="new@example.lg.jp").is_superuser is False


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_only_administrators_choose_staff(kesennuma, role, mailoutbox):
    client = staff_client(kesennuma, role)
    member = _membership(kesennuma, make_member(kesennuma, "reader"))
    assert client.get("/admin/staff/").status_code in (302, 403)
    client.post("/admin/staff/", {"email": "x@example.jp", "role": "administrator"})
    client.post(f"/admin/staff/members/{member.pk}/remove/")
    assert len(mailoutbox) == 0
    assert "/admin/staff/" not in client.get("/admin/").content.decode()
    with municipality_context(kesennuma):
        assert Membership.objects.filter(pk=member.pk).exists()


def test_an_administrator_sees_the_members_of_this_municipality_only(kesennuma, hida):
    here = make_member(kesennuma, "editor", name="気仙沼の編集者")
    there = make_member(hida, "editor", name="飛騨の編集者")
    page = staff_client(kesennuma, "administrator").get("/admin/staff/").content.decode()
    assert here.email in page
    assert there.email not in page
    assert "編集者" in page


def test_an_invitation_by_mail_becomes_a_role_here_and_nowhere_else(kesennuma, hida, mailoutbox):
    client = staff_client(kesennuma, "administrator")
    answer = client.post("/admin/staff/", {"email": "New@example.lg.jp", "role": "coordinator"})
    assert answer.status_code == 302
    (mail,) = mailoutbox
    assert mail.to == ["new@example.lg.jp"]
    token = _token(mail)
    assert Client(HTTP_HOST="hida.admin.localhost").get(f"/welcome/{token}/").status_code == 404
    host = Client(HTTP_HOST="kesennuma.admin.localhost")
    assert host.get(f"/welcome/{token}/").status_code == 200
    answer = host.post(f"/welcome/{token}/", {"name": "千葉 海", "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert host.get("/admin/")["Location"] == "/second-factor/add/?next=%2Fadmin%2F"
    user = User.objects.get(email="new@example.lg.jp")
    with municipality_context(kesennuma):
        assert list(user.groups.values_list("name", flat=True)) == ["coordinator"]
    with municipality_context(hida):
        assert not user.groups.exists()
    assert (
        Client(HTTP_HOST="kesennuma.admin.localhost").get(f"/welcome/{token}/").status_code == 404
    )


def test_an_existing_account_keeps_its_password(kesennuma, hida, mailoutbox):
    user = make_member(hida, "editor")
    with municipality_context(kesennuma):
        invite(user.email, Role.EDITOR)
    url = f"/welcome/{_token(mailoutbox[-1])}/"
    host = Client(HTTP_HOST="kesennuma.admin.localhost")
    refused = host.post(url, {"name": "別人", "password": "another password"})
    assert refused.status_code == 200
    assert refused.context["form"].errors
    assert host.post(url, {"name": "本人", "password": PASSWORD}).status_code == 302


def test_inviting_again_ends_the_earlier_invitation(kesennuma, mailoutbox):
    with municipality_context(kesennuma):
        invite("new@example.lg.jp", Role.EDITOR)
        invite("NEW@example.lg.jp", Role.READER)
    host = Client(HTTP_HOST="kesennuma.admin.localhost")
    codes = [host.get(f"/welcome/{_token(mail)}/").status_code for mail in list(mailoutbox)]
    assert codes == [404, 200]


def test_a_withdrawn_invitation_opens_nothing(kesennuma, mailoutbox):
    client = staff_client(kesennuma, "administrator")
    client.post("/admin/staff/", {"email": "new@example.lg.jp", "role": "reader"})
    with municipality_context(kesennuma):
        invitation = Invitation.objects.get(email="new@example.lg.jp")
    client.post(f"/admin/staff/invitations/{invitation.pk}/withdraw/")
    host = Client(HTTP_HOST="kesennuma.admin.localhost")
    assert host.get(f"/welcome/{_token(mailoutbox[0])}/").status_code == 404


def test_a_removed_member_is_out_at_once(kesennuma):
    client = staff_client(kesennuma, "administrator")
    editor = make_member(kesennuma, "editor")
    membership = _membership(kesennuma, editor)
    theirs = signed_in_client(editor, kesennuma, admin=True)
    assert theirs.get("/admin/").status_code == 200
    client.post(f"/admin/staff/members/{membership.pk}/remove/")
    assert theirs.get("/admin/").status_code == 302


def test_the_last_administrator_stays(kesennuma):
    first = _membership(kesennuma, make_member(kesennuma, "administrator"))
    second = _membership(kesennuma, make_member(kesennuma, "administrator"))
    with municipality_context(kesennuma):
        remove_member(first.pk)
        with pytest.raises(Refused) as refusal:
            remove_member(second.pk)
    assert refusal.value.code == "last_administrator"


def test_the_first_administrator_was_invited_when_the_municipality_was_made(kesennuma, hida):
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            (invitation,) = Invitation.objects.all()
            assert invitation.email == f"staff-{municipality.code}@example.jp"
            assert invitation.group.name == Role.ADMINISTRATOR


def test_roles_are_the_same_closed_list_everywhere(kesennuma, hida):
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


def _membership(municipality, user):
    with municipality_context(municipality):
        return Membership.objects.get(user=user)


@pytest.mark.django_db
def test_the_mail_for_a_new_password_leads_to_the_municipalitys_own_admin(
    kesennuma, hida, mailoutbox
):
    member = make_member(kesennuma, Role.EDITOR)
    client = Client(headers={"host": "kesennuma.admin.localhost"})
    client.post("/admin/password_reset/", {"email": member.email})
    (mail,) = mailoutbox
    assert "新しいパスワード" in mail.body
    (address,) = re.findall(r"http://\S+", mail.body)
    assert address.startswith("http://kesennuma.admin.localhost:8000/admin/password_reset/confirm/")
    path = address.partition(":8000")[2]
    assert client.get(path, follow=True).status_code == 200
    assert client.get("/admin/password_reset/complete/").status_code == 302


@pytest.mark.django_db
def test_nobody_floods_a_mailbox_with_mails_for_new_passwords(kesennuma, hida, mailoutbox):
    member = make_member(kesennuma, Role.EDITOR)
    answers = [
        Client(headers={"host": f"{place}.admin.localhost"}).post(
            "/admin/password_reset/", {"email": member.email}
        )
        for place in ("kesennuma", "hida") * 4
    ]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
    assert len(mailoutbox) == 6
    other = Client(headers={"host": "kesennuma.admin.localhost"})
    unknown = [
        other.post("/admin/password_reset/", {"email": "x@example.jp"}) for _each in "1234567"
    ]
    assert [answer.status_code for answer in unknown] == [302] * 6 + [429], "known or not"

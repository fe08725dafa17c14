"""Accounts and residents; clients that are signed in on one host."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import factory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from accounts.middleware import HOST_KEY, host_key
from accounts.models import Resident, User
from accounts.operations import sign_ins
from accounts.operations.acceptances import accept_terms
from accounts.queries import documents_in_force
from common import clock
from privacy.receivers import AGREED_ON
from tenants.enums import FactorKind, HostKind
from tenants.hosts import admin_url, municipality_host
from tenants.models import SecondFactor
from tenants.operations import staff_sessions

PASSWORD = "kesennuma-no-umi-2026"
# Name, furigana, postal code, residence, address line: as they go together.
PEOPLE = [
    ("佐藤", "花子", "サトウ", "ハナコ", "9880017", "042056", "南町1丁目2番3号"),
    ("鈴木", "一郎", "スズキ", "イチロウ", "1000001", "131016", "千代田1番1号"),
    ("高橋", "美咲", "タカハシ", "ミサキ", "5094221", "212172", "古川町若宮2丁目1番60号"),
    ("田中", "健太", "タナカ", "ケンタ", "0600042", "011002", "中央区大通西4丁目1番"),
    ("伊藤", "和子", "イトウ", "カズコ", "9892361", "043613", "愛宕前10番"),
]


class UserFactory(factory.django.DjangoModelFactory):
    """An account with a confirmed e-mail address and the password `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"resident{n}@example.jp")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        from allauth.account.models import EmailAddress

        user = model_class.objects.create_user(**kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class ResidentFactory(factory.django.DjangoModelFactory):
    """A resident with a name, furigana and address that go together; an adult who has agreed to
    terms and privacy notice."""

    class Meta:
        model = Resident
        skip_postgeneration_save = True

    class Params:
        person = factory.Sequence(lambda n: PEOPLE[n % len(PEOPLE)])

    user = factory.SubFactory(UserFactory)
    family_name = factory.LazyAttribute(lambda made: made.person[0])
    given_name = factory.LazyAttribute(lambda made: made.person[1])
    family_kana = factory.LazyAttribute(lambda made: made.person[2])
    given_kana = factory.LazyAttribute(lambda made: made.person[3])
    postal_code = factory.LazyAttribute(lambda made: made.person[4])
    residence_id = factory.LazyAttribute(lambda made: made.person[5])
    address_line = factory.LazyAttribute(lambda made: made.person[6])
    birth_date = date(1988, 4, 2)

    @factory.post_generation
    def agrees(self, create: bool, agrees: bool | None, **kwargs: Any) -> None:
        if create and agrees is not False:
            accept_terms(self.user, documents_in_force())


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the authenticator app of everybody's tests


def with_factor(user: User, municipality: Any = None) -> SecondFactor:
    """The authenticator app that opens an admin host to `user`, or the operator's host."""
    app, _made = SecondFactor.objects.get_or_create(
        user=user, municipality=municipality, kind=FactorKind.APP, defaults={"secret": SECRET}
    )
    return app


def pass_second_factor(session: Any, user: User, municipality: Any = None) -> None:
    """Write into a session of staff that all is well: begun, and passed, this moment."""
    staff_sessions.begin(session)
    staff_sessions.pass_factor(session, with_factor(user, municipality))


def sign_in(client: Client, user: User, municipality: Any = None, *, admin: bool = False) -> Client:
    """Open a session for `user` on one host and send every further request to that host.

    Without `municipality` the portal; with it its public site, or with `admin` its admin host.
    Not `client.force_login`: a session holds on the host it was begun on only. On an admin host
    the second factor has just been passed.
    """
    kind = HostKind.PORTAL
    host = settings.BASE_DOMAIN
    if municipality is not None:
        kind = HostKind.ADMIN if admin else HostKind.MUNICIPALITY
        host = municipality_host(municipality)
        if admin:
            host = admin_url(municipality, "").split("//")[1].split(":")[0]
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            HOST_KEY: host_key(kind, municipality),
        }
    )
    session.save()
    if admin:
        pass_second_factor(session, user, municipality)
        session.save()
    else:
        # As a request would, so that the first one of a test has nothing to write about it.
        session[AGREED_ON] = clock.today().isoformat()
        sign_ins.is_due(session)
        session.save()
        sign_ins.keep(session, user.pk, municipality.code if municipality else None, "")
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.defaults["HTTP_HOST"] = host
    return client


def signed_in_client(user: User, municipality: Any = None, *, admin: bool = False) -> Client:
    """A new client, signed in as `sign_in` does."""
    return sign_in(Client(), user, municipality, admin=admin)


def confirmed_client(user: User) -> Client:
    """A new client on the portal that has just shown who it is, as after a sign-in."""
    client = signed_in_client(user)
    session = client.session
    sign_ins.confirm(session)
    session.save()
    return client

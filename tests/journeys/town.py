"""気仙沼市 as several walks find it: its staff, people who have signed in, public activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

from django.db import connection
from playwright.sync_api import Browser

from accounts.models import Resident, User
from activities.models import Session
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform
from tests.journeys.test_counter import carry
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out


@dataclass
class Person:
    """A resident and their phone."""

    resident: Resident
    walker: Walker

    @property
    def email(self) -> str:
        return str(self.resident.user.email)


class Town:
    """Set-up is done in the product's own database; everything else in browsers."""

    def __init__(self, browser: Browser, platform: Platform, walkers: list[Walker]) -> None:
        self.browser, self.platform, self.walkers = browser, platform, walkers
        with platform.own_process():
            connection.set_schema_to_public()
            self.place = Municipality.objects.get(pk=KESENNUMA)

    def url(self, path: str) -> str:
        return self.platform.url("kesennuma", path)

    def admin(self, path: str) -> str:
        return self.platform.url("kesennuma.admin", path)

    def portal(self, path: str) -> str:
        return self.platform.url("", path)

    def stranger(self) -> Walker:
        """Somebody who has not signed in."""
        self.walkers.append(set_out(self.browser, PHONE))
        return self.walkers[-1]

    def person(self, given_name: str, resident: Resident | None = None, **fields: Any) -> Person:
        """Somebody who has signed in on the portal and on the municipality's host."""
        walker = self.stranger()
        with self.platform.own_process():
            connection.set_schema_to_public()
            resident = resident or ResidentFactory(given_name=given_name, **fields)
            carry(walker, signed_in_client(resident.user), self.portal(""))
            carry(walker, signed_in_client(resident.user, self.place), self.url(""))
        return Person(resident, walker)

    def officer(self, role: str = Role.ADMINISTRATOR, name: str = "受付 係長") -> Walker:
        """A member of staff in front of a desktop."""
        walker = set_out(self.browser, DESKTOP)
        self.walkers.append(walker)
        with self.platform.own_process():
            connection.set_schema_to_public()
            member: User = make_member(self.place, role, name=name)
            client = signed_in_client(member, self.place, admin=True)
        carry(walker, client, self.admin(""))
        return walker

    def activity(self, title: str, *sessions: dict[str, Any], **fields: Any) -> list[UUID]:
        """A public activity; the names of its dates, soonest first."""
        wanted = [session_values(**one) for one in sessions] or None
        with self.platform.own_process():
            connection.set_schema_to_public()
            page = make_activity(self.place, title=title, sessions=wanted, **fields)
            with municipality_context(self.place):
                rows = Session.objects.filter(page=page).order_by("starts_at")
                return list(rows.values_list("uuid", flat=True))

    def change(self, session: UUID, **values: Any) -> None:
        """What only passing time could bring about."""
        with self.platform.own_process(), municipality_context(self.place):
            Session.objects.filter(uuid=session).update(**values)

    def mail(self, who: Person, containing: str) -> str:
        return self.platform.mailbox.wait_for(who.email, containing)

    def nothing_went_wrong(self) -> None:
        problems = [problem for walker in self.walkers for problem in walker.problems]
        assert not problems, "\n".join(problems)


def fetched(url: str) -> bytes:
    """What a program other than a browser reads at an address of the platform."""
    host = url.split("/")[2]
    port = host.rpartition(":")[2]
    local = url.replace(f"//{host}", f"//127.0.0.1:{port}", 1)
    with urlopen(Request(local, headers={"Host": host})) as answer:
        return bytes(answer.read())

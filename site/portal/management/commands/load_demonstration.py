"""`manage.py load_demonstration`: fill a new database with demonstration data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from notifications.models import OutboxMessage
from portal.demonstration import municipalities as demonstration
from portal.demonstration.coordination import coordinate, work_for_organisations
from portal.demonstration.factors import SECRET, give_factor
from portal.demonstration.history import add_residents
from portal.demonstration.rooms import talk
from portal.operations.listings import index_municipality
from tenants.context import municipality_context
from tenants.hosts import admin_url, municipality_url, operator_url, portal_url
from tenants.models import Municipality
from tenants.operations.operators import make_operator
from tenants.postgresql.connection import connection
from tenants.staff.roles import Role

OPERATOR = "operator@example.jp"


class Command(BaseCommand):
    help = "Loads demonstration data if no municipality takes part yet."

    def handle(self, *args: Any, **options: Any) -> None:
        connection.set_schema_to_public()
        if Municipality.objects.exists():
            return
        cases = demonstration.cases()
        self.stdout.write("Setting up the demonstration's municipalities; this takes minutes.")
        demonstration.set_up([case["code"] for case in cases])
        places = []
        for case in cases:
            municipality = Municipality.objects.get(pk=case["code"])
            self.stdout.write(f"  {municipality.full_name}")
            with municipality_context(municipality):
                demonstration.fill(municipality, case)
            places.append(municipality)
        for municipality in Municipality.objects.all():
            with municipality_context(municipality):
                demonstration.add_staff(municipality, tuple(Role))
        # 気仙沼市 first: its residents are the ones newcomers sign in as.
        places.sort(key=lambda place: place.slug != "kesennuma")
        residents = add_residents(places)
        for case in cases:
            talk(Municipality.objects.get(pk=case["code"]), case, residents)
            coordinate(Municipality.objects.get(pk=case["code"]), case, residents)
            if case["code"] == places[0].code:
                work_for_organisations(places[0], case, residents[1])
        for municipality in places:
            with municipality_context(municipality):
                index_municipality()
        operator = make_operator(OPERATOR, "運営担当（試験用）", demonstration.PASSWORD)
        give_factor(operator, None)
        # Nobody reads the mails of invented people.
        OutboxMessage.objects.all().delete()
        self._write_accounts(places[0], str(residents[0].user), str(residents[1].user))

    def _write_accounts(self, municipality: Municipality, resident: str, member: str) -> None:
        text = "\n".join(
            [
                f"Portal        {portal_url()}",
                f"  resident    {resident}",
                f"Municipality  {municipality_url(municipality)}",
                f"Workspace     {municipality_url(municipality, '/workspace/')}",
                f"  manager of two organisations  {member}",
                f"Its admin     {admin_url(municipality)}",
                *[
                    f"  {role.value:<21} {demonstration.staff_email(municipality, role)}"
                    for role in Role
                ],
                f"Operator      {operator_url()}",
                f"  operator    {OPERATOR}",
                f"Password of all of them: {demonstration.PASSWORD}",
                "A code is then asked of staff and operator: ./run manage demonstration_code EMAIL",
                f"(or an authenticator app with the key {SECRET})",
                "",
            ]
        )
        (settings.DATA_DIR / "accounts.txt").write_text(text, encoding="utf-8")

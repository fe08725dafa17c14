"""Under the run-time login: whoever leaves may stop what waits for them."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.db import connection

from notifications.models import OutboxMessage
from notifications.operations import withdraw
from tenants.actors import signed_in
from tests.factories.accounts import ResidentFactory
from tests.isolation.logins import at_run_time


def test_a_resident_s_waiting_mail_is_withdrawn(empty_database: str) -> None:
    leaver, other = ResidentFactory(), ResidentFactory()
    for resident in (leaver, other):
        EmailMessage("登録しました", "本文", to=[resident.user.email]).send()
    with at_run_time(signed_in(leaver.user_id, leaver.pk)):
        withdraw([leaver.user.email])
    connection.set_schema_to_public()
    waiting = OutboxMessage.objects.filter(delivered_at=None)
    assert [mail.payload["to"] for mail in waiting] == [[other.user.email]]

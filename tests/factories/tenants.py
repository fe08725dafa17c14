"""Municipalities in a status, and who runs the platform."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client

from common import clock
from tenants.enums import RequestStatus, TermsKind
from tenants.models import Municipality, ParticipationRequest, Terms
from tenants.operations.operators import make_operator
from tests.factories.accounts import PASSWORD, pass_second_factor


def with_status(municipality: Municipality, status: str, **fields: Any) -> Municipality:
    """The municipality, read anew, with this status and nothing in its history."""
    Municipality.objects.filter(pk=municipality.pk).update(status=status, **fields)
    return Municipality.objects.get(pk=municipality.pk)


def approved_request(code: str) -> ParticipationRequest:
    """A request of the local government `code` that waits to be set up."""
    return ParticipationRequest.objects.create(
        local_government_id=code,
        department="企画調整課",
        contact_name="髙橋 一郎",
        contact_email="kikaku@example.lg.jp",
        contact_phone="0223545701",
        terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        agreed_at=clock.now(),
        status=RequestStatus.APPROVED,
        decided_at=clock.now(),
    )


def operator_client(email: str = "operator@example.go.jp") -> Client:
    """A client signed in on the operator's host; `client.operator` is the account."""
    client = Client(HTTP_HOST="operator.localhost")
    client.operator = make_operator(email, "総務 太郎", PASSWORD)  # type: ignore[attr-defined]
    client.post("/sign-in/", {"username": email, "password": PASSWORD})
    passed(client, client.operator)  # type: ignore[attr-defined]
    return client


def passed(client: Client, user: Any, municipality: Any = None) -> Client:
    """The client, its password typed, with the second factor passed as well."""
    session = client.session
    pass_second_factor(session, user, municipality)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client

"""Activities that need more than a poster: what lasts all day and can be passed on is refused."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from attendance.codes import rotating_token
from attendance.codes.day import day_codes
from attendance.models import ParticipationRecord, Scan
from attendance.operations.check_in import check_in
from attendance.operations.session_codes import check_in_by_digits
from common.refusal import Refused
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.scans import DAY, DURING, a_device, a_session
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(kesennuma, hida):
    """The other municipality's takes a poster at the same time."""
    a_session(hida)
    return a_session(kesennuma, changing_code_only=True)


def test_poster_and_digits_are_refused_and_kept_and_a_changing_code_counts(
    kesennuma, session
) -> None:
    resident, token = ResidentFactory(), venue_token(kesennuma.code, session.session_uuid)
    digits = day_codes(session.session_uuid, DAY, 1)[0]
    with time_machine.travel(DURING, tick=False):
        told = signed_in_client(resident.user).get(f"/c/{token}/")
        with pytest.raises(Refused, match="changing_code_only"):
            check_in(resident, token)
        with pytest.raises(Refused, match="changing_code_only"):
            check_in_by_digits(resident, kesennuma.code, digits, network="192.0.2.1")
        assert not ParticipationRecord.objects.exists()
        shown = rotating_token(kesennuma.code, session.session_uuid, 1, DURING)
        assert check_in(resident, shown).is_new
    assert told.status_code == 409
    assert "担当者の端末に表示されるコード" in told.content.decode()
    kept = Scan.objects.filter(classification="invalid", reason="changing_code_only")
    assert sorted(kept.values_list("way", flat=True)) == ["day_code", "venue_code"]


def test_the_neighbour_s_poster_counts_as_ever(hida, session) -> None:
    elsewhere = a_session(hida, slug="other")
    with time_machine.travel(DURING):
        token = venue_token(hida.code, elsewhere.session_uuid)
        assert check_in(ResidentFactory(), token).is_new


def test_neither_poster_nor_digits_are_offered(kesennuma, session, settings) -> None:
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 100_000, 100_000
    officer = make_member(kesennuma, Role.ADMINISTRATOR)
    with time_machine.travel(DURING):
        client = signed_in_client(officer, kesennuma, admin=True)
        page = client.get(f"/admin/sessions/{session.session_uuid}/check-in/").content.decode()
        poster = client.get(f"/admin/sessions/{session.session_uuid}/poster/")
        _device, cookie = a_device(kesennuma, session)
        phone = Client(HTTP_HOST=municipality_host(kesennuma))
        phone.cookies["desk"] = cookie
        data = phone.get("/desk/data/").json()
    digits = day_codes(session.session_uuid, DAY, 1)[0]
    assert digits not in page
    assert "端末用のリンクを作ってください" in page
    assert poster.status_code == 404
    assert (data["day_code"], bool(data["rotating"])) == ("", True)

"""National parameters on the operator's host: versions, drafts, replays, and names everywhere."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates.enums import Layout
from certificates.operations.render import file_of, render
from certificates.queries import registration_certificate_of
from common import clock
from registration.models import NationalParameters, PremiumDecision, Replay
from registration.operations import replaying
from registration.queries import parameters_on
from registration.tasks import replay_decisions
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.premium import make_premium, make_verified
from tests.factories.staff import staff_client
from tests.factories.tenants import operator_client

pytestmark = pytest.mark.django_db
LIST, NEW = "/parameters/", "/parameters/new/"


def text_of(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.fixture
def desk():
    return operator_client()


def entered(**fields):
    return {
        "effective_from": clock.today().isoformat(),
        "basic_name": "ふつう",
        "basic_name_en": "Ordinary",
        "premium_name": "とくべつ",
        "premium_name_en": "Special",
        "needed_participations": "3",
        "window": "rolling",
        "one_a_day": "on",
        "max_premium": "3",
        "adult_age": "18",
        "countable_from": "2026-04-01",
        "release_after_months": "24",
        **fields,
    }


def draft(desk, **fields) -> Replay:
    assert desk.post(NEW, entered(**fields)).status_code == 302
    return Replay.objects.get(made=None)


def put_in_force(desk, **fields) -> NationalParameters:
    run = draft(desk, **fields)
    replay_decisions()
    assert desk.post(f"/parameters/previews/{run.pk}/confirm/")["Location"] == LIST
    return NationalParameters.objects.latest("pk")


def test_a_version_is_tried_out_before_it_is_made(desk, kesennuma):
    make_premium(make_verified(), kesennuma)
    for _twice in range(2):
        desk.post(NEW, entered(needed_participations="4"))
    run = Replay.objects.get()
    assert NationalParameters.objects.count() == 1
    path = f"/parameters/previews/{run.pk}/"
    assert "confirm/" not in text_of(desk.get(path))
    assert desk.post(f"{path}confirm/")["Location"] == path
    assert NationalParameters.objects.count() == 1
    replay_decisions()
    run.refresh_from_db()
    assert (run.looked_at, run.lost, run.gained, run.same) == (1, 1, 0, 0)
    assert run.registrations == {"premium": 2}  # the prefecture follows the city
    assert "confirm/" in text_of(desk.get(path))
    for _twice in range(2):
        assert desk.post(f"{path}confirm/")["Location"] == LIST
    made = NationalParameters.objects.latest("pk")
    assert (made.version, made.needed_participations) == ("2", 4)
    assert made.set_by == desk.operator
    assert NationalParameters.objects.count() == 2
    page = text_of(desk.get(LIST))
    for words in ("総務 太郎", "とくべつ", "Special", "ふつう", "Ordinary", "プレミアム"):
        assert words in page


def test_a_version_of_a_coming_day_holds_from_that_day_on(desk):
    day = clock.today() + timedelta(days=30)
    put_in_force(desk, effective_from=day.isoformat())
    assert parameters_on().premium_name == "プレミアム"
    assert parameters_on(day).premium_name == "とくべつ"


@pytest.mark.parametrize(
    "wrong",
    [
        {"effective_from": "2026-01-01"},
        {"needed_participations": "2"},
        {"max_premium": "0"},
        {"adult_age": "0"},
        {"premium_name": ""},
        {"window": "yearly"},
    ],
)
def test_what_cannot_hold_is_said_and_nothing_entered_lost(desk, wrong):
    page = text_of(desk.post(NEW, entered(**wrong)))
    assert "ふつう" in page
    assert not Replay.objects.exists()


def test_every_decision_is_made_again(desk, kesennuma, hida, monkeypatch):
    monkeypatch.setattr(replaying, "STEP", 2)
    for place in (kesennuma, hida, hida):
        make_premium(make_verified(), place)
    for _twice in range(2):
        assert desk.post("/replays/").status_code == 302
    run = Replay.objects.get()
    replay_decisions()
    run.refresh_from_db()
    assert (run.looked_at, run.same, run.otherwise) == (3, 3, 0)
    assert run.finished_at
    text_of(desk.get("/replays/"))


def test_a_decision_that_comes_out_otherwise_is_named(desk, kesennuma):
    make_premium(make_verified(), kesennuma)
    kept = PremiumDecision.objects.get()
    copy = PremiumDecision(
        **{
            field.attname: getattr(kept, field.attname)
            for field in PremiumDecision._meta.concrete_fields
            if field.name not in {"id", "allowed"}
        },
        allowed=False,
    )
    copy.save()
    desk.post("/replays/")
    replay_decisions()
    run = Replay.objects.get()
    assert (run.same, run.otherwise) == (1, 1)
    assert str(copy.pk) in text_of(desk.get("/replays/"))


def test_the_operator_alone(kesennuma):
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    for path in (LIST, NEW, "/replays/"):
        assert client.get(path).status_code == 404


def test_a_new_name_stands_on_every_screen(desk, kesennuma):
    resident = make_verified()
    make_premium(resident, kesennuma)
    certificate = registration_certificate_of(resident, kesennuma.code)
    render(certificate.pk, Layout.CARD)
    put_in_force(desk)
    mine = text_of(signed_in_client(resident.user).get("/my/"))
    assert "とくべつ" in mine
    staff = staff_client(kesennuma, Role.ADMINISTRATOR)
    listed = text_of(staff.get("/admin/registrants/"))
    assert "とくべつ" in listed
    assert "プレミアム" not in listed
    queue = text_of(staff.get("/admin/premium/"))
    assert "とくべつ" in queue
    assert "プレミアム" not in queue
    assert certificate.payload["kind"] == "premium"  # the name is read when it is shown
    assert "とくべつ" in text_of(signed_in_client(resident.user).get(f"/v/{certificate.code}/"))
    assert file_of(certificate, Layout.CARD) is None  # what says the old name is made anew
    render(certificate.pk, Layout.CARD)
    pdf = PdfReader(BytesIO(file_of(certificate, Layout.CARD)))
    assert "とくべつ" in pdf.pages[0].extract_text()

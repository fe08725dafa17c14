"""The operator's host: sign in, decide on requests."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from common import clock
from tenants.enums import RequestStatus, TermsKind
from tenants.models import ParticipationRequest, Terms
from tenants.operations.operators import make_operator
from tests.factories.tenants import passed

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def operator():
    return make_operator("operator@example.go.jp", "総務 太郎", PASSWORD)


@pytest.fixture
def host(operator):
    client = Client(HTTP_HOST="operator.localhost")
    answer = client.post("/sign-in/", {"username": operator.email, "password": PASSWORD})
    assert answer.status_code == 302
    return passed(client, operator)


@pytest.fixture
def asked():
    return ParticipationRequest.objects.create(
        local_government_id="044016",
        department="企画調整課",
        contact_name="髙橋 一郎",
        contact_email="kikaku@example.lg.jp",
        contact_phone="0223545701",
        terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        agreed_at=clock.now(),
    )


def test_without_signing_in_every_page_leads_to_the_sign_in(asked):
    client = Client(HTTP_HOST="operator.localhost")
    for path in ("/", "/requests/", f"/requests/{asked.pk}/", f"/requests/{asked.pk}/decline/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/?next=")
    client.post(f"/requests/{asked.pk}/approve/")
    asked.refresh_from_db()
    assert asked.status == RequestStatus.SUBMITTED


def test_an_account_that_is_no_operator_is_refused_like_a_wrong_password(operator):
    get_user_model().objects.create_user("resident@example.jp", PASSWORD)
    client = Client(HTTP_HOST="operator.localhost")
    refused = [
        client.post("/sign-in/", {"username": email, "password": password})
        for email, password in (("resident@example.jp", PASSWORD), (operator.email, "wrong"))
    ]
    assert [answer.status_code for answer in refused] == [200, 200]
    first, second = (answer.context["form"].non_field_errors() for answer in refused)
    assert list(first) == list(second)


def test_an_operator_who_lost_the_role_is_refused(host, operator):
    operator.memberships.all().delete()
    assert host.get("/requests/").status_code == 403


def test_an_operator_is_nobody_at_a_municipality(operator, kesennuma):
    client = Client(HTTP_HOST="kesennuma.admin.localhost")
    client.post("/admin/login/", {"username": operator.email, "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


def test_requests_are_filtered_by_status(host, asked):
    assert "松島町" in host.get("/requests/?status=submitted").content.decode()
    assert "松島町" not in host.get("/requests/?status=declined").content.decode()
    assert "松島町" in host.get("/requests/?status=nonsense").content.decode()
    assert "1件" in host.get("/").content.decode()


def test_approving_is_recorded_once_and_shows_the_progress(host, operator, asked):
    for _ in range(2):
        host.post(f"/requests/{asked.pk}/approve/")
    asked.refresh_from_db()
    assert asked.status == RequestStatus.APPROVED
    assert asked.decided_by == operator
    assert 'hx-trigger="every 3s"' in host.get(f"/requests/{asked.pk}/").content.decode()


def test_declining_needs_a_reason_and_tells_the_municipality(host, asked, mailoutbox):
    url = f"/requests/{asked.pk}/decline/"
    assert host.post(url, {"reason": ""}).context["form"].errors
    for _ in range(2):
        host.post(url, {"reason": "公印のある文書をお送りください。"})
    asked.refresh_from_db()
    assert asked.status == RequestStatus.DECLINED
    (mail,) = mailoutbox
    assert mail.to == ["kikaku@example.lg.jp"]
    assert "公印のある文書をお送りください。" in mail.body
    assert "公印のある文書" in host.get(f"/requests/{asked.pk}/").content.decode()


def test_what_is_decided_stays_decided(host, asked):
    host.post(f"/requests/{asked.pk}/approve/")
    host.post(f"/requests/{asked.pk}/decline/", {"reason": "x"})
    asked.refresh_from_db()
    assert asked.status == RequestStatus.APPROVED


def test_a_failed_set_up_shows_its_error_and_can_be_tried_again(host, asked):
    asked.status = RequestStatus.APPROVED
    asked.error, asked.attempts, asked.retry_at = "ValueError: 例", 2, clock.now()
    asked.save()
    page = host.get(f"/requests/{asked.pk}/").content.decode()
    assert "ValueError: 例" in page
    assert "retry" in page
    host.post(f"/requests/{asked.pk}/retry/")
    asked.refresh_from_db()
    assert asked.retry_at is None


def test_a_request_set_up_links_to_the_site(host, kesennuma):
    made = ParticipationRequest.objects.get(local_government=kesennuma.pk)
    page = host.get(f"/requests/{made.pk}/").content.decode()
    assert "http://kesennuma.localhost" in page


def test_unknown_requests_are_404(host):
    assert host.get("/requests/999999/").status_code == 404
    for action in ("approve", "retry", "decline"):
        assert host.post(f"/requests/999999/{action}/", {"reason": "x"}).status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(
    host, kesennuma, hida, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as captured:
        host.get("/requests/")
    one = len(captured)
    for code in ("044016", "044041", "041009"):
        ParticipationRequest.objects.create(
            local_government_id=code, department="課", contact_name="名", contact_phone="0",
            contact_email="a@example.jp", agreed_at=clock.now(),
            terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        )  # fmt: skip
    with django_assert_num_queries(one):
        host.get("/requests/")


def test_make_operator_reads_the_password_and_refuses_a_weak_one(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    with pytest.raises(CommandError):
        call_command("make_operator", "new@example.go.jp", name="新", password_stdin=True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("make_operator", "new@example.go.jp", name="新", password_stdin=True)
    client = Client(HTTP_HOST="operator.localhost")
    answer = client.post("/sign-in/", {"username": "new@example.go.jp", "password": PASSWORD})
    assert answer.status_code == 302

"""Hard case 19, and of case 20 what recognises an individual number."""

from __future__ import annotations

import pytest

from common.my_number import MASK, has_my_number, mask_my_numbers
from identity.models import Verification
from registration.models import Registration
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.identity.fixtures import (  # noqa: F401 - fixtures
    begin,
    come_back,
    go_through,
    nothing_is_kept,
    provider,
    provider_process,
)

pytestmark = pytest.mark.django_db
NUMBER = "123456789018"  # an example; nobody was given it


@pytest.fixture
def client(kesennuma):
    return signed_in_client(ResidentFactory().user)


# 19. OIDC: wrong state/nonce/iss/aud/alg=none/expired/other sub/replayed code → no verification
# row; IdP down → clear page, registration draft kept.


@pytest.mark.parametrize(
    "how", ["wrong_nonce", "wrong_issuer", "wrong_audience", "alg_none", "expired", "other_sub"]
)
def test_a_token_that_is_wrong_makes_no_row(provider, client, how):  # noqa: F811
    url = provider.hold_card(begin(client))
    provider.misbehave(how)
    assert come_back(client, url).status_code == 403
    assert nothing_is_kept()


def test_a_wrong_state_makes_no_row(provider, client):  # noqa: F811
    url = provider.hold_card(begin(client))
    assert come_back(client, url.replace("state=", "state=x")).status_code == 403
    assert not Verification.objects.exists()


def test_a_replayed_code_makes_no_second_row(provider, client):  # noqa: F811
    url = provider.hold_card(begin(client))
    assert come_back(client, url).status_code == 302
    code = url.partition("code=")[2].partition("&")[0]
    assert come_back(client, url).status_code == 403
    other = signed_in_client(ResidentFactory().user)
    again = provider.hold_card(begin(other))
    fresh = again.partition("code=")[2].partition("&")[0]
    assert come_back(other, again.replace(fresh, code)).status_code == 403
    assert Verification.objects.count() == 1


def test_while_the_provider_is_down_a_registration_goes_on_where_it_was(
    provider,  # noqa: F811
    client,
    kesennuma,
):
    form = f"/register/{kesennuma.code}/"
    begun = client.get(form).content.decode()
    assert "南町" in begun or "登録" in begun
    url = provider.hold_card(begin(client, form))
    provider.misbehave("down")
    answer = come_back(client, url)
    assert answer.status_code == 503
    assert f'href="{form}"' in answer.content.decode()
    assert nothing_is_kept()
    # Signed in still, the particulars are there, and the form is taken.
    page = client.get(form)
    assert page.status_code == 200
    resident = Registration.resident.field.related_model.objects.get()
    assert resident.name in page.content.decode()
    # The provider is back: the same resident, the same way.
    provider.misbehave("")
    assert go_through(client, provider, next_path=form).status_code == 302
    assert Verification.objects.count() == 1


# 20. 12-digit valid My Number in any form, upload name or log line → rejected/masked.


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"番号は{NUMBER}です",
        "1234-5678-9018",
        "1234 5678 9018",
        "１２３４　５６７８　９０１８",
        "１２３４－５６７８－９０１８",
        "マイナンバー_1234_5678_9018.jpg",
        "GET /?q=1234%205678%209018",
    ],
)
def test_an_individual_number_is_recognised_and_masked(text):
    assert has_my_number(text)
    masked = mask_my_numbers(text)
    assert MASK in masked
    assert not has_my_number(masked)

"""The platform does not start with half a provider, nor unsafely in production."""

from __future__ import annotations

import json

import pytest
from joserfc.jwk import ECKey, RSAKey

from identity.checks import check_identity
from identity.methods.openid import signing_key

WHOLE = {
    "IDENTITY_ISSUER": "https://id.example",
    "IDENTITY_CLIENT_ID": "RP00000001",
    "IDENTITY_SIGNING_KEY": ECKey.generate_key("P-256").as_pem(private=True).decode(),
}


def found(settings, **changes):
    for name, value in {**WHOLE, **changes}.items():
        setattr(settings, name, value)
    return [error.id for error in check_identity(None)]


def test_whole_or_not_at_all(settings):
    assert found(settings) == []
    assert found(settings, **dict.fromkeys(WHOLE, "")) == []
    for name in WHOLE:
        assert found(settings, **{name: ""}) == ["identity.E001"]
    assert found(settings, IDENTITY_TOKEN_ENDPOINT="https://id.example/token") == ["identity.E002"]


@pytest.mark.parametrize(
    "key",
    [
        "no key",
        RSAKey.generate_key(2048).as_pem(private=True).decode(),
        ECKey.generate_key("P-384").as_pem(private=True).decode(),
        ECKey.generate_key("P-256").as_pem(private=False).decode(),
    ],
)
def test_the_signing_key_is_a_private_one_on_p_256(settings, key):
    assert found(settings, IDENTITY_SIGNING_KEY=key) == ["identity.E003"]


def test_the_signing_key_can_be_a_jwk():
    key = ECKey.generate_key("P-256")
    assert signing_key(json.dumps(key.as_dict(private=True))).as_dict() == key.as_dict()


def test_production_asks_for_a_hash_key_of_its_own_and_https(settings):
    settings.IS_PRODUCTION = True
    assert found(settings) == ["identity.E004"]
    settings.IDENTITY_HASH_KEY_IS_OWN, settings.IDENTITY_HASH_KEY = True, b"x" * 31
    assert found(settings) == ["identity.E004"]
    settings.IDENTITY_HASH_KEY = b"x" * 32
    assert found(settings) == []
    assert found(settings, IDENTITY_ISSUER="http://id.example") == ["identity.E005"]

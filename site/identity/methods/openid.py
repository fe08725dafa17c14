"""An OpenID Connect provider, as its client sees it: authorization code, PKCE, ES256 only.

Attacks this answers:
- a token of somebody else, of another client or provider, an old one, one made by the attacker:
  signature (ES256 and nothing else, by a key of the provider's), issuer, audience, azp, nonce,
  exp, iat, nbf, at_hash, acr;
- a code that was seen on its way: it is worth nothing without the PKCE verifier and without our
  private key, which never leave the server;
- particulars of another person slipped in at the userinfo end point: its `sub` must be the ID
  token's;
- a provider that is slow or down: short time limits, `provider_unavailable`.
Tokens live in this module's local variables and nowhere else.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet

from common import clock
from common.refusal import Refused

with warnings.catch_warnings():
    # It would rather have httpx's successor; both are served.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client

ALGORITHM = "ES256"
# A client assertion is used at once.
_ASSERTION_SECONDS = 60
# How old an ID token may be that was made for the code we have just handed in.
_FRESH_SECONDS = 600
_DISCOVERY = "/.well-known/openid-configuration"
_ENDPOINTS = {
    "authorization": "authorization_endpoint",
    "token": "token_endpoint",
    "userinfo": "userinfo_endpoint",
    "jwks": "jwks_uri",
}


@dataclass(frozen=True)
class Endpoints:
    """Addresses at the provider."""

    authorization: str
    token: str
    userinfo: str
    jwks: str


@dataclass(frozen=True)
class Answer:
    """What came back through the browser, and what we kept meanwhile."""

    code: str
    nonce: str
    verifier: str
    redirect_uri: str


class _Remembered:
    """Documents of the provider, for a short time, in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Any]] = {}

    def get(self, url: str, make: Callable[[], Any], *, anew: bool = False) -> Any:
        until, value = self._kept.get(url, (0.0, None))
        if anew or time.monotonic() >= until:
            value = make()
            self._kept[url] = (time.monotonic() + settings.IDENTITY_KEYS_SECONDS, value)
        return value

    def forget(self) -> None:
        self._kept.clear()


remembered = _Remembered()


def endpoints() -> Endpoints:
    """From the settings, else from the issuer's discovery document."""
    named = {name: getattr(settings, f"IDENTITY_{key.upper()}") for name, key in _ENDPOINTS.items()}
    if all(named.values()):
        return Endpoints(**named)
    return remembered.get(settings.IDENTITY_ISSUER, _discovered)


def authorization_url(redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
    """Where the browser is sent. Raises `Refused("provider_unavailable")`."""
    with _client(redirect_uri) as client:
        url, _state = client.create_authorization_url(
            endpoints().authorization,
            state=state,
            code_verifier=verifier,
            nonce=nonce,
            acr_values=settings.IDENTITY_ACR_VALUES,
        )
    return url


def claims_for(answer: Answer) -> dict[str, Any]:
    """What the provider says of whoever brought the code, every check passed.

    Raises `Refused("proof_refused", reason=…)` or `Refused("provider_unavailable", reason=…)`.
    """
    try:
        with _client(answer.redirect_uri) as client:
            tokens = client.fetch_token(
                endpoints().token,
                grant_type="authorization_code",
                code=answer.code,
                code_verifier=answer.verifier,
            )
            access_token = str(tokens.get("access_token") or "")
            proved = _checked(str(tokens.get("id_token") or ""), answer.nonce, access_token)
            return {**proved, **_userinfo(client, str(proved["sub"]))}
    except OAuthError as error:
        raise Refused("proof_refused", reason=f"token_{error.error}"[:60]) from None
    except httpx.HTTPStatusError as error:
        raise _unavailable(f"status_{error.response.status_code}") from None
    except (httpx.HTTPError, ValueError) as error:
        raise _unavailable(type(error).__name__) from None


def signing_key(text: str) -> ECKey:
    """Our private key, as PEM or JWK. Raises `JoseError` or `ValueError`."""
    return ECKey.import_key(json.loads(text) if text.startswith("{") else text)


def _client(redirect_uri: str) -> OAuth2Client:
    now = int(clock.now().timestamp())
    key = signing_key(settings.IDENTITY_SIGNING_KEY)
    authentication = PrivateKeyJWT(
        alg=ALGORITHM,
        headers={"kid": key.kid or key.thumbprint()},
        claims={"iat": now, "exp": now + _ASSERTION_SECONDS},
    )
    return OAuth2Client(
        client_id=settings.IDENTITY_CLIENT_ID,
        client_secret=key,
        token_endpoint_auth_method=authentication,
        scope=settings.IDENTITY_SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=settings.IDENTITY_TIMEOUT_SECONDS,
    )


def _checked(id_token: str, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of an ID token that is good for this client, now, for this attempt."""
    try:
        token = _decoded(id_token)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={"iss": {"essential": True, "value": settings.IDENTITY_ISSUER}},
            params={
                "nonce": nonce,
                "client_id": settings.IDENTITY_CLIENT_ID,
                "access_token": access_token,
            },
        )
        now, leeway = int(clock.now().timestamp()), settings.IDENTITY_LEEWAY_SECONDS
        claims.validate(now=now, leeway=leeway)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused("proof_refused", reason=_named(error)) from None
    # Beyond what the library asks.
    if claims["aud"] not in (settings.IDENTITY_CLIENT_ID, [settings.IDENTITY_CLIENT_ID]):
        raise Refused("proof_refused", reason="aud")
    if now - claims["iat"] > _FRESH_SECONDS + leeway:
        raise Refused("proof_refused", reason="iat")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise Refused("proof_refused", reason="sub")
    required = settings.IDENTITY_REQUIRED_ACR
    if required and claims.get("acr") != required:
        raise Refused("proof_refused", reason="acr")
    return dict(claims)


def _decoded(id_token: str) -> jwt.Token:
    try:
        return jwt.decode(id_token, _keys(), algorithms=[ALGORITHM])
    except InvalidKeyIdError:  # the provider has a new key
        return jwt.decode(id_token, _keys(anew=True), algorithms=[ALGORITHM])


def _keys(*, anew: bool = False) -> KeySet:
    """The provider's keys that ES256 can be checked with; a secret among them is no key of ours."""
    jwks = endpoints().jwks
    document = remembered.get(jwks, lambda: _fetched(jwks), anew=anew)
    good = [
        key
        for key in document.get("keys", [])
        if key.get("kty") == "EC" and key.get("crv") == "P-256" and key.get("use", "sig") == "sig"
    ]
    if not good:
        raise ValueError("no key")
    return KeySet.import_key_set({"keys": good})


def _userinfo(client: OAuth2Client, subject: str) -> Mapping[str, Any]:
    answer = client.get(endpoints().userinfo)
    answer.raise_for_status()
    claims = answer.json()
    if not isinstance(claims, dict) or claims.get("sub") != subject:
        raise Refused("proof_refused", reason="userinfo_sub")
    return claims


def _discovered() -> Endpoints:
    document = _fetched(settings.IDENTITY_ISSUER.rstrip("/") + _DISCOVERY)
    if document.get("issuer") != settings.IDENTITY_ISSUER:
        raise Refused("provider_unavailable", reason="discovery_issuer")
    try:
        return Endpoints(**{name: document[key] for name, key in _ENDPOINTS.items()})
    except KeyError as missing:
        raise _unavailable(f"discovery_without_{missing.args[0]}") from None


def _fetched(url: str) -> dict[str, Any]:
    try:
        answer = httpx.get(url, timeout=settings.IDENTITY_TIMEOUT_SECONDS)
        answer.raise_for_status()
        document = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _unavailable(type(error).__name__) from None
    if not isinstance(document, dict):
        raise _unavailable("no_document")
    return document


def _named(error: Exception) -> str:
    """A word about what failed, never a value."""
    claim = getattr(error, "claim", "")
    return f"{type(error).__name__}{f'_{claim}' if claim else ''}"


def _unavailable(reason: str) -> Refused:
    return Refused("provider_unavailable", reason=reason)

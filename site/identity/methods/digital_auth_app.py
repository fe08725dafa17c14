"""The Digital Agency's デジタル認証アプリ: the resident's own card, read by their own phone.

From its public documents (developers.digital.go.jp, implementation guideline and API reference):
authorization code flow with state, nonce and PKCE S256, all required; `private_key_jwt` with the
token end point as audience; ID token signed with ES256; scopes openid, name, address, birthdate;
`acr_values` "aal3 crl"; a subject that is different for each service.

Readings of ours, each a setting: that the ID token's `acr` is `aal3`; that name, address and
birthdate come from the userinfo end point, with the ID token's own as a fallback; that the
card's last day is not told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from common import clock
from common.refusal import Refused
from identity.enums import Assurance, Method
from identity.methods import openid
from identity.methods.proof import Proof, hash_of_subject
from identity.rules.claims import ClaimsUnreadable, attributes_of, date_of
from identity.rules.validity import valid_until


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what has to be kept until it is back."""

    url: str
    state: str
    nonce: str
    verifier: str


class DigitalAuthApp:
    """See `identity.methods.proof.ProofMethod`."""

    method = Method.DIGITAL_AUTH_APP
    assurance = Assurance.LEVEL_3

    @property
    def is_offered(self) -> bool:
        return bool(
            settings.IDENTITY_ISSUER
            and settings.IDENTITY_CLIENT_ID
            and settings.IDENTITY_SIGNING_KEY
        )

    @property
    def origin(self) -> str:
        """Where the provider's own page is, for the policy that says where a form may lead."""
        parts = urlsplit(settings.IDENTITY_AUTHORIZATION_ENDPOINT or settings.IDENTITY_ISSUER)
        return f"{parts.scheme}://{parts.netloc}"

    def begin(self, redirect_uri: str) -> Begun:
        """256 random bits each. Raises `Refused("provider_unavailable")`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
        url = openid.authorization_url(redirect_uri, state, nonce, verifier)
        return Begun(url, state, nonce, verifier)

    def prove(self, evidence: openid.Answer) -> Proof:
        """Raises `Refused("proof_refused")` or `Refused("provider_unavailable")`."""
        claims = openid.claims_for(evidence)
        now = clock.now()
        try:
            attributes = attributes_of(claims)
            expiry = settings.IDENTITY_EXPIRY_CLAIM
            card_until = date_of(claims, expiry) if expiry else None
        except ClaimsUnreadable as unreadable:
            raise Refused("proof_refused", reason=f"claim_{unreadable}") from None
        return Proof(
            method=self.method,
            assurance=self.assurance,
            attributes=attributes,
            proved_at=now,
            valid_until=valid_until(now, settings.IDENTITY_VALID_YEARS, card_until, clock.TOKYO),
            subject_hash=hash_of_subject(settings.IDENTITY_ISSUER, claims["sub"]),
        )

"""Verification of identity: the Digital Agency's app, and what is kept of a proof.

Without an issuer, a client id and a signing key the method is not offered. What the public
documents leave open is a reading of ours, and a setting: see `identity.methods`.
"""

import hashlib
from datetime import timedelta
from pathlib import Path

from config.settings.environment import SECRET_KEY, env

IDENTITY_ISSUER = env.str("IDENTITY_ISSUER", default="")
IDENTITY_CLIENT_ID = env.str("IDENTITY_CLIENT_ID", default="")
# The private key that we sign client assertions with: PEM or JWK, EC P-256.
_key_file = env.str("IDENTITY_SIGNING_KEY_FILE", default="")
IDENTITY_SIGNING_KEY = (
    Path(_key_file).read_text(encoding="ascii").strip()
    if _key_file
    else env.str("IDENTITY_SIGNING_KEY", default="", multiline=True)
)
# All four, or none: then they are read from the issuer's discovery document.
IDENTITY_AUTHORIZATION_ENDPOINT = env.str("IDENTITY_AUTHORIZATION_ENDPOINT", default="")
IDENTITY_TOKEN_ENDPOINT = env.str("IDENTITY_TOKEN_ENDPOINT", default="")
IDENTITY_USERINFO_ENDPOINT = env.str("IDENTITY_USERINFO_ENDPOINT", default="")
IDENTITY_JWKS_URI = env.str("IDENTITY_JWKS_URI", default="")
IDENTITY_SCOPE = env.str("IDENTITY_SCOPE", default="openid name address birthdate")
# aal3: the card's certificate and its code. crl: revoked cards are looked up by list.
IDENTITY_ACR_VALUES = env.str("IDENTITY_ACR_VALUES", default="aal3 crl")
# What the ID token must say; empty: not asked, for a provider that does not say it.
IDENTITY_REQUIRED_ACR = env.str("IDENTITY_REQUIRED_ACR", default="aal3")
# The claim, if there is one, with the last day of the card's validity (ISO).
IDENTITY_EXPIRY_CLAIM = env.str("IDENTITY_EXPIRY_CLAIM", default="")
IDENTITY_TIMEOUT_SECONDS = env.float("IDENTITY_TIMEOUT_SECONDS", default=5.0)
IDENTITY_LEEWAY_SECONDS = env.int("IDENTITY_LEEWAY_SECONDS", default=30)
IDENTITY_KEYS_SECONDS = env.int("IDENTITY_KEYS_SECONDS", default=600)

# A proof holds this long, or until the card's last day where that is known and earlier.
IDENTITY_VALID_YEARS = env.int("IDENTITY_VALID_YEARS", default=5)
# What one member of staff has looked at waits this long for the second.
IDENTITY_CHECK_LIFETIME = timedelta(days=env.int("IDENTITY_CHECK_DAYS", default=7))

# The key of the hash that tells whether a card has an account already. It can never be changed:
# the subjects that it was made of are not kept.
_hash_key = env.str("IDENTITY_HASH_KEY", default="")
IDENTITY_HASH_KEY = (
    bytes.fromhex(_hash_key)
    if _hash_key
    else hashlib.sha256(b"identity-hash-key" + SECRET_KEY.encode()).digest()
)
IDENTITY_HASH_KEY_IS_OWN = bool(_hash_key)

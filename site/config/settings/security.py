"""Keys, cookies and headers."""

import hashlib
from pathlib import Path

from csp.constants import NONCE, NONE, SELF, WASM_UNSAFE_EVAL

from config.settings.environment import (
    BASE_DOMAIN,
    IS_PRODUCTION,
    PUBLIC_PORT,
    PUBLIC_SCHEME,
    SECRET_KEY,
    env,
)

# Check-in codes and certificate numbers are signed with keys of their own, so that a leaked
# code key opens no session. Form: "2:hexsecret,1:hexsecret"; the first signs, all verify.
_token_keys = env.str("TOKEN_KEYS", default="")
TOKEN_KEYS = [
    (int(kid), bytes.fromhex(secret))
    for kid, secret in (entry.split(":") for entry in _token_keys.split(",") if entry)
] or [(1, hashlib.sha256(b"token-keys" + SECRET_KEY.encode()).digest())]

# Residents' passes are signed with ECDSA on P-256: devices at a venue hold the public keys alone.
# Form as above, the secret being the private number in 64 hexadecimal digits.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_pass_keys = env.str("PASS_KEYS", default="")
PASS_KEYS = [
    (int(kid), int(secret, 16))
    for kid, secret in (entry.split(":") for entry in _pass_keys.split(",") if entry)
] or [
    (
        1,
        int.from_bytes(hashlib.sha512(b"pass-keys" + SECRET_KEY.encode()).digest(), "big")
        % (_P256_ORDER - 1)
        + 1,
    )
]
PASS_KEYS_ARE_OWN = bool(_pass_keys)

# Birth dates, addresses, telephone numbers and evidence of identity stand encrypted in the
# database (common.encryption). Same form, keys of 32 bytes; a file keeps them out of the
# environment, which child processes and crash reports show.
_field_keys_file = env.str("FIELD_KEYS_FILE", default="")
_field_keys = (
    Path(_field_keys_file).read_text(encoding="ascii").strip()
    if _field_keys_file
    else env.str("FIELD_KEYS", default="")
)
FIELD_KEYS = [
    (int(kid), bytes.fromhex(secret))
    for kid, secret in (entry.split(":") for entry in _field_keys.split(",") if entry)
] or [(1, hashlib.sha256(b"field-keys" + SECRET_KEY.encode()).digest())]
FIELD_KEYS_ARE_OWN = bool(_field_keys)

# The ledger's seals (attendance.rules.sealing) are signed with a key that the database does not
# hold. Same form, Ed25519 keys of 32 bytes. Only the caretaker signs: other processes are given
# public keys alone, as everybody who verifies; those of earlier keys stay there for good.
_seal_keys_file = env.str("LEDGER_SEAL_KEYS_FILE", default="")
_seal_keys = (
    Path(_seal_keys_file).read_text(encoding="ascii").strip()
    if _seal_keys_file
    else env.str("LEDGER_SEAL_KEYS", default="")
)
_seal_public_keys = env.str("LEDGER_SEAL_PUBLIC_KEYS", default="")
LEDGER_SEAL_KEYS_ARE_OWN = bool(_seal_keys or _seal_public_keys)
LEDGER_SEAL_KEYS = [
    (int(kid), bytes.fromhex(secret))
    for kid, secret in (entry.split(":") for entry in _seal_keys.split(",") if entry)
]
if not LEDGER_SEAL_KEYS_ARE_OWN:
    LEDGER_SEAL_KEYS = [(1, hashlib.sha256(b"ledger-seal-keys" + SECRET_KEY.encode()).digest())]
LEDGER_SEAL_PUBLIC_KEYS = {
    int(kid): bytes.fromhex(key)
    for kid, key in (entry.split(":") for entry in _seal_public_keys.split(",") if entry)
}

# No cookie is shared between hosts: none ever has a Domain, and outside development the
# __Host- prefix makes browsers enforce it.
_PREFIX = "__Host-" if IS_PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_ENGINE = "accounts.sessions"

SECURE_SSL_REDIRECT = False  # the proxy in front redirects; health checks come over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
# Everything below BASE_DOMAIN is this platform, and none of it is ever served without TLS: so one
# visit to the portal keeps a browser from being led to any municipality's host in clear text. Not
# `preload`: that list is public and slow to leave, and entering it is the operator's decision.
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # config.headers says where frames are allowed

_PORT = "" if (PUBLIC_SCHEME, PUBLIC_PORT) in {("http", 80), ("https", 443)} else f":{PUBLIC_PORT}"
_OUR_HOSTS = [f"{PUBLIC_SCHEME}://{host}{_PORT}" for host in (BASE_DOMAIN, f"*.{BASE_DOMAIN}")]

# By kind of host (config.headers). Nothing foreign stands in any of them, and nothing inline runs:
# a script needs the nonce of its own answer, on the admin's host a place among our static files.
_PUBLIC = {
    "default-src": [NONE],
    "script-src": [NONCE],
    "style-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "media-src": [SELF, "blob:"],
    "worker-src": [SELF],
    "frame-src": [NONE],
    "frame-ancestors": [NONE],
    # A browser follows a form's redirects under this rule too: signing in on the portal ends
    # on the municipality's host it began on.
    "form-action": [SELF, *_OUR_HOSTS],
    "base-uri": [NONE],
    "object-src": [NONE],
}
CONTENT_SECURITY_POLICIES = {
    "portal": _PUBLIC,
    "municipality": _PUBLIC,
    # Reads passes: its detector is compiled code of our own host; no text becomes code.
    "desk": {**_PUBLIC, "script-src": [NONCE, WASM_UNSAFE_EVAL]},
    "operator": {**_PUBLIC, "form-action": [SELF]},
    # A page as visitors will see it, in a frame of the admin.
    "preview": {**_PUBLIC, "frame-ancestors": [SELF]},
    # Wagtail's own scripts are files among ours and carry no nonce; styles that its editors make as
    # they run get one (pages/admin/styles.js).
    "admin": {
        **_PUBLIC,
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "script-src-attr": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    },
    "unknown": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "frame-ancestors": [NONE],
        "form-action": [NONE],
        "base-uri": [NONE],
    },
}
DOWNLOAD_SECURITY_POLICY = "sandbox; default-src 'none'"
SURFACES_IN_FRAMES = ("admin", "preview")

# What a page may ask the device for. The camera: on the portal, to read the code on a poster, and
# at the desk of a municipality, to read passes.
_NOTHING = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(),"
    " geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(),"
    " midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(),"
    " xr-spatial-tracking=()"
)
_WITHOUT_PASSKEYS = f"{_NOTHING}, publickey-credentials-create=(), publickey-credentials-get=()"
_WITH_PASSKEYS = (
    f"{_NOTHING}, publickey-credentials-create=(self), publickey-credentials-get=(self)"
)
PERMISSIONS_POLICIES = {
    "portal": _WITH_PASSKEYS.replace("camera=()", "camera=(self)"),
    "operator": _WITH_PASSKEYS,
    "admin": _WITH_PASSKEYS,
    "municipality": _WITHOUT_PASSKEYS,
    "desk": _WITHOUT_PASSKEYS.replace("camera=()", "camera=(self)").replace(
        "screen-wake-lock=()", "screen-wake-lock=(self)"
    ),
    "preview": _WITHOUT_PASSKEYS,
    "unknown": _WITHOUT_PASSKEYS,
}

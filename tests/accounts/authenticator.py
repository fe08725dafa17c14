"""A device that makes and uses passkeys: real keys, real signatures, and lies on request."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey's worth of device. `flags`, `rp` and `counter` are what it claims."""

    rp: str = "localhost"
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any], origin: str = ORIGIN, **client: Any) -> str:
        """Answers `navigator.credentials.create`."""
        public = options["publicKey"]
        self.user_handle = websafe_decode(public["user"]["id"])
        cose = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(ATTESTED) + attested + cose
        response = {
            "clientDataJSON": self._client("webauthn.create", public, origin, client),
            "attestationObject": cbor.encode({"fmt": "none", "attStmt": {}, "authData": data}),
        }
        return self._answer(response)

    def get(self, options: dict[str, Any], origin: str = ORIGIN, **client: Any) -> str:
        """Answers `navigator.credentials.get`."""
        asked = self._client("webauthn.get", options["publicKey"], origin, client)
        data = self._data(0)
        signed = data + hashlib.sha256(asked).digest()
        response = {
            "clientDataJSON": asked,
            "authenticatorData": data,
            "signature": self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            "userHandle": self.user_handle,
        }
        return self._answer(response)

    def _data(self, more: int) -> bytes:
        flags = bytes([self.flags | more])
        return hashlib.sha256(self.rp.encode()).digest() + flags + self.counter.to_bytes(4, "big")

    @staticmethod
    def _client(kind: str, public: dict[str, Any], origin: str, more: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": public["challenge"], "origin": origin} | more
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {key: websafe_encode(value) for key, value in response.items()},
                "clientExtensionResults": {},
            }
        )


def add_passkey(client: Client, device: Authenticator, name: str = "電話", **lies: Any) -> Any:
    """Registers a passkey as our script does; `client` has just shown who it is."""
    options = client.post("/my/sign-in/passkeys/options/").json()
    answer = device.create(options, **lies)
    return client.post("/my/sign-in/passkeys/add/", {"name": name, "credential": answer})


def sign_in_with(client: Client, device: Authenticator, path: str = "", **lies: Any) -> Any:
    """Signs in on the portal as our script does."""
    options = client.post("/account/login/passkey/options/").json()
    answer = device.get(options, **lies)
    return client.post("/account/login/passkey/", {"credential": answer, "next": path})

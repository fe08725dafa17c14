"""Starts the real OpenID provider of `tests/identity/provider`, and walks through it.

Its packages are installed once, outside of the tree, from the lock file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from joserfc.jwk import ECKey

FILES = Path(__file__).parent / "provider"
CLIENT_ID = "RP00000001"
REDIRECT_PATH = "/my/identity/callback/"
PEOPLE = {
    "hanako": {
        "name": "佐藤　花子",
        "birthdate": "1988-04-02",
        "address": "宮城県気仙沼市南町一丁目２番３号",
    },
    "ichiro": {
        "name": "鈴木　一郎",
        "birthdate": "19750811",
        "address": {"formatted": "東京都千代田区千代田1番1号"},
    },
    "child": {
        "name": "高橋　美咲",
        "birthdate": "2012-05-05",
        "address": "岐阜県飛騨市古川町若宮2丁目1番60号",
    },
}


def _server() -> Path:
    """The script beside its packages, which are installed first where they are not."""
    digest = hashlib.sha256((FILES / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "furusato-tests" / f"oidc-provider-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".installed").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(FILES / name, folder)
            subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                cwd=folder,
                check=True,
                stdin=subprocess.DEVNULL,
            )
            (folder / ".installed").touch()
        # Node looks for packages beside the script.
        script = (FILES / "server.mjs").read_bytes()
        server = folder / f"server-{hashlib.sha256(script).hexdigest()[:16]}.mjs"
        if not server.exists():
            server.write_bytes(script)
    return server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Provider:
    """The running provider and the client it knows."""

    issuer: str
    key: ECKey

    @property
    def settings(self) -> dict[str, str]:
        """What the platform is told of it; the end points are discovered."""
        return {
            "IDENTITY_ISSUER": self.issuer,
            "IDENTITY_CLIENT_ID": CLIENT_ID,
            "IDENTITY_SIGNING_KEY": self.key.as_pem(private=True).decode(),
        }

    def misbehave(self, how: str) -> None:
        """See `server.mjs`; "" to behave again. What was seen is forgotten."""
        httpx.post(f"{self.issuer}/misbehave", json={"how": how}).raise_for_status()

    def seen(self) -> list[dict[str, Any]]:
        """Requests to the authorization and token end points, and what the latter answered."""
        return httpx.get(f"{self.issuer}/seen").json()

    def hold_card(self, url: str, person: str = "hanako") -> str:
        """Goes where `url` leads, as a browser does, holds the card of `person` to it ("": gives
        up), and says at which address of ours it ends."""
        with httpx.Client() as browser:
            answer = browser.get(url)
            for _step in range(10):
                if answer.status_code == 200 and "/card/" in str(answer.url):
                    answer = browser.post(str(answer.url), data={"person": person})
                if not answer.is_redirect:
                    raise AssertionError(f"{answer.status_code}: {answer.text[:400]}")
                where = urljoin(str(answer.url), answer.headers["location"])
                if not where.startswith(self.issuer):
                    return where
                answer = browser.get(where)
        raise AssertionError("the provider leads round in circles")


@contextmanager
def running_provider(redirect_uri: str) -> Iterator[Provider]:
    """The provider, for a client whose answers go to `redirect_uri`."""
    key = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
    config = {
        "port": free_port(),
        "people": PEOPLE,
        "client": {
            "client_id": CLIENT_ID,
            "redirect_uris": [redirect_uri],
            "application_type": "web",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "id_token_signed_response_alg": "ES256",
            "subject_type": "pairwise",
            "scope": "openid name address birthdate",
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "jwks": {"keys": [key.as_dict(private=False)]},
        },
    }
    process = subprocess.Popen(
        ["node", str(_server())],
        env={**os.environ, "CONFIG": json.dumps(config)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if re.match(r"\{", line):
                break
        else:
            raise AssertionError(f"the provider did not start: {process.wait()}")
        yield Provider(json.loads(line)["issuer"], key)
    finally:
        process.terminate()
        process.wait(timeout=10)

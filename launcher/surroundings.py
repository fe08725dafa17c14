"""What the machine says: environment variables and folders, read once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.refusals import LauncherRefused

ROOT = Path(__file__).resolve().parent.parent
# Mail is caught next to the web port, so that two checkouts on two ports do not collide.
MAIL_PORT_OFFSET = 25


@dataclass(frozen=True)
class Surroundings:
    """The settings of one `./run`; `given` is the environment it was called with."""

    data_dir: Path
    port: int
    base_domain: str
    given: Mapping[str, str]

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Surroundings:
        """From environment variables; refuses a PORT that is no port."""
        given = dict(os.environ if environ is None else environ)
        port = given.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise LauncherRefused(f"PORT is {port!r}; it must be a number from 1 to 65535.")
        data_dir = Path(given.get("DATA_DIR") or ROOT / ".data").expanduser()
        return cls(
            data_dir=(ROOT / data_dir).resolve(),
            port=int(port),
            base_domain=given.get("BASE_DOMAIN") or "localhost",
            given=given,
        )

    @property
    def is_production(self) -> bool:
        return self.given.get("ENVIRONMENT") == "production"

    def make_data_dir(self) -> None:
        """Others may pass through (PostgreSQL runs under another account for root), not look."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir.chmod(0o711)

    def for_children(self, database_url: str, **more: str) -> dict[str, str]:
        """The environment of Django, Celery and everything else that is the product."""
        environment = {
            **self.given,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "BASE_DOMAIN": self.base_domain,
            "DATABASE_URL": database_url,
            **more,
        }
        # Production brings its own key or is refused by the product's checks.
        if not environment.get("SECRET_KEY") and not self.is_production:
            environment["SECRET_KEY"] = self._secret_key()
        return environment

    def _secret_key(self) -> str:
        """Made once, so that sessions and printed QR codes outlive a restart."""
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.make_data_dir()
            draft = path.with_name(f"secret_key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64))
            draft.replace(path)
        return path.read_text().strip()

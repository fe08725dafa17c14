"""The logins of a platform: one owns the database, the others own nothing.

The owner's address is the one that is given or started. From it follow those of the run-time
logins, whose passwords `prepare` sets; they hang on the secret key and are kept nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

RUN, DESK = "run", "desk"


def login_url(owner_url: str, login: str, secret_key: str, prefix: str = "furusato") -> str:
    """The same database under the login `login`, with its password."""
    parts = urlsplit(owner_url)
    user = f"{prefix}_{login}"
    password = hmac.new(secret_key.encode(), user.encode(), hashlib.sha256).hexdigest()
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(user)}:{password}@{host}").geturl()


def for_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """Of the processes that migrate and provision; they know the others' logins, to make them."""
    return {**environment, **_addresses(environment)}


def for_run_time(environment: Mapping[str, str]) -> dict[str, str]:
    """Of web, worker and scheduler: the owner's login is not in it."""
    addresses = _addresses(environment)
    return {
        **environment,
        "DATABASE_URL": addresses["RUNTIME_DATABASE_URL"],
        "OPERATOR_DATABASE_URL": addresses["OPERATOR_DATABASE_URL"],
    }


def _addresses(environment: Mapping[str, str]) -> dict[str, str]:
    owner, key = environment["DATABASE_URL"], environment.get("SECRET_KEY", "")
    prefix = environment.get("DATABASE_ROLE_PREFIX") or "furusato"
    return {
        "RUNTIME_DATABASE_URL": login_url(owner, RUN, key, prefix),
        "OPERATOR_DATABASE_URL": login_url(owner, DESK, key, prefix),
    }

"""A code by mail, which proves that somebody reads the mails of an address.

Nobody looks up whether the address has an account before the code is right: with a known
address and with an unknown one the same statements run, the same mail is written and the same
page is shown, so neither an answer nor its time tells them apart.

The code stands in the browser's session as a keyed hash. Eight digits and three attempts a
mail leave a guesser one chance in thirty-three million a mail (`accounts.rules.limits` says how
many mails).
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.crypto import constant_time_compare, salted_hmac

from common import clock
from common.refusal import Refused
from common.text import normalise_digits

DIGITS = 8
ATTEMPTS = 3
MAILS = 3
# Finding the mail on another device takes people time. The mail says how long it is.
LIFETIME = timedelta(minutes=30)
SIGN_IN, SIGN_UP, NEW_PASSWORD, CONFIRM = "sign_in", "sign_up", "new_password", "confirm"


@dataclass
class MailCode:
    """A code on its way, as the session keeps it. `purpose` is one of the names above."""

    purpose: str
    email: str
    next: str = ""
    # Whether the browser says that it can make passkeys, to know whether to offer one.
    can_passkey: bool = False
    # Random, so that equal codes have different hashes.
    salt: str = field(default_factory=lambda: secrets.token_hex(8))
    code_hash: str = ""
    sent_at: float = 0.0
    wrong: int = 0
    mails: int = 0
    proven: bool = False

    def as_session(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_session(cls, data: Any) -> MailCode | None:
        """None for what is no code of ours, or too old to be of use."""
        try:
            found = cls(**data)
        except TypeError:
            return None
        return None if found.is_late else found

    @property
    def is_late(self) -> bool:
        age = clock.now().timestamp() - self.sent_at
        return age > LIFETIME.total_seconds()

    @property
    def can_resend(self) -> bool:
        return self.mails < MAILS and not self.proven

    def send(self) -> None:
        """A new code; the one before is void. Raises Refused("too_many_mails")."""
        if not self.can_resend:
            raise Refused("too_many_mails")
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self.code_hash, self.wrong = self._hash(digits), 0
        self.sent_at = clock.now().timestamp()
        self.mails += 1
        get_adapter().send_mail(
            "account/email/login_code",
            self.email,
            {"code": f"{digits[:4]}-{digits[4:]}"},
        )

    def prove(self, typed: str) -> None:
        """Take the code that was typed.

        Raises Refused("code_wrong"), and Refused("code_void") once there were three wrong ones.
        """
        if self.wrong >= ATTEMPTS:
            raise Refused("code_void")
        if not constant_time_compare(self._hash(normalise_digits(typed)), self.code_hash):
            self.wrong += 1
            raise Refused("code_void" if self.wrong >= ATTEMPTS else "code_wrong")
        self.proven, self.code_hash = True, ""

    def _hash(self, digits: str) -> str:
        return salted_hmac(
            "accounts.mail_codes", f"{self.salt}:{self.email}:{digits}", algorithm="sha256"
        ).hexdigest()

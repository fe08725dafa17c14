"""The one small interface of all methods."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.conf import settings

from identity.enums import Assurance, Method
from identity.rules.claims import Attributes

Evidence = TypeVar("Evidence", contravariant=True)


@dataclass(frozen=True)
class Proof:
    """Who somebody is, how that was found out, and until when it holds.

    `subject_hash` is "" where the method knows no subject. `checked_by` and `confirmed_by` are
    the accounts of the staff who looked, at the municipality of code `municipality`.
    """

    method: Method
    assurance: Assurance
    attributes: Attributes
    proved_at: datetime
    valid_until: datetime
    subject_hash: str = ""
    municipality: str | None = None
    checked_by: int | None = None
    confirmed_by: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Of a proof without staff; `of_json` makes it again."""
        return {
            "method": self.method.value,
            "assurance": self.assurance.value,
            "attributes": self.attributes.as_json(),
            "proved_at": self.proved_at.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "subject_hash": self.subject_hash,
        }

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> Proof:
        return cls(
            method=Method(values["method"]),
            assurance=Assurance(values["assurance"]),
            attributes=Attributes.of_json(values["attributes"]),
            proved_at=datetime.fromisoformat(values["proved_at"]),
            valid_until=datetime.fromisoformat(values["valid_until"]),
            subject_hash=values["subject_hash"],
        )


class ProofMethod(Protocol[Evidence]):
    """A way to prove who one is."""

    method: Method
    assurance: Assurance

    @property
    def is_offered(self) -> bool:
        """Whether it can be used on this platform as it is set up."""

    def prove(self, evidence: Evidence) -> Proof:
        """What the evidence proves. Raises `Refused`; writes nothing."""


def hash_of_subject(issuer: str, subject: str) -> str:
    """Tells whether a card has an account already; without the key nobody can say whose it is."""
    message = f"{issuer}|{subject}".encode()
    return hmac.new(settings.IDENTITY_HASH_KEY, message, hashlib.sha256).hexdigest()

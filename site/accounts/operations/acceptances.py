"""Agreeing to the terms and the privacy notice (R28)."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from accounts.signals import terms_accepted
from tenants.models import Terms


def accept_terms(user: User, documents: Iterable[Terms], on_paper_by: User | None = None) -> None:
    """Tell that `user` agreed to these versions now, on paper where staff hold one.

    `privacy` keeps it, in the transaction of the caller.
    """
    terms_accepted.send(sender=User, user=user, documents=list(documents), on_paper_by=on_paper_by)

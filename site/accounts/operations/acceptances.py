"""Agreeing to the terms and the privacy notice (R28)."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import TermsAcceptance, User
from tenants.models import Terms


def accept_terms(user: User, documents: Iterable[Terms]) -> None:
    """Keep that `user` agreed to these versions now; a version agreed to before keeps its time."""
    TermsAcceptance.objects.bulk_create(
        [TermsAcceptance(user=user, terms=terms) for terms in documents], ignore_conflicts=True
    )

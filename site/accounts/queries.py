"""What can be asked about accounts."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import Resident, User
from tenants.enums import TermsKind
from tenants.models import Terms

# What a resident agrees to at sign-up (R28), in the order it is shown.
RESIDENT_DOCUMENTS = (TermsKind.RESIDENT, TermsKind.PRIVACY)


def resident_of(user: User | AnonymousUser) -> Resident | None:
    """The resident behind an account, with residence and account, in one query."""
    if not user.is_authenticated:
        return None
    return (
        Resident.objects.select_related("residence__prefecture", "user")
        .filter(user_id=user.pk)
        .first()
    )


def resident_for(request: HttpRequest) -> Resident | None:
    """`request.resident` as what it is: a `Resident`, or really None.

    `request.resident` is read when first used and stands for None by being false; code that
    asks `is None` asks here. Costs the one query of `request.resident`, at most once.
    """
    resident = getattr(request, "resident", None)
    return cast(Resident, resident) if resident else None


def documents_in_force() -> list[Terms]:
    """The texts a resident agrees to, in the versions in force today."""
    return [Terms.objects.in_force(kind) for kind in RESIDENT_DOCUMENTS]

"""Making the account of somebody who has no e-mail, at the word of a municipality's staff."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident, User
from accounts.operations.acceptances import accept_terms
from accounts.operations.profile import ProfileData, save_profile
from accounts.queries import documents_in_force
from tenants.actors import at_reception, standing_in


@transaction.atomic
def make_resident(data: ProfileData, on_paper_by: User) -> Resident:
    """An account without e-mail and password, its profile, and the consent given on paper.

    `on_paper_by` is the member of staff who took the paper.

    Staff may neither add accounts nor read profiles. The account is made at the reception, as
    every account is; the profile is written under the claims of the account just made, which is
    nobody's yet. Of anybody who was there before nothing is read.
    """
    with at_reception():
        user = User.objects.create_user(email=None)
        accept_terms(user, documents_in_force(), on_paper_by)
    with standing_in(user.pk):
        return save_profile(user, data)

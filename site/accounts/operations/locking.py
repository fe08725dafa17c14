"""One order of locks for whatever changes an account as a whole."""

from __future__ import annotations

from accounts.models import Resident, User
from tenants.actors import standing_in


def lock_accounts(*residents: Resident) -> list[Resident]:
    """Lock these people's accounts until the transaction ends; the rows as they are stored now.

    The order in which nobody waits for somebody who waits for them: person by person, by the
    number of the resident; of each the account, then the profile, as whoever saves a profile
    does; and only then what hangs on them (codes on paper, proofs, registrations, consents).
    Neither lock stands in the way of rows that name them. Called as anybody, in the shared
    schema: each is locked under their own claims.
    """
    found = {}
    for resident in sorted(residents, key=lambda one: one.pk):
        with standing_in(resident.user_id, resident.pk):
            User.objects.select_for_update(no_key=True).get(pk=resident.user_id)
            found[resident.pk] = (
                Resident.objects.select_for_update(of=("self",), no_key=True)
                .select_related("user", "residence__prefecture")
                .get(pk=resident.pk)
            )
    return [found[resident.pk] for resident in residents]

"""Partner organisations for tests."""

from __future__ import annotations

from datetime import date

from common import clock
from organisations.enums import OrganisationKind, Pattern
from organisations.models import Organisation, Standing
from tenants.models import Municipality


def make_organisation(
    municipality: Municipality | None = None,
    *,
    name: str = "鹿折まちづくり協議会",
    kana: str = "シシオリマチヅクリキョウギカイ",
    kind: OrganisationKind = OrganisationKind.RMO,
    pattern: Pattern = Pattern.EACH_PROJECT,
    valid_from: date = date(2026, 4, 1),
    valid_to: date | None = None,
) -> Organisation:
    """An organisation, with a standing at `municipality` if one is given."""
    organisation = Organisation.objects.create(name=name, kana=kana, kind=kind)
    if municipality is not None:
        Standing.objects.create(
            organisation=organisation,
            municipality=municipality,
            pattern=pattern,
            valid_from=valid_from,
            valid_to=valid_to,
            decided_at=clock.now(),
        )
    return organisation

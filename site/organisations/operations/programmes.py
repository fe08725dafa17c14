"""Entering a programme that runs in several municipalities."""

from __future__ import annotations

from organisations.models import JointProgramme, Organisation
from tenants.models import Municipality


def add_programme(
    organisation: Organisation, name: str, entered_by: Municipality
) -> JointProgramme:
    """The joint programme of this name of `organisation`; made where there is none yet."""
    programme, _is_new = JointProgramme.objects.get_or_create(
        organisation=organisation, name=name.strip(), defaults={"entered_by": entered_by}
    )
    return programme

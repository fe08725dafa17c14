"""Looks, exports and requests for tests, made as the screens make them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from accounts.models import Resident, User
from common import clock
from privacy.enums import CaseKind, FileFormat, Particular, StaffPurpose
from privacy.models import AccessRecord, Case, Export
from privacy.operations.access import record_access
from privacy.operations.cases import Asked, ask
from privacy.operations.exports import Wish
from registration.models import Registration
from registration.operations.export import REGISTRANTS, export_registrants
from tenants.context import municipality_context
from tenants.models import Municipality, Terms
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import register_resident


def make_registrants(municipality: Municipality, number: int, **fields: Any) -> list[Registration]:
    """So many people, registered with `municipality`."""
    return [register_resident(ResidentFactory(**fields), municipality) for _one in range(number)]


def look_at(
    registration: Registration, account: User, purpose: str = "enquiry", note: str = ""
) -> AccessRecord:
    """`account` of the municipality opens the particulars."""
    with municipality_context(registration.municipality):
        (record,) = record_access(
            registration.municipality,
            [registration.resident_id],
            account,
            StaffPurpose(purpose),
            note,
            [Particular.BIRTH_DATE, Particular.ADDRESS],
        )
    return record


def a_wish(municipality: Municipality, **fields: Any) -> Wish:
    """Everybody registered with `municipality`, unless another selection is given."""
    if "selection" not in fields:
        rows = Registration.objects.filter(municipality=municipality, status="active")
        fields["selection"] = list(rows.values_list("pk", flat=True))
    return Wish(
        **{
            "key": uuid4(),
            "kind": REGISTRANTS,
            "purpose": StaffPurpose.NOTICES,
            "note": "秋の便りの宛名",
            "particulars": [Particular.NAME, Particular.ADDRESS],
            "file_format": FileFormat.CSV,
            "selected_by": "",
            **fields,
        }
    )


def export(municipality: Municipality, account: User, **fields: Any) -> Export:
    """An export of `account`, as the form makes it."""
    with municipality_context(municipality):
        return export_registrants(municipality, account, a_wish(municipality, **fields))


def a_case(resident: Resident, municipality: Municipality | None, **fields: Any) -> Case:
    """A request of the resident on the portal; a disclosure unless said otherwise."""
    asked = Asked(
        **{
            "key": uuid4(),
            "kind": CaseKind.DISCLOSURE,
            "subject": "活動の記録",
            "wanted": "",
            **fields,
        }
    )
    return ask(resident, municipality, asked)


def new_version(kind: str, version: str = "2.0", day: date | None = None) -> Terms:
    """Another version of a text, in force from today unless another day is given."""
    return Terms.objects.create(
        kind=kind,
        version=version,
        effective_from=day or clock.today(),
        body_ja=f"{kind} 第{version}版\n\n新しい本文",
        body_en=f"{kind} {version}\n\nA new text",
    )

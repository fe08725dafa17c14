"""People entered by a municipality's staff."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from accounts.enums import Channel
from accounts.models import CounterEntry, User
from accounts.operations.claim_codes import open_code_of, printable_code
from registration.operations.counter import Received, enter_person
from tenants.models import LocalGovernment, Municipality

# 1927: somebody of the people this is for.
BORN = date(1927, 1, 7)


def person(**changes: Any) -> dict[str, Any]:
    """A profile as the form hands it over: 小野寺 ハル, who lives in 千代田区."""
    return {
        "family_name": "小野寺",
        "given_name": "ハル",
        "family_kana": "オノデラ",
        "given_kana": "ハル",
        "birth_date": BORN,
        "country": "JP",
        "postal_code": "1000001",
        "residence": LocalGovernment.objects.get(pk="131016"),
        "address_line": "千代田1番1号",
        "building": "",
        "phone": "",
        "language": "ja",
        **changes,
    }


def make_entry(municipality: Municipality, staff: User, **changes: Any) -> CounterEntry:
    """Somebody whom `staff` entered at the counter of `municipality`."""
    received = Received(key=uuid4(), by=staff, channel=Channel.COUNTER, paper_kept_at="綴り3の12")
    return enter_person(municipality, person(**changes), received)


def code_of(entry: CounterEntry) -> str:
    """The code on the paper, as it is printed."""
    code = open_code_of(entry)
    assert code is not None
    return printable_code(code, code.issued_by)

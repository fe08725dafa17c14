"""What a municipality's activities hold of a person: the needs they told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from activities.models import Need
from common.holdings import Holding, Person


def _needs(person: Person) -> list[Need]:
    return list(Need.objects.filter(resident_id__in=person.residents))


def _delete_needs(person: Person) -> None:
    """An activity that came of one stays, and names nobody any more."""
    Need.objects.filter(resident_id__in=person.residents).delete()


HOLDINGS = [
    Holding(
        table="activities_need",
        title=_("Needs you told"),
        why=_("So that a coordinator can find people who help, and can ask you. Until you close "
              "your account; an activity that came of it stays, without your name."),
        rows=_needs,
        fields=(
            "title", "wanted", "place", "when_about", "people", "organisation_name",
            "contact_name", "contact_phone", "contact_email", "may_be_named", "created_at",
            "state", "answer",
        ),
        erase=_delete_needs,
        municipal=True,
    ),
]  # fmt: skip

"""The numbers of registrations."""

from __future__ import annotations

from django.db.models.functions import Length

from common.my_number import has_my_number
from registration.models import Registration, RegistrationCounter
from tenants.models import Municipality


def next_number(municipality: Municipality) -> str:
    """The municipality's code and a running number: 042056-000123.

    The counter's row stays locked until the transaction ends, so a registration that fails
    leaves no gap. One of twelve would look like an individual number, which no form takes and no
    log keeps (R10): those are left out, so that everybody can type theirs anywhere.
    """
    counters = RegistrationCounter.objects
    counters.bulk_create([RegistrationCounter(municipality=municipality)], ignore_conflicts=True)
    counter = counters.select_for_update(of=("self",)).get(pk=municipality.pk)
    counter.last += 1
    while has_my_number(number := f"{municipality.code}-{counter.last:06}"):
        counter.last += 1
    counter.save(update_fields=["last"])
    return number


def count_on(municipality: Municipality) -> None:
    """The next number is above every one that a registration has here."""
    here = Registration.objects.filter(municipality=municipality)
    # The longer one is the greater: after 999999 comes 1000000.
    greatest = here.order_by(Length("number"), "number").last()
    if greatest is None:
        return
    last = int(greatest.number.rpartition("-")[2])
    RegistrationCounter.objects.get_or_create(municipality=municipality)
    RegistrationCounter.objects.filter(municipality=municipality, last__lt=last).update(last=last)

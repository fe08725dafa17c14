"""The resident's page: what I agreed to, and changing it (R28)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import resident_required
from accounts.queries import account_of
from common.refusal import Refused
from privacy.enums import ConsentPurpose
from privacy.models import Consent
from privacy.operations.consents import OPTIONAL, give, withdraw
from privacy.queries import running_consents, texts_in_force
from tenants.models import Municipality, Terms

GIVE, WITHDRAW = "give", "withdraw"


@dataclass(frozen=True)
class Item:
    """One purpose, of a municipality where it is agreed to for each: what runs, if anything does,
    and the text that would be agreed to now."""

    purpose: ConsentPurpose
    municipality: Municipality | None
    consent: Consent | None
    in_force: Terms | None

    @property
    def key(self) -> str:
        """Its name in addresses and forms: mailing-042056."""
        code = self.municipality.code if self.municipality else ""
        return "-".join(part for part in (self.purpose.value, code) if part)

    @property
    def text(self) -> Terms | None:
        return self.consent.text if self.consent else self.in_force

    @property
    def is_optional(self) -> bool:
        return self.purpose in OPTIONAL

    @property
    def step(self) -> str:
        """What can be done about it here."""
        return WITHDRAW if self.consent else GIVE

    @property
    def what_for(self) -> str:
        name = self.municipality.full_name if self.municipality else ""
        match self.purpose:
            case ConsentPurpose.TERMS:
                return _("What using this site is agreed on.")
            case ConsentPurpose.PRIVACY_NOTICE:
                return _("What is kept of you, what for, and who sees it.")
            case ConsentPurpose.DISCLOSURE:
                return _("%(name)s is told who you are and how to reach you.") % {"name": name}
            case ConsentPurpose.MAILING:
                return _("%(name)s may send you news by e-mail or post.") % {"name": name}
            case ConsentPurpose.ORGANISATIONS:
                return _("Organisations that run activities may tell you of them.")


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """Each purpose with its state. `?change=` shows one with the question whether to go ahead;
    the answer comes as a POST with the same key and the step meant, which is safe to repeat."""
    user = account_of(request)
    items = _items(user)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = next((one for one in items if one.key == asked.get("change")), None)
    if request.method == "POST":
        _change(request, user, chosen)
        return redirect("privacy:consents")
    return render(
        request,
        "privacy/consents.html",
        {
            "general": [one for one in items if not one.municipality],
            "places": _by_place(items),
            "chosen": chosen.key if chosen and chosen.is_optional else "",
            "ended": Consent.objects.of(user.pk).ended().in_words(),
        },
    )


def _change(request: HttpRequest, user: User, item: Item | None) -> None:
    step = request.POST.get("step")
    if item is None or step not in {GIVE, WITHDRAW}:
        messages.error(request, _("Nothing was changed. Please choose again."))
        return
    try:
        if step == GIVE:
            give(user, item.purpose, item.municipality)
        else:
            withdraw(user, item.purpose, item.municipality)
    except Refused as refusal:
        messages.error(request, _sentence(refusal))
        return
    sentence = (
        _("You have agreed: %(what)s") if step == GIVE else _("You have taken it back: %(what)s")
    )
    messages.success(request, sentence % {"what": _title(item)})


def _sentence(refusal: Refused) -> str:
    match refusal.code:
        case "not_disclosed":
            return _("Only a municipality you are registered with can send you news.")
        case "not_optional":
            return _("This consent ends with the registration or the account.")
    raise KeyError(refusal.code)


def _title(item: Item) -> str:
    name = item.municipality.full_name if item.municipality else ""
    return " ".join(part for part in (name, str(item.purpose.label)) if part)


def _items(user: User) -> list[Item]:
    """Two queries: what runs, and the texts of today."""
    texts = texts_in_force(ConsentPurpose)
    running = {
        (consent.purpose, consent.municipality_id): consent for consent in running_consents(user)
    }

    def item(purpose: ConsentPurpose, place: Municipality | None = None) -> Item:
        code = place.code if place else None
        return Item(purpose, place, running.get((purpose, code)), texts.get(purpose))

    # A municipality that knows of the resident may be allowed to write to them, too.
    places = {
        consent.municipality.code: consent.municipality
        for consent in running.values()
        if consent.municipality
    }
    return [
        *(item(one) for one in (ConsentPurpose.TERMS, ConsentPurpose.PRIVACY_NOTICE)),
        item(ConsentPurpose.ORGANISATIONS),
        *(
            item(purpose, places[code])
            for code in sorted(places)
            for purpose in (ConsentPurpose.DISCLOSURE, ConsentPurpose.MAILING)
        ),
    ]


def _by_place(items: list[Item]) -> list[tuple[Municipality, list[Item]]]:
    found: dict[Municipality, list[Item]] = {}
    for one in items:
        if one.municipality:
            found.setdefault(one.municipality, []).append(one)
    return list(found.items())

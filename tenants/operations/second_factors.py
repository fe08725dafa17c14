"""Second factors of staff and operators: add, check, remove, reset.

`municipality` says for which admin host; without one it is the operator's. The rows are the front
desk's (`tenants.walls`), whoever asks: who has not passed the second factor is nobody yet.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common import clock
from common.refusal import Refused
from common.text import normalise_digits
from tenants.actors import at_reception
from tenants.enums import FactorEvent, FactorKind
from tenants.hosts import admin_url, operator_url
from tenants.models import Municipality, SecondFactor, SecondFactorEvent
from tenants.operations import passkeys
from tenants.queries import second_factors_of
from tenants.rules.staff_sessions import wait_after

STEP_SECONDS = 30
_TOLERATED_STEPS = (0, -1, 1)  # clocks of telephones go wrong, and typing takes time
MOST = 10  # factors of one person on one host


def new_secret() -> str:
    """A secret for an authenticator app: 160 random bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The six digits an authenticator app shows during a step of 30 seconds."""
    # SHA-1, which every app knows (RFC 6238): as a keyed hash it is not broken.
    return HOTP(base64.b32decode(secret), 6, SHA1()).generate(step).decode()  # noqa: S303


def present_step() -> int:
    return int(clock.now().timestamp()) // STEP_SECONDS


def add_app(
    user: Any, municipality: Municipality | None, secret: str, code: str, label: str = ""
) -> SecondFactor:
    """Add the authenticator app that shows `code` for `secret`. Raises `Refused("code_wrong")`."""
    step = _step_of(secret, code, after=0)
    if step is None:
        raise Refused("code_wrong")
    return _add(user, municipality, FactorKind.APP, label, secret=secret, last_step=step)


def add_passkey(
    user: Any,
    municipality: Municipality | None,
    host: str,
    state: Any,
    answer: str,
    label: str = "",
) -> SecondFactor:
    """Add the passkey that the browser has made. Raises `Refused("passkey_wrong")`."""
    made = passkeys.finish_registration(host, state, answer)
    return _add(user, municipality, FactorKind.PASSKEY, label, **made)


@transaction.atomic
def _add(
    user: Any, municipality: Municipality | None, kind: FactorKind, label: str, **fields: Any
) -> SecondFactor:
    with at_reception():
        if second_factors_of(user, municipality).count() >= MOST:
            raise Refused("too_many_factors")
        try:
            with transaction.atomic():
                factor = SecondFactor.objects.create(
                    user=user,
                    municipality=municipality,
                    kind=kind,
                    label=label,
                    last_used_at=clock.now(),
                    **fields,
                )
        except IntegrityError:
            raise Refused("passkey_wrong") from None  # it belongs to somebody already
        _record(user, municipality, FactorEvent.ADDED, user, kind)
    _tell(user, municipality, FactorEvent.ADDED)
    return factor


def check_code(user: Any, municipality: Municipality | None, code: str) -> SecondFactor:
    """Which authenticator app shows `code`; each code is taken once.

    Raises `Refused("code_wrong")`, and `Refused("wait", minutes)` after too many wrong ones: then
    no code is looked at, the right one neither. The count stands in the database and outlives the
    refusal, so a cache that is down or another process changes nothing.
    """
    with at_reception():
        found, minutes = _check_code(user, municipality, code)
    if found is None:
        raise Refused("wait", minutes=minutes) if minutes else Refused("code_wrong")
    return found


@transaction.atomic
def _check_code(
    user: Any, municipality: Municipality | None, code: str
) -> tuple[SecondFactor | None, int]:
    now = clock.now()
    apps = list(
        second_factors_of(user, municipality).filter(kind=FactorKind.APP).select_for_update()
    )
    held = [app.wait_until for app in apps if app.wait_until and app.wait_until > now]
    if held:
        return None, _minutes(max(held) - now)
    for app in apps:
        step = _step_of(app.secret, code, after=app.last_step)
        if step is not None:
            SecondFactor.objects.filter(pk__in=[one.pk for one in apps]).update(
                wrong_codes=0, wait_until=None
            )
            SecondFactor.objects.filter(pk=app.pk).update(last_step=step, last_used_at=now)
            return app, 0
    wrong = max((app.wrong_codes for app in apps), default=0) + 1
    wait = wait_after(wrong)
    SecondFactor.objects.filter(pk__in=[app.pk for app in apps]).update(
        wrong_codes=wrong, wait_until=now + wait if wait else None
    )
    return None, _minutes(wait)


def _minutes(wait: Any) -> int:
    return -(-int(wait.total_seconds()) // 60)


def _step_of(secret: str, code: str, after: int) -> int | None:
    """The step whose code this is, if it is a present one later than `after`."""
    typed = "".join(normalise_digits(code).split())
    present = present_step()
    matching = [
        present + offset
        for offset in _TOLERATED_STEPS
        if constant_time_compare(code_at(secret, present + offset), typed)
    ]
    return next((step for step in matching if step > after), None)


@transaction.atomic
def check_passkey(
    user: Any, municipality: Municipality | None, host: str, state: Any, answer: str
) -> SecondFactor:
    """Which passkey of this host has answered. Raises `Refused("passkey_wrong")`."""
    with at_reception():
        known = list(passkeys_of(user, municipality, host).select_for_update())
        factor, count = passkeys.finish_use(host, state, answer, known)
        SecondFactor.objects.filter(pk=factor.pk).update(sign_count=count, last_used_at=clock.now())
    return factor


def passkeys_of(user: Any, municipality: Municipality | None, host: str) -> Any:
    """The passkeys made for this very host name."""
    return second_factors_of(user, municipality).filter(kind=FactorKind.PASSKEY, rp_id=host)


@transaction.atomic
def remove_factor(user: Any, municipality: Municipality | None, factor_id: int) -> None:
    """Take one of one's own factors away; nothing happens where it is gone.

    Raises `Refused("last_factor")`: an account without any would be open to the next who knows
    the password, who could enrol.
    """
    with at_reception():
        factors = list(second_factors_of(user, municipality).select_for_update())
        gone = [one for one in factors if one.pk == factor_id]
        if not gone:
            return
        if len(factors) == 1:
            raise Refused("last_factor")
        SecondFactor.objects.filter(pk=factor_id).delete()
        _record(user, municipality, FactorEvent.REMOVED, user, gone[0].kind)
    _tell(user, municipality, FactorEvent.REMOVED)


@transaction.atomic
def reset_factors(person: Any, municipality: Municipality | None, by: Any) -> None:
    """Take all of `person`'s factors for this host away, and end the sessions there.

    Those for other hosts stay: whoever is administrator here decides about nobody elsewhere. The
    sessions end because each names the factor it was passed with, and its beginning is compared
    with this moment (`tenants.middleware`). Raises `Refused("own_factors")`.
    """
    if by is not None and by.pk == person.pk:
        raise Refused("own_factors")
    _take_all(person, municipality)
    _record(person, municipality, FactorEvent.RESET, by)
    _tell(person, municipality, FactorEvent.RESET)


def forget_factors(person: Any, municipality: Municipality | None) -> None:
    """Of somebody who works here no longer: nothing is kept, and nobody is told."""
    _take_all(person, municipality)


def _take_all(person: Any, municipality: Municipality | None) -> None:
    with at_reception():
        SecondFactor.objects.filter(user_id=person.pk, municipality=municipality).delete()


def _record(
    person: Any, municipality: Municipality | None, event: FactorEvent, by: Any, kind: str = ""
) -> None:
    SecondFactorEvent.objects.create(
        person=person, municipality=municipality, event=event, kind=kind, done_by=by
    )


def _tell(person: Any, municipality: Municipality | None, event: FactorEvent) -> None:
    """The owner learns of every change, so that a stranger's is not silent."""
    where = admin_url(municipality) if municipality else operator_url()
    name = municipality.full_name if municipality else _("Hometown Resident Registration")
    subjects = {
        FactorEvent.ADDED: _("%(place)s: a way to confirm your sign-in was added"),
        FactorEvent.REMOVED: _("%(place)s: a way to confirm your sign-in was removed"),
        FactorEvent.RESET: _("%(place)s: your two-step sign-in was reset"),
    }
    mail = EmailMessage(
        subject=subjects[event] % {"place": name},
        body=render_to_string(
            "tenants/second_factor/mail.txt", {"event": event.value, "place": name, "url": where}
        ),
        to=[person.email or ""],
    )
    if municipality:
        mail.send()
    else:
        # The outbox is written under another login than the operator's, which can't be changed
        # inside of a transaction.
        transaction.on_commit(mail.send)

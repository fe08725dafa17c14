"""Who acts: what the database is told with every statement, and decides by.

Whoever acts in a request is set by the middleware, for a task by `tenants.work`, for part of an
operation by `acting`. Without an actor a run-time login reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    RECEPTION = "reception"
    VISITOR = "visitor"
    RESIDENT = "resident"
    STAFF = "staff"
    WORKER = "worker"
    PLATFORM = "platform"
    OPERATOR = "operator"
    BEARER = "bearer"
    OWNER = "owner"
    GUARDIAN = "guardian"
    DEVICE = "device"
    ORGANISATION = "organisation"


class ActorMissing(RuntimeError):
    """Work was begun without saying for whom."""


@dataclass(frozen=True)
class Actor:
    """One actor, with what it may see rows of: a municipality (code), an account, a resident,
    a certificate (by the code in its QR), an organisation. Made by the functions below."""

    kind: ActorKind
    municipality: str = ""
    account: int | None = None
    resident: UUID | None = None
    certificate: str = ""
    # A phone that reads passes at a venue, by its number.
    device: UUID | None = None
    # By its number, and the code of the municipality at which alone it acts.
    organisation: tuple[int, str] | None = None
    # Of the operator's host: its statements run under the operator's login.
    at_operator_host: bool = False


VISITOR = Actor(ActorKind.VISITOR)
# The front desk: who comes is not known yet. Sessions, accounts, codes and requests to take part
# are its business, and nothing else is.
RECEPTION = Actor(ActorKind.RECEPTION)
# Signed in on the operator's host without being an operator, or not known to be one yet.
OPERATOR_VISITOR = Actor(ActorKind.VISITOR, at_operator_host=True)
OPERATOR_RECEPTION = Actor(ActorKind.RECEPTION, at_operator_host=True)
# The login that owns everything: migrations, provisioning, publication. No run-time login can.
OWNER = Actor(ActorKind.OWNER)


def signed_in(account: int, resident: UUID | None = None) -> Actor:
    """A resident, or an account that has no profile yet: sees what is theirs everywhere."""
    return Actor(ActorKind.RESIDENT, account=account, resident=resident)


def guardian(account: int, resident: UUID) -> Actor:
    """A resident who looks at what a child they answer for has joined (R11): `guard.children`
    says whose rows, and the walls of which tables. For that one page; nothing else asks it."""
    return Actor(ActorKind.GUARDIAN, account=account, resident=resident)


def staff(account: int, municipality: str) -> Actor:
    """A member of a municipality's staff, on its admin host."""
    return Actor(ActorKind.STAFF, account=account, municipality=municipality)


def operator(account: int) -> Actor:
    """The platform's operator, on the operator's host."""
    return Actor(ActorKind.OPERATOR, account=account, at_operator_host=True)


def worker(municipality: str = "") -> Actor:
    """Background work: the outbox, and the rows of the municipality it is done for."""
    return Actor(ActorKind.WORKER, municipality=municipality)


def bearer(certificate: str) -> Actor:
    """Whoever holds a certificate's code may read that certificate, and no other."""
    return Actor(ActorKind.BEARER, certificate=certificate)


def device(device: UUID) -> Actor:
    """A phone or tablet that reads passes for one session of a municipality.

    Its row says which session, and of which municipality; it claims no municipality itself, so
    nothing of what staff may see opens to it.
    """
    return Actor(ActorKind.DEVICE, device=device)


def organisation(account: int, organisation: int, municipality: str) -> Actor:
    """A member of a partner organisation, in its workspace on the host of `municipality`.

    Sees what the organisation runs there: its sessions, who comes, who came. It has no
    municipality of its own, so nothing of what staff may see opens; and it is nobody's resident.
    Outside of that municipality's schema it is no more than the account.
    """
    return Actor(ActorKind.ORGANISATION, account=account, organisation=(organisation, municipality))


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor | None:
    return _current.get()


@contextmanager
def acting(actor: Actor | None) -> Iterator[None]:
    """Everything inside is done by `actor`; afterwards by whoever acted before."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def at_reception() -> Iterator[None]:
    """Everything inside is the front desk's: sessions, accounts, sign-in codes."""
    actor = current_actor()
    with _instead(OPERATOR_RECEPTION if actor and actor.at_operator_host else RECEPTION):
        yield


@contextmanager
def weighing(municipality: str) -> Iterator[None]:
    """Everything inside weighs what the municipality of this code alone may read: free places,
    names in a room, who wrote on a list on paper. For the few statements that need it, and only
    their sum goes out."""
    actor = current_actor()
    if actor is not None and actor.municipality == municipality:
        yield
        return
    with _instead(Actor(ActorKind.PLATFORM, municipality=municipality)):
        yield


@contextmanager
def settling(municipality: str) -> Iterator[None]:
    """Everything inside is what the municipality of this code had settled before, done for it by
    whoever happens to come: a record that was taken back with its list comes back with it."""
    with _instead(worker(municipality)):
        yield


@contextmanager
def by_standing(municipality: str) -> Iterator[None]:
    """Everything inside is what the municipality of this code lets an organisation do without its
    staff (R17): publishing a project of its own where it is trusted, calling off or moving a
    public date of its own."""
    with _instead(Actor(ActorKind.PLATFORM, municipality=municipality)):
        yield


@contextmanager
def putting_off() -> Iterator[None]:
    """Everything inside is work for later: it goes into the outbox, which holds everybody's."""
    # On the operator's host under its login: a login can't change inside of a transaction.
    actor = current_actor()
    at_desk = actor is not None and actor.at_operator_host
    with _instead(Actor(ActorKind.WORKER, at_operator_host=at_desk)):
        yield


@contextmanager
def standing_in(account: int, resident: UUID | None = None) -> Iterator[None]:
    """Everything inside is done as this person, whose rows nobody else may touch.

    For the operations that have the person's word for it: entering somebody at the counter,
    an e-mail address that was confirmed, two accounts of one person that become one.
    """
    with _instead(signed_in(account, resident)):
        yield


@contextmanager
def _instead(actor: Actor) -> Iterator[None]:
    # Nobody stays nobody: a task that has not said who acts writes nothing.
    with acting(None if current_actor() is None else actor):
        yield


def act_from_now_on(actor: Actor) -> None:
    """Replace the actor until the `acting` around this ends: who comes has become known."""
    _current.set(actor)

"""Who may work in an organisation's workspace, on the host of a municipality that recognises it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from accounts.permissions import resident_required
from organisations.queries import workspaces_of
from tenants.actors import acting, organisation

View = Callable[..., HttpResponse]


def for_members(view: View | None = None, *, managers: bool = False) -> Any:
    """Lets the members of an organisation with a standing here in; 404 for everybody else.

    The address names the organisation; the view itself is not given its number. Inside,
    `request.membership` says who works for what, and the database is told that the organisation
    acts (`tenants.actors.organisation`): this is the one place that makes that actor. With
    `managers`, helpers get a 404 too.
    """

    def guard(view: View) -> View:
        @resident_required
        @wraps(view)
        def guarded(request: HttpRequest, organisation_id: int, **kwargs: Any) -> HttpResponse:
            here = request.municipality  # type: ignore[attr-defined]
            account = request.resident.user_id  # type: ignore[attr-defined]
            member = next(
                (
                    one
                    for one in workspaces_of(account, here)
                    if one.organisation_id == organisation_id
                ),
                None,
            )
            if member is None or (managers and not member.is_manager):
                raise Http404
            request.membership = member  # type: ignore[attr-defined]
            with acting(organisation(account, organisation_id, here.code)):
                return view(request, **kwargs)

        return guarded

    return guard if view is None else guard(view)

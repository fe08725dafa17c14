"""What every answer tells the browser it may do, whatever answered: a view, a file, an error.

Outermost of all, so that pages for faults, refused hosts, static files and `/healthz` carry the
same headers as the pages that work. Policies are in `config.settings.security`.
"""

from __future__ import annotations

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants.enums import HostKind

_NONCE_HERE = "{nonce}"


class HeadersMiddleware(CSPMiddleware):
    """Content security policy, frames, permissions, and who may embed an answer.

    The policy follows the kind of host; where none is known (an unknown host, a probe), the
    closed one. What a view has set itself stays. A file to be kept gets a policy under which it
    could do nothing if a browser showed it after all.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        # Written once: of an answer whose view says nothing, only the nonce differs. Building the
        # policy anew, twice an answer, was a twenty-fifth of a check-in.
        self.policies = {
            surface: build_policy(config, nonce=_NONCE_HERE)
            for surface, config in settings.CONTENT_SECURITY_POLICIES.items()
        }

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = settings.CONTENT_SECURITY_POLICIES[_surface(request, response)]
            # Named in every policy, used by a script or not: a page without one is told, too,
            # that only its own scripts run.
            parts.nonce = str(request.csp_nonce) if parts.nonce is None else parts.nonce  # type: ignore[attr-defined]
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        if response.get("Content-Disposition", "").startswith("attachment"):
            response["Content-Security-Policy"] = settings.DOWNLOAD_SECURITY_POLICY
        surface = _surface(request, response)
        own_word = any(name.startswith("_csp_") for name in vars(response))
        if own_word or settings.DEBUG:  # Django's pages for developers keep their styles
            super().process_response(request, response)
        elif HEADER not in response:
            nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
            response[HEADER] = self.policies[surface].replace(_NONCE_HERE, nonce)
        framed = surface in settings.SURFACES_IN_FRAMES
        response.setdefault("X-Frame-Options", "SAMEORIGIN" if framed else "DENY")
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICIES[surface])
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.get("Content-Type", "").startswith("text/html"):
            # A page carries a nonce, and often a name: nobody but its reader may keep it.
            response.setdefault("Cache-Control", "private, no-cache")
        return response


def _surface(request: HttpRequest, response: HttpResponseBase) -> str:
    """The kind of host, `preview` for a page shown inside of the admin, or `unknown`; what a view
    says in `surface` goes before."""
    if said := getattr(response, "surface", None):
        return str(said)
    kind = getattr(request, "host_kind", None)
    if kind is None:
        return "unknown"
    if kind == HostKind.MUNICIPALITY and getattr(request, "is_dummy", False):
        return "preview"
    return str(kind.value)

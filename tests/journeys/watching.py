"""A browser that tells on every page: what its policy refused, and what ran that should not."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Response

from accounts.models import User
from tenants.models import Municipality
from tests.factories.accounts import sign_in
from tests.journeys.conftest import Platform
from tests.journeys.walking import DESKTOP, Walker, set_out

# Runs in every frame before anything of the page's own, and tells what the policy refuses.
_LISTENER = """
document.addEventListener("securitypolicyviolation", event => window.__refused(
    `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} `
    + event.sample));
"""


# Wagtail's screen for a picture asks in an old way whether this browser knows touch, and takes the
# refusal for a no, which on a desktop it is.
_ASKS_FOR_TOUCH = ("script-src-attr inline", "/wagtailimages/js/vendor/jquery.Jcrop.min.js")


@dataclass
class Watched:
    """A walker, and what its browser had to tell."""

    walker: Walker
    refused: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    without_policy: list[str] = field(default_factory=list)

    @property
    def page(self):
        return self.walker.page

    def open(self, url: str, status: int = 200) -> None:
        answer = self.page.goto(url)
        assert answer is not None and answer.status == status, (url, answer and answer.status)
        self.page.wait_for_load_state("networkidle")


def watched(browser: Browser, viewport: dict[str, int] = DESKTOP) -> Watched:
    walker = set_out(browser, viewport)
    found = Watched(walker)

    def refused(source: dict[str, object], text: str) -> None:
        if all(part in text for part in _ASKS_FOR_TOUCH):
            return
        found.refused.append(f"{source['frame'].url}: {text}")  # type: ignore[attr-defined]

    def dialog(shown) -> None:
        found.dialogs.append(f"{walker.page.url}: {shown.message}")
        shown.accept()

    def answered(response: Response) -> None:
        kind = response.headers.get("content-type", "")
        if kind.startswith("text/html") and not response.headers.get("content-security-policy"):
            found.without_policy.append(response.url)

    walker.context.expose_binding("__refused", refused)
    walker.context.add_init_script(_LISTENER)
    walker.page.on("dialog", dialog)
    walker.page.on("response", answered)
    return found


def signed_in(
    one: Watched,
    platform: Platform,
    user: User,
    municipality: Municipality | None = None,
    *,
    admin: bool = False,
) -> None:
    """Gives the browser a session of `user` on one host. Inside of `platform.own_process()`."""
    client = sign_in(Client(), user, municipality, admin=admin)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    give_session(one, platform, str(client.defaults["HTTP_HOST"]), key)


def give_session(one: Watched, platform: Platform, host: str, key: str) -> None:
    url = f"http://{host}:{platform.port}/"
    one.walker.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}]
    )

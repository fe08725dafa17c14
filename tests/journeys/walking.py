"""How the journeys walk: one person's browser, and what every page they see is held to.

Every page visited by `Walker.look` passes axe-core, shows no English where it is Japanese,
loads nothing from a foreign origin, reports no error to the console and does not scroll
sideways. `problems` is asserted empty at
the end, so a fault is named wherever it happened.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tenants.operations.second_factors import code_at, present_step

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What axe's authors call good practice beyond the standard holds for our own pages; the frame
# of the admin is Wagtail's.
WITHIN_WAGTAIL, OF_OURS = WCAG, [*WCAG, "best-practice"]
PATIENCE_MS = 20_000
OURS = re.compile(r"(http://([\w-]+\.)*localhost:\d+/|data:|blob:|about:)")
# Addresses and codes are no words.
_NOT_WORDS = re.compile(
    r"\S+@\S+|\.xlsx|https?://\S+|<\w+>|\b[A-Z2-7]{4}( [A-Z2-7]{4}){7}\b|\w{4}-\w{4}-\w{4}"
)
_SAID_IN_LATIN = {
    "CSV",
    "Excel",
    "JSON",
    "SHA",
    "PDF",
    "JPEG",
    "PNG",
    "HEIC",
    "English",
    "WCAG",
    "JavaScript",
    "RMO",
    "NPO",
    "DMO",
    "PTA",
}
# How a draw is checked: the names of a method and a program, and what stands for two values.
_SAID_IN_LATIN |= {"HMAC", "OpenSSL", "SEED", "TICKET"}
# Names of systems and browsers are written so in Japanese too.
_SAID_IN_LATIN |= {"Android", "Chrome", "Linux", "Mac", "Windows", "iPhone"}
_RUN = """async rules => (await axe.run(document, {runOnly: {type: 'tag', values: rules}}))
    .violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join('; ')}`)"""

# What fades in has not its colours yet; what turns for ever is not waited for.
_AT_REST = """() => Promise.all(document.getAnimations()
    .filter(a => a.effect.getComputedTiming().endTime !== Infinity)
    .map(a => a.finished.catch(() => null)))"""

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Walker:
    """One person's browser, with everything that went wrong in it."""

    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Hold the page in front of us to what every page is held to, once it stands still."""
        self.page.wait_for_load_state()
        self.page.evaluate(_AT_REST)
        where = self.page.url
        # Through the debugger, which a page's content security policy does not bind.
        self.page.evaluate(AXE.read_text())
        rules = WITHIN_WAGTAIL if ".admin." in where else OF_OURS
        self.problems += [f"{where}: {found}" for found in self.page.evaluate(_RUN, rules)]
        if self.page.evaluate("document.documentElement.lang") == "ja":
            seen = self.page.locator("body").inner_text()
            for code in self.page.locator("code").all_inner_texts():
                seen = seen.replace(code, "")  # what is for machines is no words
            seen = _NOT_WORDS.sub("", seen)
            english = sorted(set(re.findall(r"[A-Za-z]{3,}", seen)) - _SAID_IN_LATIN)
            self.problems += [f"{where}: English on a Japanese page: {english}"] * bool(english)
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wider > 0:
            self.problems.append(f"{where}: scrolls sideways by {wider} px")

    def go(self, url: str, status: int = 200) -> None:
        """Open an address, which must answer with `status`."""
        answer = self.page.goto(url)
        assert answer is not None and answer.status == status, url
        self.look()

    def press(self, name: str, role: Any = "button", **options: Any) -> None:
        """Press the one button, or follow the one link, of this name; then look."""
        self.page.get_by_role(role, name=name, exact=options.pop("exact", True)).click(**options)
        self.look()

    def unfold(self, summary: str) -> None:
        """Open the part of a page that stands closed below `summary`."""
        self.page.locator("summary", has_text=summary).click()
        self.look()

    def find_activity(self, activities: str, title: str) -> None:
        """From a list (its address) to an activity, by its title: many walks fill one list, and
        its first page does not hold them all."""
        self.go(f"{activities}?q={quote(title)}")
        self.press(title, "link")

    def says(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def fill(self, **by_name: str) -> None:
        """Fill fields by their names."""
        for name, value in by_name.items():
            self.page.locator(f"[name={name}]").fill(value)


def set_out(browser: Browser, viewport: dict[str, int] = PHONE, **options: Any) -> Walker:
    """A new person with cookies of their own."""
    context = browser.new_context(
        viewport=viewport, locale="ja-JP", timezone_id="Asia/Tokyo", **options
    )
    context.set_default_timeout(PATIENCE_MS)
    walker = Walker(context, context.new_page())
    walker.page.on("console", lambda said: _note(walker, said.type == "error", said.text))
    walker.page.on("pageerror", lambda error: walker.problems.append(str(error)))
    walker.page.on("request", lambda r: _note(walker, not OURS.match(r.url), f"foreign: {r.url}"))
    return walker


def until(page: Page, script: str, arg: Any = None) -> None:
    """Wait until what `script` promises is true. Playwright's `wait_for_function` takes the
    promise itself, which is there at once, for true."""
    ends_at = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(script, arg):
        assert time.monotonic() < ends_at, script
        page.wait_for_timeout(100)


def enrol(walker: Walker, step: int | None = None) -> str:
    """Set up an authenticator app on the page in front of us, by the code of this half minute
    or of a step given; its secret."""
    secret = walker.page.locator("[data-key]").inner_text().replace(" ", "")
    walker.fill(code=code_at(secret, present_step() if step is None else step))
    walker.press("確認して進む")
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or some steps of half a minute later."""
    return code_at(secret, present_step() + steps)


def _note(walker: Walker, is_problem: bool, text: str) -> None:
    # A refusal is answered with a 4xx page, which Chromium reports as a failed load.
    if is_problem and "Failed to load resource" not in text:
        walker.problems.append(f"{walker.page.url}: {text}")

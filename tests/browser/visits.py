"""Opens every page in every look, once, and keeps what a reader would meet there."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from . import refuse
from .chromium import launch

NOTICE = Path(__file__).with_name("notice.js").read_text(encoding="utf-8")
# Opens every fold, and the tab of that number in every set; how many tabs a set has.
OPEN = """number => {
  for (const fold of document.querySelectorAll("details")) fold.open = true
  const sets = [...document.querySelectorAll(".tabbed-set")]
  const tabs = sets.map(one => one.querySelectorAll(":scope > input"))
  for (const inputs of tabs) inputs[number % inputs.length].checked = true
  dispatchEvent(new Event("resize")) // what is seen now is measured
  return Math.max(1, ...tabs.map(inputs => inputs.length))
}"""
WORDS = Path(__file__).with_name("words.js").read_text(encoding="utf-8")
AXE = Path(__file__).with_name("axe.js").read_text(encoding="utf-8")
# Colours change at once, so that none is ever on its way to another.
AT_ONCE = """
const style = new CSSStyleSheet()
style.replaceSync("*, ::before, ::after { transition: none !important }")
document.adoptedStyleSheets.push(style)
"""
# Two frames on, the page's scripts know the colours, the width and the open tab.
FRAMES = """async () => {
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
  for (const one of document.getAnimations()) one.finish()
}"""
# Presses the copy button of each program. The clipboard is slow: it is read after the
# first and where a program has more than ASCII, else what the button gives to it.
COPY = """async () => {
  const { clipboard } = navigator
  const copied = []
  for (const block of document.querySelectorAll("[data-snippet]")) {
    let text = "nothing"
    const slow = !copied.length || /[^\\n -~]/.test(block.textContent)
    if (slow) await clipboard.writeText(text)
    else clipboard.writeText = async given => { text = given }
    block.querySelector(".copy").click()
    delete clipboard.writeText
    copied.push([block.dataset.snippet, slow ? await clipboard.readText() : text])
  }
  return copied
}"""
SETTLED = 500  # milliseconds: menus slide in
PHONE, WIDE = 360, 1280


@dataclass(frozen=True)
class Look:
    """How a page is seen."""

    scheme: str
    width: int
    scripts: bool = True

    def __str__(self) -> str:
        without = "" if self.scripts else ", no JavaScript"
        return f"{self.scheme}, {self.width} px{without}"


LOOKS = [Look(scheme, width) for scheme in ("light", "dark") for width in (PHONE, WIDE)]
USUAL = Look("light", WIDE)
PLAIN = Look("light", WIDE, scripts=False)
# What can go wrong depends on the colours or on the width: so two looks show it. Both
# together, or no scripts, can only matter to what all pages have from the theme: one
# page of each folder, or each if $LOOKS is `all`, is seen in all looks. A page is
# loaded for the first look of a row, as its scripts measure then: the two take turns.
BRIEFLY = [Look("dark", PHONE), USUAL]
FULLY = [
    [Look("dark", PHONE), Look("light", PHONE)],
    [USUAL, Look("dark", WIDE)],
    [PLAIN],
]
ALL = os.environ.get("LOOKS") == "all"
LANES = 2  # that many browsers share the pages; of one page, one has them all


# Of some rules of axe, the looks of elements that passed.
Passed = dict[str, set[int]]


@dataclass
class Faults:
    """What went wrong behind a page."""

    errors: list[str] = field(default_factory=list)  # in the console
    failed: list[str] = field(default_factory=list)  # requests
    foreign: list[str] = field(default_factory=list)  # requests to other origins


@dataclass
class Visit:
    """One page in one look, every fold open; pages with tabs have one for each tab."""

    page: str
    look: Look
    tab: int
    noticed: dict  # what notice.js returns
    faults: Faults
    axe: list[str]
    # Of each program, what its copy button gives: once.
    copied: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        tab = f", tab {self.tab + 1}" if self.tab else ""
        return f"{self.page} ({self.look}{tab})"


class Watch:
    """Notes what goes wrong behind a page."""

    def __init__(self, page: Page, home: str):
        self.home = home
        self.faults = Faults()
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self._said("error", str(error)))
        page.on("request", lambda one: self._asked(one.url))
        page.on("requestfailed", lambda one: self._failed(one.url, one.failure))
        page.on("response", lambda one: self._answered(one.url, one.status))

    def _said(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.errors.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.faults.foreign.append(url)

    def _failed(self, url: str, why: str | None) -> None:
        if why != "net::ERR_ABORTED":  # the page was left meanwhile
            self.faults.failed.append(f"{url}: {why}")

    def _answered(self, url: str, status: int) -> None:
        if status >= 400:
            self.faults.failed.append(f"{url}: {status}")


@contextmanager
def faultless(page: Page, home: str) -> Iterator[None]:
    """Nothing may go wrong behind a page while it is used."""
    watch = Watch(page, home)
    yield
    faults = watch.faults
    refuse(faults.errors + faults.failed + faults.foreign)


def rest(page: Page) -> None:
    """Wait until a page asks for nothing more: the idle event may never come."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(SETTLED)


class Tab:
    """A tab of the browser, and how pages are seen there."""

    def __init__(
        self, browser: Browser, home: str, look: Look, passed: Passed | None = None
    ):
        self.home, self.look, self.tab = home, look, 0
        self.passed = Passed() if passed is None else passed
        context = browser.new_context(
            color_scheme=look.scheme,
            java_script_enabled=look.scripts,
            permissions=["clipboard-read", "clipboard-write"],
            viewport={"width": look.width, "height": 800},
        )
        if look.scripts:
            context.add_init_script(AXE_SCRIPT + AT_ONCE)
        self.page = context.new_page()
        self.watch = Watch(self.page, home)

    def go(self, page: str) -> int:
        """Load a page and open its folds; how many tabs its widest set has."""
        self.watch.faults = Faults()
        self.page.goto(self.home + page)
        self.tab = 0
        if self.look.scripts:  # blocks get their buttons a few at a time
            late = self.page.locator("[data-snippet]:not(:has(.copy))")
            late.first.wait_for(state="detached")
        return self.page.evaluate(OPEN, 0)

    def become(self, look: Look) -> None:
        """Change the system's colours or the width, and wait until the page knows."""
        if look == self.look:
            return
        self.watch.faults = Faults()
        if look.scheme != self.look.scheme:
            self.page.emulate_media(color_scheme=look.scheme)
        if look.width != self.look.width:
            self.page.set_viewport_size({"width": look.width, "height": 800})
        self.page.evaluate(FRAMES)
        self.look = look

    def visit(self, page: str, tab: int, only_colours: bool = False) -> Visit:
        """Look at the page that is open."""
        if tab != self.tab:
            self.page.evaluate(OPEN, tab)
            self.tab = tab
            if self.look.scripts:
                self.page.evaluate(FRAMES)  # the page's scripts measure what is seen
        noticed = json.loads(self.page.evaluate(NOTICE, self.look == USUAL))
        found = []
        if self.look.scripts:
            within = ".tabbed-set" if tab else "html"
            view = f"{self.look.width} {tab}"
            found = self.axe(within, view, only_colours)
            if found:  # what scrolls may get its focus a moment later
                self.page.wait_for_timeout(SETTLED)
                found = self.axe(within, view, only_colours)
        return Visit(page, self.look, tab, noticed, self.watch.faults, found)

    def axe(self, within: str, view: str = "", only_colours: bool = False) -> list[str]:
        """What axe finds serious in what a selector names."""
        given = {"within": within, "view": view, "onlyColours": only_colours}
        given["known"] = {rule: list(looks) for rule, looks in self.passed.items()}
        found = json.loads(self.page.evaluate(AXE, json.dumps(given)))
        for rule, looks in found["passed"].items():
            self.passed.setdefault(rule, set()).update(looks)
        return found["faults"]


def visit(home: str, chromium: str, pages: list[str]) -> list[Visit]:
    """Every page in two looks, light and dark, and some in all."""
    fully = {Path(page).parts[0]: page for page in reversed(pages)}.values()
    count = min(LANES, len(pages))
    with ThreadPoolExecutor(count) as pool:
        lanes = [pages[lane::count] for lane in range(count)]
        visits = pool.map(partial(_visit, home, chromium, Passed(), set(fully)), lanes)
        return [one for lane in visits for one in lane]


def _visit(
    home: str, chromium: str, passed: Passed, fully: set[str], pages: list[str]
) -> list[Visit]:
    visits = []
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        usual, plain = (Tab(browser, home, look, passed) for look in (USUAL, PLAIN))
        for number, page in enumerate(pages):
            turns = BRIEFLY if number % 2 else BRIEFLY[::-1]
            for looks in FULLY if ALL or page in fully else [turns]:
                visits += _load(usual if looks[0].scripts else plain, page, looks)
        browser.close()
    return visits


def _load(tab: Tab, page: str, looks: list[Look]) -> list[Visit]:
    """A page in all looks for which it is loaded once."""
    tab.become(looks[0])
    count = tab.go(page)
    if tab.look.scripts:
        tab.page.evaluate(WORDS)
    visits = []
    for look in looks:
        tab.become(look)
        # Of what axe looks for beside colours, the scheme changes nothing, and the
        # width what scrolls, which is more on a phone.
        phone = any(one.width == PHONE for one in looks)
        colours = look.width == WIDE if phone else bool(visits)
        visits += [tab.visit(page, number, colours) for number in range(count)]
        if look == USUAL:
            visits[-1].copied = tab.page.evaluate(COPY)
    return visits


def axe_in(tab: Tab, looks: list[Look], within: str) -> list[str]:
    """What axe finds serious in some looks, once nothing moves there any more."""
    found = []
    for look in looks:
        tab.become(look)
        tab.page.wait_for_timeout(SETTLED)
        tab.page.wait_for_selector(within)
        found += [f"{look}: {fault}" for fault in tab.axe(within)]
    return found

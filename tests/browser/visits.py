"""Opens every page in every look, once, and keeps what a reader would meet there."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

NOTICE = Path(__file__).with_name("notice.js").read_text(encoding="utf-8")
# Opens every fold, and the tab of that number in every set; how many tabs a set has.
OPEN = """number => {
  for (const fold of document.querySelectorAll("details")) fold.open = true
  const sets = [...document.querySelectorAll(".tabbed-set")]
  const tabs = sets.map(one => one.querySelectorAll(":scope > input"))
  for (const inputs of tabs) inputs[number % inputs.length].checked = true
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
# Presses the copy buttons of programs, from a number on; what the clipboard then has.
# Pressed in vain, a button leaves "nothing" there, or the program before it.
# After a few seconds the browser asks for a new gesture, which is a new call.
COPY = """async first => {
  const blocks = [...document.querySelectorAll("[data-snippet]")].slice(first)
  const copied = []
  const end = performance.now() + 1000
  let before = "nothing"
  await navigator.clipboard.writeText(before)
  while (blocks.length && performance.now() < end) {
    const block = blocks.shift()
    block.querySelector("[data-md-type=copy]").click()
    const now = await navigator.clipboard.readText()
    copied.push([block.dataset.snippet, now === before ? "nothing" : now])
    before = now
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
# A page is loaded for the first look of a row, as its scripts measure then. What can
# go wrong depends on the colours or on the width: so two looks show it. Both together,
# or no scripts, can only matter to what all pages have from the theme: one page of each
# folder, or each if $LOOKS is `all`, is seen in all looks.
LOADS = [
    [Look("dark", PHONE), Look("light", PHONE)],
    [USUAL, Look("dark", WIDE)],
    [PLAIN],
]
ALL = os.environ.get("LOOKS") == "all"
LANES = 2  # that many browsers share the pages


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


class Tab:
    """A tab of the browser, and how pages are seen there."""

    def __init__(
        self, browser: Browser, home: str, look: Look, passed: Passed | None = None
    ):
        self.home, self.look = home, look
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

    def go(self, page: str) -> None:
        """Start to load a page."""
        self.watch.faults = Faults()
        self.page.goto(self.home + page, wait_until="commit")

    def arrive(self) -> int:
        """Wait until it is loaded; how many tabs its widest set has."""
        self.page.wait_for_load_state()
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
        self.page.evaluate(OPEN, tab)
        if tab and self.look.scripts:
            self.page.evaluate(FRAMES)  # the page's scripts measure what is seen now
        noticed = json.loads(self.page.evaluate(NOTICE))
        found = []
        if self.look.scripts:
            within = ".tabbed-set" if tab else "html"
            self.start_axe(within, f"{self.look.width} {tab}", only_colours)
            found = self.found()
        return Visit(page, self.look, tab, noticed, self.watch.faults, found)

    def copies(self) -> list[tuple[str, str]]:
        """The programs of the page, and what the copy button of each gives."""
        copied = []
        while more := self.page.evaluate(COPY, len(copied)):
            copied += more
        return copied

    def start_axe(self, within: str, view: str = "", only_colours: bool = False):
        """Let axe read what a selector names; other tabs can go on meanwhile."""
        given = {"within": within, "view": view, "onlyColours": only_colours}
        given["known"] = {rule: list(looks) for rule, looks in self.passed.items()}
        self.page.evaluate(AXE, json.dumps(given))

    def found(self) -> list[str]:
        """What axe finds serious."""
        found = json.loads(self.page.evaluate("window.found"))
        for rule, looks in found["passed"].items():
            self.passed.setdefault(rule, set()).update(looks)
        return found["faults"]


def go(tabs: list[Tab], page: str) -> None:
    """Load a page in all tabs, and open its folds."""
    for tab in tabs:
        tab.go(page)
    for tab in tabs:
        tab.arrive()


def visit(home: str, chromium: str, pages: list[str]) -> list[Visit]:
    """Every page in two looks, light and dark, and some in all."""
    fully = {Path(page).parts[0]: page for page in reversed(pages)}.values()
    with ThreadPoolExecutor(LANES) as pool:
        lanes = [pages[lane::LANES] for lane in range(LANES)]
        visits = pool.map(partial(_visit, home, chromium, Passed(), set(fully)), lanes)
        return [one for lane in visits for one in lane]


def _visit(
    home: str, chromium: str, passed: Passed, fully: set[str], pages: list[str]
) -> list[Visit]:
    visits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        loads = [(looks, Tab(browser, home, looks[0], passed)) for looks in LOADS]
        for page in pages:
            for looks, tab in loads:
                if ALL or page in fully:
                    visits += _load(tab, page, looks)
                elif tab.look.scripts:
                    visits += _load(tab, page, looks[:1])
        browser.close()
    return visits


def _load(tab: Tab, page: str, looks: list[Look]) -> list[Visit]:
    """A page in all looks for which it is loaded once."""
    tab.become(looks[0])
    tab.go(page)
    count = tab.arrive()
    if tab.look.scripts:
        tab.page.evaluate(WORDS)
    visits = []
    for look in looks:
        tab.become(look)
        # Of what axe looks for beside colours, the scheme changes nothing, and the
        # width what scrolls, which is more on a phone.
        wide = len(looks) == 1 and look.width == WIDE
        visits += [
            tab.visit(page, number, wide or bool(visits)) for number in range(count)
        ]
    if tab.look.scripts and tab.look.width == WIDE:
        visits[-1].copied = tab.copies()
    return visits


def axe(tabs: list[Tab], within: str) -> list[str]:
    """What axe finds serious in tabs, once nothing moves there any more."""
    tabs[0].page.wait_for_timeout(SETTLED)
    for tab in tabs:
        tab.start_axe(within)
    return [f"{tab.look}: {fault}" for tab in tabs for fault in tab.found()]

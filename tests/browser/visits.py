"""Opens every page in every look, once, and keeps what a reader would meet there."""

from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

NOTICE = Path(__file__).with_name("notice.js").read_text(encoding="utf-8")
# Opens every fold, and the tab of that number in every set; how many tabs a set has.
OPEN = """number => {
  for (const fold of document.querySelectorAll("details")) fold.open = true
  const sets = [...document.querySelectorAll(".tabbed-set")]
  const tabs = sets.map(one => one.querySelectorAll(":scope > input"))
  for (const inputs of tabs) inputs[number % inputs.length].checked = true
  return Math.max(1, ...tabs.map(inputs => inputs.length))
}"""
AXE = Path(__file__).with_name("axe.js").read_text(encoding="utf-8")
SETTLED = 500  # milliseconds: menus slide in
SERIOUS = ("serious", "critical")
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
# axe takes many seconds for a page of many blocks, which are alike: two looks do.
MANY, ENOUGH = 20, (USUAL, Look("dark", PHONE))


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
    axe: list[str] = field(default_factory=list)

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
    """A tab of the browser with one look."""

    def __init__(self, browser: Browser, home: str, look: Look):
        self.home, self.look = home, look
        self.page = browser.new_context(
            color_scheme=look.scheme,
            java_script_enabled=look.scripts,
            viewport={"width": look.width, "height": 800},
        ).new_page()
        self.watch = Watch(self.page, home)

    def go(self, page: str) -> None:
        """Start to load a page."""
        self.watch.faults = Faults()
        self.page.goto(self.home + page, wait_until="commit")

    def arrive(self) -> int:
        """Wait until it is loaded; how many tabs its widest set has."""
        self.page.wait_for_load_state()
        return self.page.evaluate(OPEN, 0)

    def visit(self, page: str, tab: int) -> Visit:
        """Look at the page that is open; axe goes on for a while."""
        self.page.evaluate(OPEN, tab)
        noticed = self.page.evaluate(NOTICE)
        many = len(noticed["blocks"]) > MANY
        if self.look.scripts and (self.look in ENOUGH or not many):
            self.start_axe(".tabbed-set" if tab else "html")
        return Visit(page, self.look, tab, noticed, self.watch.faults)

    def start_axe(self, within: str) -> None:
        """Let axe read what a selector names; other tabs can go on meanwhile."""
        self.page.evaluate(AXE_SCRIPT)
        # Dark pages differ in their colours alone; the rest was read in the light.
        only_colours = self.look.scheme == "dark"
        self.page.evaluate(AXE, {"within": within, "onlyColours": only_colours})

    def found(self) -> list[str]:
        """What axe finds serious."""
        return [
            f"{fault['id']}: {' '.join(map(str, node['target']))} {node['html'][:100]}"
            for fault in self.page.evaluate("window.found || []")
            if fault["impact"] in SERIOUS
            for node in fault["nodes"]
        ]


def go(tabs: list[Tab], page: str) -> int:
    """Load a page in all tabs; how many tabs of its own its widest set has."""
    for tab in tabs:
        tab.go(page)
    return max([tab.arrive() for tab in tabs])


def visit(tabs: list[Tab], pages: list[str]) -> list[Visit]:
    """Every page in every look. The looks share the cores: it takes seconds."""
    visits = []
    for page in pages:
        for number in range(go(tabs, page)):
            here = [tab.visit(page, number) for tab in tabs]
            for one, tab in zip(here, tabs, strict=True):
                one.axe = tab.found() if one.look.scripts else []
            visits += here
    return visits


def axe(tabs: list[Tab], within: str) -> list[str]:
    """What axe finds serious in tabs, once nothing moves there any more."""
    tabs[0].page.wait_for_timeout(SETTLED)
    for tab in tabs:
        tab.start_axe(within)
    return [f"{tab.look}: {fault}" for tab in tabs for fault in tab.found()]

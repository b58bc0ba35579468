"""One browser for all tests of the site; it is closed before other tests go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from harness.core.problem import Problem
from harness.core.tree import HERE

from . import chromium, serving
from .built import ONE_PAGE, Built
from .visits import PHONE, USUAL, WIDE, Tab, Visit, faultless, visit

LONGEST = 1200  # seconds: the first test may have to install a browser


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(LONGEST))
    if ONE_PAGE:
        items[:] = [item for item in items if "seen" in item.fixturenames]


@pytest.fixture(scope="package")
def site() -> Built:
    try:
        return Built(HERE)
    except Problem as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="package")
def home(site: Built) -> Iterator[str]:
    """The address of the home page."""
    with serving.serve(site.folder, site.base) as address:
        yield address


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def executable(playwright: Playwright) -> str:
    """The path of a Chromium."""
    try:
        return chromium.find(playwright)
    except chromium.NoBrowser as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="package")
def browser(playwright: Playwright, executable: str) -> Iterator[Browser]:
    started = chromium.launch(playwright, executable)
    yield started
    started.close()


@pytest.fixture(scope="package")
def seen(executable: str, home: str, site: Built) -> list[Visit]:
    """Every page, as `visit` looks at it."""
    return visit(home, executable, site.pages)


FORGET = "() => { localStorage.clear(); sessionStorage.clear() }"


@contextmanager
def as_new(page: Page) -> Iterator[None]:
    """A tab that tests share: what it knows of the site's files is half of a load.

    Afterwards nothing is left of what a test did there.
    """
    heard, on = [], page.on
    page.on = lambda *given: (heard.append(given), on(*given))
    yield
    del page.on
    for given in heard:
        page.remove_listener(*given)
    page.unroute_all()
    page.evaluate(FORGET)
    page.goto("about:blank")
    page.mouse.move(0, 0)
    page.set_default_timeout(30_000)
    page.set_viewport_size({"width": WIDE, "height": 800})
    page.emulate_media(media="null", color_scheme="light", reduced_motion="null")


@pytest.fixture(scope="package")
def first_tab(browser: Browser, home: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=home,
        color_scheme="light",
        permissions=["clipboard-read", "clipboard-write"],
        viewport={"width": WIDE, "height": 800},
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def page(first_tab: Page) -> Iterator[Page]:
    """A new reader's tab on a light, wide screen; addresses start at the home page."""
    with as_new(first_tab):
        yield first_tab


@pytest.fixture(scope="package")
def first_screen(browser: Browser, home: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=home,
        has_touch=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(first_screen: Page) -> Iterator[Page]:
    """A new reader's tab on a small screen that knows fingers."""
    with as_new(first_screen):
        first_screen.set_viewport_size({"width": PHONE, "height": 800})
        yield first_screen


@pytest.fixture(scope="package")
def plain_page(browser: Browser, home: str) -> Iterator[Page]:
    """A tab without JavaScript, which cannot keep anything."""
    context = browser.new_context(base_url=home, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def axe_tab(browser: Browser, home: str) -> Tab:
    return Tab(browser, home, USUAL)


@pytest.fixture
def tab(axe_tab: Tab) -> Iterator[Tab]:
    """A tab that axe can look at."""
    with as_new(axe_tab.page):
        yield axe_tab
    axe_tab.look = USUAL


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The addresses that a page asks for from now on."""
    found = []
    page.on("request", lambda one: found.append(one.url))
    return found


@pytest.fixture
def search(page: Page, home: str) -> Iterator[Page]:
    """The home page, to search in; nothing may go wrong meanwhile."""
    with faultless(page, home):
        page.goto("")
        yield page


@pytest.fixture(scope="package")
def modules(browser: Browser, home: str) -> Iterator[Page]:
    """A page of the site, for tests that call functions and look at nothing."""
    context = browser.new_context(base_url=home)
    page = context.new_page()
    page.goto("404.html")
    yield page
    context.close()

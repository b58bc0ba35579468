"""One browser for all tests of the site; it is closed before other tests go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from harness.core.problem import Problem
from harness.core.tree import HERE

from . import chromium, serving
from .built import ONE_PAGE, Built
from .visits import WIDE, Visit, faultless, visit

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


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    """A new reader's tab on a light, wide screen; addresses start at the home page."""
    context = browser.new_context(
        base_url=home,
        color_scheme="light",
        permissions=["clipboard-read", "clipboard-write"],
        viewport={"width": WIDE, "height": 800},
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def search(page: Page, home: str) -> Iterator[Page]:
    """The home page, to search in; nothing may go wrong meanwhile."""
    with faultless(page, home):
        page.goto("")
        yield page


@pytest.fixture(scope="module")
def modules(browser: Browser, home: str) -> Iterator[Page]:
    """A page of the site, for tests that call functions and look at nothing."""
    context = browser.new_context(base_url=home)
    page = context.new_page()
    page.goto("404.html")
    yield page
    context.close()

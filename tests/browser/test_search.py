"""The dialog of the search: keys, what is fetched when, what is said, how it looks."""

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from harness.core.tree import HERE

from . import refuse
from .searching import DIALOG, OPTION, PATIENCE, open_dialog, type_in
from .visits import LOOKS, axe_in

CODE = HERE.docs / "assets" / "javascripts" / "search"
INDEX = "assets/search/pages.js"
MOST_CODE, MOST_INDEX = 25_000, 250_000  # bytes, compressed
QUESTION = "how to freeze some layers"
ANSWER = "training/initialise-and-freeze/"


def fetches(page: Page) -> list[str]:
    """The parts of the search that a page asks for from now on."""
    asked = []
    parts = re.compile(r"/search(?:/|\.css)")
    page.on(
        "request", lambda one: asked.append(one.url) if parts.search(one.url) else 0
    )
    return asked


def test_its_code_and_its_index_are_light(site):
    """Each file as a server sends it; without the comments of ours."""
    files = [site.folder / file.relative_to(HERE.docs) for file in CODE.glob("*.js")]
    code = [file.read_bytes() for file in files]
    assert sum(len(gzip.compress(one)) for one in code) <= MOST_CODE
    index = (HERE.search / "pages.js").read_bytes()
    assert len(gzip.compress(index)) <= MOST_INDEX


def test_nothing_is_fetched_before_somebody_searches(page):
    asked = fetches(page)
    page.goto("", wait_until="networkidle")
    assert [url.rpartition("/")[2] for url in asked] == ["open.js"]
    open_dialog(page)
    type_in(page, QUESTION)
    assert sum(INDEX in url for url in asked) == 1


@pytest.mark.parametrize("way", ["/", "s", "button"])
def test_it_opens_and_a_key_leads_to_the_first_result(search, home, way):
    if way == "button":
        search.get_by_role("button", name="Search").click()
        search.wait_for_selector(DIALOG, timeout=PATIENCE)
    else:
        open_dialog(search, way)
    field = search.get_by_role("combobox")
    expect(field).to_be_focused()
    first, second, *_ = type_in(search, QUESTION)
    assert first.startswith(home + ANSWER)
    options = search.locator(OPTION)
    for key, at in (("ArrowDown", 1), ("ArrowUp", 0)):
        search.keyboard.press(key)
        expect(options.nth(at)).to_have_attribute("aria-selected", "true")
        chosen = options.nth(at).get_attribute("id")
        expect(field).to_have_attribute("aria-activedescendant", chosen)
    assert "?q=how+to+freeze" in search.url  # which the way back leads to
    search.keyboard.press("Enter")
    search.wait_for_url(f"**/{ANSWER}**")
    expect(search.locator("article mark").first).to_be_visible()
    if way == "/":
        search.go_back()  # to the list
        search.wait_for_selector(OPTION, timeout=PATIENCE)


def test_escape_closes_it_and_gives_the_focus_back(search):
    button = search.get_by_role("button", name="Search")
    button.focus()
    search.keyboard.press("Enter")
    search.wait_for_selector(DIALOG, timeout=PATIENCE)
    type_in(search, QUESTION)
    assert "?q=how+to+freeze" in search.url
    search.keyboard.press("Escape")
    expect(search.locator(DIALOG)).to_have_count(0)
    expect(button).to_be_focused()
    assert "q=" not in search.url


def test_a_key_that_is_typed_into_a_field_opens_nothing(page):
    page.goto("keras/parity/")
    page.locator(".filter").press_sequentially("s/")
    expect(page.locator(DIALOG)).to_have_count(0)
    expect(page.locator(".filter")).to_have_value("s/")


def test_a_shared_search_opens_with_its_results(page, home):
    page.goto("gpu/?q=how+to+freeze+some+layers")
    first = page.locator(OPTION).first
    expect(first).to_have_attribute("href", re.compile(ANSWER), timeout=PATIENCE)


def test_what_is_found_is_said_and_shown(search):
    open_dialog(search)
    type_in(search, QUESTION)
    expect(search.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
    expect(search.locator(f"{DIALOG} [role=status]")).to_have_text("20 results")
    option = search.locator(OPTION).first
    expect(option.locator(".search-title")).to_have_text("Freeze layers")
    expect(option.locator(".search-where")).to_have_text(
        "Initialise and freeze weights"
    )
    # More of its page stands below it, and does not name the page again.
    below = search.locator(OPTION).nth(1)
    expect(below).to_have_class("more")
    expect(below.locator(".search-where")).to_be_hidden()
    text = option.locator(".search-text")
    lines = text.evaluate(
        "one => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"
    )
    assert round(lines) == 2
    expect(text.locator("mark").first).to_have_text("freeze")
    type_in(search, "qqqqqq zzzzzz")
    status = search.locator(f"{DIALOG} [role=status]")
    expect(status).to_contain_text("Nothing was found")
    expect(search.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


def test_an_excerpt_says_that_its_text_goes_on(search):
    found = search.evaluate("""async () => {
      const files = ["stemmer.js", "words.js", "excerpt.js"]
      for (const file of files) await proven.load(file)
      const texts = ["so the loss", "It fell.", "Write `x`:", "To fix,"]
      return texts.map(text => proven.excerpt.show(text, new Set()).join(""))
    }""")
    assert found == ["so the loss …", "It fell.", "Write `x`:", "To fix, …"]


def test_an_excerpt_fills_two_lines(search):
    """Also where what is asked for stands at the end of its text."""
    found = search.evaluate("""async () => {
      const files = ["stemmer.js", "words.js", "excerpt.js"]
      for (const file of files) await proven.load(file)
      const text = `${"So it is. ".repeat(20)}Here is momentum.`
      return proven.excerpt.show(text, new Set(["momentum"])).join("")
    }""")
    assert "momentum" in found and len(found) > 150


def test_without_its_index_it_says_so(page):
    page.route(f"**/{INDEX}", lambda route: route.abort())
    page.goto("")
    open_dialog(page)
    status = page.locator(f"{DIALOG} [role=status]")
    expect(status).to_contain_text("could not be loaded", timeout=PATIENCE)
    page.unroute(f"**/{INDEX}")
    page.locator(f"{DIALOG} input").press_sequentially("freeze")  # another try
    expect(page.locator(OPTION).first).to_be_visible(timeout=PATIENCE)


def test_a_copy_on_a_disk_is_searched_without_a_server(browser, site):
    page = browser.new_page()
    page.goto((site.folder / "training" / "data" / "index.html").resolve().as_uri())
    open_dialog(page)
    first, *_ = type_in(page, QUESTION)
    assert first.startswith("file:") and f"{ANSWER}index.html" in first
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{ANSWER}index.html**", wait_until="commit")
    page.close()


def test_without_javascript_there_is_no_button(plain_page):
    plain_page.goto("")
    expect(plain_page.locator(".search-button")).to_be_hidden()


def test_axe_finds_nothing_in_it(tab):
    tab.go("")
    open_dialog(tab.page)
    type_in(tab.page, "mat1 and mat2 shapes cannot be multiplied")
    refuse(axe_in(tab, LOOKS, DIALOG))


def test_the_header_does_not_move_when_it_opens(search):
    places = "one => JSON.stringify(one.getBoundingClientRect())"
    title = search.locator(".md-header__title")
    before = title.evaluate(places)
    open_dialog(search)
    type_in(search, QUESTION)
    assert title.evaluate(places) == before


def test_an_unknown_address_is_searched_for_its_words(page):
    assert page.goto("training/freezing-weights.html").status == 404
    links = page.locator("[data-lost] a")
    expect(links.first).to_be_visible(timeout=PATIENCE)
    addresses = links.evaluate_all("all => all.map(one => one.href)")
    assert len(addresses) <= 5
    assert any("training/initialise-and-freeze/" in one for one in addresses)
    page.goto("404.html")
    expect(page.locator("[data-lost]")).to_be_hidden()

"""What the reader can press and type into: copy, tabs, colours, search."""

import re
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from harness.core.snippet import Snippet
from harness.core.tree import HERE

from . import refuse
from .searching import clear, far_off, results
from .visits import PHONE

# Presses the copy button of every program; what then lies in the clipboard.
COPY_EACH = """async () => {
  const copied = []
  for (const block of document.querySelectorAll("[data-snippet]")) {
    await navigator.clipboard.writeText("nothing")
    block.querySelector("[data-md-type=copy]").click()
    copied.push([block.dataset.snippet, await navigator.clipboard.readText()])
  }
  return copied
}"""
# Of each set of tabs that has one of this name, the name of the open one.
OPEN_TABS = """name => [...document.querySelectorAll(".tabbed-set")].flatMap(set => {
  const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")]
  const names = labels.map(label => label.textContent.trim())
  const inputs = [...set.querySelectorAll(":scope > input")]
  const open = inputs.findIndex(input => input.checked)
  return names.includes(name) ? [names[open]] : []
})"""
TAB = re.compile(r'<label for="[\w-]+">(.*?)</label>')
SAMPLE = 40  # error lines that are pasted
TYPED = 11  # error lines that are begun
ERROR = re.compile(r"(?!Assertion)\w+(?:Error|Warning): \S.*")  # a library's words


def test_the_copy_button_gives_the_file(page, site):
    found = []
    for name in site.pages:
        page.goto(name)
        for one, copied in page.evaluate(COPY_EACH):
            snippet = Snippet(HERE, one)
            if copied.encode() != (file := snippet.path.read_bytes()):
                found.append(
                    f"{name}: {one}: copied {len(copied.encode())} bytes, "
                    f"the file has {len(file)}"
                )
    refuse(found)


def test_a_finger_reaches_the_copy_button(page, site):
    """What the script above presses, pressed where a reader would, on some pages."""
    for name in site.pages[::5]:
        page.goto(name)
        block = page.locator("[data-snippet]:visible").first
        if block.count():
            page.evaluate("navigator.clipboard.writeText('nothing')")
            block.locator("[data-md-type=copy]").click()
            copied = page.evaluate("navigator.clipboard.readText()")
            snippet = Snippet(HERE, block.get_attribute("data-snippet"))
            assert copied == snippet.source, name


def test_a_chosen_tab_opens_wherever_there_is_one_and_stays_open(page, site):
    """Each name of a tab is chosen once on each page that has it."""
    names = {
        name: list(dict.fromkeys(TAB.findall(html)))
        for name in site.pages
        if 'class="tabbed-set' in (html := (site.folder / name).read_text("utf-8"))
    }
    assert names, "no page has tabs to try this on"
    found, shared = [], set()
    for start, tabs in names.items():
        for tab in reversed(tabs):  # the first is open already
            page.goto(start)
            label = page.locator(".tabbed-labels > label")
            label.filter(has_text=re.compile(f"^{re.escape(tab)}$")).first.click()
            others = [name for name in names if name != start and tab in names[name]]
            shared.update([tab] if others else [])
            for name in (None, start, *others):  # here, after a reload, and elsewhere
                if name:
                    page.goto(name)
                found += [
                    f"{name or start}: '{tab}' of {start} gives way to '{other}'"
                    for other in page.evaluate(OPEN_TABS, tab)
                    if other != tab
                ]
    assert shared >= {"PyTorch loop", "Keras fit"}, "no page shares them with another"
    refuse(found)


def test_the_colours_can_be_chosen_and_are_remembered(page, site):
    cycle = {
        "light": {"light": "default", "dark": "default"},
        "dark": {"light": "slate", "dark": "slate"},
        "automatic": {"light": "default", "dark": "slate"},
    }
    button = page.locator("[data-md-component=palette] label:visible")
    page.goto("")
    for choice, schemes in cycle.items():
        assert f"Switch to {choice}" in button.get_attribute("title")
        button.click()
        for name, (system, scheme) in zip(site.pages, schemes.items(), strict=False):
            page.emulate_media(color_scheme=system)
            page.goto(name)
            where = f"{name}: the colours are {choice}, the system's {system}"
            body = page.locator("body")
            expect(body, where).to_have_attribute("data-md-color-scheme", scheme)


def test_a_wide_table_takes_the_focus_once_its_fold_is_open(page):
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto("reference/status/")
    table = page.locator("details .md-typeset__scrollwrap").first
    expect(table).not_to_have_attribute("tabindex", "0")
    page.locator("summary").first.click()
    expect(table).to_have_attribute("tabindex", "0")


@pytest.fixture(scope="module")
def errors(site) -> dict[str, set[str]]:
    """The error and warning lines that pages show, each with the paths of these."""
    found = defaultdict(set)
    for name in site.pages:
        html = (site.folder / name).read_text(encoding="utf-8")
        for shown in re.findall(r'data-output="([^"]+)"', html):
            out = Snippet(HERE, shown).out
            last = out.read_text(encoding="utf-8").rstrip().split("\n")[-1]
            if ERROR.fullmatch(last):
                found[last].add(site.base + name.removesuffix("index.html"))
    return found


def test_an_error_text_that_is_typed_finds_its_page(page, search, errors):
    assert len(errors) >= TYPED
    problems = []
    for text in sorted(errors)[:: len(errors) // TYPED][:TYPED]:
        clear(search)
        start = " ".join(text.split()[:6])
        page.keyboard.type(start)
        problems += far_off(start, errors[text], results(page))
    # One may begin with words of many pages, as "Creating a tensor from a list" does.
    refuse(problems if len(problems) > 1 else [])


def test_an_error_line_that_is_pasted_finds_its_page(page, search, errors):
    # Of hundreds, those with marks that a search could stumble over, and a sample.
    odd = [text for text in errors if re.search(r'["`*^~]| -', text)]
    sample = sorted(errors)[:: 1 + len(errors) // SAMPLE]
    problems = []
    for text in dict.fromkeys([*odd, *sample]):
        # The same error with other sizes in it answers as well.
        alike = [one for one in errors if one.split()[:3] == text.split()[:3]]
        right = set().union(*(errors[one] for one in alike))
        clear(search)
        page.keyboard.insert_text(text)  # no key is pressed, as with a mouse
        problems += far_off(text, right, results(page))
    refuse(problems)


def test_a_chinese_term_finds_the_glossary(page, search, site):
    clear(search)
    page.keyboard.insert_text("张量")
    right = {f"{site.base}reference/glossary/"}
    refuse(far_off("张量", right, results(page)))

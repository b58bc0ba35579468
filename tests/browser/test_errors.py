"""The error pages: short on a phone, and a link to an entry shows what it needs."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from harness.core import page as pages
from harness.core.tree import HERE
from harness.site.tables import errors, moved

from . import refuse

PHONE = {"width": 390, "height": 844}
SCREENS, OF_INDEX = 12, 6
LENGTH = "() => document.documentElement.scrollHeight"
# What stands in a fold has no anchor yet: gives one, as a page may, and goes there.
OPEN = """async () => {
  const fold = document.querySelector("article details:has(.highlight)")
  if (!fold) return null
  const [before, program] = [fold.open, fold.querySelector(".highlight")]
  program.id = "inside"
  location.hash = "#inside"
  for (let wait = 0; wait < 100 && !fold.open; wait++)
    await new Promise(done => setTimeout(done, 50))
  await new Promise(requestAnimationFrame)
  const { top, bottom } = program.getBoundingClientRect()
  return { before, after: fold.open, seen: bottom > 0 && top < innerHeight }
}"""
ENTRIES = list(errors.listed(pages.find(HERE)))
MOVED = {name: links for name, links in moved.moves(HERE, pages.find(HERE)) if links}
FIRST = {entry.page.name: entry for entry in reversed(ENTRIES)}


def address(name: str) -> str:
    return name.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/"


@pytest.fixture(scope="module")
def visits(browser, home, site):
    """Each error page as a phone loads it: its screens, and what a link opened."""
    context = browser.new_context(base_url=home, viewport=PHONE)
    page, found = context.new_page(), {}
    for name in site.pages:
        if name.startswith("errors/"):
            page.goto(name)
            found[name] = (page.evaluate(LENGTH) / PHONE["height"], page.evaluate(OPEN))
    context.close()
    return found


def test_an_error_page_is_short_on_a_phone(visits):
    assert len(visits) > 15
    refuse(
        f"{name} has {screens:.1f} screens, more than {allowed}"
        for name, (screens, _) in visits.items()
        if screens > (allowed := OF_INDEX if name == "errors/index.html" else SCREENS)
    )


def test_a_link_into_a_fold_opens_it(visits):
    for entry in FIRST.values():
        name = f"{address(entry.page.name)}index.html"
        assert visits[name][1] == {"before": False, "after": True, "seen": True}, name


@pytest.mark.parametrize("name", MOVED)
def test_an_old_address_leads_to_the_entry(page, site, name):
    """At once with JavaScript, by a link without."""
    for anchor, words, file, to in MOVED[name][::36]:
        page.goto(f"errors/{name}/#{anchor}", wait_until="commit")
        there = f"**/{address(file)}{f'#{to}' if to else ''}"
        page.wait_for_url(there, wait_until="commit")
        expect(page.locator("h1"), words).to_have_count(1)


def test_without_javascript_an_old_anchor_is_a_link(plain_page):
    for name, links in MOVED.items():
        anchor, words, file, to = links[0]
        plain_page.goto(f"errors/{name}/#{anchor}", wait_until="commit")
        link = plain_page.locator(f"[id='{anchor}']")
        ends = f"{file.removeprefix('errors/').removesuffix('.md')}/"
        assert link.get_attribute("href").partition("#")[0].endswith(ends), words


def test_the_links_of_its_list_are_far_enough_apart_for_a_finger(phone):
    phone.goto("errors/shapes/")
    tops = phone.locator(".entries a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert min(b - a for a, b in pairwise(tops)) >= 24 and len(tops) > 20


def test_its_list_has_the_groups_of_the_page_and_quiet_links(page):
    page.goto("errors/shapes/")
    groups = page.locator("article h2:has(~ h3)").evaluate_all(
        "all => all.map(one => one.firstChild.textContent.trim())"
    )
    assert page.locator(".entries p").all_inner_texts() == groups
    colour = "one => getComputedStyle(one).color"
    link = page.locator(".entries a").first
    assert link.evaluate(colour) == page.locator("article > p").first.evaluate(colour)


def test_the_contents_beside_a_page_list_its_groups_alone(page):
    page.goto("errors/shapes/")
    listed = page.locator(".md-nav--secondary a:visible")
    assert listed.all_inner_texts() == page.locator("article h2").evaluate_all(
        "all => all.map(one => one.firstChild.textContent.trim())"
    )


def test_the_contents_list_and_mark_the_entries_where_a_reader_is(page):
    page.goto("errors/shapes/")
    page.locator("article h3").nth(5).evaluate("one => one.scrollIntoView()")
    contents = page.locator(".md-sidebar--secondary")
    active = contents.locator(".md-nav .md-nav .md-nav__link--active")
    expect(active).to_be_visible()
    groups = contents.locator(".md-nav--secondary > ul > li").all()
    shown = [group.locator("ul a:visible").count() for group in groups]
    assert shown[0] > 15 and not any(shown[1:])
    colour = "one => getComputedStyle(one).color"
    link = page.locator("article p a").first
    assert active.evaluate(colour) == link.evaluate(colour)


def test_on_paper_a_fold_is_open(page):
    page.goto("errors/shapes/")
    page.emulate_media(media="print")
    program = page.locator("article details .highlight").first
    expect(program).to_be_visible()
    assert program.bounding_box()["height"] > 20

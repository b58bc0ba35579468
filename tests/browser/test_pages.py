"""What holds for every page, light and dark, on a phone and on a wide screen."""

import re

from harness.core.snippet import Snippet
from harness.core.tree import HERE
from harness.site import policy

from . import refuse
from .built import ONE_PAGE
from .visits import LOOKS, PHONE, Tab, axe_in

SCHEMES = {"light": "default", "dark": "slate"}  # the system's name and Material's


# What a text could bring in: did it run, and what was refused?
INJECT = """async () => {
  const heard = new Set()
  document.addEventListener("securitypolicyviolation", one => {
    heard.add(one.effectiveDirective)
  })
  const html = '<p style="color: red">x</p><img src="https://192.0.2.1/a.png">'
  document.body.insertAdjacentHTML("beforeend", html)
  const script = document.createElement("script")
  script.textContent = "window.ran = true"
  document.body.append(script)
  for (let wait = 0; wait < 100 && heard.size < 3; wait++)
    await new Promise(done => setTimeout(done, 50))
  return ["ran" in window, [...heard].sort()]
}"""


def pictures(seen):
    return ((one, picture) for one in seen for picture in one.noticed["pictures"])


def test_every_page_was_built(site):
    named = site.counts.keys() | site.walkthroughs
    refuse(f"{page}: is not there" for page in named - set(site.pages))


def test_the_style_is_sent_without_its_comments(site):
    style = (site.folder / "assets/stylesheets/book.css").read_text(encoding="utf-8")
    assert "/*" not in style and "\n  " not in style and "@media" in style


def test_a_page_takes_the_scheme_of_the_system(seen):
    refuse(
        f"{one}: has the scheme {one.noticed['scheme']}"
        for one in seen
        if one.noticed["scheme"] != SCHEMES[one.look.scheme]
    )


def test_a_page_has_a_policy_that_lets_no_other_script_run(site, page):
    """That its own scripts and styles keep to it, the console says: see below."""
    for name in site.pages:
        html = (site.folder / name).read_text(encoding="utf-8")
        assert html == policy.protected(html), name
    page.goto("")
    assert page.evaluate(INJECT) == [
        False,
        ["img-src", "script-src-elem", "style-src-attr"],
    ]


def test_no_page_writes_an_error_to_the_console(seen):
    refuse(f"{one}: {error}" for one in seen for error in one.faults.errors)


def test_no_page_asks_another_origin(seen):
    refuse(f"{one}: asks for {url}" for one in seen for url in one.faults.foreign)


def test_no_request_fails(seen):
    refuse(f"{one}: {failed}" for one in seen for failed in one.faults.failed)


def test_no_page_scrolls_sideways(seen):
    refuse(
        f"{one}: wider than the screen: {' | '.join(one.noticed['past'])}"
        for one in seen
        if one.noticed["wide"]
    )


def test_no_text_is_cut_off(seen):
    refuse(f"{one}: cut off: {name}" for one in seen for name in one.noticed["cut"])


def test_a_table_shows_all_its_cells_on_a_phone_too(seen):
    """Of all tables only that of other tools scrolls: a column for each tool."""
    refuse(
        f"{one}: not all of a table: {name}"
        for one in seen
        if one.page != "reference/how-it-is-tested/index.html"
        for name in one.noticed["lost"]
    )


def test_axe_finds_nothing_serious(seen):
    refuse(f"{one}: {fault}" for one in seen for fault in one.axe)


def test_axe_finds_nothing_serious_in_marked_words_and_the_menu(browser, home):
    tab = Tab(browser, home, LOOKS[0])
    phones = [look for look in LOOKS if look.width == PHONE]
    tab.go("errors/shapes/index.html?h=RuntimeError")
    tab.page.wait_for_selector("article mark")
    problems = axe_in(tab, LOOKS, "article mark")
    tab.become(phones[0])
    tab.page.click(".md-header__button[for=__drawer]")
    problems += axe_in(tab, phones, ".md-sidebar--primary")
    refuse(problems)


def test_every_picture_loads(seen):
    refuse(
        f"{one}: {picture['source']} does not load"
        for one, picture in pictures(seen)
        if picture["visible"] and not picture["loaded"]
    )


def test_every_picture_has_words(seen):
    refuse(
        f"{one}: {picture['source']} has no alt text"
        for one, picture in pictures(seen)
        if not picture["alt"].strip()
    )


def test_of_each_figure_the_copy_for_the_scheme_is_seen(seen):
    shown = {
        (one.page, one.look, picture["source"])
        for one, picture in pictures(seen)
        if picture["visible"]
    }
    refuse(
        f"{one}: {picture['source']} is {'seen' if is_seen else 'not seen'}"
        for one, picture in pictures(seen)
        if (scheme := picture["source"].partition("#only-")[2])
        and (is_seen := (one.page, one.look, picture["source"]) in shown)
        != (scheme == one.look.scheme)
    )


def test_the_copy_button_gives_the_file(seen, site):
    copies = [(one, *copy) for one in seen for copy in one.copied]
    names = set(site.pages) & site.counts.keys() if ONE_PAGE else site.counts
    assert len(copies) == sum(site.counts[name]["snippets"] for name in names)
    refuse(
        f"{one}: {name}: copied {len(copied.encode())} bytes, the file has {len(file)}"
        for one, name, copied in copies
        if copied.encode() != (file := Snippet(HERE, name).path.read_bytes())
    )


def test_a_page_names_the_next_one_once_and_has_no_box_of_what_to_try(site):
    """The last page of the nav names none."""
    without = []
    for name in site.pages:
        html = (site.folder / name).read_text(encoding="utf-8")
        leads = len(re.findall(r'<p class="leads">Next|>Next: ', html))
        assert leads < 2 and "md-footer__link" not in html, name
        without += [name] if not leads and ">Previous: " in html else []
        assert "admonition tip" not in html, name
    assert len(without) <= 1, without


def test_an_unknown_address_leads_to_the_parts_that_exist(page):
    answer = page.goto("no/such/page/")
    assert answer.status == 404
    title = page.locator("h1")
    assert title.inner_text() == "This page does not exist"
    page.locator("article a, .md-content a").first.click()
    assert title.inner_text() != "This page does not exist"

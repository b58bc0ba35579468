"""What the reader can press and type into: copy, tabs, colours."""

import re

import pytest
from playwright.sync_api import expect

from harness.core.snippet import Snippet
from harness.core.tree import HERE

from . import refuse
from .visits import PHONE

# Of each set of tabs that has one of this name, the name of the open one.
OPEN_TABS = """name => [...document.querySelectorAll(".tabbed-set")].flatMap(set => {
  const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")]
  const names = labels.map(label => label.textContent.trim())
  const inputs = [...set.querySelectorAll(":scope > input")]
  const open = inputs.findIndex(input => input.checked)
  return names.includes(name) ? [names[open]] : []
})"""
# Chooses the first tab of each name; a test presses each of them in its turn.
CHOOSE = """names => {
  const labels = [...document.querySelectorAll(".tabbed-labels > label")]
  for (const name of names) labels.find(one => one.textContent.trim() === name).click()
}"""
TAB = re.compile(r'<label for="[\w-]+">(.*?)</label>')


def test_a_finger_reaches_the_copy_button(page, site):
    """What a script presses on every page, pressed where a reader would, on some."""
    for name in site.pages[::10]:
        page.goto(name)
        block = page.locator("[data-snippet]:visible").first
        if block.count():
            page.evaluate("navigator.clipboard.writeText('nothing')")
            block.locator(".copy").click()
            copied = page.evaluate("navigator.clipboard.readText()")
            snippet = Snippet(HERE, block.get_attribute("data-snippet"))
            assert copied == snippet.source, name


def test_a_command_is_copied_without_its_prompt(page):
    page.goto("start/install/")
    block = page.locator(".highlight:not([data-snippet])", has_text="python3 -m venv")
    block.first.locator(".copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("python3 -m venv"), copied


def test_a_page_is_copied_as_markdown_or_opens_where_it_cannot_be(page, site):
    page.goto("keras/callbacks/")
    page.locator(".of-page .copy").click()
    expect(page.locator(".of-page .copy")).to_have_attribute("data-tip", "Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    text = (site.folder / "keras/callbacks/index.md").read_text(encoding="utf-8")
    assert copied == text and text.startswith("# Keras callbacks in PyTorch\n\n> http")
    page.reload()
    page.evaluate("() => { window.fetch = () => Promise.reject() }")
    page.locator(".of-page .copy").click()
    page.wait_for_url("**/keras/callbacks/index.md")


@pytest.mark.parametrize("name", ["errors/shapes/", "autograd/"])
def test_a_page_is_styled_few_times_as_it_loads(page, name):
    """Else each of its programs is measured by itself, in closed folds, too."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(name)
    expect(page.locator("[data-snippet]:not(:has(.copy))")).to_have_count(0)
    counts = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    count = {one["name"]: one["value"] for one in counts}
    assert count["RecalcStyleCount"] < page.locator(".highlight").count()
    assert count["LayoutCount"] < 25


def test_an_output_has_an_address_that_its_title_gives_and_that_shows_it(page):
    """Pressed in a fold that is open; the address opens the fold for others."""
    page.goto("errors/shapes/")
    fold = page.locator("article details:has(.output)").first
    fold.locator("summary").first.click()
    title = fold.locator(".output .filename a").first
    title.click()
    address = page.url
    assert address.endswith(f"{title.get_attribute('href')}") and ".out" in address
    page.goto("about:blank")
    page.goto(address)
    output = page.locator(f"[id='{address.partition('#')[2]}']")
    expect(output).to_be_in_viewport()
    top = output.bounding_box()["y"]
    assert top >= page.locator(".md-header").bounding_box()["height"], top


def test_folds_are_open_while_a_page_is_printed(page):
    page.goto("errors/shapes/")
    shut = page.locator("article details:not([open])")
    count = shut.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert count > 20 and not shut.count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shut.count() == count


def test_without_javascript_a_wide_table_scrolls(plain_page):
    plain_page.set_viewport_size({"width": PHONE, "height": 800})
    plain_page.goto("reference/versions/")
    table = plain_page.locator(".md-typeset__scrollwrap").first
    assert table.evaluate("box => getComputedStyle(box).overflowX") == "auto"


TIP = "button => getComputedStyle(button, '::after').display"


@pytest.mark.parametrize("way", ["keyboard", "mouse", "finger"])
def test_what_ran_a_program_is_told_on_request(request, way):
    page = request.getfixturevalue("phone" if way == "finger" else "page")
    page.goto("tensors/")
    mark = page.locator("[data-output]:visible .proof").first
    assert mark.evaluate(TIP) == "none"
    if way == "keyboard":
        page.locator("[data-snippet]:visible .copy").first.focus()
        page.keyboard.press("Tab")  # to the title of the output, which is a link
        page.keyboard.press("Tab")
    elif way == "mouse":
        mark.hover()
    else:
        mark.tap()
    assert mark.evaluate(TIP) == "block"
    said = mark.evaluate("button => getComputedStyle(button, '::after').content")
    assert "Ran on CPU" in said and said.strip('"') == mark.get_attribute("aria-label")
    page.keyboard.press("Escape")
    if way == "finger":
        page.locator("h1").tap()
    if way != "mouse":  # a pointer that stays there asks on
        assert mark.evaluate(TIP) == "none"


def test_on_a_phone_long_lines_can_be_wrapped(page):
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto("training/data/")
    hidden = """() => [...document.querySelectorAll("[data-snippet] code")].filter(
      code => code.scrollWidth > code.clientWidth
    ).length"""
    assert page.evaluate(hidden) > 3
    page.locator(".wrap:visible").first.click()
    assert page.evaluate(hidden) == 0
    page.goto("training/train-and-eval/")  # what was chosen holds there, too
    assert page.evaluate(hidden) == 0
    page.locator(".wrap:visible").first.click()
    page.reload()
    assert page.evaluate(hidden) > 3


def test_a_chosen_tab_opens_wherever_there_is_one_and_stays_open(page, site):
    """Each name of a tab is chosen once on each page that has it, and there again."""
    names = {
        name: list(dict.fromkeys(TAB.findall(html)))
        for name in site.pages
        if 'class="tabbed-set' in (html := (site.folder / name).read_text("utf-8"))
    }
    assert names, "no page has tabs to try this on"
    found, shared = [], set()

    def other(tab, where):
        opened = page.evaluate(OPEN_TABS, tab)
        found.extend(f"{where}: '{tab}' gives way to '{o}'" for o in opened if o != tab)

    shown = None
    for tab in dict.fromkeys(tab for tabs in names.values() for tab in tabs):
        same = [name for name in names if tab in names[name]]
        shared.update([tab] if len(same) > 1 else [])
        # A ring: what a page chose is found open on the next; the last is the first.
        for number, name in enumerate([*same, same[0]]):
            if number or name != shown:
                page.goto(shown := name)
            if number:
                other(tab, f"{name}, chosen on {same[number - 1]}")
            if number == len(same):
                break
            page.evaluate(CHOOSE, [one for one in names[name] if one != tab])
            label = page.locator(".tabbed-labels > label")
            label.filter(has_text=re.compile(f"^{re.escape(tab)}$")).first.click()
            other(tab, name)
    assert shared >= {"PyTorch loop", "Keras fit"}, "no page shares them with another"
    refuse(found)


def test_the_colours_can_be_chosen_and_are_remembered(page, site):
    cycle = {
        "light": {"light": "default", "dark": "default"},
        "dark": {"light": "slate", "dark": "slate"},
        "automatic": {"light": "default", "dark": "slate"},
    }
    button = page.locator(".palette label:visible")
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


def test_the_colours_are_chosen_by_keys_and_there_before_the_text(page):
    page.emulate_media(color_scheme="dark")
    page.route("**/*.js", lambda route: route.abort())  # what comes late
    page.goto("")
    body, html = page.locator("body"), page.locator("html")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    expect(html).to_have_css("color-scheme", "dark")
    page.locator(".palette input").first.focus()
    for scheme, kind in (("default", "light"), ("slate", "dark"), ("slate", "dark")):
        page.keyboard.press("Enter")
        expect(body).to_have_attribute("data-md-color-scheme", scheme)
        expect(html).to_have_css("color-scheme", kind)
        colour = page.locator("header").evaluate(
            "header => getComputedStyle(header).backgroundColor"
        )
        expect(page.locator("[name=theme-color]")).to_have_attribute("content", colour)


@pytest.mark.parametrize("topic", ["autograd", "distributed"])
def test_what_ran_where_fits_a_phone(page, topic):
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto("reference/status/")
    fold = page.locator("details.topic").filter(has_text=topic).first
    fold.locator("summary").click()
    wide = "box => box.scrollWidth - box.clientWidth"
    assert fold.locator(".md-typeset__scrollwrap").evaluate(wide) == 0
    assert fold.locator("td:nth-child(2):visible").count() > 10


def test_a_wide_table_takes_the_focus_once_its_fold_is_open(page):
    page.set_viewport_size({"width": 120, "height": 800})
    page.goto("keras/parity/")
    table = page.locator("details.row .md-typeset__scrollwrap").first
    expect(table).not_to_have_attribute("tabindex", "0")
    page.locator("details.row > summary").first.click()
    expect(table).to_have_attribute("tabindex", "0")


def test_a_wide_table_takes_the_focus_once_a_phone_is_turned(page):
    page.goto("reference/versions/")
    table = page.locator(".md-typeset__scrollwrap:visible").first
    expect(table).not_to_have_attribute("tabindex", "0")
    page.set_viewport_size({"width": 200, "height": 800})
    expect(table).to_have_attribute("tabindex", "0")


def test_terms_can_be_filtered_by_their_words_and_meanings(page):
    page.goto("reference/glossary/")
    terms, meanings = page.locator("dt:visible"), page.locator("dd:visible")
    count = terms.count()
    page.locator(".filter").fill("backward")
    assert 0 < terms.count() == meanings.count() < count / 4
    said = page.locator(".filters [role=status]")
    expect(said).to_have_text(f"{terms.count()} of {count}")
    for pair in zip(terms.all_inner_texts(), meanings.all_inner_texts(), strict=True):
        assert "backward" in " ".join(pair).lower()
    heads = page.locator("h2:visible").all_inner_texts()
    assert "Gradients" in heads[0] + heads[1] and "Training" not in heads
    page.locator(".filter").fill("")
    assert terms.count() == meanings.count() == count > 40
    expect(said).to_be_empty()


def test_tasks_can_be_filtered_by_their_words(page):
    page.goto("keras/parity/")
    rows = page.locator("details.row")
    count = rows.count()
    page.locator(".filter").fill("differs rmsprop")
    visible = page.locator("details.row:visible")
    assert 0 < visible.count() < count / 4
    for text in visible.all_text_contents():
        assert "differs" in text.lower() and "rmsprop" in text.lower()
    page.locator(".filter").fill("")
    assert visible.count() == count > 40


def test_a_mark_of_the_tasks_shows_them_alone_until_it_is_pressed_again(page):
    page.goto("keras/parity/")
    visible = page.locator("details.row:visible")
    count = visible.count()
    chip = page.get_by_role("button", name=re.compile(r"^differs \d+$"))
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert chip.inner_text() == f"differs {visible.count()}"
    assert visible.count() == visible.locator("summary > .apart").count() < count / 2
    page.get_by_role("button", name=re.compile(r"^time \d+$")).click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    assert visible.count() == 1
    page.get_by_role("button", name=re.compile(r"^time \d+$")).click()
    assert visible.count() == count


BOXES = """boxes => boxes.map(one => [
  one.scrollWidth - one.clientWidth,
  one.querySelector("table").offsetWidth - one.closest("article").offsetWidth,
])"""


def test_the_tables_of_benchmarks_fill_the_column_and_fit_a_phone(page):
    page.goto("reference/gpu-numbers/")
    tables = page.locator(".wide .md-typeset__scrollwrap")
    assert tables.count() > 5
    assert all(abs(gap) < 40 for _, gap in tables.evaluate_all(BOXES))
    page.set_viewport_size({"width": PHONE + 30, "height": 800})
    assert all(more == 0 for more, _ in tables.evaluate_all(BOXES))


# Of each line that opens, how far its mark stands behind the end of its name, or, where
# it has a line of its own, behind the begin.
GAPS = """lines => lines.map(line => {
  const mark = line.querySelector("span").getBoundingClientRect()
  const words = document.createRange()
  words.selectNodeContents(line.firstChild)
  const parts = [...words.getClientRects()].filter(one => one.width > 1)
  const last = parts.at(-1)
  if (mark.top < last.bottom) return mark.left - last.right
  return Math.abs(mark.left - parts[0].left) < 0.5 ? 0 : -1
})"""


@pytest.mark.parametrize("width", [PHONE, 1280])
@pytest.mark.parametrize("name", ["keras/parity", "reference/status"])
def test_the_mark_of_a_line_stands_at_its_name(page, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{name}/")
    lines = page.locator("details:is(.row, .topic) > summary")
    gaps = lines.evaluate_all(GAPS)
    assert len(gaps) > 10 and 0 <= min(gaps) and max(gaps) < 20, gaps


LEFT = """names => names.map(name => {
  const words = document.createRange()
  words.selectNodeContents(document.querySelector(name))
  return words.getClientRects()[0].left
})"""


def test_text_code_and_tools_begin_at_one_line_on_a_phone(page):
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto("tensors/")
    page.locator("[data-moving]").first.scroll_into_view_if_needed()
    page.locator(".moving-try").first.wait_for()
    names = "article p", ".highlight code", ".highlight .filename", ".moving-status"
    assert len(set(page.evaluate(LEFT, names))) == 1, page.evaluate(LEFT, names)


@pytest.mark.parametrize("name", ["", "tensors/"])
def test_the_footer_stands_below_the_text(page, name):
    page.goto(name)
    first, last = page.evaluate(LEFT, ["article h1", ".md-copyright"])
    assert abs(first - last) < 1, (first, last)


def test_what_can_be_read_on_stands_above_what_was_verified(page):
    for name in ("", "tensors/first-hour/"):
        page.goto(name)
        links = page.locator(".page-end a").evaluate_all(
            "links => links.map(one => one.getBoundingClientRect().bottom)"
        )
        assert max(links) <= page.locator(".page-end span").bounding_box()["y"] + 3


def test_the_lessons_of_the_path_stand_in_two_columns(page):
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto("")
    left = page.locator(".path dd a").evaluate_all(
        "links => links.map(one => [...one.getClientRects()].map(line => line.x))"
    )
    assert len(left) > 30 and {len(one) for one in left} == {1, 2}
    assert all(len({*one}) == 1 for one in left)  # a long name stays in its column
    assert len({one[0] for one in left}) == 2


# Of each title that is a path, the lines that its folders and its name take.
PATHS = """titles => titles.filter(one => one.textContent.endsWith(".py")).map(one => {
  const [name] = [...one.childNodes].filter(part => part.data).slice(-1)
  const words = document.createRange()
  words.selectNodeContents(name)
  return [one.textContent, words.getClientRects().length]
})"""


def test_on_a_phone_the_name_of_a_program_stays_in_one_line(phone):
    phone.goto("tensors/")
    paths = phone.locator(".filename:visible").evaluate_all(PATHS)
    assert len(paths) > 10
    assert [path for path, lines in paths if lines > 1] == []


HEIGHTS = "rows => rows.map(row => row.offsetHeight)"


def test_each_change_is_a_line_and_on_a_phone_two_at_most(page):
    page.goto("reference/what-changed/")
    lines = page.locator("details.row > summary")
    one = min(lines.evaluate_all(HEIGHTS))
    assert lines.count() > 20
    assert max(lines.evaluate_all(HEIGHTS)) < one + 4 < 50
    page.set_viewport_size({"width": PHONE + 30, "height": 800})
    assert max(lines.evaluate_all(HEIGHTS)) < 1.8 * one


def test_each_task_is_a_line_on_a_phone_too_and_its_fold_has_the_number(page):
    page.set_viewport_size({"width": PHONE + 30, "height": 800})
    page.goto("keras/parity/")
    lines = page.locator("details.row > summary")
    assert lines.count() > 40 and len({*lines.evaluate_all(HEIGHTS)}) == 1
    for row in page.locator("details.row:has(summary i)").all():
        number = row.locator("summary i").text_content()
        assert f"Measured: {number}." in row.text_content()


def test_the_changes_can_be_filtered_by_their_marks(page):
    page.goto("reference/what-changed/")
    visible = page.locator("details.row:visible")
    chips = page.locator(".chip").all_inner_texts()
    assert {chip.split()[0] for chip in chips} >= {"breaks", "message"}
    assert sum(int(chip.split()[1]) for chip in chips) == visible.count()
    page.get_by_role("button", name=re.compile(r"^breaks \d+$")).click()
    said = {*page.locator("summary > span:visible").all_inner_texts()}
    assert said == {"breaks code"}


@pytest.mark.parametrize("name", ["errors/", "errors/autograd/", "errors/shapes/"])
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_a_long_list_of_pages_has_groups(page, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(name)
    if width == PHONE:
        page.locator("header label[for=__drawer]").click()
    groups = page.locator(".md-sidebar--primary li:has(> .md-nav__group)")
    expect(groups).to_have_count(6)
    for group, first in (("Shapes and types", "Shape errors"), ("Gradients", "Autogr")):
        one = groups.filter(has=page.get_by_text(group, exact=True))
        expect(one.locator("> .md-nav__group")).to_be_visible()
        expect(one.locator("> .md-nav__link:visible")).to_contain_text(first)
    page.goto("gpu/")
    assert not page.locator(".md-nav__group").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_word_of_a_filled_button_is_legible_below_the_pointer(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("autograd/how-it-works/")
    page.locator("[data-moving]").first.scroll_into_view_if_needed()
    button = page.locator(".moving .next")
    button.hover(timeout=60_000)
    colours = (
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    )
    light, dark = sorted(map(luminance, button.evaluate(colours)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 4.5


def luminance(colour: str) -> float:
    """Of `rgb(r, g, b)`, as WCAG 2 defines it."""
    parts = [int(one) / 255 for one in re.findall(r"\d+", colour)[:3]]
    line = [x / 12.92 if x <= 0.04 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


MARKED = """captions => captions.map(one => {
  const mark = one.previousElementSibling.querySelector(".proof")
  const edge = one.getBoundingClientRect().right
  const end = edge - parseFloat(getComputedStyle(one).paddingRight)
  return mark ? mark.getBoundingClientRect().left - end : 0
})"""


@pytest.mark.parametrize("name", ["reference/gpu-numbers/", "training/", "autograd/"])
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_the_mark_of_a_figure_covers_no_word_of_its_caption(page, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(name)
    page.locator(".figure .proof").first.wait_for(state="attached")
    room = page.locator(".figure + .caption").evaluate_all(MARKED)
    assert room and min(room) > -4


# Of the code in sentences and tables, what breaks between two letters.
BROKEN = """() => {
  const broken = []
  for (const fold of document.querySelectorAll("details")) fold.open = true
  for (const code of document.querySelectorAll("article :not(pre, .said) > code")) {
    if (code.getClientRects().length < 2) continue
    const words = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
    let [last, height] = ["", 0]
    while (words.nextNode())
      [...words.currentNode.data].forEach((letter, at) => {
        const place = document.createRange()
        place.setStart(words.currentNode, at)
        place.setEnd(words.currentNode, at + 1)
        const { top } = place.getBoundingClientRect()
        const inside = /[a-z]{2}/i.test(last + letter)
        if (top > height + 6 && inside) broken.push(code.textContent)
        ;[last, height] = [letter, top]
      })
  }
  return broken
}"""
CODES = ["distributed", "errors/optimizers", "errors/workers", "reference/claims"]


@pytest.mark.parametrize("name", CODES)
def test_code_in_a_sentence_does_not_break_inside_a_word(page, name):
    page.set_viewport_size({"width": PHONE + 30, "height": 800})
    page.goto(f"{name}/")
    assert page.evaluate(BROKEN) == []

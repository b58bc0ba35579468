"""Programs that run where the reader is: their addresses and the lines on the pages."""

import re

import pytest
from playwright.sync_api import expect

from harness.core import exercise
from harness.core.snippet import Snippet
from harness.core.tree import HERE

from .visits import FRAMES, PHONE

SHOWN = re.compile(r'data-(?:snippet|start)="([^"]+)"')


def breakable(line: str) -> str:
    """A command as it is shown, which may break behind each slash."""
    return line.replace("/", "/\u200b")


def test_each_program_that_a_page_shows_has_an_address(site):
    shown = {
        name
        for page in site.pages
        for name in SHOWN.findall((site.folder / page).read_text(encoding="utf-8"))
    }
    given = {
        file.relative_to(site.folder / "programs").with_suffix("").as_posix()
        for file in (site.folder / "programs").rglob("*.py")
    }
    assert shown == given and len(given) > 1000
    for name in sorted(given)[::50]:
        whole = (site.folder / "programs" / f"{name}.py").read_bytes()
        one = Snippet(HERE, name)
        if not one.path.exists():  # an exercise begins so
            one = Snippet(HERE, name + exercise.SUFFIX)
            assert whole.decode().startswith(exercise.start(one.source))
        else:
            assert whole.startswith(one.path.read_bytes())


@pytest.mark.parametrize("way", ["keyboard", "finger"])
def test_the_line_that_runs_a_program_is_shown_and_copied(request, home, way):
    page = request.getfixturevalue("phone" if way == "finger" else "page")
    page.goto("autograd/")
    block = page.locator("[data-snippet]:visible").first
    name = block.get_attribute("data-snippet")
    line = f"uv run {home}programs/{name}.py"
    mark = block.locator(".run")
    if way == "keyboard":
        mark.focus()
        assert mark.get_attribute("data-tip") == breakable(line)
        page.keyboard.press("Enter")
    else:
        mark.tap()
    expect(mark).to_have_attribute("data-tip", f"Copied: {breakable(line)}")
    assert page.evaluate("navigator.clipboard.readText()") == line
    assert page.request.get(line.removeprefix("uv run ")).ok
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0


def test_torchrun_starts_a_program_that_it_has_to_start(page, home):
    page.goto("distributed/")
    block = page.locator("[data-snippet]", has_text="# run: torchrun").first
    address = f"{home}programs/{block.get_attribute('data-snippet')}.py"
    assert block.locator(".run").get_attribute("data-tip") == breakable(
        f"uv run --no-project --with-requirements {address} "
        f"torchrun --nproc-per-node 2 --no-python uv run {address}"
    )


def test_without_javascript_nothing_offers_to_run(plain_page):
    plain_page.goto("autograd/")
    assert plain_page.locator(".run").count() == 0


def test_on_paper_programs_are_whole_and_links_say_where_they_lead(page):
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto("start/install/")
    page.emulate_media(media="print")
    hidden = """() => [...document.querySelectorAll("article pre > code")].filter(
      code => code.checkVisibility() && code.scrollWidth > code.clientWidth
    ).length"""
    assert page.evaluate(hidden) == 0
    expect(page.locator(".tools:visible, .md-header:visible")).to_have_count(0)
    link = page.locator("article a[href^=http]").first
    told = "one => getComputedStyle(one, '::after').content"
    assert link.get_attribute("href") in link.evaluate(told)
    page.goto("autograd/how-it-works/")
    expect(page.locator("article details pre").first).to_be_visible()


# Of what is printed, the text that is hard to read on white paper, and its contrast;
# how many figures there are, and how many of their light and dark copies are printed.
PRINTED = """() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
    const [r, g, b] = parts.map(
      part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const faint = []
  for (const one of document.querySelectorAll("article *")) {
    const says = [...one.childNodes].some(({ data }) => data?.trim())
    if (!says || one.closest("svg") || !one.checkVisibility()) continue
    const contrast = 1.05 / (light(getComputedStyle(one).color) + 0.05)
    if (contrast < 4.5) faint.push([one.textContent.slice(0, 40), contrast])
  }
  const seen = one => one.checkVisibility()
  const [bright, dark] = ["light", "dark"].map(
    scheme => [...document.querySelectorAll(`img[src$="#only-${scheme}"]`)]
  )
  return [faint, bright.length, bright.filter(seen).length, dark.filter(seen).length]
}"""


@pytest.mark.parametrize("way", ["light", "system", "toggle"])
def test_print_is_dark_on_white_with_each_figure_once(page, way):
    """Whatever the reader's scheme; only what is on a screen is dark."""
    page.emulate_media(color_scheme="dark" if way == "system" else "light")
    page.goto("")
    if way == "toggle":
        for _ in range(2):  # from automatic to light, and on to dark
            page.locator(".palette label:visible").click()
    scheme = "default" if way == "light" else "slate"
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
    for name in ("tensors/first-hour/", "training/train-and-eval/", "keras/parity/"):
        page.emulate_media(media="screen")
        page.goto(name)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
        page.emulate_media(media="print")
        page.evaluate(FRAMES)
        faint, figures, bright, dark = page.evaluate(PRINTED)
        assert (faint, bright, dark) == ([], figures, 0), name
    assert page.locator("table").count()

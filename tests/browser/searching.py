"""The search of the built site: its field as a reader uses it, and its worker alone."""

from pathlib import Path

from playwright.sync_api import Page

LISTEN = Path(__file__).with_name("listen.js").read_text(encoding="utf-8")
ASK = Path(__file__).with_name("ask.js").read_text(encoding="utf-8")
# The page of each result, in their order.
RESULTS = """() => [...document.querySelectorAll(".md-search-result__item")].map(
  result => new URL(result.querySelector("a").href).pathname
)"""
# More was asked than before, all is answered, and the list shows the newest answer.
SETTLED = f"""before => {{
  const {{ asked, answered, found }} = window.searches
  const shown = ({RESULTS})()
  const same = found.slice(0, 3).every((path, at) => shown[at] === path)
  return asked > before && asked === answered && same && !shown.length === !found.length
}}"""
PATIENCE = 60_000  # milliseconds: other tests may use all cores
NEAR = 3  # among so many first results the right page must be


def paste(page: Page, text: str) -> list[str]:
    """The pages found for a text that a mouse pastes: no key is pressed."""
    return _search(page, text, page.keyboard.insert_text)


def type_in(page: Page, text: str) -> list[str]:
    """The pages found for a text that is typed."""
    return _search(page, text, page.keyboard.type)


def _search(page: Page, text: str, enter) -> list[str]:
    field = page.locator(".md-search__input")
    field.click()
    field.press("Control+A")
    before = page.evaluate("window.searches.asked")
    enter(text)
    return results(page, before)


def results(page: Page, before: int = 0) -> list[str]:
    """The paths of the pages found, once more was searched for than before."""
    page.wait_for_function(SETTLED, arg=before, timeout=PATIENCE)
    return page.evaluate(RESULTS)


def ask(page: Page, texts: list[str]) -> list[list[str]]:
    """For each text, the paths that the search's own worker gives the open page."""
    return page.evaluate(ASK, texts)


def far_off(text: str, right: set[str], found: list[str]) -> list[str]:
    """What to complain about, if no right page is near the top."""
    if right & set(found[:NEAR]):
        return []
    return [f"'{text}' finds {found[:NEAR]}, not {sorted(right)}"]

"""The search field of the built site: typing into it, and what it finds."""

from playwright.sync_api import Locator, Page, expect

# The page of each result, in their order.
RESULTS = """() => [...document.querySelectorAll(".md-search-result__item")].map(
  result => new URL(result.querySelector("a").href).pathname
)"""
PATIENCE = 50  # tenths of a second until a search has found nothing
STEADY = 4  # tenths: each key is a search, and a slow machine lags behind the keys
NEAR = 3  # among so many first results the right page must be


def clear(search: Locator) -> None:
    """Empty the field, and wait until nothing is found any more."""
    search.click()
    search.press("Control+A")
    search.press("Delete")
    expect(search.page.locator(".md-search-result__item")).to_have_count(0)


def results(page: Page) -> list[str]:
    """The paths of the pages found, once the list changes no more."""
    same, before, now = 0, None, []
    for _ in range(PATIENCE):
        page.wait_for_timeout(100)
        before, now = now, page.evaluate(RESULTS)
        same = same + 1 if now and now == before else 0
        if same == STEADY:
            break
    return now


def far_off(text: str, right: set[str], found: list[str]) -> list[str]:
    """What to complain about, if no right page is near the top."""
    if right & set(found[:NEAR]):
        return []
    return [f"'{text}' finds {found[:NEAR]}, not {sorted(right)}"]

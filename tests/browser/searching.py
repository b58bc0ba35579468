"""The search of the built site: its engine alone, and its dialog, as readers use it."""

from playwright.sync_api import Page

DIALOG = "dialog.search[open]"
OPTION = f"{DIALOG} [role=option]"
FIND = """async texts => {
  await proven.load("service.js")
  const found = []
  const place = ({ address, anchor }) => `${address}#${anchor}`
  for (const text of texts) found.push((await proven.service.find(text)).map(place))
  return found
}"""
PATIENCE = 60_000  # milliseconds: other tests may use all cores


def find(page: Page, texts: list[str]) -> list[list[str]]:
    """For each text the addresses of the sections found, from the root of the site."""
    return page.evaluate(FIND, texts)


def open_dialog(page: Page, key: str = "/") -> None:
    page.wait_for_function("!!window.proven?.load", timeout=PATIENCE)
    page.keyboard.press(key)
    page.wait_for_selector(DIALOG, timeout=PATIENCE)


def type_in(page: Page, text: str) -> list[str]:
    """The addresses in the dialog's list, once it shows those for this text."""
    field = page.locator(f"{DIALOG} input")
    field.fill(text)
    page.wait_for_function(
        "text => proven.dialog.shown === text", arg=text, timeout=PATIENCE
    )
    return page.locator(OPTION).evaluate_all("all => all.map(one => one.href)")

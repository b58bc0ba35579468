"""Whether the site's own fonts, which were made smaller, have what pages show."""

import unicodedata
from html.parser import HTMLParser

from . import refuse

# Never in these fonts: each system has them. A small space, a glyph for what is no
# character, signs of formulas, and keys as a walkthrough draws them.
OTHERS = set("\u202f\ufffdˣλπ⁴⁶→√∞⏎␣")
FAMILIES = {
    "text": "400 20px 'Proven Serif'",
    "bold text": "700 20px 'Proven Serif'",
    "italics": "italic 400 20px 'Proven Serif'",
    "code": "400 20px 'Proven Code'",
    "bold code": "700 20px 'Proven Code'",
}
# One element for all characters, in one font and nothing to fall back on but the
# browser's own; what it answers says which fonts drew them.
SHOW = """([font, text]) => {
  document.body.innerHTML = "<p id=shown></p>"
  const shown = document.querySelector("#shown")
  shown.style.font = font
  shown.textContent = text
  return document.fonts.load(font, text).then(found => found.length)
}"""


class Words(HTMLParser):
    """The characters of a page, but for those of its scripts and styles."""

    def __init__(self):
        super().__init__()
        self.found, self.within = set(), None

    def handle_starttag(self, tag, attrs):
        self.within = tag if tag in ("script", "style") else None

    def handle_endtag(self, tag):
        self.within = None

    def handle_data(self, data):
        if not self.within:
            self.found.update(data)


def is_expected(character: str) -> bool:
    """What the fonts should have: no end of a line, and no Chinese."""
    kind = unicodedata.category(character)
    chinese = unicodedata.name(character, "").startswith("CJK UNIFIED")
    return kind != "Cc" and not chinese and character not in OTHERS


def shown(site) -> set[str]:
    words = Words()
    for page in site.pages:
        words.feed((site.folder / page).read_text(encoding="utf-8"))
    return words.found


def drawn_by(page, font: str, text: str) -> list[dict]:
    """The fonts that drew a text, as the browser tells them."""
    assert page.evaluate(SHOW, [font, text]) == 1
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": "#shown"}
    node = session.send("DOM.querySelector", query)["nodeId"]
    found = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})
    session.detach()
    return found["fonts"]


def lacks(page, font: str, text: str) -> str:
    """The characters that another font had to draw."""
    if all(one["isCustomFont"] for one in drawn_by(page, font, text)):
        return ""
    if len(text) == 1:
        return text
    half = len(text) // 2
    return lacks(page, font, text[:half]) + lacks(page, font, text[half:])


def test_the_fonts_have_all_that_pages_show(site, page):
    found = shown(site)
    assert {"a", "Z", "·", "…"} <= found
    text = "".join(sorted(filter(is_expected, found)))
    page.goto("404.html")
    refuse(
        f"{kind}: no {missing}, which pages show"
        for kind, font in FAMILIES.items()
        if (missing := lacks(page, font, text))
    )


def test_it_finds_a_character_that_a_font_lacks(page):
    """It would not on a system where no font has it, either."""
    page.goto("404.html")
    assert lacks(page, FAMILIES["text"], "a→b√") == "→√"
    assert lacks(page, FAMILIES["code"], "an ∞") == "∞"

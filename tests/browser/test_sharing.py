"""What another site shows of a page to which somebody links: The Open Graph protocol.

`python -m tests.browser.test_sharing` draws the picture anew.
"""

import html
import re
import struct
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import sync_playwright

from harness.core.tree import HERE

from . import chromium, refuse
from .built import CANONICAL

CARD = "docs/assets/card.png"
SIZE = 1200, 630  # pixels, the shape that most sites show whole
TAG = re.compile(r'<meta property="og:([^"]+)" content="([^"]*)">')
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')


def draw(path: Path) -> None:
    with sync_playwright() as started:
        browser = chromium.launch(started, chromium.find(started))
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(Path(__file__).with_name("card.html").as_uri())
        page.evaluate("document.fonts.ready")
        page.screenshot(path=path)
        browser.close()


def test_every_page_says_what_a_link_to_it_shows(site):
    wrong, titles = [], set()
    for name in site.pages:
        text = (site.folder / name).read_text(encoding="utf-8")
        said, address = DESCRIPTION.search(text), CANONICAL.search(text)
        if not (said and address):
            continue
        shown = {name: html.unescape(said) for name, said in TAG.findall(text)}
        titles.add(shown.get("title"))
        wanted = {
            "description": said[1],
            "url": address[1],
            "image": urljoin(address[1], f"{site.base}assets/card.png"),
        }
        wrong += [
            f"{name}: {k}"
            for k, v in wanted.items()
            if shown.get(k) != html.unescape(v)
        ]
    refuse(wrong)
    assert len(titles) > 100 and None not in titles


def test_the_picture_has_the_shape_that_sites_show():
    data = (HERE.root / CARD).read_bytes()
    assert struct.unpack(">II", data[16:24]) == SIZE
    assert len(data) < 100_000


if __name__ == "__main__":
    draw(HERE.root / CARD)

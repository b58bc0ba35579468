"""The whole site as one file, unpacked and read from the disk."""

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from harness.site import offline

from . import refuse
from .searching import PATIENCE, open_dialog, type_in

LINK = re.compile(r' (?:href|src)="([^"]+)"')
MOST = 14_000_000  # bytes that a reader downloads


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("offline")
    with zipfile.ZipFile(site.folder / offline.NAME) as archive:
        archive.extractall(folder)
    return folder / offline.FOLDER


def test_every_link_of_every_page_leads_to_a_file(site, unpacked):
    assert (site.folder / offline.NAME).stat().st_size < MOST
    pages = sorted(unpacked.rglob("*.html"))
    assert len(pages) > 100
    dead = []
    for page in pages:
        name = page.relative_to(unpacked).as_posix()
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            path = unquote(urljoin(f"/{name}", parts.path)).lstrip("/")
            if not (unpacked / path).is_file():
                dead.append(f"{name}: {link}")
    refuse(dead)


def test_pages_are_read_and_searched_from_a_disk(browser, unpacked):
    context = browser.new_context(
        permissions=["clipboard-read", "clipboard-write"],
        viewport={"width": 1280, "height": 800},
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request", lambda one: faults.append(one.url) if one.url[:4] == "http" else 0
    )
    page.goto((unpacked / "index.html").as_uri())
    page.locator(".md-tabs a", has_text="Autograd").click()
    page.wait_for_url("**/autograd/index.html")
    assert page.locator("article pre").count() > 3
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert page.evaluate("document.styleSheets.length") > 1
    line = page.locator("[data-snippet]:visible .run").first.get_attribute("data-tip")
    file = re.fullmatch(r'uv run "(.+)"', line.replace("\u200b", ""))[1]
    assert Path(file).is_file() and Path(file).is_relative_to(unpacked)
    open_dialog(page)
    first, *_ = type_in(page, "freeze the weights of a layer")
    page.keyboard.press("Enter")
    there = re.split("[?#]", first)[0]
    page.wait_for_url(
        lambda url: url.startswith(there), wait_until="commit", timeout=PATIENCE
    )
    assert Path(unquote(urlsplit(page.url).path)).is_file()
    refuse(faults)
    context.close()

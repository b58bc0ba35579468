"""Every link of the built pages leads to a file and an anchor that exist, once."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from . import refuse

HOST = "http://site"  # stands in for the origin, whatever that is


class Page(HTMLParser):
    """The addresses and the anchors of an HTML file."""

    def __init__(self, file: Path):
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {"", "__top"}
        self.canonical = ""
        self.twice: list[str] = []  # anchors that an earlier element has
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if values.get("id") in self.anchors - {""}:
            self.twice.append(values["id"])
        self.anchors |= {values[key] for key in ("id", "name") if values.get(key)}
        if values.get("rel") == "canonical":
            self.canonical = values["href"]
        else:
            self.links += [values[key] for key in ("href", "src") if values.get(key)]


read = cache(Page)


@cache
def fault(site, address: str) -> str:
    """What is wrong with an address; empty where nothing is, or it leaves the site."""
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != HOST:
        return ""
    path = unquote(parts.path)
    file = site.folder / path.removeprefix(site.base)
    if not path.startswith(site.base):
        return f"is outside of {site.base}"
    if path.endswith("/"):
        file /= "index.html"
    if not file.is_file():
        return "is not there"
    if file.suffix == ".html" and unquote(parts.fragment) not in read(file).anchors:
        return "has no such anchor"
    return ""


def test_every_link_leads_somewhere(site):
    refuse(
        f"{page}: {link} {wrong}"
        for page in site.pages
        for link in dict.fromkeys(read(site.folder / page).links)
        if (wrong := fault(site, urljoin(f"{HOST}{site.base}{page}", link)))
    )


def test_an_anchor_leads_to_one_place(site):
    """Of two elements, labels and links would find the first."""
    refuse(
        f"{page}: has two elements #{anchor}"
        for page in site.pages
        for anchor in read(site.folder / page).twice
    )


def test_a_page_names_its_own_address(site):
    refuse(
        f"{page}: says that its address is {address}"
        for page in site.pages
        if (address := read(site.folder / page).canonical)
        and not address.endswith(site.base + page.removesuffix("index.html"))
    )

"""Whether the links, anchors and pictures of the pages lead somewhere.

Of what an author writes this is the one judge; what templates and hooks add to a page
is read in the built site, by `tests/browser/test_links.py`.
"""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from harness.core.page import Page, resolve
from harness.core.problem import Problem
from harness.site.markdown import Html, Site

OTHER_PAGES = (".markdown", ".mdown", ".mkdn", ".mkd", ".html", ".htm")


def check(page: Page, html: Html, pages: dict[str, Html]) -> Iterator[Problem]:
    """The dead links of a page, and its pictures without words."""
    images = [source for source, _ in html.images]
    for link in dict.fromkeys([*html.links, *images]):
        if fault := _fault(page, link, pages):
            yield page.problem(
                page.line_of(link), f"the link '{link}' is dead: {fault[0]}", fault[1]
            )
    for written in html.undefined:
        yield page.problem(
            page.line_of(written),
            f"the link '{written}' is dead: no line defines it",
            "add its definition: [name]: address",
        )
    for source in images:
        if urlsplit(source).netloc:
            yield page.problem(
                page.line_of(source),
                f"the picture '{source}' comes from another site",
                "keep it below docs/: a page is fetched from one place alone",
            )
    for source, alt in html.images:
        if not alt.strip():
            yield page.problem(
                page.line_of(source),
                f"the picture '{source}' has no words",
                "say what it shows: ![words](…)",
            )


def external(html: Html) -> set[str]:
    """The addresses outside the site that a page links."""
    return {plain(link) for link in html.links if urlsplit(link).scheme}


def plain(address: str) -> str:
    """An address without what does not tell two sources apart."""
    return urlsplit(address)._replace(fragment="").geturl().rstrip("/")


def _fault(page: Page, link: str, pages: dict[str, Html]) -> tuple[str, str] | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    target = resolve(page.name, unquote(parts.path))
    if target in pages:
        if parts.fragment and unquote(parts.fragment) not in pages[target].ids:
            return (
                f"{target} has no '#{parts.fragment}'",
                "link to a heading that is there",
            )
        return None
    file = page.tree.docs / target
    if target.startswith("../"):
        return "it leads out of docs/", "link to a file of the site"
    if file.is_file():
        return None
    if (file / "index.md").is_file():
        return "it names a folder", f"write {posixpath.join(parts.path, 'index.md')}"
    return f"there is no docs/{target}", "link to a file that is there"


def nav(site: Site, pages: list[Page]) -> Iterator[Problem]:
    """Pages that the nav does not name, and names without a page."""
    named = site.nav()
    shown = site.tree.show(site.file)
    for entry in named:
        file = site.tree.docs / entry
        if not file.is_file() and not file.with_suffix(".py").is_file():
            line = site.source[: site.source.index(entry)].count("\n") + 1
            yield Problem(
                shown,
                line,
                f"the nav names {entry}, which is not there",
                "write the page, or remove the entry",
            )
    for file in sorted(site.tree.docs.rglob("*")):
        if file.suffix in OTHER_PAGES:
            yield Problem(
                site.tree.show(file),
                0,
                "MkDocs would publish this page, and nothing here reads it",
                "name it .md, and write it in Markdown",
            )
    for page in pages:
        if named and page.name not in named:
            yield page.problem(
                0, "the nav does not name this page", f"add it to {shown}"
            )

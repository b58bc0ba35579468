"""Whether the links, anchors and pictures of the pages lead somewhere."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from harness.core.page import Page, resolve
from harness.core.problem import Problem
from harness.site.markdown import Html, Site
from harness.site.tables.sources import Source, plain

# Where a page sends its reader: the footer does so, too, in the order of the nav.
NEXT = re.compile(r"^Next[:,] [^\n]*?\]\((?P<target>[^)\s]+)", re.MULTILINE)
OTHER_PAGES = (".markdown", ".mdown", ".mkdn", ".mkd", ".html", ".htm")


def check(
    page: Page, html: Html, pages: dict[str, Html], sources: list[Source]
) -> Iterator[Problem]:
    """Links that are dead or that nobody read, and pictures without words."""
    faults, read = [], {plain(one.url) for one in sources}
    for link in dict.fromkeys([*html.links, *(source for source, _ in html.images)]):
        if fault := _dead(page, link, pages):
            faults.append((link, f"the link '{link}' is dead: {fault[0]}", fault[1]))
    for link in dict.fromkeys(html.links):
        if urlsplit(link).netloc and plain(link) not in read:
            what = f"recorded/sources.yml does not say what was read at '{link}'"
            fix = "add url, title, read and holds there, or drop the link"
            faults.append((link, what, fix))
    for written in html.undefined:
        what = f"the link '{written}' is dead: no line defines it"
        faults.append((written, what, "add its definition: [name]: address"))
    for source, alt in html.images:
        if urlsplit(source).netloc:
            what = f"the picture '{source}' comes from another site"
            fix = "keep it below docs/: a page is fetched from one place alone"
            faults.append((source, what, fix))
        if not alt.strip():
            what = f"the picture '{source}' has no words"
            faults.append((source, what, "say what it shows: ![words](…)"))
    for written, what, fix in faults:
        yield page.problem(page.line_of(written), what, fix)


def _dead(page: Page, link: str, pages: dict[str, Html]) -> tuple[str, str] | None:
    """Why a link leads nowhere, and how to fix it."""
    parts = urlsplit(link)
    target, anchor = resolve(page.name, unquote(parts.path)), unquote(parts.fragment)
    file = page.tree.docs / target
    if parts.scheme or parts.netloc:
        return None
    if target in pages and anchor and anchor not in pages[target].ids:
        return f"{target} has no '#{parts.fragment}'", "link to a heading that is there"
    if target in pages or file.is_file() and not target.startswith("../"):
        return None
    fix = "link to a file of docs/ that is there; of a folder, to its index.md"
    return f"there is no docs/{target}", fix


def nav(site: Site, pages: list[Page]) -> Iterator[Problem]:
    """Pages that the nav does not name, and names without a page."""
    named, shown = site.nav(), site.tree.show(site.file)
    names = {page.name for page in pages}
    for entry in named:
        if entry not in names:
            line = site.source[: site.source.index(entry)].count("\n") + 1
            what = f"the nav names {entry}, and there is no such page"
            yield Problem(shown, line, what, "write the page, or remove the entry")
    for page in pages:
        # An old address leads on; nobody should come upon it.
        if named and page.name not in named and not page.moved:
            what = "the nav does not name this page"
            yield page.problem(0, what, f"add it to {shown}")
    follow = dict(zip(named, named[1:], strict=False))
    for page in pages:
        for found in NEXT.finditer(page.source):
            target = resolve(page.name, urlsplit(found["target"]).path)
            if page.name in follow and target != follow[page.name]:
                line = page.source[: found.start()].count("\n") + 1
                what = f"sends its readers to {target} next, the nav to"
                fix = "name the same page in both"
                yield page.problem(line, f"{what} {follow[page.name]}", fix)
    for file in sorted(site.tree.docs.rglob("*")):
        if file.suffix in OTHER_PAGES:
            what = "MkDocs would publish this page, and nothing here reads it"
            fix = "name it .md, and write it in Markdown"
            yield Problem(site.tree.show(file), 0, what, fix)

"""Whether the links, anchors and pictures of the pages lead somewhere."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from harness.core.page import Page, plain, resolve
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.notebooks import walkthrough
from harness.site import offline
from harness.site.markdown import Html, Site

# Where a page sends its reader, in the order of the nav.
NEXT = re.compile(r"^Next[:,] [^\n]*?\]\((?P<target>[^)\s]+)", re.MULTILINE)
HIDDEN = re.compile(r"(?:^|/)\.")  # or in another folder
LEFT_OUT = re.compile(rf"{HIDDEN.pattern}|^(?!assets/).*(?:\.py|/ruff\.toml)$")
PICTURES = "assets/figures/"  # which programs drew


def check(page: Page, html: Html, read: dict[str, list[str]]) -> Iterator[Problem]:
    """Links that are dead or that nobody read, and pictures without words."""
    faults = []
    for link in dict.fromkeys([*html.links, *(source for source, _ in html.images)]):
        if fault := _dead(page, link):
            faults.append((link, f"the link '{link}' is dead: {fault[0]}", fault[1]))
    for link in dict.fromkeys(html.links):
        if urlsplit(link).netloc and plain(link) not in read:
            what = f"recorded/sources.yml does not say what was read at '{link}'"
            fix = "add url, title, read and holds there, or drop the link"
            faults.append((link, what, fix))
        scheme, place = urlsplit(link)[:2]
        if not place and scheme not in ("", "mailto"):
            what = f"a link that leads to '{scheme}:'"
            faults.append((link, what, "link to a page, or to a source by https"))
    for written in html.undefined:
        what = f"'{written}' is shown as it is typed: no line defines it or ends it"
        faults.append((written, what, "add '[name]: address', or the other mark"))
    included = {one.snippet for one in page.includes}
    for source, alt in html.images:
        drawn = resolve(page.name, urlsplit(source).path).startswith(PICTURES)
        name = source.partition(PICTURES)[2].split(".")[0]
        if drawn and page.line_of(source) and name not in included:
            what = "a picture of a program that is not on this page"
            faults.append((source, what, f'include it: --8<-- "{name}.md:figure"'))
        if not (drawn or urlsplit(source).netloc or _dead(page, source)):
            what = "a picture that no program drew"
            faults.append((source, what, "include the figure of a program"))
        if urlsplit(source).netloc:
            what = f"the picture '{source}' comes from another site"
            fix = "keep it below docs/: a page is fetched from one place alone"
            faults.append((source, what, fix))
        if not alt.strip():
            what = f"the picture '{source}' has no words"
            faults.append((source, what, "say what it shows: ![words](…)"))
    for written, what, fix in faults:
        if line := page.line_of(written):
            yield page.problem(line, what, fix)
        else:
            yield _in_data(page, written, what, fix)


def _in_data(page: Page, link: str, what: str, fix: str) -> Problem:
    """A problem of a link that a table wrote, where the data of the table has it."""
    parts, tree = urlsplit(link), page.tree
    there = f"{resolve(page.name, parts.path)}#{parts.fragment}".rstrip("#")
    for file in tree.files(tree.recorded, ".yml"):
        rows = enumerate((tree.text(file) or "").split("\n"), 1)
        for number, row in rows:
            if link in row or there in row:
                return Problem(tree.show(file), number, what, fix)
    return page.problem(0, what, fix)


def _dead(page: Page, link: str) -> tuple[str, str] | None:
    """Why a link leads nowhere, and how to fix it."""
    parts, tree = urlsplit(link), page.tree
    target, anchor = resolve(page.name, unquote(parts.path)), unquote(parts.fragment)
    if parts.scheme or parts.netloc or target == offline.NAME:
        return None
    if is_page(tree, target):
        if not anchor or anchor in tree.known("harness.gate.parts.ids", target):
            return None
        return f"{target} has no '#{parts.fragment}'", "link to a heading that is there"
    there = not target.startswith("../") and tree.has(tree.docs / target)
    if there and not LEFT_OUT.search(target):
        return None
    what = f"MkDocs leaves out docs/{target}" if there else f"there is no docs/{target}"
    return what, "link to a page or a file of assets/; of a folder, to its index.md"


def is_page(tree: Tree, target: str) -> bool:
    """Whether a path below docs/ is that of a page."""
    stem, suffix = posixpath.splitext(target)
    if suffix == ".ipynb" and not target.startswith("assets/"):
        return not HIDDEN.search(target) and tree.has(tree.docs / f"{stem}.py")
    is_shown = suffix == ".md" and not HIDDEN.search(target)
    return is_shown and tree.has(tree.docs / target)


def nav(tree: Tree) -> Iterator[Problem]:
    """Pages that the nav does not name, and names without a page."""
    site, pages = Site(tree), walkthrough.every(tree)
    named, shown = [*site.labels()], tree.show(site.file)
    source = tree.text(site.file)
    names = {page.name for page in pages}
    for entry in named:
        if entry not in names:
            line = source[: source.index(entry)].count("\n") + 1
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

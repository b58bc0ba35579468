"""Two copies of an expanded page: its programs for pytest, and its text for people."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from harness.core.fences import Fence, scan
from harness.core.page import COMMENT, Page, resolve
from harness.site.fragments import NO_CARD, Recorded
from harness.site.fragments import fence as write_fence

EXPECTED = "<!--pytest-codeblocks:expected-output-->"
MARK = "\x00"  # stands in for a fence while the lines around it are rewritten
MARKED = re.compile(rf"^(?P<prefix>.*){MARK}$", re.MULTILINE)
CONTAINER = re.compile(
    r'(?:===[!+]?|(?:!!!|\?\?\?\+?) *(?P<kind>\w+)[^"]*)(?: *"(?P<title>.*)")?'
)
ATTRIBUTES = re.compile(
    r"[ ]*\{:?[ ]*(?:[.#][\w-]|[\w-]+=|data-)[^}]*\}(?:[ ]+$)?", re.MULTILINE
)
TAG_LINE = re.compile(r"^[ ]*</?[a-z]+[^>\n]*>[ ]*$", re.MULTILINE)
SPAN = re.compile(r"</?span[^>]*>")
EMPTY_LINES = re.compile(r"\n(?:[ ]*\n)+")
LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>(?:\\.|\[[^\[\]]*\]|[^\[\]])*)\]"
    r"\((?P<target>[^)\s]+)(?P<title>[^)]*)\)"
)


def tested(page: Page, expanded: str, snippets: Mapping[str, Recorded]) -> str:
    """The programs of a page for `pytest --codeblocks`, each with what it must print.

    Above each stands the page and line that it comes from, and its file. Programs of
    which the page shows only what they drew come last.
    """
    parts, shown = [], set()
    for fence in scan(expanded):
        line, name = page.origin(fence), fence.attribute("data-snippet")
        if name:
            shown.add(name)
            parts += _program(page, line, snippets[name])
        elif fence.is_python and not fence.attribute("data-start"):
            where = f"<!-- {page.shown}:{line} -->"
            parts.append(f"{where}\n{write_fence('python', fence.body)}")
    for include in page.includes:
        one = snippets.get(include.snippet)
        drawn = one and one.drawn and include.shows("figure")
        if drawn and include.snippet not in shown:
            shown.add(include.snippet)
            parts += _program(page, include.line, one)
    return "\n".join(parts)


def _program(page: Page, line: int, one: Recorded) -> Iterator[str]:
    where = f"<!-- {page.shown}:{line} · {page.tree.show(one.snippet.path)} -->"
    yield f"{where}\n{write_fence('python', one.snippet.source)}"
    if one.out:
        yield f"{EXPECTED}\n{write_fence('text', one.out)}"


def readable(page: Page, expanded: str) -> str:
    """The page as plain Markdown, without the marks that only the site understands."""
    expanded = expanded.replace(MARK, "")
    lines, fences = expanded.split("\n"), scan(expanded)
    for fence in reversed(fences):
        lines[fence.line - 1 : fence.end] = [fence.prefix + MARK]
    lines = COMMENT.sub("", "\n".join(lines)).split("\n")
    text = TAG_LINE.sub("", ATTRIBUTES.sub("", "\n".join(_opened(lines))))
    text = LINK.sub(lambda found: link(page, found), text)
    text = EMPTY_LINES.sub("\n\n", text).strip("\n") + "\n"
    rest = iter(fences)
    text = MARKED.sub(lambda found: _plain(next(rest), found["prefix"]), text)
    if "title" in page.meta and not page.title:
        return f"# {page.meta['title']}\n\n{text}"
    return text


def _plain(fence: Fence, prefix: str) -> str:
    """A fence whose lines start with that, of its header language and title alone."""
    title = fence.attribute("title")
    if (
        fence.attribute("data-ran") == NO_CARD
    ):  # the open square that the pages speak of
        title = f"{title} □"
    header = fence.language + (f' title="{title}"' if title else "")
    lines = write_fence(header, fence.body + "\n").rstrip("\n").split("\n")
    return "\n".join((prefix + line).rstrip() for line in lines)


def _opened(lines: list[str]) -> list[str]:
    """Tabs and admonitions as a line in bold, and their contents dedented."""
    out, rest = [], list(lines)
    while rest:
        line = rest.pop(0)
        container = CONTAINER.fullmatch(line.rstrip())
        if container is None:
            out.append(line)
            continue
        inside = []
        while rest and (not rest[0].strip() or rest[0].startswith("    ")):
            inside.append(rest.pop(0)[4:])
        kind, top = (container["kind"] or "").capitalize(), container["title"]
        top = kind if top is None else SPAN.sub("", top.replace(" <span", " – <span"))
        out += [*([f"**{top}**", ""] if top else []), *_opened(inside)]
    return out


def link(page: Page, found: re.Match) -> str:
    """A link as the copy needs it; a picture becomes one, its dark twin nothing."""
    text, target = found["text"], found["target"]
    if target.endswith("#only-dark"):
        return ""
    if found["picture"]:
        text, target = f"Picture: {text}", target.removesuffix("#only-light")
    return f"[{text}]({_moved(page, target)}{found['title']})"


def _moved(page: Page, target: str) -> str:
    """The path to a file of `docs/` from where the page's HTML is."""
    parts = urlsplit(target)
    if parts.scheme or not parts.path:
        return target
    file = resolve(page.name, parts.path)
    there = page.tree.docs / file
    if there.suffix == ".ipynb":
        there = there.with_suffix(".py")  # from which the notebook is made
    if not page.tree.has(there):
        return target
    path = posixpath.relpath(place(file), posixpath.dirname(place(page.name)) or ".")
    return parts._replace(path=path).geturl()


def place(name: str) -> str:
    """Where in the site a file of `docs/` lies; a page's text is beside its HTML."""
    stem, suffix = posixpath.splitext(name)
    if suffix not in (".md", ".ipynb") or posixpath.basename(name) == "index.md":
        return name
    return f"{stem}/index.md"

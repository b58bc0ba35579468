"""What becomes of an executed notebook: a page's Markdown, its files, a download."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from math import ceil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from harness.core.exercise import SUFFIX
from harness.core.page import resolve
from harness.core.snippet import Snippet
from harness.notebooks.walkthrough import SVG, Walkthrough, shown, weights
from harness.site import cells, copies, pictures
from harness.site.copies import ATTRIBUTES, LINK, place
from harness.site.fragments import fence, is_long
from harness.site.template import fill

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from harness.site.markdown import Site

LOCAL = "http://127.0.0.1:8000/"  # in a cell it means: this site
GROUND = re.compile(
    r'<g id="patch_1">\s*<path d="[^"]*" style="fill: #ffffff[^"]*"/>\s*</g>\s*'
)
SVG_TAG = re.compile(r"<svg\b[^>]*>")
WHITE = '<rect width="100%" height="100%" fill="#ffffff"/>'
# Names, constants, spaces and punctuation are most of a long page's weight, and colour
# says the least there: they are left in the colour of the text.
PLAIN = re.compile(r'<span class="(?:[nwpo]|nb|kc|s[ai])">([^<]*)</span>')
# Where white space counts, or where it could; else it ends a line.
BREAKS = re.compile(r"<(pre|script|style|textarea)\b.*?</\1>|\s*\n\s*", re.DOTALL)
# Of exercises: the program with which a reader begins, and what is folded below it.
START = re.compile(r'^-+8<-+ "(.+)\.md"$', re.MULTILINE)
FOLDS = re.compile(r"(?:^\?\?\? .*\n(?:\n|    .*\n)*)+", re.MULTILINE)
# On Colab a notebook comes from GitHub: the branch to which each is published.
GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+?)(?:\.git)?/?")
COLAB = "https://colab.research.google.com/github/{}/blob/notebooks/{}"


class Picture(NamedTuple):
    name: str
    svg: str  # without a ground: the page's shows
    words: str


Output = str | Picture


def outputs(made: NotebookNode) -> Iterator[tuple[NotebookNode, list[Output]]]:
    """The cells, each with what it drew and printed; texts in a row are one."""
    count = 0
    for cell in made.cells:
        parts: list[Output] = []
        for output in cell.get("outputs", []):
            if svg := output.get("data", {}).get(SVG):
                count += 1
                picture = GROUND.sub("", svg), cell.metadata.figure
                parts.append(Picture(f"picture-{count}", *picture))
            elif said := shown(output).rstrip("\n").expandtabs(4):
                if parts and isinstance(parts[-1], str):
                    said = f"{parts.pop()}\n{said}"
                parts.append(said)
        yield cell, parts


def drawn(made: NotebookNode, tag: str = "") -> list[Picture]:
    """The pictures of all cells, or of those with a tag: "result" opens the page."""
    cells = (parts for cell, parts in outputs(made) if not tag or is_tagged(cell, tag))
    return [part for parts in cells for part in parts if isinstance(part, Picture)]


def is_tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def label(cell: NotebookNode) -> str:
    """What a folded cell is called: its first line, where that is a comment."""
    said = re.match("# (.+)", cell.source)
    return said[1].replace('"', "'") if said else "The code of this cell"


def markdown(made: NotebookNode, folder: str = "") -> str:
    """The executed notebook as a page, with its pictures in that folder."""
    ways = {"fence": fence, "is_long": is_long, "picture": pictures.markdown}
    ways |= {"is_tagged": is_tagged, "label": label, "results": drawn(made, "result")}
    return fill("notebook", cells=outputs(made), folder=folder, **ways)


def page(name: str, made: NotebookNode, repository: str) -> str:
    """The Markdown from which MkDocs renders the page, with where it can be had."""
    words = json.dumps(made.metadata.proven.get("description", ""))
    file = PurePosixPath(name)
    whole = markdown(made, f"{file.stem}/")
    links = f"[Download this notebook]({file.stem}/{file.name}){{ download }}"
    if address := colab(repository, file.name):
        links += f" [Open in Colab]({address})"
    if "seconds" in made.metadata.proven:  # else it was not executed
        links += f" {_length(made.metadata.proven)}"
    title = re.match("(# .*\n\n(?:.+\n)+)?", whole).group()
    text = f"{title}\n{links}\n{{: .notebook-links }}\n\n{whole[len(title) :]}"
    return f"---\ndescription: {words}\n---\n{text}"


def _length(ran) -> str:
    minutes = ceil(ran.seconds / 60)
    time = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{ran.cells} cells, which take less than {time}"


def colab(repository: str, file: str) -> str:
    """Where Colab opens a file of the branch; empty without a repository on GitHub."""
    found = GITHUB.fullmatch(repository or "")
    return COLAB.format(found[1], file) if found else ""


def readable(one: Walkthrough, site: Site) -> str:
    """The page as plain Markdown, as it is published beside the HTML."""
    text = copies.readable(one, site.expand(markdown(one.executed), True))
    link = f"[This page as a notebook]({one.notebook_path.name})"
    return f"{text}\n{link}\n"


def stamp(made: NotebookNode) -> str:
    """When all its cells ran, as the last line of the page."""
    ran = made.metadata.proven
    began = f"Ran from top to bottom with torch {ran.torch} on {ran.date}: "
    return f"{began}{ran.cells} cells in {ran.seconds:.0f} s."


def texts(one: Walkthrough) -> Iterator[str]:
    """Programs, outputs, and the cards of the weights that it loads."""
    for cell in one.executed.cells:
        if cell.cell_type == "code":
            yield cell.source
            yield from map(shown, cell.outputs)
    for card in weights(one, ".json"):
        yield one.tree.text(card) or ""


def files(one: Walkthrough, made: NotebookNode, site: str) -> Iterator[tuple[str, str]]:
    """What lies beside the page: places in the site, and contents."""
    folder = PurePosixPath(one.name).with_suffix("")
    for picture, svg, _ in drawn(made):
        yield from pictures.twins(f"{folder}/{picture}", pictures.lighter(svg)).items()
    for picture, svg, _ in drawn(made, "result"):  # a download shows it on any colour
        yield f"{folder}/{picture}.svg", SVG_TAG.sub(rf"\g<0>{WHITE}", svg, count=1)
    import nbformat

    given = nbformat.writes(download(one, made, site))
    yield f"{folder}/{folder.name}.ipynb", f"{given}\n"


def squeezed(whole: str) -> str:
    """A page without the indentation of its templates, a sixth of its weight."""
    light = PLAIN.sub(r"\1", whole)
    return BREAKS.sub(lambda found: found.group() if found[1] else "\n", light)


def download(one: Walkthrough, made: NotebookNode, site: str) -> NotebookNode:
    """The notebook as a reader takes it away: its links lead to the site there."""
    import nbformat

    name, given = one.name, copy.deepcopy(made)
    given.cells = [part for cell in given.cells for part in _practised(one, cell)]
    need = " ".join(made.metadata.proven.get("requirements", []))
    del given.metadata["proven"]
    for cell in given.cells:
        cell.metadata.pop("figure", None)
        if is_tagged(cell, "fold"):
            cell.metadata["jupyter"] = {"source_hidden": True}
        if cell.cell_type == "markdown":
            text = ATTRIBUTES.sub("", cell.source)
            cell.source = LINK.sub(lambda found: _absolute(name, found), text)
        cell.source = cell.source.replace(LOCAL, site)
    for picture in drawn(made, "result"):  # by address: Colab shows no attachment
        folder = PurePosixPath(name).with_suffix("")
        source = f"![{picture.words}]({site}{folder}/{picture.name}.svg)"
        given.cells.insert(1, nbformat.v4.new_markdown_cell(source, id="result"))
    given.metadata["title"] = given.cells[0].source.split("\n")[0].removeprefix("# ")
    if need:
        first = nbformat.v4.new_code_cell(cells.INSTALL + need, id="install")
        given.cells.insert(0, first)
    nbformat.validate(given)
    return given


def _practised(one: Walkthrough, cell: NotebookNode) -> Iterator[NotebookNode]:
    """A cell, and apart from its text the programs of exercises; all else is linked."""
    from nbformat import from_dict

    there = f"[Hints and a solution]({PurePosixPath(one.name).name}#practise)\n\n"
    texts = START.split(FOLDS.sub(there, f"{cell.source}\n"))
    if len(texts) == 1:
        yield cell
        return
    for number, text in enumerate(texts):
        made = cells.text(text.strip())
        if number % 2:
            made = cells.exercise(Snippet(one.tree, text + SUFFIX))
        yield from_dict(made | {"id": f"{cell.id}-{number + 1}"})


def _absolute(name: str, found: re.Match) -> str:
    parts = urlsplit(found["target"])
    if parts.scheme or parts.netloc or not parts.path:
        return found.group()
    # The address of a page is its folder.
    path = place(resolve(name, parts.path)).removesuffix("index.md")
    target = parts._replace(path=LOCAL + path).geturl()
    return f"{found['picture']}[{found['text']}]({target}{found['title']})"

"""What becomes of an executed notebook: a page's Markdown, its files, a download."""

import copy
import posixpath
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import nbformat
from nbformat import NotebookNode

from harness.core.page import resolve
from harness.notebooks.execute import SVG, shown
from harness.notebooks.make import facts, text
from harness.site.copies import LINK, place
from harness.site.fragments import LONG, fence
from harness.site.pictures import darken, size

LOCAL = "http://127.0.0.1:8000/"  # in a cell it means: this site
INSTALL = "# What this notebook needs. Where it is there already, nothing happens.\n"
GROUND = re.compile(
    r'<g id="patch_1">\s*<path d="[^"]*" style="fill: #ffffff[^"]*"/>\s*</g>\s*'
)
FOLD = '??? example "The code of this cell"\n\n'
# Names, spaces and punctuation are most of a long page's weight, and colour says the
# least there: they are left in the colour of the text.
PLAIN = re.compile(r'<span class="[nwpo]">([^<]*)</span>')
# Where white space counts, or where it could.
KEPT = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)
# On Colab a notebook comes from GitHub: the branch to which each is published.
GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+?)(?:\.git)?/?")
COLAB = "https://colab.research.google.com/github/{}/blob/notebooks/{}"


@dataclass(frozen=True)
class Picture:
    """One picture that a cell drew, in a copy for light pages and one for dark ones."""

    name: str
    svg: str  # without a ground: the page's shows
    words: str

    def files(self) -> dict[str, str]:
        return {
            f"{self.name}.light.svg": self.svg,
            f"{self.name}.dark.svg": darken(self.svg),
        }

    def markdown(self, folder: str) -> str:
        words, sides = re.sub(r"([\[\]])", r"\\\1", self.words), size(self.svg)
        attributes = f" width={sides[0]} height={sides[1]}" if sides else ""
        return "\n".join(
            f"![{words}]({folder}{file}#only-{file.split('.')[1]})"
            f"{{ .plot{attributes} loading=lazy }}"
            for file in self.files()
        )


def pictures(made: NotebookNode) -> dict[tuple[int, int], Picture]:
    """The pictures of a notebook, by numbers of cell and output."""
    found: dict[tuple[int, int], Picture] = {}
    for at, cell in enumerate(made.cells):
        for number, output in enumerate(cell.get("outputs", [])):
            if svg := output.get("data", {}).get(SVG):
                name, words = f"picture-{len(found) + 1}", cell.metadata.figure
                found[at, number] = Picture(name, GROUND.sub("", svg), words)
    return found


def joined(outputs: list[NotebookNode]) -> list[str | int]:
    """The texts of a cell, those in a row as one; of a picture, its number."""
    parts: list[str | int] = []
    for number, output in enumerate(outputs):
        if SVG in output.get("data", {}):
            parts.append(number)
        elif said := shown(output).rstrip("\n").expandtabs(4):
            if parts and isinstance(parts[-1], str):
                said = f"{parts.pop()}\n{said}"
            parts.append(said)
    return parts


def markdown(made: NotebookNode, folder: str = "") -> str:
    """The executed notebook as a page, with its pictures in that folder."""
    drawn, parts = pictures(made), []
    for at, cell in enumerate(made.cells):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        blocks = [fence("python", cell.source)]
        for part in joined(cell.outputs):
            if isinstance(part, str):
                long = " .long" if max(map(len, part.split("\n"))) > LONG else ""
                blocks.append(fence(f' {{ .text .output{long} title="Output" }}', part))
            else:
                blocks.append(drawn[at, part].markdown(folder))
        if "fold" in cell.metadata.get("tags", []):
            # The code of a picture is for those who ask for it.
            blocks.append(FOLD + textwrap.indent(blocks.pop(0), "    "))
        parts += blocks
    return "\n\n".join(parts) + "\n"


def folder(name: str) -> str:
    """Where in the site the files of a notebook's page lie."""
    return posixpath.dirname(place(name)) + "/"


def page(name: str, made: NotebookNode, repository: str) -> str:
    """The Markdown from which MkDocs renders the page, with where it can be had."""
    below = posixpath.basename(folder(name)[:-1]) + "/"
    file = posixpath.basename(name)
    links = f"[Download this notebook]({below}{file}){{ download }}"
    if colab := GITHUB.fullmatch(repository or ""):
        links += f" · [Open in Colab]({COLAB.format(colab[1], file)})"
    title = re.match("(# .*\n)?", whole := markdown(made, below)).group()
    return f"{title}\n{links}\n{{: .notebook-links }}\n\n{whole[len(title) :]}"


def files(name: str, made: NotebookNode, site: str) -> Iterator[tuple[str, str]]:
    """What lies beside the page: names and contents."""
    for picture in pictures(made).values():
        yield from picture.files().items()
    yield posixpath.basename(name), text(download(name, made, site))


def squeezed(whole: str) -> str:
    """A page without the indentation of its templates, a sixth of its weight."""
    parts = KEPT.split(PLAIN.sub(r"\1", whole))  # text, what is kept, its tag, text ...
    for at in range(0, len(parts), 3):
        parts[at] = re.sub(r"\s*\n\s*", "\n", parts[at])
    return "".join(part for at, part in enumerate(parts) if at % 3 != 2)


def download(name: str, made: NotebookNode, site: str) -> NotebookNode:
    """The notebook as a reader takes it away: it installs what it needs.

    Its links lead to the site at that address, and from there come its weights.
    """
    given = copy.deepcopy(made)
    need = " ".join(facts(made).get("requirements", []))
    del given.metadata["proven"]
    for cell in given.cells:
        cell.metadata.pop("figure", None)
        if "fold" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda found: _absolute(name, found), cell.source)
        cell.source = cell.source.replace(LOCAL, site)
    title = given.cells[0].source.split("\n")[0]
    given.metadata["title"] = title.removeprefix("# ")
    if need:
        source = f"{INSTALL}%pip install --quiet {need}"
        given.cells.insert(0, nbformat.v4.new_code_cell(source, id="install"))
    nbformat.validate(given)
    return given


def _absolute(name: str, found: re.Match) -> str:
    parts = urlsplit(found["target"])
    if parts.scheme or parts.netloc or not parts.path:
        return found.group()
    path = place(resolve(name, parts.path))
    if path.endswith("index.md"):  # the address of a page is its folder
        path = path.removesuffix("index.md")
    target = parts._replace(path=LOCAL + path).geturl()
    return f"{found['picture']}[{found['text']}]({target}{found['title']})"

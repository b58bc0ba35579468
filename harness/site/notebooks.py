"""What becomes of an executed notebook: a page's HTML, plain Markdown, a download."""

import copy
import html
import posixpath
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import nbformat
from bs4 import BeautifulSoup, Tag
from markdown.extensions.toc import slugify, unique
from nbformat import NotebookNode

from harness.core.page import resolve
from harness.notebooks.execute import PICTURES, shown
from harness.site.copies import LINK, place
from harness.site.fragments import fence
from harness.site.pictures import darken, size

LOCAL = "http://127.0.0.1:8000/"  # in a cell it means: this site
INSTALL = "# What this notebook needs. Where it is there already, nothing happens.\n"
GROUND = re.compile(
    r'<g id="patch_1">\s*<path d="[^"]*" style="fill: #ffffff[^"]*"/>\s*</g>\s*'
)
SUFFIX = {kind: kind.partition("/")[2].partition("+")[0] for kind in PICTURES}
HEADING = re.compile("h[1-6]")
# Names, spaces and punctuation are most of a long page's weight, and colour says the
# least there: they are left in the colour of the text.
PLAIN = "span.n, span.w, span.p, span.o"
# Where white space counts, or where it could.
KEPT = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)
# On Colab a notebook comes from GitHub: the branch to which each is published.
GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+?)(?:\.git)?/?")
COLAB = "https://colab.research.google.com/github/{}/blob/notebooks/{}"


@dataclass(frozen=True)
class Picture:
    """One picture that a cell drew: its files, and how Markdown and HTML show it."""

    files: dict[str, bytes]
    words: str
    size: tuple[int, int] | None

    def html(self) -> str:
        sides = f' width="{self.size[0]}" height="{self.size[1]}"' if self.size else ""
        shown = []
        for name in self.files:
            scheme = name.split(".")[-2] if len(self.files) > 1 else ""
            only = f"#only-{scheme}" if scheme else ""
            shown.append(
                f'<img alt="{html.escape(self.words)}" class="plot" loading="lazy" '
                f'src="{name}{only}"{sides}>'
            )
        return f"<p>{''.join(shown)}</p>"

    def markdown(self) -> str:
        return f"[Picture: {self.words}]({next(iter(self.files))})"


def pictures(made: NotebookNode) -> dict[tuple[int, int], Picture]:
    """The pictures of a notebook, by numbers of cell and output."""
    found = {}
    for at, cell in enumerate(made.cells):
        for number, output in enumerate(cell.get("outputs", [])):
            kinds = [kind for kind in PICTURES if kind in output.get("data", {})]
            if not kinds:
                continue
            data, name = output.data[kinds[0]], f"picture-{len(found) + 1}"
            words, sides = cell.metadata.get("figure", ""), None
            if kinds[0] == "image/svg+xml":
                light = GROUND.sub("", data)
                texts = {"light": light, "dark": darken(light)}
                sides = size(light)
                files = {f"{name}.{k}.svg": v.encode() for k, v in texts.items()}
            else:
                files = {f"{name}.{SUFFIX[kinds[0]]}": b64decode(data)}
            found[at, number] = Picture(files, words, sides)
    return found


def page(rendered: str, made: NotebookNode, resolve_link: Callable[[str], str]) -> str:
    """A page as light as the others, of the cells that mkdocs-jupyter rendered."""
    soup = BeautifulSoup(rendered, "html.parser")
    cells = [
        cell
        for cell in soup.select(".jp-Notebook-cell, .jp-MarkdownCell")
        if not cell.find_parent(class_=("jp-Notebook-cell", "jp-MarkdownCell"))
    ]
    if len(cells) != len(made.cells):
        raise ValueError(f"{len(cells)} of {len(made.cells)} cells were rendered")
    drawn, parts = pictures(made), []
    for at, (shown_cell, cell) in enumerate(zip(cells, made.cells, strict=True)):
        if cell.cell_type == "markdown":
            parts.append(_prose(shown_cell, resolve_link))
            continue
        code = _program(shown_cell)
        outputs = [
            _output(part) if isinstance(part, str) else drawn[at, part].html()
            for part in joined(cell.outputs)
        ]
        if "fold" in cell.metadata.get("tags", []):
            # The code of a picture is for those who ask for it.
            summary = "<summary>The code of this cell</summary>"
            parts += [*outputs, f'<details class="example">{summary}{code}</details>']
        else:
            parts += [code, *outputs]
    return "\n".join(parts)


def _prose(cell: Tag, resolve_link: Callable[[str], str]) -> str:
    box = cell.select_one(".jp-RenderedMarkdown")
    for link in box.find_all("a"):
        if "anchor-link" in link.get("class", []):
            link.attrs = {
                "class": "headerlink",
                "href": link["href"],
                "title": "Link to this section",
            }
        elif link.get("href"):
            link["href"] = resolve_link(link["href"])
    for block in box.find_all("pre"):
        if block.code is None:
            inside = block.decode_contents()
            block.replace_with(BeautifulSoup(_block("text", "", inside), "html.parser"))
    return box.decode_contents().strip()


def _program(cell: Tag) -> str:
    block = cell.select_one(".jp-InputArea pre")
    for part in block.select(PLAIN):
        part.unwrap()
    return _block("python", "", block.decode_contents().removeprefix("<span></span>"))


def joined(outputs: list[NotebookNode]) -> list[str | int]:
    """The texts of a cell, those in a row as one; of a picture, its number."""
    parts: list[str | int] = []
    for number, output in enumerate(outputs):
        if any(kind in output.get("data", {}) for kind in PICTURES):
            parts.append(number)
        elif text := shown(output).rstrip("\n"):
            if parts and isinstance(parts[-1], str):
                parts[-1] += f"\n{text}"
            else:
                parts.append(text)
    return parts


def _output(text: str) -> str:
    longest = max(map(len, text.split("\n")))
    wide = " long" if longest > 79 else ""
    title = '<span class="filename">Output</span>'
    return _block(f"text output{wide}", title, html.escape(text, quote=False))


def _block(classes: str, title: str, code: str) -> str:
    """As pymdownx writes it for the other pages."""
    code = code.rstrip("\n") + "\n"
    return (
        f'<div class="language-{classes} highlight">{title}<pre><span></span>'
        f"<code>{code}</code></pre></div>"
    )


def squeezed(whole: str) -> str:
    """A page without the indentation of its templates, a sixth of its weight."""
    parts = KEPT.split(whole)  # text, what is kept, its tag, text ...
    for at in range(0, len(parts), 3):
        parts[at] = re.sub(r"\s*\n\s*", "\n", parts[at])
    return "".join(part for at, part in enumerate(parts) if at % 3 != 2)


def with_ids(content: str) -> tuple[str, list[dict]]:
    """The page with anchors as other pages have them; its headings, as tokens."""
    soup, used, tokens = BeautifulSoup(content, "html.parser"), set(), []
    for heading in soup.find_all(HEADING):
        mark = heading.find("a", class_="headerlink")
        if mark:
            mark.extract()
        title = heading.get_text()
        name = heading["id"] = unique(slugify(title, "-"), used)
        if mark:
            mark["href"] = f"#{name}"
            heading.append(mark)
        token = {"level": int(heading.name[1]), "id": name, "name": title}
        tokens.append(token | {"html": html.escape(title), "data-toc-label": ""})
    return str(soup), tokens


def links(name: str, made: NotebookNode, repository: str) -> str:
    """The line that says where the notebook can be had."""
    file = posixpath.basename(name)
    parts = [f'<a href="{file}" download>Download this notebook</a>']
    if colab := GITHUB.fullmatch(repository or ""):
        address = COLAB.format(colab[1], file)
        parts.append(f'<a href="{address}">Open in Colab</a>')
    return f'<p class="notebook-links">{" · ".join(parts)}</p>'


def readable(name: str, made: NotebookNode, move: Callable[[re.Match], str]) -> str:
    """The executed notebook as plain Markdown; `move` rewrites a link."""
    drawn, parts = pictures(made), []
    for at, cell in enumerate(made.cells):
        if cell.cell_type == "markdown":
            parts.append(LINK.sub(move, cell.source.strip()) + "\n")
            continue
        parts.append(fence("python", cell.source))
        for part in joined(cell.outputs):
            if isinstance(part, str):
                parts.append(fence('text title="Output"', part))
            else:
                parts.append(drawn[at, part].markdown() + "\n")
    file = posixpath.basename(name)
    parts.append(f"[This page as a notebook]({file})\n")
    return "\n".join(parts)


def download(name: str, made: NotebookNode, site: str) -> NotebookNode:
    """The notebook as a reader takes it away: it installs what it needs.

    Its links lead to the site at that address, and from there come its weights.
    """
    given = copy.deepcopy(made)
    facts = given.metadata.pop("proven")
    for cell in given.cells:
        cell.metadata.pop("figure", None)
        if "fold" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda found: _absolute(name, found), cell.source)
        cell.source = cell.source.replace(LOCAL, site)
    need = " ".join(facts["requirements"])
    if need:
        first = nbformat.v4.new_code_cell(
            f"{INSTALL}%pip install --quiet {need}", id="install"
        )
        given.cells.insert(0, first)
    given.metadata["title"] = next(_titles(made), "")
    if facts["accelerator"]:
        given.metadata["accelerator"] = facts["accelerator"]
    nbformat.validate(given)
    return given


def _titles(made: NotebookNode) -> Iterator[str]:
    for cell in made.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            yield cell.source.split("\n")[0].removeprefix("# ")


def _absolute(name: str, found: re.Match) -> str:
    parts = urlsplit(found["target"])
    if parts.scheme or parts.netloc or not parts.path:
        return found.group()
    target = LOCAL + address(resolve(name, parts.path))
    if parts.fragment:
        target += f"#{parts.fragment}"
    return f"{found['picture']}[{found['text']}]({target}{found['title']})"


def address(name: str) -> str:
    """The address of a file of `docs/` below the site's."""
    placed = place(name)
    is_page = placed.endswith("index.md")
    return placed.removesuffix("index.md") if is_page else placed

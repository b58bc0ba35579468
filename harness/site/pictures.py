"""The pictures that snippets drew, in a copy for light pages and one for dark ones."""

import re
from collections.abc import Iterator
from pathlib import Path

from harness.core import records
from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.core.tree import Tree
from harness.judge.shown import DARK, picture_faults

COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
SIZE = re.compile(r'<svg\b[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"')  # in points
PIXELS = 4 / 3  # CSS pixels a point


def make(snippet: Snippet) -> list[Path]:
    """Write both copies of what a snippet drew; the files."""
    return write(snippet.tree, snippet.name, snippet.figure.read_text(encoding="utf-8"))


def write(tree: Tree, name: str, svg: str) -> list[Path]:
    """Write both copies of a picture where MkDocs finds them; the files."""
    files = []
    for scheme, text in twins(svg).items():
        files.append(tree.pictures / f"{name}.{scheme}.svg")
        records.write(files[-1], text)
    return files


def twins(svg: str) -> dict[str, str]:
    """A picture for light pages, and for dark ones."""
    return {"light": svg, "dark": darken(svg)}


def darken(svg: str) -> str:
    """The picture with each colour that has a dark twin replaced by it."""
    return COLOUR.sub(lambda found: DARK.get(found.group().lower(), found.group()), svg)


def check(snippet: Snippet) -> Iterator[Problem]:
    """The colours of a picture that no dark page changes, with their lines."""
    file = snippet.tree.show(snippet.figure)
    for fault in picture_faults(snippet.figure.read_text(encoding="utf-8")):
        yield Problem(file, *fault)


def markdown(snippet: Snippet) -> str:
    """The Markdown that shows what a snippet drew."""
    svg = snippet.figure.read_text(encoding="utf-8")
    return shown(snippet.tree, snippet.name, snippet.directives.figure, svg)


def shown(tree: Tree, name: str, alt: str, svg: str) -> str:
    """The Markdown that shows a picture; only one of the two copies is ever visible."""
    alt, sides = re.sub(r"([\[\]])", r"\\\1", alt), size(svg)
    attributes = f" width={sides[0]} height={sides[1]}" if sides else ""
    folder = tree.pictures.relative_to(tree.docs).as_posix()
    return "".join(
        f"![{alt}](/{folder}/{name}.{scheme}.svg#only-{scheme})"
        f"{{ .plot{attributes} loading=lazy }}\n"
        for scheme in ("light", "dark")
    )


def size(svg: str) -> tuple[int, int] | None:
    """Width and height in CSS pixels, so that the page does not jump as it loads."""
    found = SIZE.search(svg)
    if found is None:
        return None
    width, height = (round(float(side) * PIXELS) for side in found.groups())
    return width, height

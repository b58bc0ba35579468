"""The pictures that snippets drew, in a copy for light pages and one for dark ones."""

import json
import re
from pathlib import Path

from harness import record
from harness.snippet import Snippet

DARK = json.loads(
    Path(__file__).with_name("figure_dark.json").read_text(encoding="utf-8")
)
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
SIZE = re.compile(r'<svg\b[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"')  # in points
PIXELS = 4 / 3  # CSS pixels a point


def make(snippet: Snippet) -> list[Path]:
    """Write both copies where MkDocs finds them; the files."""
    svg = snippet.figure.read_text(encoding="utf-8")
    copies = {"light": svg, "dark": darken(svg)}
    files = []
    for scheme, text in copies.items():
        file = snippet.tree.pictures / f"{snippet.name}.{scheme}.svg"
        record.write(file, text)
        files.append(file)
    return files


def darken(svg: str) -> str:
    """The picture with each colour that has a dark twin replaced by it."""
    return COLOUR.sub(lambda found: DARK.get(found.group().lower(), found.group()), svg)


def markdown(snippet: Snippet) -> str:
    """The Markdown that shows a picture; only one of the two copies is ever visible."""
    sides = size(snippet.figure.read_text(encoding="utf-8"))
    attributes = f" width={sides[0]} height={sides[1]}" if sides else ""
    alt = re.sub(r"([\[\]])", r"\\\1", snippet.directives.figure)
    folder = snippet.tree.pictures.relative_to(snippet.tree.docs).as_posix()
    return "".join(
        f"![{alt}](/{folder}/{snippet.name}.{scheme}.svg#only-{scheme})"
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

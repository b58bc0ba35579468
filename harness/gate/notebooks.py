"""What the gate makes of a walkthrough's notebook, and what proves its numbers."""

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from harness.core import records
from harness.notebooks.make import facts, is_ours, read, weights
from harness.notebooks.walkthrough import Walkthrough
from harness.site import copies, notebooks


def executed(one: Walkthrough) -> NotebookNode | None:
    """Its notebook with outputs, where that was made."""
    file = one.notebook_path
    made = read(file) if file.is_file() and is_ours(file) else None
    return made if made and facts(made) else None


def texts(one: Walkthrough, made: NotebookNode) -> Iterator[str]:
    """Programs, outputs, and the cards of the weights that it loads."""
    for cell in made.cells:
        if cell.cell_type == "code":
            yield cell.source
            yield from map(notebooks.shown, cell.outputs)
    for card in weights(one, ".json"):
        yield card.read_text(encoding="utf-8")


def stamp(made: NotebookNode) -> str:
    """When all its cells ran, as the last line of the page."""
    ran = facts(made)
    return (
        f"Ran from top to bottom with torch {ran['torch']} on {ran['date']}: "
        f"{ran['cells']} cells in {ran['seconds']:.0f} s."
    )


def copy(one: Walkthrough, made: NotebookNode) -> Path:
    """Write the page as plain Markdown; the file."""
    file = (one.tree.markdown / one.name).with_suffix(".md")
    text = copies.readable(one, notebooks.markdown(made))
    link = f"[This page as a notebook]({one.notebook_path.name})"
    records.write(file, f"{text}\n{link}\n\n{stamp(made)}\n")
    return file

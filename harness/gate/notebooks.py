"""What the gate asks of a walkthrough, and what it makes of its notebook."""

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from harness.core import records
from harness.core.fences import faults
from harness.core.problem import Problem
from harness.gate import includes, links, numbers
from harness.notebooks.make import facts, is_ours, read, weights
from harness.notebooks.walkthrough import Walkthrough
from harness.site import copies, notebooks
from harness.site.markdown import Html


def check(
    one: Walkthrough, html: dict[str, Html], sources: numbers.Sources
) -> Iterator[Problem]:
    """The same as of a page, where a walkthrough can break it."""
    yield from one.problems()
    yield from (one.problem(*fault) for fence in one.fences for fault in faults(fence))
    yield from includes.same_blocks(one, one.text, html[one.name])
    yield from links.check(one, html[one.name], html)
    made = executed(one)
    if made is not None:  # else nothing is known yet of what it prints
        proofs = [*_shown(one, made), *sources.hold(links.external(html[one.name]))]
        yield from numbers.check(one, proofs)


def executed(one: Walkthrough) -> NotebookNode | None:
    """Its notebook with outputs, where that was made."""
    if not one.notebook_path.is_file() or not is_ours(one.notebook_path):
        return None
    made = read(one.notebook_path)
    return made if facts(made) else None


def _shown(one: Walkthrough, made: NotebookNode) -> Iterator[str]:
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


def count(made: NotebookNode | None) -> dict[str, int]:
    """What stands on its page, for the census."""
    cells = [cell for cell in made.cells if cell.cell_type == "code"] if made else []
    return {
        "cells": len(cells),
        "outputs": sum(bool(notebooks.joined(cell.outputs)) for cell in cells),
        "pictures": len(notebooks.drawn(made)) if made else 0,
    }

"""The learning path: the lessons in the order of the nav, and how long they take."""

import math

from harness.core.tree import Tree
from harness.notebooks.walkthrough import of
from harness.site.markdown import Site
from harness.site.template import fill

LESSONS = "Get started", "Tensors", "Autograd", "Training", "Sequences", "Walkthroughs"
PACE = 150  # words a minute, those of programs as well


def text(tree: Tree) -> str:
    sections = tree.known(f"{__name__}.sections")
    return fill("path", sections=sections, pace=PACE) if sections else ""


def sections(tree: Tree) -> dict[str, tuple[int, list]]:
    """By name: how long it takes, and its lessons, each a label and a page."""
    found = {}
    for label, files in Site(tree).parts():
        if label in LESSONS:
            lessons = [(Site(tree).labels()[file], file) for file in files]
            words = sum(tree.known(f"{__name__}.words", file) for file in files)
            found[label] = _minutes(words), lessons
    return found


def words(tree: Tree, file: str) -> int:
    one = of(tree, file)
    programs = [tree.snippets / f"{include.snippet}.py" for include in one.includes]
    texts = [one.typed, *(tree.text(program) or "" for program in programs)]
    return sum(len(one.split()) for one in texts)


def _minutes(words: int) -> int:
    """In steps of five."""
    return max(5, 5 * math.ceil(words / PACE / 5))

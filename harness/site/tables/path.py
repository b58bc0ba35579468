"""The learning path: the lessons in the order of the nav, and how long they take."""

import math
import re
from pathlib import Path

from harness.core.tree import Tree
from harness.site.markdown import Site
from harness.site.template import fill

LESSONS = "Get started", "Tensors", "Autograd", "Training", "Sequences", "Walkthroughs"
PACE = 150  # words a minute, those of programs as well
INCLUDED = re.compile(r'--8<-- "([\w/]+)\.md')


def text(tree: Tree) -> str:
    sections = {
        name: [_lesson(tree, entry) for entry in entries]
        for one in Site(tree).config.get("nav", [])
        if isinstance(one, dict)
        for name, entries in one.items()
        if name in LESSONS and isinstance(entries, list)
    }
    facts = {"sections": sections, "minutes": _minutes, "pace": PACE}
    return fill("path", **facts) if sections else ""


def _lesson(tree: Tree, entry: str | dict[str, str]) -> tuple[str, str, int]:
    """The label of a page, its file, and how many words it has."""
    (label, file), *_ = entry.items() if isinstance(entry, dict) else [("", entry)]
    typed = Path(tree.docs, file).with_suffix(".py" if file.endswith("b") else ".md")
    source = typed.read_text(encoding="utf-8") if typed.is_file() else ""
    programs = [tree.snippets / f"{name}.py" for name in INCLUDED.findall(source)]
    texts = [source, *(p.read_text("utf-8") for p in programs if p.is_file())]
    return label, file, sum(len(one.split()) for one in texts)


def _minutes(words: int) -> int:
    """In steps of five."""
    return max(5, 5 * math.ceil(words / PACE / 5))

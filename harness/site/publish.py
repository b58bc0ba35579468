"""Puts the pages as plain Markdown beside their HTML."""

import shutil
from pathlib import Path

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.copies import place


def copy(tree: Tree, site: Path) -> None:
    """Copy `build/markdown/<page>.md` to `index.md` beside the page's `index.html`.

    Raises Problem for a page that the site does not have.
    """
    for file in sorted(tree.markdown.rglob("*.md")):
        target = site / place(file.relative_to(tree.markdown).as_posix())
        html = target.with_suffix(".html")
        if not html.is_file():
            raise Problem.general(f"{html} is not there: build the site first")
        shutil.copyfile(file, target)

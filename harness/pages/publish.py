"""Puts the pages as plain Markdown beside their HTML."""

import shutil
from pathlib import Path

from harness.pages.copies import place
from harness.tree import Refused, Tree


def copy(tree: Tree, site: Path) -> None:
    """Copy `build/markdown/<page>.md` to `index.md` beside the page's `index.html`.

    Raises Refused for a page that the site does not have.
    """
    for file in sorted(tree.markdown.rglob("*.md")):
        target = site / place(file.relative_to(tree.markdown).as_posix())
        html = target.with_suffix(".html")
        if not html.is_file():
            raise Refused(f"{html} is not there: build the site first")
        shutil.copyfile(file, target)

"""The built site as files: what is there, and whether it is the newest."""

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.gate import census
from harness.site.copies import place

CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
FIX = "run: make site"
# Of `harness check`: then only what looks at each page is run, and for this one.
ONE_PAGE = os.environ.get("BROWSER_PAGES", "")


class Built:
    """The site that `make site` left in `site/`.

    `counts` has the census of each page by the name of its HTML.
    """

    def __init__(self, tree: Tree):
        """Raises Problem where it is missing or old."""
        self.tree = tree
        self.folder = Path(os.environ.get("BROWSER_SITE", tree.root / "site"))
        table = census.current(tree, FIX)
        self.counts = {_page(name): counts for name, counts in table["pages"].items()}
        self.walkthroughs = {_page(name) for name in table["walkthroughs"]}
        self.pages = sorted(
            page.relative_to(self.folder).as_posix()
            for page in self.folder.rglob("*.html")
        )
        if "index.html" not in self.pages:
            raise Problem.general(f"there is no site; {FIX}")
        oldest = min((self.folder / page).stat().st_mtime for page in self.pages)
        for file in _inputs(tree):
            if file.stat().st_mtime > oldest:
                raise Problem.general(f"site/ is older than {tree.show(file)}; {FIX}")
        if ONE_PAGE:
            self.pages = [Path(place(f"{ONE_PAGE}.md")).with_suffix(".html").as_posix()]

    @cached_property
    def base(self) -> str:
        """The path of its address, for links from the root: 404.html has some."""
        home = (self.folder / "index.html").read_text(encoding="utf-8")
        found = CANONICAL.search(home)
        return urlsplit(found[1]).path if found else "/"


def _page(name: str) -> str:
    """The HTML of a file of `docs/`."""
    return Path(place(name)).with_suffix(".html").as_posix()


def _inputs(tree: Tree) -> Iterator[Path]:
    """The files that MkDocs reads: not what linters and imports leave beside them."""
    yield tree.root / "mkdocs.yml"
    for folder in (tree.docs, tree.fragments, tree.root / "overrides"):
        for file in folder.rglob("*"):
            parts = file.relative_to(folder).parts
            left = any(part.startswith((".", "__py")) for part in parts)
            if file.is_file() and not left:
                yield file

"""How many of what stands on which page, so that nothing goes missing unseen.

Counted from what the author typed; `conftest.py` compares it with what pytest found
in the expanded pages.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path

from harness.core import records
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.fragments import Recorded


def count(page: Page, snippets: dict[str, Recorded]) -> dict:
    """What stands on one page: `blocks` are those that pytest must collect."""
    shown = [
        (include, snippets[include.snippet])
        for include in page.includes
        if include.snippet in snippets
    ]
    code = [one for include, one in shown if include.shows("code")]
    pictures = [one for include, one in shown if include.shows("figure") and one.drawn]
    hidden = {one.snippet.name for one in pictures} - {o.snippet.name for o in code}
    typed = Counter(
        "python" if fence.is_python else fence.language for fence in page.fences
    )
    return {
        "blocks": len(code) + len(hidden) + typed["python"],
        "snippets": len(code),
        "pictures": len(pictures),
        "typed": dict(sorted(typed.items())),
    }


def total(pages: dict[str, dict]) -> dict:
    """The sums over all pages."""
    sums = {"pages": len(pages)}
    for key in ("blocks", "snippets", "pictures"):
        sums[key] = sum(page[key] for page in pages.values())
    typed = sum((Counter(page["typed"]) for page in pages.values()), Counter())
    sums["typed"] = dict(sorted(typed.items()))
    return sums


def file(tree: Tree) -> Path:
    return tree.build / "census.json"


def write(
    tree: Tree, pages: dict[str, dict], walkthroughs: dict[str, dict], readme: int
) -> None:
    table = {
        "inputs": inputs(tree),
        "readme": readme,
        "pages": pages,
        "walkthroughs": walkthroughs,
        "totals": total(pages),
    }
    records.write(file(tree), json.dumps(table, indent=1, ensure_ascii=False) + "\n")


def load(tree: Tree) -> dict:
    """Raises FileNotFoundError where the pages were never made."""
    return json.loads(file(tree).read_text(encoding="utf-8"))


def current(tree: Tree, fix: str) -> dict:
    """The census of pages that are as new as all they show. Raises Problem."""
    try:
        table = load(tree)
    except FileNotFoundError:
        raise Problem.general("the pages were never made", fix) from None
    if table["inputs"] != inputs(tree):
        raise Problem.general("the pages are older than what they show", fix)
    return table


def in_words(tree: Tree) -> str:
    """The totals as one line."""
    table = load(tree)
    sums = table["totals"]
    said = (
        f"{sums['pages']} pages show {sums['snippets']} snippets and "
        f"{sums['pictures']} pictures: {sums['blocks']} blocks for pytest"
    )
    walks = table["walkthroughs"].values()
    if walks:
        ran = sum(bool(one["cells"]) for one in walks)
        said += f"; {ran} of {len(walks)} walkthroughs were executed"
    return said


def inputs(tree: Tree) -> str:
    """A digest of all that the pages are made from: another one, and they are stale."""
    files = [
        tree.root / "mkdocs.yml",
        tree.root / "README.md",
        *tree.docs.rglob("*.md"),
        *tree.docs.rglob("*.py"),
        *tree.docs.rglob("*.ipynb"),
    ]
    for folder in (tree.snippets, tree.recorded):
        files += [
            path
            for suffix in ("py", "out", "svg", "json", "yml")
            for path in folder.rglob(f"*.{suffix}")
        ]
    every = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            every.update(f"{tree.show(path)}\n".encode() + path.read_bytes())
    return every.hexdigest()[:16]

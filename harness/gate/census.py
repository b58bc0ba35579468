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
from harness.core.tree import Tree
from harness.site.fragments import Recorded


def count(page: Page, snippets: dict[str, Recorded], left_out: dict[str, str]) -> dict:
    """What stands on one page: `blocks` are those that pytest must collect."""
    shown = [
        (include, snippets[include.snippet])
        for include in page.includes
        if include.snippet in snippets
    ]
    code = [one for include, one in shown if include.shows("code")]
    typed = Counter(
        "python" if fence.is_python else fence.language for fence in page.fences
    )
    pycon = sum(fence.language == "pycon" and not fence.exempt for fence in page.fences)
    exempt = Counter(
        f"by hand: {fence.exempt}" for fence in page.fences if fence.exempt
    )
    exempt.update(
        reason
        for one in code
        if (reason := not_here(one, left_out.get(one.snippet.name)))
    )
    return {
        "blocks": len(code) + typed["python"] + pycon,
        "snippets": len(code),
        "pictures": sum(
            include.shows("figure") and one.drawn for include, one in shown
        ),
        "typed": dict(sorted(typed.items())),
        "exempt": dict(sorted(exempt.items())),
    }


def not_here(one: Recorded, missing: str | None) -> str:
    """Why `pytest --codeblocks` cannot run a snippet; empty where it can."""
    command = one.snippet.directives.run
    return missing or (f"run by {command[0]}" if command else "")


def total(pages: dict[str, dict]) -> dict:
    """The sums over all pages."""
    sums = {"pages": len(pages)}
    for key in ("blocks", "snippets", "pictures"):
        sums[key] = sum(page[key] for page in pages.values())
    for key in ("typed", "exempt"):
        counts = sum((Counter(page[key]) for page in pages.values()), Counter())
        sums[key] = dict(sorted(counts.items()))
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


def in_words(tree: Tree) -> str:
    """The totals as one line; what was exempted by hand is always named."""
    table = load(tree)
    sums = table["totals"]
    by_hand = sum(n for why, n in sums["exempt"].items() if why.startswith("by hand"))
    others = sum(sums["exempt"].values()) - by_hand
    said = (
        f"{sums['pages']} pages show {sums['snippets']} snippets and "
        f"{sums['pictures']} pictures; not run by pytest: {others} by directive, "
        f"{by_hand} by hand"
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

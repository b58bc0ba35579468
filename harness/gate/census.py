"""How many blocks each page has, so that none goes missing unseen.

Counted from what the author typed; `harness.proof.plugin` compares it with what pytest
found in the expanded pages.
"""

import json

from harness.core import records
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.snippet import digest
from harness.core.tree import Tree
from harness.gate import readme
from harness.notebooks.walkthrough import Walkthrough
from harness.site.fragments import Recorded

NAME = "census.json"
RECORDED = (".py", ".out", ".svg", ".json", ".yml")


def count(page: Page, snippets: dict[str, Recorded]) -> dict[str, int]:
    """What stands on one page: `blocks` are those that pytest must collect."""
    shown = [(i, snippets[i.snippet]) for i in page.includes if i.snippet in snippets]
    code = [one.snippet.name for include, one in shown if include.shows("code")]
    drawn = [(include, one.snippet.name) for include, one in shown if one.drawn]
    pictures = [name for include, name in drawn if include.shows("figure")]
    blocks = len(code) + len({*pictures} - {*code})
    blocks += sum(fence.is_python for fence in page.fences)
    return {"blocks": blocks, "snippets": len(code), "pictures": len(pictures)}


def write(
    tree: Tree,
    pages: list[Page],
    walks: list[Walkthrough],
    snippets: dict[str, Recorded],
) -> None:
    table = {
        "inputs": _inputs(tree),
        "pages": {one.name: count(one, snippets) for one in pages},
        "walkthroughs": {one.name: bool(one.executed) for one in walks},
        "readme": readme.blocks(tree),
    }
    records.write(tree.build / NAME, json.dumps(table, indent=1) + "\n")


def current(tree: Tree, fix: str) -> dict:
    """The census of pages that are as new as all they show. Raises Problem."""
    file = tree.build / NAME
    table = json.loads(file.read_bytes()) if file.exists() else {"inputs": ""}
    if table["inputs"] != _inputs(tree):
        what = "the pages are older than what they show, or were never made"
        raise Problem.general(what, fix)
    return table


def in_words(tree: Tree) -> str:
    table = json.loads((tree.build / NAME).read_bytes())
    pages, walks = table["pages"].values(), table["walkthroughs"].values()
    blocks, snippets, pictures = (
        sum(page[key] for page in pages) for key in ("blocks", "snippets", "pictures")
    )
    said = f"{len(pages)} pages show {snippets} snippets and {pictures} pictures"
    said += f": {blocks} blocks for pytest"
    if walks:
        said += f"; {sum(walks)} of {len(walks)} walkthroughs were executed"
    return said


def _inputs(tree: Tree) -> str:
    """A digest of all that the pages are made from: another one, and they are stale."""
    files = [tree.root / "mkdocs.yml", tree.root / "README.md"]
    files += [f for f in tree.docs.rglob("*") if f.suffix in (".md", ".py")]
    files += tree.notebooks.rglob("*.ipynb")
    for folder in (tree.snippets, tree.recorded):
        files += [file for file in folder.rglob("*") if file.suffix in RECORDED]
    found = [file for file in sorted(files) if file.is_file()]
    return digest("".join(f"{tree.show(f)} {digest(f.read_bytes())}\n" for f in found))

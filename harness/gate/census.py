"""How many blocks each page has, so that none goes missing unseen.

Counted from what the author typed; `harness.proof.plugin` compares it with what pytest
found in the expanded pages.
"""

import json

from harness.core import records
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import Tree, digest
from harness.notebooks.walkthrough import Walkthrough, of
from harness.site.fragments import Programs

NAME = "census.json"
RECORDED = (".py", ".out", ".svg", ".json", ".yml")


def count(tree: Tree, name: str) -> dict[str, int]:
    """What stands on one page: `blocks` are those that pytest must collect."""
    page, snippets = of(tree, name), Programs(tree)
    shown = [(i, snippets[i.snippet]) for i in page.includes if i.snippet in snippets]
    code = [one.snippet.name for include, one in shown if include.shows("code")]
    drawn = [(include, one.snippet.name) for include, one in shown if one.drawn]
    pictures = [name for include, name in drawn if include.shows("figure")]
    blocks = len(code) + len({*pictures} - {*code})
    blocks += sum(fence.is_python for fence in page.fences)
    return {"blocks": blocks, "snippets": len(code), "pictures": len(pictures)}


def write(tree: Tree, pages: list[Page], walks: list[Walkthrough]) -> None:
    table = {
        "inputs": _inputs(tree),
        "pages": {
            one.name.replace(".ipynb", ".md"): tree.known(f"{__name__}.count", one.name)
            for one in [*pages, *walks]
        },
        "walkthroughs": {one.name: tree.has(one.notebook_path) for one in walks},
        "readme": tree.known("harness.gate.readme.blocks"),
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
    files += [f for f in tree.files(tree.docs) if f.suffix in (".md", ".py")]
    files += tree.files(tree.notebooks, ".ipynb")
    for folder in (tree.snippets, tree.recorded):
        files += [file for file in tree.files(folder) if file.suffix in RECORDED]
    return digest("".join(f"{tree.show(f)} {tree.digest(f)}\n" for f in files))

"""Where the entries went that stood on another error page: old links lead there."""

from collections.abc import Iterator

from pydantic import RootModel

from harness.core import page
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site.tables import data, errors
from harness.site.template import fill

FILE = "error_anchors.yml"
# Of groups that were divided, or whose name is no entry's: where most of them went.
GROUPS = {
    "errors/tensors.md": {
        "shapes": "shapes",
        "indexes-and-masks": "indexing",
        "one-number-or-many": "numbers",
        "types-and-values": "dtypes",
        "lists-arrays-and-numpy": "creating",
        "warnings": "shapes",
        "wrong-numbers-without-a-text": "shapes",
    },
    "errors/training.md": {
        "loss": "losses",
        "layers": "layers",
        "modules": "modules",
        "optimizer": "optimizers",
        "data": "data-loading",
        "files": "saving",
        "compile-and-export": "compile",
    },
    "errors/autograd.md": {
        "leaving-the-graph": "detach",
        "looking-for-nan": "detach",
        "your-own-autogradfunction": "detach",
    },
    "errors/devices.md": {
        "files-memory-and-pinning": "gpu-memory",
        "what-only-a-gpu-can-do-and-what-it-says-badly": "gpu-memory",
        "mixed-precision": "mixed-precision",
        "the-meta-device": "gpu-memory",
    },
    "errors/indexing.md": {"one-number-or-many": "numbers"},
    "errors/install.md": {
        "import": "imports",
        "packages-that-torch-needs-at-times": "imports",
    },
    "errors/gpu-memory.md": {"mixed-precision": "mixed-precision"},
}
# Names that an anchor has lost the dots and marks of.
NAMES = {"your-own-autogradfunction": "your own `autograd.Function`"}


class Anchors(RootModel[dict[str, list[str]]]):
    """The anchors that each page had, by its name."""


def moves(tree: Tree, pages: list[Page]) -> Iterator[tuple[str, list]]:
    """For each old page, the anchors that are elsewhere now, with name and address."""
    known = data.load(tree, FILE, Anchors)
    now = {entry.anchor: entry for entry in errors.listed(pages)}
    for name, anchors in (known.root if known else {}).items():
        groups = GROUPS.get(name, {})
        rows = []
        for anchor in anchors:
            one = now.get(anchor)
            if one and (anchor in groups or one.page.name != name):
                rows.append((anchor, one.name, one.page.name, anchor))
            elif anchor in groups:
                words = NAMES.get(anchor, anchor.replace("-", " "))
                rows.append((anchor, words, f"errors/{groups[anchor]}.md", ""))
        yield name.removeprefix(errors.FOLDER).removesuffix(".md"), rows


def text(tree: Tree) -> str:
    return fill("moved", pages=[one for one in moves(tree, page.find(tree)) if one[1]])

"""Tables that are made from data: pages include `build/fragments/report/<name>.md`.

A module makes one of them by `text(tree)`, or several by `texts(tree)`; where its data
is not there, they are empty.
"""

import re
from collections.abc import Iterator
from importlib import import_module

from harness.core.tree import Tree

MODULES = """
    changes claims errors exercises gpu_numbers gpu_plots moved numpy_to_torch
    other_tools parity path status step_cost versions waivers
""".split()
PICTURE = re.compile(r"/assets/figures/(report/.+?\.svg)")


def make(tree: Tree) -> Iterator[str]:
    """Write every table; the names of these, and of the pictures in them.

    Raises Problem where the data of one cannot be read.
    """
    for module in MODULES:
        for name, made in tree.known(f"{__name__}.texts", module).items():
            file = f"report/{name}.md"
            tree.write(tree.fragments / file, made.rstrip("\n") + "\n")
            yield from (file, *PICTURE.findall(made))


def texts(tree: Tree, name: str) -> dict[str, str]:
    """The tables of a module, by their names."""
    module = import_module(f"{__name__}.{name}")
    several = getattr(module, "texts", None)
    return several(tree) if several else {name: module.text(tree)}

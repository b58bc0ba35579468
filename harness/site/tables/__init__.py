"""Tables that are made from data: pages include `build/fragments/report/<name>.md`.

Each module makes one of them by `text(tree)`; where its data is not there, it is empty.
"""

import re
from collections.abc import Iterator
from importlib import import_module

from harness.core.tree import Tree

NAMES = """
    changes claims errors exercises moved numpy_to_torch other_tools parity path status
    step_cost versions waivers
""".split()
# Those of which a module makes several.
NUMBERS = """
    matmul convolution pointwise attention copies launch training crossover graphs
    memory provenance
""".split()
PICTURE = re.compile(r"/assets/figures/(report/.+?\.svg)")
TABLES = {name: name for name in NAMES}  # the module of each
TABLES |= {f"gpu_numbers_{name}": "gpu_numbers" for name in NUMBERS}
TABLES |= {f"gpu_numbers_{name}": "gpu_plots" for name in ("roofline", "by_size")}


def make(tree: Tree) -> Iterator[str]:
    """Write every table; the names of these, and of the pictures in them.

    Raises Problem where the data of one cannot be read.
    """
    for name in TABLES:
        made = tree.known(f"{__name__}.text", name).rstrip("\n") + "\n"
        tree.write(tree.fragments / (file := f"report/{name}.md"), made)
        yield from (file, *PICTURE.findall(made))


def text(tree: Tree, name: str) -> str:
    module = import_module(f"{__name__}.{TABLES[name]}")
    several = getattr(module, "FRAGMENTS", {})
    return several[name](tree) if name in several else module.text(tree)

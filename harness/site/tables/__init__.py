"""Tables that are made from data: pages include `build/fragments/report/<name>.md`.

Each module makes one of them by `text(tree)`; where its data is not there, it is empty.
"""

from collections.abc import Callable
from importlib import import_module

from harness.core import records
from harness.core.tree import Tree
from harness.site.tables import gpu_numbers, gpu_plots

NAMES = """
    changes claims errors exercises moved numpy_to_torch other_tools parity path status
    step_cost versions waivers
""".split()
TABLES = {name: import_module(f"{__name__}.{name}").text for name in NAMES}
TABLES |= gpu_numbers.FRAGMENTS | gpu_plots.FRAGMENTS


def make(tree: Tree, before: Callable[[], None] = lambda: None) -> None:
    """Write every table. Raises Problem where the data of one cannot be read."""
    for name, text in TABLES.items():
        before()
        file = tree.fragments / "report" / f"{name}.md"
        records.write(file, text(tree).rstrip("\n") + "\n")

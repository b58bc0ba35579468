"""Tables that are made from data: pages include `build/fragments/report/<name>.md`.

Each module makes one of them, and has one function for it, `text(tree)`.
"""

from harness.core import records
from harness.core.tree import Tree
from harness.site.tables import (
    claims,
    errors,
    gpu_numbers,
    gpu_plots,
    numpy_to_torch,
    parity,
    status,
    step_cost,
    versions,
)

TABLES = {
    "claims": claims.text,
    "errors": errors.text,
    "numpy_to_torch": numpy_to_torch.text,
    "parity": parity.text,
    "status": status.text,
    "step_cost": step_cost.text,
    "versions": versions.text,
    **gpu_numbers.FRAGMENTS,
    **gpu_plots.FRAGMENTS,
}


def make(tree: Tree) -> None:
    """Write every table. Raises Problem where the data of one cannot be read."""
    for name, text in TABLES.items():
        file = tree.fragments / "report" / f"{name}.md"
        records.write(file, text(tree).rstrip("\n") + "\n")

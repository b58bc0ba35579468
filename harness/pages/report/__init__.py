"""Tables that are made from data: pages include `build/fragments/report/<name>.md`.

Each module makes one of them, and has one function for it, `text(tree)`.
"""

from harness import record
from harness.pages.report import (
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
from harness.tree import Tree

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
    """Write every table. Raises Refused where the data of one cannot be read."""
    for name, text in TABLES.items():
        file = tree.fragments / "report" / f"{name}.md"
        record.write(file, text(tree).rstrip("\n") + "\n")

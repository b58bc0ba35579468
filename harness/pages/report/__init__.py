"""Tables that are made from data: pages include `build/fragments/report/<name>.md`.

Each module makes one of them, and has one function for it, `text(tree)`.
"""

from harness import record
from harness.pages.report import claims, errors, status, step_cost
from harness.tree import Tree

TABLES = {
    "claims": claims.text,
    "errors": errors.text,
    "status": status.text,
    "step_cost": step_cost.text,
}


def make(tree: Tree) -> None:
    """Write every table. Raises Refused where the data of one cannot be read."""
    for name, text in TABLES.items():
        file = tree.fragments / "report" / f"{name}.md"
        record.write(file, text(tree).rstrip("\n") + "\n")

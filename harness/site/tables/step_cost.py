"""What one training step costs in three ways, from `recorded/step_cost.json`."""

import json

from harness.core.problem import Problem
from harness.core.tree import Tree


def text(tree: Tree) -> str:
    """A table of ratios and times, with where and when they were measured."""
    file = tree.recorded / "step_cost.json"
    if not file.exists():
        return ""
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        return "\n".join([*_table(table), "", _measured(table)])
    except (ValueError, LookupError, TypeError) as error:
        raise Problem.general(
            f"{tree.show(file)} cannot be read: {error!r}\n    make step-cost"
        ) from error


def _table(table: dict) -> list[str]:
    networks = table["networks"].values()
    heads = ["{1} → {2} → {3}, batch {0}".format(*one["sizes"]) for one in networks]
    columns = [one["microseconds"] for one in networks]
    rows = [f"| One step | {' | '.join(heads)} |", f"| --- |{' ---: |' * len(heads)}"]
    for way in columns[0]:
        cells = [_cell(way, column) for column in columns]
        rows.append(f"| {way} | {' | '.join(cells)} |")
    return rows


def _cell(way: str, column: dict[str, float]) -> str:
    first = next(iter(column.values()))
    times = column[way] / first
    shown = f"{column[way] / 1000:.2g}\u00a0ms"  # a unit stays at its number
    return shown if column[way] == first else f"{shown}, {times:.1f}\u00a0×"


def _measured(table: dict) -> str:
    versions = ", ".join(f"{name} {v}" for name, v in table["packages"].items())
    return (
        f"Measured on {table['date']}: {table['cpu']}, "
        f"{versions}, Python {table['python']}."
    )

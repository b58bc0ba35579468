"""What one training step costs in four ways, from `recorded/step_cost.json`."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Fault, Positive
from harness.site.tables.plot import Plot
from harness.site.template import fill


class Network(BaseModel, frozen=True):
    """One network, and what its step takes in each way."""

    sizes: tuple[int, int, int, int]  # samples, inputs, hidden units, outputs
    microseconds: Annotated[dict[str, Positive], Field(min_length=1)]


class Cost(BaseModel, frozen=True):
    """What one call of `python -m lab step-cost` measured."""

    date: date
    cpu: str
    python: str
    packages: dict[str, str]
    networks: Annotated[dict[str, Network], Field(min_length=1)]


def _rules(cost: Cost) -> Iterator[Fault]:
    first = next(iter(cost.networks.values()))
    for name, one in cost.networks.items():
        if one.microseconds.keys() != first.microseconds.keys():
            what = f"'{name}' was not measured in the ways of the first network"
            yield ("networks", name, "microseconds"), what


def text(tree: Tree) -> str:
    cost = data.load(tree, "step_cost.json", Cost, "make step-cost", _rules)
    if cost is None:
        return ""
    networks = [*cost.networks.values()]
    return fill("step_cost", cost=cost, networks=networks, picture=_picture(tree, cost))


def _picture(tree: Tree, cost: Cost) -> Callable[[str], str]:
    ratios = []
    for one in cost.networks.values():
        times = one.microseconds
        first = next(iter(times.values()))
        label = "{1} → {2} → {3}, batch {0}".format(*one.sizes)
        ratios.append((label, {way: time / first for way, time in times.items()}))
    where = f"Measured on one CPU thread · {cost.date}"
    return Plot("report/step_cost", _bars, ratios, 3.4).shown(tree, where)


def _bars(ax, ratios: list[tuple[str, dict[str, float]]]) -> None:
    """For each way, a bar a network: how many times the first way it takes."""
    for at, (label, ways) in enumerate(ratios):
        rows = [row + 0.38 * (at - 0.5) for row in range(len(ways))]
        ax.barh(rows, [*ways.values()], 0.36, color=f"C{at}", label=label)
        for row, ratio in zip(rows, ways.values(), strict=True):
            ax.text(ratio + 0.1, row, f"{ratio:.1f} ×", va="center")
    names = [way.replace(" in a ", "\nin a ") for way in ratios[0][1]]
    longest = max(max(ways.values()) for _, ways in ratios)
    ax.set(xlim=(0, 1.15 * longest), xlabel="time of a step, PyTorch loop = 1")
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.figure.legend(loc="outside lower center", ncols=2)

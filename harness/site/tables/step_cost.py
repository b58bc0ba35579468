"""What one training step costs in four ways, from `recorded/step_cost.json`."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Fault, Positive
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
    return fill("step_cost", cost=cost, networks=[*cost.networks.values()])

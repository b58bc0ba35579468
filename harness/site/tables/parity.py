"""The parity matrix: one task in PyTorch and in Keras, and how far apart they are."""

import posixpath
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self

from markdown.extensions.toc import slugify
from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from harness.core import page, records
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Fault, Text
from harness.site.tables.plot import Plot
from harness.site.template import fill

FILE = "parity.yml"  # below recorded/
RECORD = "parity.json"
AGAIN = "make record-parity"
SHOWN = "keras"  # the folder of the page that shows the table
# A text, or a list of texts.
Texts = Annotated[
    list[Text], BeforeValidator(lambda one: [one] if isinstance(one, str) else one)
]


class Row(BaseModel, frozen=True):
    """One task in both libraries. The tests measure it and prove the remark."""

    name: Text
    task: Text
    torch: Annotated[Texts, Field(min_length=1)]
    keras: Annotated[Texts, Field(min_length=1)]
    measure: str = "value"  # the function in lab/parity/measures.py
    terms: int = 1  # additions on the longest way to a result, where that is counted
    setup: str = ""  # lines that run before, in both
    remark: str = ""
    proof: Texts = []  # expressions that are true because of the remark
    what: str = ""  # what was measured, where that is no difference
    apart: bool = False  # the two differ as written
    agrees: Texts = []  # expressions that are true after the change in the remark
    exactly: str = ""  # an expression: what theory says was to be measured
    timed: bool = False  # a time, which is shown and not tested
    tensorflow: str = None  # a snippet's name, or "" for none; in the file never null

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.remark) != bool(self.proof):
            raise ValueError("a remark and its proof come together")
        if self.apart and not self.remark:
            raise ValueError("apart, without a remark that says why")
        return self


class Table(BaseModel, frozen=True):
    groups: dict[str, list[Row]]


class Result(BaseModel, frozen=True):
    """What was measured of a row, and how much of it rounding explains."""

    measured: FiniteFloat
    tolerance: FiniteFloat


class Run(BaseModel, frozen=True):
    """What one call of `make record-parity` measured."""

    date: date
    torch: str
    keras: str
    rows: dict[str, Result]


def load(tree: Tree) -> dict[str, list[Row]]:
    def rules(found: Table) -> Iterator[Fault]:
        names = set()
        for group, rows in found.groups.items():
            for at, row in enumerate(rows):
                if row.name in names:
                    place = ("groups", group, at, "name")
                    yield place, f"two rows are called '{row.name}'"
                names.add(row.name)

    found = data.load(tree, FILE, Table, rules=rules)
    return found.groups if found else {}


def run(tree: Tree, groups: dict[str, list[Row]] | None = None) -> Run:
    """What was measured, of the rows of these groups. Raises Problem."""

    def rules(found: Run) -> Iterator[Fault]:
        named = {row.name for rows in groups.values() for row in rows}
        for name in sorted(named ^ found.rows.keys()):
            yield ("rows", name), f"'{name}' is a row either here or in {FILE}, only"

    found = data.load(tree, RECORD, Run, AGAIN, rules if groups else lambda _: ())
    if found is None:
        raise Problem(tree.show(tree.recorded / RECORD), 0, "is not there", AGAIN)
    return found


def text(tree: Tree) -> str:
    groups = load(tree)
    if not groups:
        return ""
    ran, shown = run(tree, groups), _shown(tree)
    rows = [row for group in groups.values() for row in group]
    exact = sum(not (row.what or ran.rows[row.name].measured) for row in rows)
    facts = {"ran": ran, "groups": groups, "rows": rows, "exact": exact}
    facts["picture"] = _picture(tree, groups, ran)
    return fill("parity", short=_short, shown=shown, **facts)


def _picture(tree: Tree, groups: dict[str, list[Row]], ran: Run):
    places = [
        (group, row.apart, ran.rows[row.name].measured, ran.rows[row.name].tolerance)
        for group, rows in groups.items()
        for row in rows
        if not (row.timed or row.exactly or row.what)
    ]
    where = f"Measured on CPU · torch {ran.torch.partition('+')[0]} · {ran.date}"
    return Plot("report/parity", _dots, places, 5.0).shown(tree, where)


def _dots(ax, places: list[tuple[str, bool, float, float]]) -> None:
    """A line a task: its difference as a dot, what rounding allows as a bar."""
    least = 1e-9  # where no difference is drawn: a logarithm has no zero
    first: dict[str, int] = {}
    for line, (group, apart, measured, allowed) in enumerate(places):
        first.setdefault(group, line + len(first))  # an empty one between two groups
        at = line + len(first) - 1
        ax.plot(max(measured, least), at, "o", color="C1" if apart else "C0")
        ax.plot(allowed, at, "|", color="C5", markersize=9)
    named = {"rounding or the same": ("o", "C0"), "differs as written": ("o", "C1")}
    for label, (mark, color) in (named | {"allowed": ("|", "C5")}).items():
        ax.plot([], [], mark, color=color, label=label)
    ax.set(xscale="log", xlabel="largest difference (at the left edge: none)")
    ax.set_yticks([*first.values()], [*first])
    ax.invert_yaxis()
    ax.grid(axis="y")
    ax.figure.legend(loc="outside lower center", ncols=3)


def _short(number: float) -> str:
    """Two digits where they mean something; of rounding, one is enough."""
    if number == 0 or number == int(number) < 100:
        return f"{number:.0f}"
    return f"{number:.2g}" if number > 1e-3 else f"{number:.0e}".replace("e-0", "e-")


def _shown(tree: Tree) -> dict[str, str]:
    """A sentence for each program that ran in TensorFlow and stands on a page."""
    ran, found = records.load(tree, "tensorflow"), {}
    for one in page.find(tree):
        for name, head in tree.known(page.HEADED, one.name):
            if (entry := ran.get(name)) and name not in found:
                link = f"{posixpath.relpath(one.name, SHOWN)}#{slugify(head, '-')}"
                version = (entry.packages or {}).get("tensorflow", "")
                said = f"TensorFlow {version} does it [this way]({link})"
                found[name] = f"{said} (run on a CPU, {entry.date})."
    return found

"""Tables and plots of what was measured on a GPU and on a CPU, from both records.

Each part is a fragment of its own: a page puts its words between them. A GPU's part
says that no GPU was measured as long as there is no record of one.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Literal

from pydantic import BaseModel

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.cells import table
from harness.site.tables.data import Fault, Positive, Text

# The command that writes each record.
KINDS = {"gpu": "python -m lab gpu-numbers", "cpu": "python -m lab gpu-numbers --cpu"}
NONE = "No GPU has been measured yet."
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


class Row(BaseModel, frozen=True):
    """One case. Which of these facts it must have depends on its table: `TABLES`."""

    dtype: str | None = None
    n: int | None = None  # side of the matrices
    way: str | None = None
    what: str | None = None
    where: str | None = None
    layout: str | None = None
    network: str | None = None
    MiB: int | None = None
    batch: int | None = None
    length: int | None = None
    shape: list[int] | None = None
    low: Positive | None = None  # seconds, as the next two
    median: Positive | None = None
    high: Positive | None = None
    samples: int | None = None
    flops: int | None = None
    bytes: int | None = None
    of_training: int | None = None
    peak: int | None = None  # bytes of memory
    error: float = 0.0

    @property
    def spread(self) -> float | None:
        """The middle half of the samples, relative to their median."""
        return self.low and self.high and (self.high - self.low) / 2 / self.median

    @property
    def flop_rate(self) -> float | None:
        return self.flops and self.flops / self.median

    @property
    def byte_rate(self) -> float | None:
        return self.bytes and self.bytes / self.median

    @property
    def sample_rate(self) -> float | None:
        return self.batch and self.batch / self.median


class Record(BaseModel, frozen=True):
    """What one call of `python -m lab gpu-numbers` measured."""

    kind: Literal["gpu", "cpu"]
    date: date
    torch: str
    python: str
    cpu: str
    threads: int
    device: Text = None  # the name of the GPU; neither this nor the next of a CPU
    driver: str | None = None
    seconds: float  # of measuring
    tables: dict[str, list[Row]]
    left_out: list[dict[str, str | int]]

    @property
    def of_threads(self) -> str:
        return f"{self.threads} thread" + "s" * (self.threads != 1)

    @property
    def name(self) -> str:
        return self.device or f"CPU, {self.of_threads}"


def load(tree: Tree, kind: str) -> Record | None:
    """One record; None where nothing was measured. Raises Problem for a bad one."""

    def rules(record: Record) -> Iterator[Fault]:
        of_gpu = record.model_fields_set & {"device", "driver"}
        if record.kind != kind or len(of_gpu) != 2 * (kind == "gpu"):
            yield ("kind",), f"this is no record of a {kind}"
        for number, row in enumerate(record.left_out):
            if "failed" not in row:
                yield ("left_out", number), "'failed' is missing"
        for part, rows in record.tables.items():
            if part not in TABLES:
                yield ("tables", part), f"nobody knows the table '{part}'"
            for number, row in enumerate(rows):
                keys = TABLES.get(part, "").split()
                if lacks := next((k for k in keys if getattr(row, k) is None), ""):
                    yield ("tables", part, number), f"this row has no {lacks}"

    return data.load(tree, f"{kind}_numbers.json", Record, KINDS[kind], rules)


def ceilings(record: Record) -> dict[str, float]:
    """The highest rates that were measured: FLOP/s by dtype, bytes/s as "memory"."""
    best: dict[str, float] = {}
    for part in ("matmul", "convolution"):
        for row in record.tables.get(part, []):
            best[row.dtype] = max(best.get(row.dtype, 0.0), row.flop_rate)
    for row in record.tables.get("copies", []):
        # What fits into a cache is faster than memory: the largest copy counts.
        if row.way == "within the device":
            best["memory"] = row.byte_rate
    return best


def text(tree: Tree, part: str) -> str:
    """The tables of one part: first of the GPU, or that there is none; then the CPU."""
    blocks = []
    for kind in KINDS:
        record = load(tree, kind)
        if record is None:
            blocks += [NONE] if kind == "gpu" else []
        elif rows := record.tables.get(part):
            lines = _crossover(rows) if part == "crossover" else _lines(part, record)
            blocks += [f"{record.name}:", "\n".join(lines)]
        elif kind == "cpu" and part not in ("crossover", "graphs", "memory"):
            blocks.append("Not measured on the CPU.")
    return "\n\n".join(blocks)


def _lines(part: str, record: Record) -> list[str]:
    """A line for each row; beside a rate stands its share of the highest."""
    best, usual = ceilings(record), "bf16" if record.kind == "gpu" else "fp32"
    heads, rows = [], [[] for _ in record.tables[part]]
    for key in TABLES[part].split():
        head, show = COLUMNS[key]
        heads += [head, ">Of the ceiling"] if head == ">Rate" else [head]
        for cells, row in zip(rows, record.tables[part], strict=True):
            value = getattr(row, key)
            cells.append(show(value))
            if head == ">Rate":
                work = row.dtype or usual if key == "flop_rate" else "memory"
                cells.append(f"{value / best[work]:.0%}" if work in best else "-")
    if part == "attention":
        heads[:2] = f"Way, in {usual}", "Query"
    return table(heads, rows)


def _crossover(rows: list[Row]) -> list[str]:
    """A column for each place where the products were computed."""
    places = list(dict.fromkeys(row.where for row in rows))
    times = {(row.n, row.where): seconds(row.median) for row in rows}
    sides = dict.fromkeys(row.n for row in rows)
    cells = ([str(n), *(times.get((n, one), "-") for one in places)] for n in sides)
    return table([">Side", *(f">{place}" for place in places)], cells)


def provenance(tree: Tree) -> str:
    """The machine, the software and the date of each record, and what it lacks."""
    records = [load(tree, kind) for kind in KINDS]
    known = [one for one in records if one]
    lines = [] if records[0] else [f"- {NONE}"]
    for one in known:
        machine = f"{one.cpu}, {one.of_threads}"
        if one.kind == "gpu":
            driver = f", driver {one.driver}" if one.driver else ""
            machine = f"{one.device}{driver}, beside {machine}"
        software = f"torch {one.torch}, Python {one.python}"
        measured = f"{one.kind.upper()}, measured on {one.date}"
        lines.append(f"- {measured}: {machine}, {software}.")
    for one in known:
        for row in one.left_out:
            said = ", ".join(str(v) for key, v in row.items() if key != "failed")
            lines.append(f"- Left out on {one.name}: {said} ({row['failed']})")
    return "\n".join(lines)


def seconds(value: float) -> str:
    """A time with three digits and the unit that suits it."""
    size, unit = next((u for u in UNITS if value >= u[0]), UNITS[-1])
    return f"{_digits(value / size)}\u00a0{unit}"


def rate(value: float, unit: str) -> str:
    """A rate per second: T for trillions and G for billions."""
    letter, size = ("T", 1e12) if value >= 1e12 else ("G", 1e9)
    return f"{_digits(value / size)}\u00a0{letter}{unit}"


def _digits(value: float) -> str:
    """Three significant digits, but no part of a whole number is cut off."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _shape(sides: list[int]) -> str:
    """As torch prints it, in one piece."""
    return "(" + ",\u00a0".join(map(str, sides)) + ")"


def _grouped(value: float) -> str:
    """A whole number of three significant digits, thousands apart."""
    return f"{float(f'{value:.3g}'):,.0f}".replace(",", "\u202f")


# The fact of a row that a column shows, with the column's head and the form of a cell.
COLUMNS: dict[str, tuple[str, Callable[..., str]]] = {
    "dtype": ("Dtype", str),
    "n": (">Side", str),
    "way": ("Way", str),
    "what": ("What", str),
    "layout": ("Layout", str),
    "network": ("Network", str),
    "MiB": (">MiB", str),
    "shape": ("Input", _shape),
    "median": (">Time", seconds),
    "spread": (">Spread", "±{:.0%}".format),
    "flop_rate": (">Rate", partial(rate, unit="FLOP/s")),
    "byte_rate": (">Rate", partial(rate, unit="B/s")),
    "sample_rate": (">Samples a second", _grouped),
    "peak": (">Most memory", lambda size: f"{_digits(size / 2**20)}\u00a0MiB"),
}
# The facts that each row of a table has.
TABLES = {
    "matmul": "dtype n median spread flop_rate",
    "convolution": "dtype layout shape median spread flop_rate",
    "pointwise": "way shape median spread byte_rate",
    "attention": "way shape median spread flop_rate",
    "copies": "way MiB median spread byte_rate",
    "launch": "what median spread",
    "training": "network shape median spread sample_rate",
    "crossover": "n where median",
    "graphs": "way median spread",
    "memory": "network shape peak",
}
FRAGMENTS: dict[str, Callable[[Tree], str]] = {
    f"gpu_numbers_{part}": partial(text, part=part) for part in TABLES
} | {"gpu_numbers_provenance": provenance}

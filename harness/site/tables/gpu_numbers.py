"""Tables of what was measured on a GPU and on a CPU: a fragment for each part."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Fault, Positive, Text
from harness.site.template import fill

# The command that writes each record.
KINDS = {"gpu": "python -m lab gpu-numbers", "cpu": "python -m lab gpu-numbers --cpu"}
NONE = (
    "No GPU has been measured yet, and these numbers don't say how fast one is: "
    "[measure yours](#measure-your-own-machine)."
)
UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}


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


def both(tree: Tree) -> dict[str, Record | None]:
    """The records by kind, the GPU's first."""
    return {kind: load(tree, kind) for kind in KINDS}


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


def texts(tree: Tree) -> dict[str, str]:
    made = {f"gpu_numbers_{part}": text(tree, part) for part in TABLES}
    return made | {"gpu_numbers_provenance": provenance(tree)}


def text(tree: Tree, part: str) -> str:
    """The tables of one part: first of the GPU, if there is one; then of the CPU."""
    return fill("gpu_numbers", part=part, records=both(tree), **_facts())


def provenance(tree: Tree) -> str:
    """Three numbers; the machine, software and date of each record, what it lacks."""
    known = {"records": both(tree), "none_yet": NONE}
    return fill("gpu_numbers_provenance", **known, **_facts())


def _facts() -> dict[str, Callable]:
    return {"ceilings": ceilings, "time": _time, "units": _units, "digits": _digits}


def _time(column: Iterable[float | None]) -> tuple[str, float]:
    """The unit of a column of times, by which none is below 1."""
    least = min(filter(None, column), default=1)
    return next((one for one in UNITS.items() if least >= one[1]), ("µs", 1e-6))


def _units(column: Iterable[float | None]) -> tuple[str, float]:
    """That of a column of rates: T for trillions a second and G for billions."""
    return ("T", 1e12) if max(filter(None, column), default=0) >= 1e12 else ("G", 1e9)


def _digits(value: float) -> str:
    """Three significant digits."""
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


# The facts that each row of a table has.
TABLES = {
    "matmul": "dtype n median spread flop_rate",
    "convolution": "dtype layout shape median spread flop_rate",
    "pointwise": "way shape median spread byte_rate",
    "attention": "way shape median spread flop_rate",
    "copies": "way MiB median spread byte_rate",
    "launch": "what median spread",
    "training": "network shape batch median spread",
    "crossover": "n where median",
    "graphs": "way median spread",
    "memory": "network shape peak",
}

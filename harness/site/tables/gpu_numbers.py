"""Tables and plots of what was measured on a GPU and on a CPU, from both records.

Each part is a fragment of its own: a page puts its words between them. A GPU's part
says that no GPU was measured as long as there is no record of one.
"""

import json
from collections.abc import Callable
from functools import partial

from harness.core.problem import Problem
from harness.core.tree import Tree

FILES = {"gpu": "gpu_numbers.json", "cpu": "cpu_numbers.json"}  # below recorded/
AGAIN = {"gpu": "python -m lab gpu-numbers", "cpu": "… gpu-numbers --cpu"}
NONE = "No GPU has been measured yet."
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
Row = dict


def load(tree: Tree, kind: str) -> dict | None:
    """One record; None where nothing was measured. Raises Problem for a bad one."""
    file = tree.recorded / FILES[kind]
    if not file.exists():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["kind"] != kind or ("device" in found) != (kind == "gpu"):
            raise ValueError(f"this is no record of a {kind}")
        ceilings(found)
        measured(found)
        return found
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        where = tree.show(file)
        raise Problem.general(
            f"{where} cannot be read: {error!r}\n    {AGAIN[kind]}"
        ) from error


def ceilings(record: dict) -> dict[str, float]:
    """The highest rates that were measured: FLOP/s by dtype, bytes/s as "memory"."""
    best: dict[str, float] = {}
    for table in ("matmul", "convolution"):
        for row in record["tables"].get(table, []):
            rate = row["flops"] / row["median"]
            best[row["dtype"]] = max(best.get(row["dtype"], 0.0), rate)
    for row in record["tables"].get("copies", []):
        # What fits into a cache is faster than memory: the largest copy counts.
        if row["way"] == "within the device":
            best["memory"] = row["bytes"] / row["median"]
    return best


def text(tree: Tree, part: str) -> str:
    """The tables of one part: first of the GPU, or that there is none; then the CPU."""
    blocks = []
    for kind in FILES:
        record = load(tree, kind)
        if record is None:
            blocks += [NONE] if kind == "gpu" else []
            continue
        rows = record["tables"].get(part, [])
        if rows:
            heads, cells = TABLES[part](rows, record)
            blocks += [f"{_on(record)}:", "\n".join(_table(heads, cells))]
        elif kind == "cpu" and part not in ("crossover", "graphs", "memory"):
            blocks.append("Not measured on the CPU.")
    return "\n\n".join(blocks)


def provenance(tree: Tree) -> str:
    """Where and when, of each record."""
    found = [load(tree, kind) for kind in FILES]
    lines = [f"- {measured(record)}" for record in found if record]
    if found[0] is None:
        lines.insert(0, f"- {NONE}")
    for record in filter(None, found):
        for row in record["left_out"]:
            labels = {k: v for k, v in row.items() if k != "failed"}
            said = ", ".join(map(str, labels.values()))
            lines.append(f"- Left out on {_on(record)}: {said} ({row['failed']})")
    return "\n".join(lines)


def measured(record: dict) -> str:
    """One sentence with the machine, the software, the date."""
    number = record["threads"]
    threads = f"{number} thread" + "s" * (number != 1)
    machine = f"{record['cpu']}, {threads}"
    if record["kind"] == "gpu":
        driver = f", driver {record['driver']}" if record["driver"] else ""
        machine = f"{record['device']}{driver}, beside {machine}"
    name = "GPU" if record["kind"] == "gpu" else "CPU"
    return (
        f"{name}, measured on {record['date']}: {machine}, torch {record['torch']}, "
        f"Python {record['python']}."
    )


def _on(record: dict) -> str:
    if record["kind"] == "gpu":
        return record["device"]
    number = record["threads"]
    return f"CPU, {number} thread" + "s" * (number != 1)


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    marks = ["---:" if head[0] == ">" else "---" for head in heads]
    lines = [[head.removeprefix(">") for head in heads], marks, *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


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


def _shape(row: Row) -> str:
    """As torch prints it, in one piece."""
    return "(" + ",\u00a0".join(map(str, row["shape"])) + ")"


def _grouped(value: float) -> str:
    """A whole number of three significant digits, thousands apart."""
    return f"{float(f'{value:.3g}'):,.0f}".replace(",", "\u202f")


def _spread(row: Row) -> str:
    """The middle half of the samples, relative to their median."""
    half = (row["high"] - row["low"]) / 2 / row["median"]
    return f"±{half:.0%}"


def _share(value: float, ceiling: float | None) -> str:
    return f"{value / ceiling:.0%}" if ceiling else "-"


TIME = [">Time", ">Spread"]


def _timed(row: Row) -> list[str]:
    return [seconds(row["median"]), _spread(row)]


def _flops(row: Row, dtype: str, record: dict) -> list[str]:
    value = row["flops"] / row["median"]
    return [rate(value, "FLOP/s"), _share(value, ceilings(record).get(dtype))]


def _bytes(row: Row, record: dict) -> list[str]:
    value = row["bytes"] / row["median"]
    return [rate(value, "B/s"), _share(value, ceilings(record).get("memory"))]


def _matmul(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    heads = ["Dtype", ">Side", *TIME, ">Rate", ">Of the ceiling"]
    return heads, [
        [r["dtype"], str(r["n"]), *_timed(r), *_flops(r, r["dtype"], record)]
        for r in rows
    ]


def _convolution(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    heads = ["Dtype", "Layout", "Input", *TIME, ">Rate", ">Of the ceiling"]
    return heads, [
        [r["dtype"], r["layout"], _shape(r), *_timed(r), *_flops(r, r["dtype"], record)]
        for r in rows
    ]


def _pointwise(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    heads = ["Way", "Input", *TIME, ">Rate", ">Of the ceiling"]
    return heads, [[r["way"], _shape(r), *_timed(r), *_bytes(r, record)] for r in rows]


def _attention(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    dtype = "bf16" if record["kind"] == "gpu" else "fp32"
    heads = [f"Way, in {dtype}", "Query", *TIME, ">Rate", ">Of the ceiling"]
    return heads, [
        [r["way"], _shape(r), *_timed(r), *_flops(r, dtype, record)] for r in rows
    ]


def _copies(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    heads = ["Way", ">MiB", *TIME, ">Rate", ">Of the ceiling"]
    return heads, [
        [r["way"], str(r["MiB"]), *_timed(r), *_bytes(r, record)] for r in rows
    ]


def _launch(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    return ["What", *TIME], [[r["what"], *_timed(r)] for r in rows]


def _training(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    heads = ["Network", "Input", *TIME, ">Samples a second"]
    return heads, [
        [
            r["network"],
            _shape(r),
            *_timed(r),
            _grouped(r["batch"] / r["median"]),
        ]
        for r in rows
    ]


def _crossover(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    ways = list(dict.fromkeys(row["where"] for row in rows))
    times = {(r["n"], r["where"]): seconds(r["median"]) for r in rows}
    sides = dict.fromkeys(row["n"] for row in rows)
    heads = [">Side", *(f">{way}" for way in ways)]
    return heads, [[str(n), *(times.get((n, w), "-") for w in ways)] for n in sides]


def _graphs(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    return ["Way", *TIME], [[r["way"], *_timed(r)] for r in rows]


def _memory(rows: list[Row], record: dict) -> tuple[list[str], list[list[str]]]:
    return ["Network", "Input", ">Most memory"], [
        [r["network"], _shape(r), f"{_digits(r['peak'] / 2**20)}\u00a0MiB"]
        for r in rows
    ]


TABLES: dict[str, Callable[[list[Row], dict], tuple[list[str], list[list[str]]]]] = {
    "matmul": _matmul,
    "convolution": _convolution,
    "pointwise": _pointwise,
    "attention": _attention,
    "copies": _copies,
    "launch": _launch,
    "training": _training,
    "crossover": _crossover,
    "graphs": _graphs,
    "memory": _memory,
}
FRAGMENTS: dict[str, Callable[[Tree], str]] = {
    f"gpu_numbers_{part}": partial(text, part=part) for part in TABLES
} | {"gpu_numbers_provenance": provenance}

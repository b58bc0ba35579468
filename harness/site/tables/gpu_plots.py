"""Plots of the recorded numbers: drawn for the pages, never committed.

matplotlib is imported only where there is something to draw, and the look is that of
the snippets' figures.
"""

import io
import os
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from harness.core import records
from harness.core.snippet import digest
from harness.core.tree import HERE, Tree
from harness.site import pictures
from harness.site.tables import gpu_numbers

STYLE = Path(__file__).parents[2] / "run" / "figure.mplstyle"
FOLDER = "report"  # below the pictures of snippets
Draw = Callable[[object, list[dict]], None]


def text(tree: Tree, name: str) -> str:
    """The Markdown of one plot, with whose numbers they are; none without numbers.

    Its two copies, for light and for dark pages, are written.
    """
    found = [gpu_numbers.load(tree, kind) for kind in gpu_numbers.FILES]
    known = [one for one in found if one and one["tables"].get("matmul")]
    if not known:
        return ""
    draw, alt = PLOTS[name]
    svg = _svg(partial(draw, known=known))
    file = tree.pictures / FOLDER / name
    for scheme, copy in {"light": svg, "dark": pictures.darken(svg)}.items():
        records.write(file.with_name(f"{name}.{scheme}.svg"), copy)
    picture = pictures.shown(tree, f"{FOLDER}/{name}", alt, svg)
    return "\n".join([picture, *_badges(known)])


def _badges(known: list[dict]) -> list[str]:
    """Where and when it was measured, as below a snippet's picture."""
    lines = []
    for one in known:
        version = one["torch"].partition("+")[0]
        facts = [f"Measured on {_name(one)}", f"torch {version}", one["date"]]
        lines.append(f"{' · '.join(facts)}\n{{ .ran }}\n")
    if not any(one["kind"] == "gpu" for one in known):
        lines.append(f"{gpu_numbers.NONE.removesuffix('.')}\n{{ .ran .missing }}\n")
    return lines


def _svg(draw: partial) -> str:
    """A picture; drawn only where its numbers, the style or this file are new."""
    files = [file.read_text(encoding="utf-8") for file in (STYLE, Path(__file__))]
    made_of = [draw.func.__name__, draw.keywords, version("matplotlib"), *files]
    kept = HERE.build / "plots" / f"{digest(repr(made_of))}.svg"
    if not kept.is_file():
        records.write(kept, _drawn(draw))
    return kept.read_text(encoding="utf-8")


def _drawn(draw: Callable) -> str:
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # the file names this date
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(fname=STYLE):
        figure = Figure(figsize=(5.0, 3.6))
        draw(figure.subplots())
        file = io.StringIO()
        figure.savefig(file, format="svg")
    return file.getvalue()


def _roofline(ax, known: list[dict]) -> None:
    """Each record's two ceilings, and under them what reached how much."""
    for number, one in enumerate(known):
        colour, name = f"C{number}", _name(one)
        best = gpu_numbers.ceilings(one)
        corner = best["fp32"] / best["memory"]
        ends = [2.0**-4, corner, 2.0**10]
        roof = [min(best["fp32"], x * best["memory"]) / 1e9 for x in ends]
        ax.plot(ends, roof, color=colour, label=f"ceiling: {name}")
        rows = [r for r in one["tables"]["matmul"] if r["dtype"] == "fp32"]
        ax.plot(
            [r["flops"] / r["bytes"] for r in rows],
            [r["flops"] / r["median"] / 1e9 for r in rows],
            "o",
            color=colour,
            label="matrix products, by side",
        )
        if number == len(known) - 1:  # of the last only: one word a point
            for row in (rows[0], rows[2], rows[-1]):
                place = row["flops"] / row["bytes"], row["flops"] / row["median"] / 1e9
                side = {"textcoords": "offset points", "xytext": (7, -11)}
                ax.annotate(str(row["n"]), place, **side)
    ax.set(xscale="log", yscale="log")
    ax.set_xlabel("operations for each byte (FLOP/B)")
    ax.set_ylabel("GFLOP/s")
    ax.legend(loc="lower right")


def _by_size(ax, known: list[dict]) -> None:
    """The time of a product by side: flat where starting it is all, then cubic."""
    number = 0
    for one in known:
        lines = {"": [r for r in one["tables"]["matmul"] if r["dtype"] == "fp32"]}
        if crossing := one["tables"].get("crossover"):
            ways = dict.fromkeys(r["where"] for r in crossing)
            lines = {w: [r for r in crossing if r["where"] == w] for w in ways}
        for way, rows in lines.items():
            if way == "" and one["kind"] == "cpu":
                least = one["tables"]["launch"][0]["median"]
                ax.axhline(least * 1e3, color="C5", ls="--", lw=1)
                ax.annotate(
                    "one addition", (rows[-1]["n"], least * 1e3), ha="right",
                    xytext=(0, 5), textcoords="offset points",
                )  # fmt: skip
            ax.plot(
                [r["n"] for r in rows],
                [r["median"] * 1e3 for r in rows],
                "o-",
                color=f"C{number}",
                label=f"{_name(one)} {way}".strip(),
            )
            number += 1
    ax.set(xscale="log", yscale="log", xlabel="side of the matrices")
    ax.set_ylabel("time of one product (ms)")
    ax.set_xscale("log", base=2)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}")
    ax.legend(loc="upper left")


def _name(record: dict) -> str:
    if record["kind"] == "gpu":
        return record["device"]
    number = record["threads"]
    return f"CPU, {number} thread" + "s" * (number != 1)


PLOTS: dict[str, tuple[Draw, str]] = {
    "roofline": (
        _roofline,
        "Speed over operations for each byte, both on logarithmic axes. A ceiling "
        "rises in a straight line and then stays level. Dots for matrix products lie "
        "below it: small matrices far below, large ones at the level part.",
    ),
    "by_size": (
        _by_size,
        "Time of a matrix product over the side of the matrices, both on logarithmic "
        "axes. Up to a side of 32 the time is at most that of one addition, a dashed "
        "line; beyond, it rises steeply in a straight line.",
    ),
}
FRAGMENTS = {f"gpu_numbers_{name}": partial(text, name=name) for name in PLOTS}

"""Plots of the recorded numbers: drawn for the pages, never committed."""

from harness.core.tree import Tree
from harness.site.tables import gpu_numbers
from harness.site.tables.gpu_numbers import Record, Row
from harness.site.tables.plot import Draw, Plot
from harness.site.template import fill


def texts(tree: Tree) -> dict[str, str]:
    return {f"gpu_numbers_{name}": text(tree, name) for name in PLOTS}


def text(tree: Tree, name: str) -> str:
    """The Markdown of one plot, whose two copies are written; none without numbers."""
    both = gpu_numbers.both(tree).values()
    known = [one for one in both if one and one.tables.get("matmul")]
    if not known:
        return ""
    ran = " | ".join(_measured(one) for one in known)
    plot = Plot(f"report/{name}", PLOTS[name], known)
    return fill("gpu_plots", plot=name, picture=plot.shown(tree, ran))


def _measured(one: Record) -> str:
    return f"Measured on {one.name} · torch {one.torch.partition('+')[0]} · {one.date}"


def _products(record: Record) -> list[Row]:
    return [row for row in record.tables["matmul"] if row.dtype == "fp32"]


def _roofline(ax, known: list[Record]) -> None:
    """Each record's two ceilings, and under them what reached how much."""
    for number, one in enumerate(known):
        best = gpu_numbers.ceilings(one)
        corner = best["fp32"] / best["memory"]
        ends = [2.0**-4, corner, 2.0**10]
        roof = [min(best["fp32"], x * best["memory"]) / 1e9 for x in ends]
        ax.plot(ends, roof, color=f"C{number}", label=f"ceiling: {one.name}")
        rows = _products(one)
        places = [(row.flops / row.bytes, row.flop_rate / 1e9) for row in rows]
        words = "matrix products, by side"
        ax.plot(*zip(*places, strict=True), "o", color=f"C{number}", label=words)
    for at in (0, 2, -1):  # of the last record only: one word a point
        side = {"textcoords": "offset points", "xytext": (7, -11)}
        ax.annotate(str(rows[at].n), places[at], **side)
    ax.set(xscale="log", yscale="log")
    ax.set_xlabel("operations for each byte (FLOP/B)")
    ax.set_ylabel("GFLOP/s")
    ax.legend(loc="lower right")


def _by_size(ax, known: list[Record]) -> None:
    """The time of a product by side: flat where starting it is all, then cubic."""
    for one in known:
        lines: dict[str, list[Row]] = {}
        for row in one.tables.get("crossover", []):
            lines.setdefault(f"{one.name} {row.where}", []).append(row)
        lines = lines or {one.name: _products(one)}
        if one.kind == "cpu" and one.name in lines:
            least = one.tables["launch"][0].median * 1e3
            ax.axhline(least, color="C5", ls="--", lw=1)
            above = {"textcoords": "offset points", "xytext": (0, 5), "ha": "right"}
            ax.annotate("one addition", (lines[one.name][-1].n, least), **above)
        for label, rows in lines.items():
            times = [row.median * 1e3 for row in rows]
            ax.plot([row.n for row in rows], times, "o-", label=label)
    ax.set(xscale="log", yscale="log", xlabel="side of the matrices")
    ax.set_ylabel("time of one product (ms)")
    ax.set_xscale("log", base=2)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}")
    ax.legend(loc="upper left")


PLOTS: dict[str, Draw] = {"roofline": _roofline, "by_size": _by_size}

"""A figure, as the data that was plotted: what stays true when a renderer changes.

SVG bytes differ between matplotlib and font versions although the picture is the
same, so figures are compared by this data, with a tolerance for floats.
"""

import math
import sys

DIGITS = 6
RTOL, ATOL = 1e-4, 1e-6


def plotted() -> list[dict]:
    """The data of every figure that pyplot holds open, as plain JSON values."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    return [_figure(pyplot.figure(number)) for number in pyplot.get_fignums()]


def _figure(figure) -> dict:
    return {
        "texts": [_text(t) for t in figure.texts if t.get_text()],
        "axes": [_axes(ax) for ax in figure.axes],
    }


def _axes(ax) -> dict:
    return {
        "title": ax.get_title(),
        "labels": [ax.get_xlabel(), ax.get_ylabel()],
        "limits": _numbers([*ax.get_xlim(), *ax.get_ylim()]),
        "lines": [_numbers(line.get_xydata()) for line in ax.lines],
        "texts": [_text(t) for t in ax.texts if t.get_text()],
        "patches": [
            _numbers(p.get_patch_transform().transform(p.get_path().vertices))
            for p in ax.patches
        ],
        "images": [_numbers(image.get_array().filled(math.nan)) for image in ax.images],
        "collections": [
            {
                "offsets": _numbers(c.get_offsets()),
                "paths": [_numbers(p.vertices) for p in c.get_paths()],
            }
            for c in ax.collections
        ],
        "legend": [t.get_text() for t in ax.get_legend().get_texts()]
        if ax.get_legend()
        else [],
    }


def _text(text) -> list:
    return [text.get_text(), *_numbers(text.get_position())]


def _numbers(values) -> list:
    import numpy

    array = numpy.ma.filled(numpy.ma.asarray(values, dtype=float), math.nan)

    def short(x: float):
        # NaN is no JSON; -0.0 and 0.0 are the same place
        return float(f"{x:.{DIGITS}g}") + 0.0 if math.isfinite(x) else str(x)

    return [short(x) for x in array.ravel().tolist()]


def difference(old, new, where: str = "figure") -> str | None:
    """The first place where two figures differ, in words; None where they agree."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if found := difference(old.get(key), new.get(key), f"{where}.{key}"):
                return found
        return None
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return f"{where}: {len(new)} entries instead of {len(old)}"
        for n, (a, b) in enumerate(zip(old, new, strict=True)):
            if found := difference(a, b, f"{where}[{n}]"):
                return found
        return None
    if isinstance(old, int | float) and isinstance(new, int | float):
        same = math.isclose(old, new, rel_tol=RTOL, abs_tol=ATOL)
    else:
        same = old == new
    return None if same else f"{where}: {new!r} instead of {old!r}"

"""A figure, as the data that was plotted.

SVG bytes differ between versions of matplotlib and fonts although the picture is the
same, so figures are compared by this data, with a tolerance for floats. What was kept
as a picture is compared by its strokes and letters, with a tolerance for their places.
"""

import math
import re
import sys
from xml.etree import ElementTree

DIGITS = 6
RTOL, ATOL = 1e-4, 1e-6
POINT = 1.0  # that a stroke may move
NUMBER = re.compile(r"-?\d[\d.]*(?:e[-+]?\d+)?")


def plotted() -> list[dict]:
    """The data of every figure that pyplot holds open, as plain JSON values."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    return [
        {"texts": _texts(figure.texts), "axes": [_axes(axes) for axes in figure.axes]}
        for figure in figures
    ]


def _axes(ax) -> dict:
    legend = ax.get_legend()
    return {
        "title": ax.get_title(),
        "labels": [ax.get_xlabel(), ax.get_ylabel()],
        "limits": _numbers([*ax.get_xlim(), *ax.get_ylim()]),
        "lines": [_numbers(line.get_xydata()) for line in ax.lines],
        "texts": _texts(ax.texts),
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
        "legend": [t.get_text() for t in legend.get_texts()] if legend else [],
    }


def _texts(texts) -> list:
    return [[t.get_text(), *_numbers(t.get_position())] for t in texts if t.get_text()]


def _numbers(values) -> list:
    import numpy

    array = numpy.ma.filled(numpy.ma.asarray(values, dtype=float), math.nan)
    return [  # NaN is no JSON; -0.0 and 0.0 are the same place
        float(f"{x:.{DIGITS}g}") + 0.0 if math.isfinite(x) else str(x)
        for x in array.ravel().tolist()
    ]


def strokes(svg: str) -> dict[str, list]:
    """The letters and lines of a picture in order: style, place and shape of each."""
    try:
        every = [*ElementTree.fromstring(svg).iter()]
    except ElementTree.ParseError:  # which is said elsewhere
        return {}
    shapes = {f"#{one.get('id')}": _places(one, "d") for one in every}
    kept = {one for part in every if part.tag.endswith("}defs") for one in part}
    shown = []
    for one in every:
        if one in kept:  # for its uses, which have its shape
            continue
        shape = shapes.get(one.get("{http://www.w3.org/1999/xlink}href"))
        if one.tag.endswith("}path"):
            shape = _box(_places(one, "d"))
        if shape or one.get("transform"):
            places = _places(one, "x", "y", "transform")
            shown.append([one.get("style", ""), places, shape])
    return {"texts": re.findall("<!--(.*?)-->", svg), "strokes": shown}


def _places(element: ElementTree.Element, *names: str) -> list[float]:
    texts = [element.get(name, "") for name in names]
    return [float(x) for text in texts for x in NUMBER.findall(text)]


def _box(points: list[float]) -> list[float]:
    """The frame around a line, which may keep more of its points elsewhere."""
    sides = points[::2], points[1::2]
    return [end(side) for side in sides for end in (min, max) if side]


def difference(old, new, where: str = "figure", near: float = ATOL) -> str | None:
    """The first place where two figures differ, in words; None where they agree."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted({*old, *new})
        parts = [(old.get(key), new.get(key), f"{where}.{key}") for key in keys]
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return f"{where}: {len(new)} entries instead of {len(old)}"
        parts = [(old[n], new[n], f"{where}[{n}]") for n in range(len(old))]
    else:
        same = old == new
        if isinstance(old, int | float) and isinstance(new, int | float):
            same = math.isclose(old, new, rel_tol=RTOL, abs_tol=near)
        return None if same else f"{where}: {new!r} instead of {old!r}"
    return next(filter(None, (difference(*part, near) for part in parts)), None)

"""What a page cannot show as it is: in a text that was printed, or in a picture.

Each fault is a line, what is wrong and how to fix it.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\U0010ffff]")  # by a page
# Each colour of the style with its twin for dark pages.
DARK = json.loads(Path(__file__).with_name("figure_dark.json").read_bytes())
PAINT = re.compile(r"(?:^|[;\s])(fill|stroke):\s*([^;\s]+)")
SHAPES = set("path rect circle ellipse line polyline polygon text use".split())
BLACK = "#000000"  # what a shape is filled with that names no colour


def text_faults(text: str) -> Iterator[tuple[int, str, str]]:
    """What a page would change in a text."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := UNPRINTABLE.search(line):
            yield number, f"prints {found.group()!r}", "print plain text"
        if "8<--" in line:
            yield number, "prints an include mark", "print something else"
    if text and not text.endswith("\n"):
        last = text.count("\n") + 1
        yield last, "does not end in a newline", "end with a plain print()"
    elif text.endswith("\n\n"):
        what = "ends in an empty line, which a page does not show"
        yield text.count("\n"), what, "print none at the end"


def picture_faults(svg: str) -> Iterator[tuple[int, str, str]]:
    """The colours of a picture that no dark page changes, with their first lines.

    matplotlib names no colour where it fills with black: that counts as named.
    """
    found: dict[str, int] = {}
    kept: dict[str, dict[str, str]] = {}  # the paint of what `use` can draw
    # Of the elements that are open: name and paint.
    above: list[tuple[str, dict[str, str]]] = [("", {"fill": BLACK, "stroke": "none"})]
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        own = {key: attributes[key] for key in ("fill", "stroke") if key in attributes}
        own |= dict(PAINT.findall(attributes.get("style", "")))
        kept[f"#{attributes.get('id')}"] = own
        paint = above[-1][1] | own
        if name == "use":
            paint |= kept.get(attributes.get("xlink:href", ""), {})
        above.append((name, paint))
        if name in SHAPES and "defs" not in [one for one, _ in above]:
            for colour in paint.values():
                if colour != "none" and "url(" not in colour:
                    found.setdefault(colour.lower(), parser.CurrentLineNumber)

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda name: above.pop()
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        yield error.lineno, f"is no SVG: {error}", "save it by pyplot"
        return
    fix = "leave the colour out, or take one of 'C0' to 'C5' or a grey like '0.5'"
    for colour, line in found.items():
        if colour not in DARK:
            what = f"draws in {colour}, which has no twin for dark pages"
            yield line, what, fix

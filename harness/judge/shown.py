"""What a page shows of a result, and what it cannot show as it is.

Standard output comes first, then the warnings or the error. `noise.toml` lists what
torch says on its own account. Each fault is a line, what is wrong and how to fix it.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from harness.core import limits
from harness.core.characters import hidden, name
from harness.core.snippet import Snippet
from harness.judge.result import Result, Warned
from harness.judge.subject import Subject

HERE = Path(__file__).parent
# Of a message: torch's bold marks, and the line of its source in its own build.
PASSED_OVER = re.compile(r"\x1b\[[\d;]*m| \(Triggered internally at [^)]*\)")
NOISE = tomllib.loads(HERE.joinpath("noise.toml").read_text("utf-8"))

# Each colour of the style with its twin for dark pages.
DARK = json.loads(HERE.joinpath("figure_dark.json").read_bytes())
PAINT = re.compile(r"(?:^|[;\s])(fill|stroke):\s*([^;\s]+)")
FONT = 'id="ProvenSerif-'  # so matplotlib names the letters of that font
LETTERS = re.compile(r"scale\((0\.\d+) -0\.\d+\)")
PHONE = 328  # pixels that a phone has for a picture
SHAPES = set("path rect circle ellipse line polyline polygon text use".split())
HREF = "{http://www.w3.org/1999/xlink}href"


def printed(program: Subject | Snippet, result: Result) -> str:
    """The whole text; a tab becomes spaces, as on every page."""
    text = result.stdout.expandtabs(4)
    tail = [f"{w.category}: {w.message}" for w in own_warnings(program, result)]
    if result.raised:
        tail.append(result.raised.text)
    tail = [PASSED_OVER.sub("", line).expandtabs(4) for line in tail]
    if tail and text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{line}\n" for line in tail)


def own_warnings(program: Subject | Snippet, result: Result) -> list[Warned]:
    """The warnings less torch's own noise, each text once; a declared one is none."""
    seen = {}
    for w in result.warned:
        own = w.category in program.directives.warns or w.file == str(program.path)
        if own or not is_noise(f"{w.category}: {w.message}", "warnings"):
            seen.setdefault((w.category, w.message), w)
    return list(seen.values())


def without_noise(stderr: str) -> str:
    """Standard error less the lines that are torch's own."""
    lines = stderr.split("\n")
    return "\n".join(line for line in lines if not is_noise(line, "stderr")).strip()


def is_noise(message: str, kind: str) -> bool:
    return any(re.fullmatch(one, message, re.DOTALL) for one in NOISE[kind])


def text_faults(text: str) -> Iterator[tuple[int, str, str]]:
    """What a page would change in a text, or cannot hold; line 0 is all of it."""
    rows = text.split("\n")
    if (count := len(rows) - 1) > limits.PRINTED:
        yield 0, f"prints {count:,} lines, more than {limits.PRINTED}", "print some"
    if (most := max(map(len, rows))) > limits.WIDE:
        what = f"prints {most:,} characters in a line, more than {limits.WIDE:,}"
        yield 1 + [*map(len, rows)].index(most), what, "print some of them"
    for number, _, one in hidden(text):
        yield number, f"prints {name(one)}", "print plain text"
    for number, line in enumerate(rows, 1) if "8<--" in text else ():
        if "8<--" in line:
            yield number, "prints an include mark", "print something else"
    if text and not text.endswith("\n"):
        last = text.count("\n") + 1
        yield last, "does not end in a newline", "end with a plain print()"
    elif text.endswith("\n\n"):
        what = "ends in an empty line, which a page does not show"
        yield text.count("\n"), what, "print none at the end"


def picture_faults(svg: str) -> Iterator[tuple[int, str, str]]:
    """What a picture has that is not the site's: colours, width, letters."""
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        yield error.position[0], f"is no SVG: {error}", "save it by pyplot"
        return
    # Matplotlib names no colour where it fills with black: that counts as named.
    black = {"fill": "#000000", "stroke": "none"}
    marks = {f"#{one.get('id')}": _paint(one) for one in root.iter()}
    fix = "leave the colour out, or take one of 'C0' to 'C5' or a grey like '0.5'"
    for colour in dict.fromkeys(_colours(root, black, marks)):
        if colour not in DARK:
            yield 0, f"draws in {colour}, which has no twin for dark pages", fix
    if any(one.tag.endswith("}image") for one in root.iter()):
        what = "holds an image of pixels, which dark pages show as it is"
        yield 0, what, "draw the values by pcolormesh"
    if box := root.get("viewBox"):
        yield from _size_faults(root, svg, float(box.split()[2]))


def _size_faults(root, svg: str, width: float) -> Iterator[tuple[int, str, str]]:
    column = limits.FIGURE * 72
    if abs(width - column) > 1:
        what = f"draws {width / 72:.1f} inches wide; the column has {limits.FIGURE}"
        yield 0, what, f"choose figsize=({limits.FIGURE}, …) and save all of it"
    sizes = [float(one[1]) for one in map(LETTERS.search, _transforms(root)) if one]
    pixels = min(sizes, default=1) * 100 * PHONE / width
    if pixels < limits.LETTER:
        what = f"has letters of {pixels:.1f} pixels on a phone, less than"
        yield 0, f"{what} {limits.LETTER}", "leave out their size"
    if sizes and FONT not in svg:
        yield 0, "has letters of another font than the pages", "leave out the family"


def _transforms(root: ElementTree.Element) -> Iterator[str]:
    """Those of all texts; their letters are scaled from a hundredth of their size."""
    return (one.get("transform", "") for one in root.iter() if one.tag.endswith("}g"))


def _colours(element: ElementTree.Element, above: dict, marks: dict) -> Iterator[str]:
    """Those of all shapes; a mark that is drawn again has colours of its own."""
    name = element.tag.rpartition("}")[2]
    paint = above | _paint(element) | marks.get(element.get(HREF), {})
    if name in SHAPES:
        found = (colour.lower() for colour in paint.values())
        yield from (one for one in found if one != "none" and "url(" not in one)
    for child in element if name != "defs" else ():
        yield from _colours(child, paint, marks)


def _paint(element: ElementTree.Element) -> dict[str, str]:
    named = {key: value for key, value in element.items() if key in ("fill", "stroke")}
    return named | dict(PAINT.findall(element.get("style", "")))

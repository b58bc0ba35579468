"""What the gate refuses in snippets and their records, and that it says where."""

import ast
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import matplotlib
import pytest
from matplotlib.colors import to_hex

from harness.core import moment, records, snippet_rules
from harness.core.snippet import Snippet
from harness.judge import shown

SUM = "snippets/numbers/sum.py"
DEVICE = (
    "import torch\n\n"
    "device = torch.accelerator.current_accelerator(\n"
    "    check_available=True\n"
    ') or torch.device("cpu")\n'
)
MEASURED = {
    "kind": "gpu",
    "date": "2026-11-25",
    "torch": "2.13.0",
    "python": "3.11.7",
    "cpu": "Some CPU",
    "threads": 1,
    "device": "Card B",
    "driver": "580.1",
    "seconds": 17.2,
    "tables": {},
    "left_out": [],
}
AGAIN = "make record ONLY=numbers/sum"


def long_program(lines: int) -> str:
    return "x = 1\n" * (lines - 1) + "print(x)\n"


SOURCES = {
    "directive": ("# raise: ValueError\nint('x')\n", ":1", "not a directive"),
    "syntax": ("x = 1\nprint(\n", ":2", "this is no Python"),
    "width": (f"print(1)\nx = '{'a' * 80}'\n", ":2", "86 columns"),
    "length": (long_program(31), "", "31 lines of code"),
    "tab": ("print('a\tb')\n", ":1", "a tab"),
    "include mark": ("print('--8<-- \"x\"')\n", ":1", "an include mark"),
    "helper": ("import sys\nimport helper\nprint(1)\n", ":2", "imports helper"),
    "relative": ("from . import x\nprint(1)\n", ":1", "imports ."),
    "of this folder": ("from .utils import x\nprint(1)\n", ":1", "imports .utils"),
    "magic": ("%matplotlib inline\nprint(1)\n", ":1", "only a notebook knows it"),
    "shell": ("x = 1\n!pip install torch\nprint(x)\n", ":2", "only a notebook knows"),
    "inner import": ("def f():\n    import pandas.io\nprint(1)\n", ":2", "pandas"),
    "keras": ("import keras\nprint(1)\n", ":1", "does not say so"),
    "onnxruntime": ("import onnxruntime\nprint(1)\n", ":1", "does not say so"),
    "device and numpy": (f"import numpy\n{DEVICE}print(1)\n", ":1", "imports numpy"),
    "cuda method": ("import torch\nx = torch.ones(2).cuda()\n", ":2", "needs cuda"),
    "cuda device": (
        'import torch\nx = torch.ones(2, device="cuda")\n',
        ":2",
        "needs cuda",
    ),
    "cuda string": ('import torch\nd = torch.device("cuda:1")\n', ":2", "needs cuda"),
    "cuda target": (
        'import torch\nx = torch.ones(2)\nx.to("cuda")\n',
        ":3",
        "needs cuda",
    ),
    "cuda default": (
        'import torch\ntorch.set_default_device("cuda")\n',
        ":2",
        "needs cuda",
    ),
    "cuda type": ('import torch\nd = torch.device(type="cuda")\n', ":2", "needs cuda"),
    "cuda generator": (
        'import torch\nd = torch.Generator("cuda")\n',
        ":2",
        "needs cuda",
    ),
    "exit under a launcher": (
        "# run: torchrun\nimport sys\nprint(4)\nsys.exit()\n",
        ":4",
        "calls sys.exit",
    ),
    "leaves early": (
        "# run: torchrun\nimport os\n\nprint(4)\nos._exit(0)  # why\nprint(5)\n",
        ":5",
        "calls os._exit",
    ),
    "leaves with a failure": (
        "# run: torchrun\nimport os\n\nprint(4)\nos._exit(1)  # why\n",
        ":5",
        "calls os._exit",
    ),
    "leaves without a reason": (
        "# run: torchrun\nimport os\n\nprint(4)\nos._exit(0)\n",
        ":5",
        "calls os._exit",
    ),
    "cuda function": ("import torch\ntorch.cuda.synchronize()\n", ":2", "needs cuda"),
}


@pytest.mark.parametrize(("source", "line", "words"), SOURCES.values(), ids=SOURCES)
def test_a_program_against_the_rules_is_refused(draft, source, line, words):
    draft.snippet("numbers/sum", source, "4\n")
    draft.refused(SUM + line, words)


FINE = {
    "asks for a GPU": "import torch\nprint(torch.cuda.is_available())\n",
    "compares": 'import torch\nprint(torch.device("cpu").type == "cuda")\n',
    "names it": 'print("cuda")\n',
    "shows the error": "# raises: AssertionError\nimport torch\ntorch.ones(1).cuda()\n",
    "chooses": f"{DEVICE}if device.type == 'cuda':\n    torch.cuda.synchronize()\n",
    "says so": "# needs: cuda\nimport torch\ntorch.cuda.synchronize()\n",
    "leaves": "# run: torchrun\nimport os\n\nprint(4)\nos._exit(0)  # why\n",
    "needs keras": "# needs: keras\nimport keras\nprint(1)\n",
    "longest": long_program(30),
    "widest": f"x = '{'a' * 73}'\nprint(x)\n",
}


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_a_program_within_the_rules_passes(draft, source):
    draft.snippet("numbers/sum", source, "4\n")
    assert draft.problems() == []


LACKED = {  # a line, and what it needs
    "import resource": "unix",
    "from fcntl import flock": "unix",
    "os.fork()": "unix",
    "os.kill(1, 0)": "unix",
    'os.symlink("a", "b")': "unix",
    "folder.symlink_to(other)": "unix",
    'get_context("fork")': "unix",
    "multiprocessing.get_all_start_methods()": "unix",
    "signal.signal(signal.SIGALRM, stop)": "unix",
    'subprocess.run(["/bin/true"])': "unix",
    'open("/dev/full", "w")': "linux",
    'open("/proc/self/status")': "linux",
    "os.sched_getaffinity(0)": "linux",
}


@pytest.mark.parametrize(("line", "need"), LACKED.items(), ids=LACKED)
def test_a_program_says_what_not_every_system_has(draft, line, need):
    def said(head: str) -> list[str]:
        one = draft.snippet("numbers/sum", f"{head}print(4)\n{line}\n", "4\n")
        return [f"{p.line}: {p.what}" for p in snippet_rules.check(one)]

    assert said("") == [f"2: needs {need} and does not say so"]
    assert said("# needs: linux\n") == []
    assert len(said("# needs: unix\n")) == (need == "linux")


def test_a_program_that_each_system_can_run_needs_none(draft):
    draft.snippet("numbers/sum", "# needs: unix\nprint(4)\n", "4\n")
    draft.refused(f"{SUM}:1", "'# needs: unix' and does not use it")


ALL = "os.environ for all that is set"
QUESTIONS = {
    "each line once": (
        "import os, time\nx = os.getcwd(), time.ctime()\ny = os.uname()\n",
        [(2, "os.getcwd"), (3, "os.uname")],
    ),
    "a module by another name": (
        "import os.path as p\nx = p.expanduser('~')\n",
        [(2, "os.path.expanduser")],
    ),
    "a module above the one imported": (
        "import os.path\nimport xml.etree.ElementTree\nos.getcwd()\n",
        [(3, "os.getcwd")],
    ),
    "a module of its own": ("from .os import getcwd\ngetcwd()\n", []),
    "a name that is given": ("from time import ctime\nctime = 4\n", []),
    "what was set": (
        "import os\nos.environ['A'] = '1'\nx = os.environ['A']\ny = os.environ['B']\n",
        [(4, "for the variable B")],
    ),
    "what is handed on": (
        "import os\nx = {**os.environ, 'A': '1'}\nos.environ.update(A='1')\n"
        "y = os.environ.copy()\ndel os.environ['A']\n",
        [],
    ),
    "what a launcher sets": ("import os\nx = os.getenv('RANK')\n", []),
    "all that is set": (
        "import os\nx = {'a': os.environ}\ny = os.environ.items()\nz = [os.environ]\n",
        [(2, ALL), (3, ALL), (4, ALL)],
    ),
    "more that is asked": ("import time\n\nx = time.time()\n", [(3, "time.time")]),
}


@pytest.mark.parametrize(("source", "lines"), QUESTIONS.values(), ids=QUESTIONS)
def test_what_a_program_asks_is_named_with_its_line(source, lines):
    found = moment.asked(source, ast.parse(source), {"time.time"})
    assert [(line, what) for line, what, _ in sorted(found)] == [
        (line, f"asks {what}") for line, what in lines
    ]


def test_a_record_may_be_of_a_place_where_it_is_tomorrow(draft):
    for name, days in {"sum": 1, "big": 2}.items():
        one = Snippet(draft.tree, f"numbers/{name}")
        day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
        draft.record("cpu", one, one.out.read_text(), date=day, python="3.11.8")
    draft.refused("recorded/runs/cpu/numbers/big.json:8", "is no day up to now")


@pytest.mark.parametrize("name", ["numbers/two-words", "Numbers/sum", "numbers/a.b"])
def test_a_bad_name_is_refused(draft, name):
    draft.snippet(name, "print(2 + 2)\n", "4\n")
    draft.add(f'--8<-- "{name}.md"\n')
    draft.refused(f"snippets/{name}.py", "a bad name")


def test_a_snippet_that_was_never_run_is_refused(draft):
    draft.snippet("numbers/new", "print(1)\n")
    draft.add('--8<-- "numbers/new.md"\n')
    draft.refused("snippets/numbers/new.py", "no recorded output", "ONLY=numbers/new")


def test_a_snippet_that_changed_since_it_ran_is_refused(draft):
    draft.write(SUM, "print(2 + 3)\n")
    draft.refused(SUM, "changed since it was recorded", AGAIN)


def test_an_output_that_was_edited_is_refused(draft):
    draft.write("snippets/numbers/sum.out", "5\n")
    draft.refused("snippets/numbers/sum.out", "not what was recorded", AGAIN)


def test_an_output_that_was_removed_is_refused(draft):
    (draft.tree.snippets / "numbers/sum.out").unlink()
    draft.refused(SUM, "no recorded output", AGAIN)


def test_an_output_that_no_record_knows_is_refused(draft):
    records.path(draft.tree, "cpu", "numbers/sum").unlink()
    draft.refused("snippets/numbers/sum.out", "no record says which program", AGAIN)


def test_a_figure_that_was_removed_is_refused(draft):
    (draft.tree.snippets / "numbers/drawn.svg").unlink()
    draft.refused("snippets/numbers/drawn.py", "no recorded figure")


def test_an_output_that_is_no_text_is_refused(draft):
    (draft.tree.snippets / "numbers/sum.out").write_bytes(b"4\xff\n")
    draft.refused("snippets/numbers/sum.out", "is not what was recorded")


def test_a_figure_that_was_edited_is_refused(draft):
    draft.write("snippets/numbers/drawn.svg", "<svg/>")
    draft.refused("snippets/numbers/drawn.svg", "not what was recorded")


def draw(draft, shapes: str, width: float = 388.8) -> None:
    """Record the figure anew, with these shapes on its second line."""
    names = (
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    svg = f'<svg {names} viewBox="0 0 {width} 36">'
    draft.write("snippets/numbers/drawn.svg", f"{svg}\n{shapes}\n</svg>\n")
    source = (draft.tree.snippets / "numbers/drawn.py").read_text()
    draft.snippet("numbers/drawn", source, "")


LETTER = '<defs><path id="A" d="M 0 0"/></defs>'
MARKER = '<defs><path id="m" style="stroke: #000000"/></defs>'
INK = "#1f2328"


@pytest.mark.parametrize(
    ("shapes", "colour"),
    [
        ('<path style="fill: none; stroke: #000000; stroke-width: 2"/>', "#000000"),
        (f'<path style="fill: #FFFFFF; stroke: {INK}"/>', "#ffffff"),
        ('<rect fill="black"/>', "black"),
        ("<path/>", "#000000"),  # so matplotlib writes a black face
        (f'{LETTER}<g><use xlink:href="#A"/></g>', "#000000"),  # and black text
        (f'{MARKER}<use xlink:href="#m" style="fill: {INK}"/>', "#000000"),
    ],
)
def test_a_colour_without_a_twin_for_dark_pages_is_refused(draft, shapes, colour):
    draw(draft, shapes)
    draft.refused("snippets/numbers/drawn.svg", f"draws in {colour}, which has no")


@pytest.mark.parametrize(
    "shapes",
    [
        f'<path style="fill: none; stroke: {INK}"/>',
        f'{LETTER}<g style="fill: {INK}"><use xlink:href="#A"/></g>',
        '<path style="fill: url(#hatch); stroke: #2563a8; opacity: 0.3"/>',
        '<defs><clipPath id="c"><rect/></clipPath></defs>',
    ],
)
def test_colours_with_a_twin_pass(draft, shapes):
    draw(draft, shapes)
    assert draft.problems() == []


def test_an_image_of_pixels_is_refused(draft):
    draw(draft, '<image width="2" height="2" xlink:href="data:image/png;base64,AA"/>')
    draft.refused("snippets/numbers/drawn.svg", "holds an image of pixels")


@pytest.mark.parametrize("name", ["Blues", "RdBu", "RdBu_r"])
def test_each_step_of_a_map_of_values_has_a_twin(name):
    style = Path(shown.HERE.parent, "run/figure.mplstyle").read_text(encoding="utf-8")
    assert "image.cmap: Blues\nimage.lut: 17\n" in style
    steps = matplotlib.colormaps[name].resampled(17)
    assert {to_hex(steps(n)) for n in range(17)} <= shown.DARK.keys()


def letters(size: float, font: str = "ProvenSerif-Regular") -> str:
    turned = f"translate(1 2) scale({size / 100} -{size / 100})"
    glyph = f'<defs><path id="{font}-4" d="M 0 0"/></defs>'
    return f'<g transform="{turned}" style="fill: {INK}">{glyph}</g>'


@pytest.mark.parametrize(
    ("drawn", "width", "why"),
    [
        (letters(11), 345.0, "draws 4.8 inches wide; the column has 5.4"),
        (letters(13), 432.0, "draws 6.0 inches wide; the column has 5.4"),
        (letters(10), 388.8, "letters of 8.4 pixels on a phone, less than 9"),
        (letters(11, "DejaVuSans"), 388.8, "letters of another font than the pages"),
    ],
)
def test_a_figure_in_another_hand_is_refused(draft, drawn, width, why):
    draw(draft, drawn, width)
    draft.refused("snippets/numbers/drawn.svg", why)


def test_a_figure_in_the_hand_of_the_site_passes(draft):
    draw(draft, letters(11) + letters(12, "DejaVuSansMono"))
    assert draft.problems() == []


def test_a_figure_that_cannot_be_read_is_refused(draft):
    draw(draft, "<path>")
    draft.refused("snippets/numbers/drawn.svg:3", "is no SVG")


@pytest.mark.parametrize(
    "path",
    [
        "snippets/numbers/gone.out",
        "snippets/numbers/gone.cuda.out",
        "snippets/numbers/gone.svg",
        "snippets/numbers/sum.svg",
        "snippets/numbers/data.csv",
        "recorded/figures/numbers/gone.json",
    ],
)
def test_a_file_that_belongs_to_no_snippet_is_refused(draft, path):
    draft.write(path, "4\n")
    draft.refused(path, "belongs to no snippet")


@pytest.mark.parametrize(
    ("lane", "name"), [("cpu", "gone"), ("gpu", "gone"), ("tensorflow", "sum")]
)
def test_a_record_that_belongs_to_no_snippet_is_refused(draft, lane, name):
    entry = records.load(draft.tree, "cpu")["numbers/sum"]
    records.save(draft.tree, lane, f"numbers/{name}", entry)
    file = f"recorded/runs/{lane}/numbers/{name}.json"
    draft.refused(file, "belongs to no snippet")


def test_caches_and_settings_are_no_orphans(draft):
    draft.write("snippets/numbers/__pycache__/sum.pyc", "")
    draft.write("snippets/numbers/.ruff_cache/x", "")
    draft.write("snippets/ruff.toml", "")
    assert draft.problems() == []


def test_a_gpu_output_without_a_gpu_is_refused(draft):
    draft.write("snippets/numbers/card.cuda.out", "1\n")
    draft.refused(
        "snippets/numbers/card.cuda.out", "no record of the gpu lane", "record-gpu"
    )


def test_a_gpu_output_that_was_edited_is_refused(draft):
    card = draft.snippet("numbers/card", "# needs: cuda\nprint('cuda')\n")
    draft.record("gpu", card, "1\n")
    draft.write("snippets/numbers/card.cuda.out", "2\n")
    draft.refused("snippets/numbers/card.cuda.out", "not what the gpu lane printed")


def test_a_record_of_a_second_kind_of_card_is_refused(draft):
    """As where two branches were merged that recorded on different cards."""
    for number, card in enumerate(["Card A", "Card A", "Card B"]):
        one = draft.snippet(f"numbers/card{number}", "# needs: cuda\nprint('cuda')\n")
        draft.record("gpu", one, "1\n", device=card)
        draft.write(f"snippets/numbers/card{number}.cuda.out", "1\n")
        draft.add(f'\nOn a card:\n\n--8<-- "numbers/card{number}.md"\n')
    where = "recorded/runs/gpu/numbers/card2.json"
    draft.refused(where, "is of Card B, while others are of Card A", "make record-gpu")


def test_numbers_of_another_card_than_the_outputs_are_refused(draft):
    card = draft.snippet("numbers/card", "# needs: cuda\nprint('cuda')\n")
    draft.record("gpu", card, "1\n", device="Card A")
    draft.write("snippets/numbers/card.cuda.out", "1\n")
    draft.write("recorded/gpu_numbers.json", json.dumps(MEASURED))
    draft.refused("recorded/gpu_numbers.json", "is of Card B, while others are of Card")


@pytest.mark.parametrize("unfit", ["\x1b[1m4\n", "a\tb\n", "\x00\n", "--8<-- [x]\n"])
def test_an_output_that_a_page_would_change_is_refused(draft, unfit):
    draft.snippet("numbers/sum", "print(2 + 2)\n", f"1\n{unfit}")
    draft.refused("snippets/numbers/sum.out:2", "prints")


def test_an_output_without_a_last_newline_is_refused(draft):
    draft.snippet("numbers/sum", "print(2 + 2, end='')\n", "4")
    draft.refused("snippets/numbers/sum.out:1", "does not end in a newline")


def test_an_output_that_ends_in_an_empty_line_is_refused(draft):
    draft.snippet("numbers/sum", "print(2 + 2, end='\\n\\n')\n", "4\n\n")
    draft.refused("snippets/numbers/sum.out:2", "ends in an empty line")


def test_a_snippet_that_no_page_shows_is_refused(draft):
    draft.snippet("numbers/new", "print(1)\n", "1\n")
    draft.refused("snippets/numbers/new.py", "no page shows its program")


def test_an_output_that_no_page_shows_is_refused(draft):
    draft.snippet("numbers/new", "print(1)\n", "1\n")
    draft.add('--8<-- "numbers/new.md:code"\n')
    draft.refused("snippets/numbers/new.py", "no page shows what it printed")


def test_what_a_snippet_prints_beside_its_picture_must_be_shown_too(draft):
    source = draft.tree.snippets / "numbers/drawn.py"
    draft.snippet("numbers/drawn", source.read_text() + "print(4)\n", "4\n")
    draft.refused("snippets/numbers/drawn.py", "no page shows what it printed")


def test_a_picture_that_no_page_shows_is_refused(draft):
    page = draft.tree.docs / "numbers/index.md"
    text = page.read_text().replace('--8<-- "numbers/drawn.md:figure"', "")
    page.write_text(text)
    draft.refused("snippets/numbers/drawn.py", "no page shows what it drew")

"""What the source of a snippet may be."""

import ast
import re
import sys
from collections.abc import Iterator

from harness.core import limits, moment
from harness.core import snippet as naming
from harness.core.characters import faults
from harness.core.directives import PACKAGES, SYSTEMS
from harness.core.fences import like_outputs
from harness.core.problem import Problem
from harness.core.snippet import Snippet

OPTIONAL = frozenset({"keras", "onnxruntime", *PACKAGES})  # `# needs:` must say so
# PIL is Pillow, which Matplotlib brings with it.
LIBRARIES = frozenset({"torch", "numpy", "matplotlib", "PIL", "sklearn", *OPTIONAL})
PUBLISHED = frozenset({"check_my_training"})  # in docs/assets/, for readers to download
EXITS = ("sys.exit", "os._exit", "exit", "quit", "SystemExit")
# A text by itself with a number of three digits.
TYPED = re.compile(r"""print\(f?["'][^{"']*(?<![\w.])(\d{3}|\d*\.\d\d)[^{"']*["']\)""")
SILENCES = re.compile(r"filter(?:warnings)?\([\"']ignore[\"']\)\s*$")
LEAVES = re.compile(r"os\._exit\(0\)\s*#.*")
# What only some have, without what torch.cuda has for those without a GPU, too.
LACKED = {
    "unix": r"""\b(?:import|from)\ (?:fcntl|grp|pwd|resource|termios)\b
        |\bos\.(?:fork|kill|mkfifo|symlink)\b|\.symlink_to\(|["']fork(?:server)?["']
        |\bget_all_start_methods\b|\bSIG(?:ALRM|KILL|USR1)\b|/bin/""",
    "linux": r"/dev/full|/proc/|\bos\.sched_\w+affinity\b",
    "cuda": r"""\.cuda\(
        |\btorch\.cuda\.(?!(?:amp|device_count|is_available|is_initialized|manual_seed
            |manual_seed_all|OutOfMemoryError)\b)
        |(?:\b(?:device|device_type|map_location|type)=
            |\.(?:to|device|autocast|synchronize|set_default_device|Generator)\()
            \s*["']cuda\b""",
}
# What needs what is not imported by name.
USES = {
    "cuda": "cuda|accelerator",
    **dict.fromkeys(SYSTEMS, f"(?x){LACKED['unix']}|{LACKED['linux']}"),
    "compiler": "compile|cpp_extension|aoti|inductor",
    "onnxruntime": "onnx",  # torch.onnx, too, whose packages come with it
}


def check(snippet: Snippet) -> Iterator[Problem]:
    """Everything about a snippet's source that this project refuses."""
    where = snippet.tree.show(snippet.path)
    if not naming.NAME.fullmatch(snippet.name):
        fix = "snippets/<topic>/<idea>.py, the idea in snake_case"
        yield Problem(where, 0, "a bad name for a snippet", fix)
    if snippet.name.startswith("report/"):
        fix = "choose another topic"
        yield Problem(where, 0, "its fragment would overwrite a table", fix)
    if (name := snippet.path.stem) in sys.stdlib_module_names | LIBRARIES | PUBLISHED:
        what = f"a program beside it would import this one in place of {name}"
        yield Problem(where, 0, what, "give it another name")
    try:
        checks = (_layout, _imports, _needs, _lacked, _exits, _asks)
        found = [fault for check in checks for fault in check(snippet)]
    except Problem as error:
        yield error
        return
    except SyntaxError as error:
        is_magic = (error.text or "").lstrip()[:1] in ("%", "!")
        fix = "leave it out: only a notebook knows it" if is_magic else "fix it"
        found = [(error.lineno or 0, f"this is no Python: {error.msg}", fix)]
    yield from (Problem(where, *fault) for fault in found)


def _layout(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    lines = snippet.source.split("\n")
    yield from faults(snippet.source, is_code=True)
    yield from like_outputs(snippet.source)
    for number, line in enumerate(lines, 1):
        if len(line) > limits.COLUMNS:
            yield number, f"{len(line)} columns", f"break the line at {limits.COLUMNS}"
        if "\t" in line:
            what = "a tab, which a page would show as spaces"
            yield number, what, "write spaces or \\t"
        if TYPED.search(line):
            what = "prints a number that it does not compute"
            yield number, what, "compute it, or print the variable that holds it"
        if SILENCES.search(line):
            what = "silences every warning, and does not say which"
            yield number, what, "say in a comment there what it would warn of"
        if "8<--" in line:
            yield number, "an include mark in a program", "build it of two strings"
    code = sum(bool(line.strip()) and not line.startswith("#") for line in lines)
    most = limits.LINES_OLD if snippet.name in limits.OLD else limits.LINES
    if code > most:
        yield 0, f"{code} lines of code", "make two snippets of it, aim at 20 lines"


def _imports(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    for name, line in sorted(snippet.imports.items()):
        if name in sys.stdlib_module_names | PUBLISHED or name == "torch":
            continue
        if f"{name}.py" in snippet.source:  # it writes this module itself
            continue
        if name not in LIBRARIES:
            fix = f"a snippet runs alone, with {', '.join(sorted(LIBRARIES))}"
            yield line, f"imports {name}", fix
        elif name in OPTIONAL:
            if name not in snippet.directives.needs:
                what = f"imports {name} and does not say so"
                yield line, what, f"declare '# needs: {name}'"
        elif snippet.chooses_device:
            what = f"chooses a device and imports {name}"
            yield line, what, "a GPU box has only torch: do without it"


def _needs(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    """What it says that it needs, and does not use: no lane of all would run it."""
    code = re.sub(r"^#.*", "", snippet.source, flags=re.MULTILINE)
    for need in sorted(snippet.directives.needs):
        if not re.search(USES.get(need, rf"\b{need}\b"), code):
            what = f"declares '# needs: {need}' and does not use it"
            line = 1 + snippet.source.partition("# needs:")[0].count("\n")
            yield line, what, "leave it out"


def _asks(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    if not snippet.directives.run:  # a launcher sets variables for it
        yield from moment.asked(snippet.source, snippet.syntax)


def _lacked(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    """What it needs and does not say, but for an error that shows a lack of CUDA."""
    may = {*snippet.directives.needs}
    may |= {"unix"} if "linux" in may else set()
    may |= {"cuda"} if snippet.chooses_device or snippet.directives.raises else set()
    for need in sorted(LACKED.keys() - may):
        if found := re.search(f"(?x){LACKED[need]}", snippet.source):
            line = snippet.source.count("\n", 0, found.end()) + 1
            fix = f"declare '# needs: {need}'"
            fix += ", or choose the device by the common line" if need == "cuda" else ""
            yield line, f"needs {need} and does not say so", fix


def _exits(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    """Where a launcher would report sys.exit as an end like any other.

    As its last line a program may leave with success, if a comment there says why:
    a thread of Gloo that outlives its group can abort while Python closes down.
    """
    if not snippet.directives.run:
        return
    lines = snippet.source.rstrip().split("\n")
    may_leave = len(lines) if LEAVES.fullmatch(lines[-1]) else None
    for node in ast.walk(snippet.syntax):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in EXITS and node.lineno != may_leave:
            yield node.lineno, f"calls {called}", "let the program end by itself"

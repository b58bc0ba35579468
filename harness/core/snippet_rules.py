"""What the source of a snippet may be."""

import ast
import posixpath
import sys
from collections.abc import Iterator

from harness.core import limits
from harness.core import snippet as naming
from harness.core.directives import APART
from harness.core.problem import Problem
from harness.core.snippet import Snippet

OPTIONAL = frozenset({"keras", "onnxruntime", *APART})  # `# needs:` must say so
LIBRARIES = frozenset({"torch", "numpy", "matplotlib", "sklearn", *OPTIONAL})
EXITS = frozenset({"sys.exit", "os._exit", "exit", "quit", "SystemExit"})
LEAVES = "os._exit(0)"
TAKE_DEVICE = (
    ".to",
    ".device",
    ".autocast",
    ".synchronize",
    ".set_default_device",
    ".Generator",
)
WITHOUT_GPU = frozenset(
    {
        "amp",
        "device_count",
        "is_available",
        "is_initialized",
        "manual_seed",
        "manual_seed_all",
        "OutOfMemoryError",
    }
)


def check(snippet: Snippet) -> Iterator[Problem]:
    """Everything about a snippet's source that this project refuses."""
    where = snippet.tree.show(snippet.path)
    if not naming.NAME.fullmatch(snippet.name):
        yield Problem(
            where,
            0,
            "a bad name for a snippet",
            "snippets/<topic>/<idea>.py, the idea in snake_case",
        )
    try:
        found = [*_layout(snippet), *_imports(snippet), *_device(snippet)]
        found += [*_exits(snippet), *_picture(snippet)]
    except Problem as error:
        yield error
        return
    except SyntaxError as error:
        found = [(error.lineno or 0, f"this is no Python: {error.msg}", "fix it")]
    yield from (Problem(where, *parts) for parts in found)


def _layout(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    lines = snippet.source.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > limits.COLUMNS:
            yield number, f"{len(line)} columns", f"break the line at {limits.COLUMNS}"
        if "\t" in line:
            yield (
                number,
                "a tab, which a page would show as spaces",
                "write spaces or \\t",
            )
        if "8<--" in line:
            yield number, "an include mark in a program", "build it of two strings"
    code = sum(bool(line.strip()) and not line.startswith("#") for line in lines)
    most = limits.LINES_OLD if snippet.name in limits.OLD else limits.LINES
    if code > most:
        yield 0, f"{code} lines of code", "make two snippets of it, aim at 20 lines"


def _imports(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    needs = snippet.directives.needs
    others = snippet.imports - sys.stdlib_module_names
    for name in sorted(others - LIBRARIES):
        yield (
            _import_line(snippet, name),
            f"imports {name}",
            "a snippet runs alone, with " + ", ".join(sorted(LIBRARIES)),
        )
    for name in sorted(others & OPTIONAL - needs):
        yield (
            _import_line(snippet, name),
            f"imports {name} and does not say so",
            f"declare '# needs: {name}'",
        )
    if snippet.chooses_device:
        for name in sorted(others & LIBRARIES - OPTIONAL - {"torch"}):
            yield (
                _import_line(snippet, name),
                f"chooses a device and imports {name}",
                "a GPU box has only torch: do without it",
            )


def _import_line(snippet: Snippet, name: str) -> int:
    return next(
        (
            number
            for number, line in enumerate(snippet.source.split("\n"), 1)
            if "import" in line and name in line
        ),
        0,
    )


def _device(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    """The first line that needs CUDA, unless the snippet is open about it.

    One that raises may show what happens where there is no GPU.
    """
    declared = snippet.directives
    if snippet.chooses_device or "cuda" in declared.needs or declared.raises:
        return
    lines = [node.lineno for node in ast.walk(snippet.syntax) if _needs_cuda(node)]
    if lines:
        yield (
            min(lines),
            "uses CUDA and does not say so",
            "declare '# needs: cuda', or choose the device by the common line",
        )


def _exits(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    """Where a launcher would report sys.exit as an end like any other.

    As its last line a program may leave with success, if a comment there says why:
    a thread of Gloo that outlives its group can abort while Python closes down.
    """
    last = snippet.syntax.body[-1] if snippet.syntax.body else None
    reason = "#" in snippet.source.rstrip().split("\n")[-1]
    leaves = reason and isinstance(last, ast.Expr) and ast.unparse(last) == LEAVES
    for node in ast.walk(snippet.syntax) if snippet.directives.run else ():
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in EXITS and not (leaves and node is last.value):
            yield node.lineno, f"calls {called}", "let the program end by itself"


def _picture(snippet: Snippet) -> Iterator[tuple[int, str, str]]:
    """Where a picture is saved by a wrong name, or no words say what it shows."""
    name, saved = snippet.figure.name, {}
    for node in ast.walk(snippet.syntax):
        match node:
            case ast.Call(ast.Attribute(attr="savefig"), [ast.Constant(str(to)), *_]):
                to = posixpath.normpath(to)
                saved[to if posixpath.splitext(to)[1] else f"{to}.svg"] = node.lineno
    if not snippet.directives.figure:
        if name in saved:
            fix = (
                f"declare '# figure: what it shows', in {limits.ALT} characters or more"
            )
            yield saved[name], f"draws {name} without saying so", fix
    elif saved and name not in saved:
        wrong = next(iter(saved))
        yield saved[wrong], f"saves {wrong}, not {name}", f'write savefig("{name}")'


def _needs_cuda(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return ast.unparse(node.value) == "torch.cuda" and node.attr not in WITHOUT_GPU
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    if called.endswith(".cuda"):
        return True
    places = [
        keyword.value
        for keyword in node.keywords
        if keyword.arg in ("device", "device_type", "map_location", "type")
    ]
    if called.endswith(TAKE_DEVICE):
        places += node.args
    return any(
        isinstance(place, ast.Constant)
        and isinstance(place.value, str)
        and place.value.split(":")[0] == "cuda"
        for place in places
    )

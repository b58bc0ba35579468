"""What a program asks that is something else on each machine or at each moment."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

ASKS = set(Path(__file__).with_name("asks.txt").read_text().split())
WORDS = re.compile("|".join({re.split(r"\.\*|\(", x)[0].split(".")[-1] for x in ASKS}))
SETS = {"pop", "setdefault", "update", "copy"}  # of os.environ: they tell nothing
# What a launcher sets for its programs, and what finds other programs.
GIVEN = {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "PATH"}
FIX = "print nothing of the machine or the moment: it is another one for a reader"
Fault = tuple[int, str, str]


def asked(source: str, tree: ast.Module, also: Collection[str] = ()) -> Iterator[Fault]:
    """Line, what and fix of each such question; `also` are more names to refuse."""
    if not (also or re.search(f"environ|getenv|{WORDS.pattern}", source)):
        return
    known, fine, stored = _names(tree), set(), set()
    nodes = list(ast.walk(tree))
    for node in nodes:
        for child in ast.iter_child_nodes(node):
            if _full(child, known) == "os.environ" and _is_fine(node, child):
                fine.add(child)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            stored.add(ast.unparse(node.slice).strip("'\""))
    seen = set()
    for node in nodes:
        if (line := getattr(node, "lineno", 0)) in seen:
            continue
        name = _full(node, known) or _call(node, known)
        variable = _variable(node, known)
        if variable and variable not in GIVEN | stored:
            what = f"asks for the variable {variable}"
        elif name == "os.environ" and node not in fine:
            what = "asks os.environ for all that is set"
        elif {name, re.sub(r"\..*", ".*", name)} & ASKS or name in also:
            what = f"asks {name}"
        else:
            continue
        seen.add(line)
        yield line, what, FIX


def _names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                top = one.name.split(".")[0]
                known[one.asname or top] = one.name if one.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for one in node.names:
                known[one.asname or one.name] = f"{node.module}.{one.name}"
    return known


def _full(node: ast.AST, known: dict[str, str]) -> str:
    """The name of what an expression means, from its module on; else ""."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "") if isinstance(node.ctx, ast.Load) else ""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        whole = _full(node.value, known)
        return f"{whole}.{node.attr}" if whole else ""
    return ""


def _call(node: ast.AST, known: dict[str, str]) -> str:
    """A call with a text, as the list has it: open('/etc/hostname'); else ""."""
    if not (isinstance(node, ast.Call) and node.args):
        return ""
    text = node.args[0]
    called = _full(node.func, known) or getattr(node.func, "id", "")
    call = f"{called}({text.value!r})" if isinstance(text, ast.Constant) else ""
    return call if call in ASKS else ""


def _is_fine(node: ast.AST, environ: ast.AST) -> bool:
    """Whether a use of os.environ sets, hands on, or names a variable."""
    if isinstance(node, ast.Dict):
        return environ in [
            v for k, v in zip(node.keys, node.values, strict=True) if not k
        ]
    if isinstance(node, ast.Attribute):
        return node.attr in SETS | {"get"}
    return isinstance(node, ast.Subscript)


def _variable(node: ast.AST, known: dict[str, str]) -> str:
    """The variable of the environment that an expression reads; else ""."""
    name, place = "", None
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        name, place = _full(node.value, known), node.slice
    elif isinstance(node, ast.Call) and node.args:
        name, place = _full(node.func, known), node.args[0]
    if name not in ("os.environ", "os.environ.get", "os.getenv"):
        return ""
    return ast.unparse(place).strip("'\"")

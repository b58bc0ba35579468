"""A snippet: one program under `snippets/`, and the files that it printed."""

import ast
import contextlib
import re
from functools import cached_property, lru_cache
from pathlib import Path

from harness.core.directives import BUILDS, Directives, parse
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.core.tree import digest as digest

PARSE = lru_cache(maxsize=4096)(ast.parse)  # gate and tables read the same programs
NAMED = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*")  # leads to no other folder
NAME = re.compile(r"[a-z][a-z0-9-]*(/[a-z][a-z0-9_]*)+")


class Snippet:
    """A program and its recorded outputs; `name` is its path without `.py`."""

    def __init__(self, tree: Tree, name: str):
        self.tree, self.name = tree, name
        self.path = tree.snippets / f"{name}.py"
        self.out = self.path.with_suffix(".out")  # what the CPU lane printed
        self.cuda_out = self.own_out("gpu")
        self.figure = self.path.with_suffix(".svg")
        # The data that was plotted: what a figure is compared by.
        self.figure_data = tree.recorded / "figures" / f"{name}.json"

    def own_out(self, lane: str) -> Path:
        """What a GPU, another torch or Python printed, where that differs."""
        mark = "cuda" if lane == "gpu" else lane
        return self.path.with_suffix(f".{mark}.out")

    def own_data(self, lane: str) -> Path:
        """Likewise, what was plotted."""
        return self.figure_data.with_suffix(f".{lane}.json")

    def expected(self, lane: str) -> tuple[Path, Path]:
        """The files with what it must print and plot on a lane."""
        others = (self.out, self.figure_data)
        if lane in BUILDS:
            others = self.expected(BUILDS[lane])
        elif lane == "gpu" and not self.out.exists():
            others = (self.cuda_out, self.figure_data)
        own = (self.own_out(lane), self.own_data(lane))
        return tuple(a if a.exists() else b for a, b in zip(own, others, strict=True))

    @cached_property
    def source(self) -> str:
        return self.tree.source(self.path)

    @cached_property
    def directives(self) -> Directives:
        """Raises Problem where a leading comment line cannot be obeyed."""
        return parse(self.source, self.tree.show(self.path))

    @cached_property
    def syntax(self) -> ast.Module:
        """Raises SyntaxError."""
        return PARSE(self.source, self.tree.show(self.path))

    @property
    def readable(self) -> bool:
        """Whether its directives and its code can be read at all."""
        try:
            return bool(self.directives and self.syntax)
        except (Problem, SyntaxError):
            return False

    @cached_property
    def imports(self) -> dict[str, int]:
        return imports(self.syntax)

    @property
    def chooses_device(self) -> bool:
        return "current_accelerator(" in self.source


def fit(tree: Tree, name: str) -> bool:
    """Whether there is a program of that name that can be read."""
    one = Snippet(tree, name)
    return bool(NAMED.fullmatch(name)) and tree.has(one.path) and one.readable


@lru_cache(maxsize=4096)
def imports(tree: ast.Module) -> dict[str, int]:
    """Top-level names of the modules that a program imports, with a line each."""
    lines = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                lines.setdefault(alias.name.split(".")[0], node.lineno)
        elif isinstance(node, ast.ImportFrom):
            name = (node.module or "").split(".")[0]
            lines.setdefault("." * node.level + name, node.lineno)
        elif isinstance(node, ast.Call) and node.args:
            called, text = node.func, node.args[0]
            called = getattr(called, "id", getattr(called, "attr", ""))
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                continue
            if called in ("import_module", "__import__"):
                lines.setdefault(text.value.split(".")[0], node.lineno)
            elif called == "exec":
                with contextlib.suppress(SyntaxError):  # of which it may be about
                    inner = imports(ast.parse(text.value))
                    lines = dict.fromkeys(inner, node.lineno) | lines
    return lines


def find(tree: Tree, wanted: list[str] | None = None) -> list[Snippet]:
    """All snippets, or those of files, folders or bare names. Raises Problem."""
    files = tree.files(tree.snippets, ".py")
    names = [
        file.relative_to(tree.snippets).as_posix().removesuffix(".py") for file in files
    ]
    every = [Snippet(tree, name) for name in names]
    chosen = set()
    for want in wanted or ():
        path = want.replace("\\", "/").removesuffix(".py").rstrip("/") + "/"
        path = path.rpartition("snippets/")[2].removeprefix("./")
        hits = {name for name in names if f"{name}/".startswith(path)}
        if not hits:
            raise Problem.general(f"no snippet at {want}")
        chosen |= hits
    return [one for one in every if one.name in chosen] if wanted else every

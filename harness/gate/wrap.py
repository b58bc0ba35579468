"""Wraps a program so that it must raise and warn as it declares."""

import ast
import builtins

from harness.judge.printed import PASSED_OVER

# As the harness prints a message.
PLAIN = f're.sub(r"{PASSED_OVER.pattern}", "", {{}}).expandtabs(4)'
JOINED = '"".join(end).rstrip("\\n")'


def wrap(code: str, raises: str | None, warns: str | None) -> str:
    """A program that fails unless `code` raises and warns as declared.

    It prints what the harness records: the warnings and the error come last.
    """
    imports, opening, closing = [], [], []
    if warns:
        imports += ["import re", "import warnings", ""]
        opening += [
            "with warnings.catch_warnings(record=True) as the_warnings:",
            f'warnings.simplefilter("always", {_builtin(warns, "Warning")})',
        ]
        closing += [
            "seen = [(w.category.__name__, w.message) for w in the_warnings]",
            'for line in dict.fromkeys(f"{name}: {text}" for name, text in seen):',
            f"    print({PLAIN.format('line')})",
        ]
    if raises:
        module, _, name = raises.rpartition(".")
        kind = name if module else _builtin(name, "Exception")
        imports += ["import re", "import traceback", "", "import pytest"]
        imports += [f"from {module} import {name}", ""] if module else [""]
        opening.append(f"with pytest.raises({kind}) as the_error:")
        closing += [
            "end = traceback.format_exception_only(the_error.value)",
            f"print({PLAIN.format(JOINED)})",
        ]
    depth, head = 0, []
    for line in opening:
        head.append("    " * depth + line)
        depth += line.endswith(":")
    return "\n".join([*imports, *head, _indent(code, "    " * depth), *closing])


def _builtin(name: str, otherwise: str) -> str:
    """A name that every program knows, or a wider one: it may make its own class."""
    return name if hasattr(builtins, name) else otherwise


def _indent(code: str, by: str) -> str:
    """Indent a program, but not the lines on which a string carries on."""
    inside = set()
    for node in ast.walk(ast.parse(code)) if by else ():
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        ):
            inside.update(range(node.lineno + 1, node.end_lineno + 1))
    return "\n".join(
        by + line if line and number not in inside else line
        for number, line in enumerate(code.split("\n"), 1)
    )

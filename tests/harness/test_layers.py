"""That imports point down only, and that running a program needs torch alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from harness.core.tree import HERE

HARNESS = HERE.root / "harness"
# Each may import itself and those before it.
ROOMS = ("core", "judge", "run", "notebooks", "site", "gate", "proof", "serve")
# Neither they nor a relative name are packages of others.
OURS = {"harness", "lab", "tests", ""} | sys.stdlib_module_names
DISTRIBUTIONS = packages_distributions()

# Imports all that `harness run` does, and prints what is not Python's or ours.
RUN = """\
import importlib, pkgutil, sys
before = set(sys.modules)
import harness.__main__
for room in ("judge", "run"):
    package = importlib.import_module(f"harness.{room}")
    for one in pkgutil.iter_modules(package.__path__, f"harness.{room}."):
        importlib.import_module(one.name)
new = [sys.modules[name] for name in sys.modules.keys() - before]
files = {getattr(module, "__file__", None) or "" for module in new}
print(*sorted(file for file in files if "site-packages" in file), sep="\\n")
"""


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Line and module of each import of a file, wherever it stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
            if node.module == "harness":
                yield from ((node.lineno, f"harness.{a.name}") for a in node.names)


def against(room: str, module: str) -> bool:
    """Whether a module of that room must not import it; nothing by a relative name."""
    first, _, rest = module.partition(".")
    if first in ("lab", "tests", ""):
        return True
    target = rest.partition(".")[0]
    if first != "harness" or not target:
        return False
    return ROOMS.index(target) > ROOMS.index(room)


def asked_for(*files: str) -> set[str]:
    """Packages that somebody named with a version, not those that these bring."""
    texts = [(HERE.root / file).read_text(encoding="utf-8") for file in files]
    return {
        *re.findall(r"(?:^|[ \t])([a-z][\w.-]*)==\d", "\n".join(texts), re.MULTILINE)
    }


def unasked(file: Path, known: set[str]) -> Iterator[str]:
    """Imports of packages that are not among those that were asked for."""
    for line, module in imports(file):
        name = module.partition(".")[0]
        if name not in OURS:
            packages = DISTRIBUTIONS.get(name, [name])
            if not known & {*map(canonicalize_name, packages)}:
                yield f"{HERE.show(file)}:{line} imports {name}"


def test_what_is_imported_was_asked_for_by_name():
    """What only comes with another package goes with it, too."""
    torch, ours = {"torch"}, asked_for("requirements.in")
    apart = [file.name for file in HERE.root.glob("requirements-*.in")]
    known = {
        "harness": torch | ours,
        "tests": torch | ours,
        "lab": torch | ours | asked_for("Makefile", *apart),
    }
    wrong = [
        said
        for top, packages in known.items()
        for file in sorted((HERE.root / top).rglob("*.py"))
        for said in unasked(file, packages)
    ]
    assert not wrong, "\n".join(wrong)


def test_an_import_that_nobody_asked_for_would_be_seen(tmp_path):
    file = tmp_path / "one.py"
    file.write_text("import json, torch\n\n\ndef f():\n    from yaml import load\n")
    (said,) = unasked(file, {"torch", "pygments"})
    assert said.endswith("one.py:5 imports yaml")
    assert [*unasked(file, {"torch", "pyyaml"})] == []


def test_the_guards_import_nothing_of_ours():
    """A kernel loads this file alone, and would go without it in silence."""
    names = [name for _, name in imports(HARNESS / "run" / "guards.py")]
    assert not [name for name in names if name.partition(".")[0] == "harness"]


def test_every_room_has_its_place():
    rooms = {file.parent.name for file in HARNESS.glob("*/__init__.py")}
    assert rooms == set(ROOMS)


def test_imports_point_down():
    wrong = [
        f"{HERE.show(file)}:{line} imports {module}"
        for room in ROOMS
        for file in sorted((HARNESS / room).rglob("*.py"))
        for line, module in imports(file)
        if against(room, module)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("room", "module", "wrong"),
    [
        ("site", "harness.gate.links", True),
        ("gate", "harness.site.copies", False),
        ("core", "harness.judge", True),
        ("run", "lab.train", True),
        ("serve", "tests.conftest", True),
        ("site", ".links", True),
        ("core", "json", False),
        ("core", "harness", False),
    ],
)
def test_an_import_upwards_would_be_seen(room, module, wrong):
    assert against(room, module) == wrong


def test_running_programs_needs_the_standard_library_and_torch_alone():
    ran = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=HERE.root,
        capture_output=True,
        text=True,
        check=True,
    )
    others = [file for file in ran.stdout.split() if "/torch/" not in file]
    assert not others, others

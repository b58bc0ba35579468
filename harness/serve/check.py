"""`python -m harness check PAGE`: all that must hold for one page, in seconds.

Its programs and claims run beside the build of the site, in which a browser then looks
at this page alone. What a page can break elsewhere is left to `make test`.
"""

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.core.exercise import SUFFIX
from harness.core.page import Page
from harness.core.problem import Problem, say
from harness.core.tree import Tree
from harness.gate import gate
from harness.notebooks import make as notebooks
from harness.notebooks import walkthrough
from harness.run.lane import run
from harness.run.options import Options
from harness.serve.preview import Preview

LOOKS = ("pages", "text", "walkthroughs")  # the tests that look at every page
HOME = "start/index"  # where the claims of the home page are
TESTER = "tests.with_torch"  # pytest, where torch is imported once


def check(tree: Tree, name: str) -> bool:
    """Whether all of it holds; prints what does not. Raises Problem for no page."""
    one = find(tree, name)
    executed = isinstance(one, walkthrough.Walkthrough)
    faults = notebooks.make(tree) if executed else []
    state = gate.run(tree)
    state.problems += faults
    shown = {include.snippet for include in one.includes}
    with ThreadPoolExecutor() as beside:
        tests = [beside.submit(_look, tree, one), beside.submit(_claims, one, shown)]
        held = [_gate(state, one, shown), _programs(state, shown)]
    return all([*held, *(one.result() for one in tests)])


def find(tree: Tree, name: str) -> Page:
    """The page of that name: `training/data`, or the path of its file."""
    wanted = Path(name.removeprefix("docs/")).with_suffix("").as_posix()
    for one in walkthrough.every(tree):
        if wanted in (_stem(one), _stem(one).removesuffix("/index")):
            return one
    raise Problem.general(f"there is no page '{name}'", "name it as training/data")


def _stem(one: Page) -> str:
    return Path(one.name).with_suffix("").as_posix()


def _gate(state: gate.Gate, one: Page, shown: set[str]) -> bool:
    """Print the problems of the page and of its programs, and count the others."""
    files = tuple(f"{state.tree.show(state.tree.snippets / name)}." for name in shown)
    every = set(state.problems)
    paths = {one.shown}
    if isinstance(one, walkthrough.Walkthrough):
        paths |= {line.path for cell in one.cells for line in cell.lines}
    own = {p for p in every if p.path in paths or p.path.startswith(files)}
    say(own)
    others = len(every - own)
    elsewhere = f", {others} elsewhere: python -m harness pages" if others else ""
    print(f"{one.shown}: {len(own)} problems{elsewhere}")
    return not own


def _programs(state: gate.Gate, shown: set[str]) -> bool:
    names = sorted(shown & {program.name for program in state.programs})
    if not names:
        return True
    options = Options(paths=names, seed=random.SystemRandom().getrandbits(31))
    return not any(outcome.problems for outcome in run(state.tree, options))


def _claims(one: Page, shown: set[str]) -> bool:
    """The tests of its claims and of its exercises."""
    topic, _, name = (HOME if one.name == "index.md" else _stem(one)).rpartition("/")
    claims = Path("tests", "claims", topic, f"test_{name.replace('-', '_')}.py")
    tests = [claims] if (one.tree.root / claims).is_file() else []
    if not tests:
        print(f"no claims are tested: there is no {claims}")
    if names := sorted(n.removesuffix(SUFFIX) for n in shown if n.endswith(SUFFIX)):
        tests += [Path("tests", "practise"), "-k", " or ".join([claims.name, *names])]
    return not tests or _pytest(one.tree, "its claims", TESTER, *tests)


def _look(tree: Tree, one: Page) -> bool:
    """Build this page apart, the others without their text; let a browser look."""
    folder = tree.build / "look"
    Preview(tree, folder, "http://127.0.0.1:8000/", only=one.name).update()
    env = {"BROWSER_SITE": str(folder), "BROWSER_PAGES": _stem(one)}
    looks = [Path("tests", "browser", f"test_{name}.py") for name in LOOKS]
    return _pytest(tree, "its look", "pytest", *looks, **env)


def _pytest(tree: Tree, what: str, module: str, *tests: Path | str, **env: str) -> bool:
    """Print how tests ended, and all that they said where one failed."""
    command = [sys.executable, "-m", module, *map(str, tests)]
    # One thread each: on two cores, what runs beside is faster so.
    env = os.environ | {"OMP_NUM_THREADS": "1"} | env
    ran = subprocess.run(
        command, cwd=tree.root, env=env, capture_output=True, text=True
    )
    end = ran.stdout.strip().split("\n")[-1].strip("= ")
    print(ran.stdout + ran.stderr if ran.returncode else f"{what}: {end}")
    return not ran.returncode

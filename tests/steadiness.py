"""`python -m tests.steadiness`: ten runs of one commit, in ten surroundings.

It clones this project, below a path with a space and an umlaut, into a mount namespace
(of Linux, as root or by `unshare`), where the home folder cannot be written. The runs
differ in locale, time zone, umask, seed and number of jobs; the tenth stands beside
eight busy loops. All must give the same names, outputs and failures. It takes half an
hour; with names of snippets or folders, those alone are run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from harness.core.snippet import Snippet
from harness.core.tree import HERE, Tree
from harness.judge.figures import strokes
from harness.judge.result import Raised, Result, Warned
from harness.judge.shown import printed

FOLDER = "st ü"
BUSY = 8
# locale, time zone, umask, seed, jobs; the first is the one that the others must equal.
# No seed is 0: a program that shows a seed set too late sets that one itself.
RUNS = (
    ("C.utf8", "UTC", 0o022, 3, 2),
    ("C", "UTC-14", 0o000, 1, 1),
    ("POSIX", "UTC+11", 0o077, 4294967294, 2),
    ("tr_TR.utf8", "UTC-14", 0o022, 1, 2),
    ("de_DE.iso88591", "UTC+11", 0o077, 3, 1),
    ("C.utf8", "UTC+11", 0o000, 4294967294, 1),
    ("C", "UTC", 0o077, 3, 2),
    ("tr_TR.utf8", "UTC+11", 0o000, 4294967294, 2),
    ("de_DE.iso88591", "UTC-14", 0o022, 1, 2),
    ("C.utf8", "UTC", 0o022, 1, 2),
)
FIELDS = ("faults", "ended", "printed", "drawn")  # of a program in a run
SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def run(root: Path, home: Path, report: Path, how: tuple, paths: list[str]) -> None:
    language, zone, umask, seed, jobs = how
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": language}
    what = ["run", "--seed", str(seed), "--jobs", str(jobs), "--json", str(report)]
    command = [sys.executable, "-m", "harness", *what, *paths]
    said = subprocess.run(
        command, cwd=root, env=env | {"TZ": zone}, umask=umask, capture_output=True
    )
    told = said.stdout.decode("utf-8", "replace").strip().split("\n")[-1]
    print(f"{language} {zone} {umask:03o} seed {seed} jobs {jobs}: {told}", flush=True)
    if not report.exists():
        sys.exit(said.stderr.decode("utf-8", "replace"))


def told(tree: Tree, report: Path) -> dict[str, tuple]:
    """FIELDS of each program of a report: its faults first."""
    found = {}
    for name, row in json.loads(report.read_bytes())["snippets"].items():
        main = dict(row["results"].get("run") or {"ended": "not run"})
        main["warned"] = tuple(Warned(**one) for one in main.get("warned", ()))
        main["raised"] = Raised(**main["raised"]) if main.get("raised") else None
        faults = [(one["line"], one["what"]) for one in row["problems"]]
        result = Result(**main)
        shown = printed(Snippet(tree, name), result)
        drawn = result.svg and strokes(result.svg)  # letters have names by language
        found[name] = (faults, result.ended, shown, drawn)
    return found


def apart(first: dict[str, tuple], other: dict[str, tuple]) -> list[str]:
    """The programs that are in one alone, or not alike in both."""
    names = sorted({*first, *other})
    return [name for name in names if first.get(name) != other.get(name)]


def difference(one: tuple | None, other: tuple | None) -> str:
    """The first thing by which two runs of a program differ, in one line each."""
    if not one or not other:
        return "is in one run alone"
    what, was, now = next(
        (what, was, now)
        for what, was, now in zip(FIELDS, one, other, strict=True)
        if was != now
    )
    pairs = zip_longest(*(str(text).splitlines() for text in (was, now)))
    lines = next((pair for pair in pairs if pair[0] != pair[1]), (was, now))
    return f"{what}: {lines[0]!r:.200} is {lines[1]!r:.200} there"


@contextmanager
def load(count: int) -> Iterator[None]:
    """Busy loops beside what runs."""
    loop = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(loop, **SILENT) for _ in range(count)]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


def inside(top: Path, paths: list[str]) -> int:
    root, home = top / "p", top / "home"
    subprocess.run(["git", "clone", "--quiet", HERE.root, root], check=True)
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", home]
    subprocess.run(mount, check=True)
    every = []
    for number, how in enumerate(RUNS, 1):
        with load(BUSY if number == len(RUNS) else 0):
            run(root, home, report := top / f"{number}.json", how, paths)
        every.append(told(Tree(root), report))
    bad = [(n, apart(every[0], one)) for n, one in enumerate(every, 1)]
    for number, names in bad:
        if names:
            print(f"run {number} is not as the first:")
        for name in names:
            told_apart = difference(every[0].get(name), every[number - 1].get(name))
            print(f"  {name}: {told_apart}")
    same = sum(not names for _, names in bad)
    failed = {name: row[0] for name, row in every[0].items() if row[0]}
    for name, faults in failed.items():
        print(f"failed in the first run: {name}: {faults[0][1]}")
    print(f"{same} of {len(RUNS)} alike: {len(every[0])} programs, {len(failed)} fail")
    return same < len(RUNS)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--inside"]:
        return inside(Path(arguments[1]), arguments[2:])
    known = subprocess.check_output(["locale", "-a"], text=True).split()
    if missing := {how[0] for how in RUNS} - {*known}:
        print(f"not here, so C stands in: {' '.join(sorted(missing))}")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        (top := Path(folder, FOLDER)).mkdir()
        own = ["unshare", "--mount", *["--map-root-user"] * (os.geteuid() != 0)]
        me = [sys.executable, "-m", "tests.steadiness", "--inside", top]
        return subprocess.call([*own, *me, *arguments], cwd=HERE.root)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

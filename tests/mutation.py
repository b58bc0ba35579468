"""`python -m tests.mutation`: do the tests notice a change of the judge or the gate?

cosmic-ray changes one place of a copy of this project at a time, and the tests that
hold its module run, in a fork of a process that has imported what does not change. A
sample is drawn with a seed: all of the changes take hours. Survivors are printed, but
for those of `tests/mutation.yml`, which change nothing that anybody sees. It also
changes a digit of each number on the pages: does the gate notice?
"""

import argparse
import json
import os
import pickle
import random
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import yaml

from harness.core import records
from harness.core.memory import Memory
from harness.core.page import Page
from harness.core.ties import MARK, untied
from harness.core.tree import HERE
from harness.gate import gate as pages
from harness.gate import includes, numbers, ties
from harness.site.fragments import Programs
from harness.site.tables import sources

FILE = HERE.recorded / "mutation.json"
KNOWN = Path(__file__).with_name("mutation.yml")
TOOL, VERSION = "cosmic-ray", "8.7.0"
SEED = 1
ENOUGH = 0.9
LIMIT = 400  # seconds of a run of the tests
CORE = [f"harness/core/{x}.py" for x in "ties fences characters moment page".split()]
# What is changed, how many of its changes are drawn, and the tests that hold it.
GROUPS = {
    "judge": (
        ["harness/judge"],
        150,
        ["tests/harness/test_judge.py", "tests/harness/test_compare.py"],
    ),
    "gate": (
        ["harness/gate", *CORE],
        250,
        [
            "tests/harness/test_prose.py",
            "tests/gate/test_corpus.py::test_the_gate",
            "tests/gate/test_corpus.py::test_the_gate_refuses_nothing_else",
            *(f"tests/harness/test_{x}.py" for x in ("snippets", "ties", "pages")),
            "tests/gate/test_corpus.py::test_the_gate_alone",
            *(
                f"tests/harness/test_{x}.py"
                for x in ("exercises", "search", "builds", "notebooks")
            ),
        ],
    ),
}
ASK = (
    "import socket, sys; one = socket.socket(socket.AF_UNIX); "
    "one.connect(sys.argv[1]); sys.exit(one.recv(1) != b'0')"
)


def serve(place: str, tests: list[str]) -> None:
    """Run the tests in a fork for each connection, and answer with its exit."""
    import pytest

    files = {"tests.conftest"} | {
        one.partition(".py")[0].replace("/", ".") for one in tests
    }
    code = f"import sys, {', '.join(sorted(files))}; print(*sys.modules)"
    names = subprocess.check_output([sys.executable, "-c", code], text=True)
    for name in names.split():
        if name.split(".")[0] not in ("harness", "tests", "__main__"):
            try:
                __import__(name)
            except ImportError:
                pass  # the part of another that its parent makes
    for name in [*sys.modules]:
        if name.split(".")[0] in ("harness", "tests"):
            del sys.modules[name]
    sys.dont_write_bytecode = True
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        print("ready", flush=True)
        while True:
            asked, _ = server.accept()
            if os.fork() == 0:
                signal.alarm(LIMIT)  # a loop without an end
                null = os.open(os.devnull, os.O_RDWR)
                for number in (0, 1, 2):
                    os.dup2(null, number)
                how = ["-x", "-q", "-p", "no:cacheprovider", *tests]
                code = 1
                with suppress(Exception):  # of a module that cannot be imported
                    known = remember(Path(place).with_suffix(".pickle"))
                    code = pytest.main(how)
                    known()
                asked.send(b"0" if code == 0 else b"1")
                os._exit(0)
            asked.close()
            os.wait()


def remember(file: Path) -> Callable[[], None]:
    """Take from a file what becomes of a page; what is returned writes it there once.

    Most of the time of a gate goes there, and nothing there is changed.
    """
    from harness.site.markdown import Html, Site

    known = pickle.loads(file.read_bytes()) if file.exists() else {}
    anew = Site.render

    def render(self: Site, text: str) -> Html:
        key = f"{self._settings}\n{text}"
        if key not in known:
            known[key] = pickle.dumps(anew(self, text))
        return pickle.loads(known[key])

    Site.render = render
    return lambda: file.exists() or file.write_bytes(pickle.dumps(known))


def tool(envs: Path) -> Path:
    """The Python of the tool, in an environment of its own on top of this project's."""
    python = envs / TOOL / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", envs / TOOL], check=True)
        what = ["--quiet", f"{TOOL}=={VERSION}"]
        subprocess.run([python, "-m", "pip", "install", *what], check=True)
    return python


def copy(folder: Path) -> Path:
    """What git has of this project, or could have, as it stands on disk."""
    listing = "git ls-files --cached --others --exclude-standard".split()
    names = subprocess.check_output(listing, cwd=HERE.root, text=True)
    for name in names.splitlines():
        if (HERE.root / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(HERE.root / name, target)
    return folder


def draw(session: Path, count: int, seed: int) -> int:
    """Keep a sample of the changes of a session; how many there were."""
    with sqlite3.connect(session) as base:
        what = "module_path, operator_name, operator_args, occurrence, job_id"
        rows = base.execute(f"select {what} from mutation_specs order by 1, 2, 3, 4")
        every = [row[-1] for row in rows]
        kept = {*random.Random(seed).sample(every, min(count, len(every)))}
        gone = [(one,) for one in every if one not in kept]
        for table in ("mutation_specs", "work_items"):
            base.executemany(f"delete from {table} where job_id = ?", gone)
    return len(every)


def run(
    group: str, python: Path, root: Path, scale: float, seed: int
) -> tuple[list, int]:
    """The drawn changes of a group and what became of them; how many there are."""
    paths, count, tests = GROUPS[group]
    place, session = root / f"{group}.socket", root / f"{group}.sqlite"
    asking = shlex.join([sys.executable, "-S", "-E", "-c", ASK, str(place)])
    config = root / f"{group}.toml"
    config.write_text(
        f"[cosmic-ray]\nmodule-path = {json.dumps(paths)}\ntimeout = {2 * LIMIT}\n"
        f"excluded-modules = []\ndistributor.name = 'local'\n"
        f"test-command = {json.dumps(asking)}\n"
    )
    cosmic = [python, "-m", "cosmic_ray.cli"]
    subprocess.run([*cosmic, "init", config, session], cwd=root, check=True)
    total = draw(session, int(count * scale), seed)
    # All is compiled here, once, but for what will change.
    collect = [sys.executable, "-m", "pytest", "-q", "--collect-only", *tests]
    subprocess.run(collect, cwd=root, check=True, stdout=subprocess.DEVNULL)
    for path in paths:
        one = root / path
        for file in one.rglob("*.py") if one.is_dir() else [one]:
            for made in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
                made.unlink()
    me = [sys.executable, "-m", "tests.mutation", "--serve", str(place), *tests]
    with subprocess.Popen(me, cwd=root, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout.readline() == "ready\n"
            subprocess.run(shlex.split(asking), check=True)  # where nothing is changed
            subprocess.run([*cosmic, "exec", config, session], cwd=root, check=True)
            subprocess.run(shlex.split(asking), check=True)  # it answers to the end
        finally:
            server.kill()
    said = subprocess.check_output([*cosmic, "dump", session], cwd=root, text=True)
    return [json.loads(line) for line in said.splitlines()], total


def named(path: str, diff: str) -> str:
    """A change, by its file and line."""
    lines = diff.split("\n")
    was = [one[1:].strip() for one in lines if re.match(r"-(?!--)", one)]
    now = [one[1:].strip() for one in lines if re.match(r"\+(?!\+\+)", one)]
    return f"{path}: {' '.join(was)} -> {' '.join(now)}"


def prose() -> dict:
    """Change a digit of each number that is tied, or that must have a proof."""
    gate = pages.Gate(Memory(HERE.root))
    for stage in pages.STAGES[: pages.STAGES.index(pages.check_pages)]:
        stage(gate)
    read, dice, counts = sources.held(HERE), random.Random(SEED), Counter()
    snippets = Programs(gate.tree)
    for one in gate.pages:
        ran = [*includes.texts(one, snippets)]
        cited = numbers.cited(gate.tree.known(f"{pages.PARTS}.html", one.name), read)
        lines = one.source.split("\n")
        for at, line in enumerate(one.marked):
            if not line or lines[at] != line:
                continue
            for place in _places(line):
                kind = "tied" if "{=" in line[place.end() :][:12] else "proven"
                digits = [n for n in range(*place.span()) if line[n].isdigit()]
                digit = dice.choice(digits)
                other = dice.choice([d for d in "0123456789" if d != line[digit]])
                whole = [*lines]
                whole[at] = line[:digit] + other + line[digit + 1 :]
                changed = Page(HERE, one.name)
                changed.__dict__["source"] = "\n".join(whole)
                said = [*ties.check(changed, snippets)]
                said += numbers.check(changed, ran, cited)
                counts[kind] += 1
                counts[f"{kind}, noticed"] += bool(said)
                if not said:
                    print(
                        f"{one.shown}:{at + 1}: {place.group()} in: {whole[at][:150]}"
                    )
    return dict(sorted(counts.items()))


def _places(line: str) -> Iterator[re.Match]:
    """The numbers of a line that are tied, and those that must have a proof."""
    needed = {written for _, written in numbers.claims(untied(line))}
    links = [found.span() for found in numbers.NOT_PROSE.finditer(line)]
    for found in re.finditer(r"(?<![\w.,])\d[\d.,\u2009\u00a0]*(?<![.,])", line):
        if any(a <= found.start() < b for a, b in links):
            continue
        tied = MARK.match(line, found.end()) or re.match(
            r"[^\d{}]{0,12}\{=", line[found.end() :]
        )
        whole = re.compile(rf"\D?{re.escape(found.group())}(?![\d.,]*\d)")
        if tied or any(map(whole.match, needed)):
            yield found


def keep(part: str, found: dict) -> None:
    table = json.loads(FILE.read_bytes()) if FILE.exists() else {}
    if "seed" in found and (last := table.get(part)):  # another sample, or this again
        known = {key: last[key] for key in last.keys() - {"modules", "earlier"}}
        found["earlier"] = [*last.get("earlier", []), dict(sorted(known.items()))]
    records.write(FILE, json.dumps(table | {part: found}, indent=1) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=Path, default=HERE.build / "venvs")
    parser.add_argument("--only", choices=GROUPS, help="one group")
    parser.add_argument("--prose", action="store_true", help="the numbers alone")
    parser.add_argument("--scale", type=float, default=1.0, help="of the samples")
    parser.add_argument("--seed", type=int, default=SEED, help="of another sample")
    parser.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve[0], asked.serve[1:])
    if not asked.only:
        keep("prose", prose())
    if asked.prose:
        return 0
    python = tool(asked.envs.resolve())
    harmless = {one["change"] for one in yaml.safe_load(KNOWN.read_text("utf-8"))}
    today = datetime.now(UTC).date().isoformat()
    about = {"tool": TOOL, "version": VERSION, "seed": asked.seed, "date": today}
    bad = False
    for group in [asked.only] if asked.only else GROUPS:
        with tempfile.TemporaryDirectory() as folder:
            rows, total = run(
                group, python, copy(Path(folder)), asked.scale, asked.seed
            )
        drawn, killed = Counter(), Counter()
        for item, result in rows:
            path = item["mutations"][0]["module_path"]
            drawn[path] += 1
            killed[path] += result["test_outcome"] != "survived"
            name = named(path, result["diff"])
            if result["test_outcome"] == "survived" and name not in harmless:
                print(f"{name}\n", flush=True)
        modules = {p: {"drawn": drawn[p], "killed": killed[p]} for p in sorted(drawn)}
        print(f"{group}: {killed.total()} of {drawn.total()} were noticed", flush=True)
        counts = {"changes": total, "drawn": drawn.total(), "killed": killed.total()}
        keep(group, about | counts | {"modules": modules})
        bad |= killed.total() < ENOUGH * drawn.total()
    return bad


if __name__ == "__main__":
    sys.exit(main())

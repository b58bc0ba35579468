"""Executes a walkthrough in a fresh kernel, and refuses what a page cannot show."""

import asyncio
import importlib.metadata
import re
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from harness.core import characters, limits
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.notebooks.walkthrough import LANGUAGE, SVG, Walkthrough, shown
from harness.run import figure_fonts, guards

STYLE = HERE.root / "harness/run/figure.mplstyle"
# A downloaded notebook is read on any colour: its pictures have a ground of their own.
GROUND = {"figure.facecolor": "white", "savefig.facecolor": "white"}
KERNEL = ["--InlineBackend.figure_formats=svg", f"--InlineBackend.rc={GROUND}"]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
FAILED_AT = re.compile(r"Cell In\[(\d+)\], line (\d+)")
CHANGES = re.compile(r"\bat 0x[0-9a-f]{6,}|/tmp/\S+")
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)


def execute(one: Walkthrough, limit: float) -> tuple[NotebookNode, list[Problem]]:
    """The notebook with its outputs and facts of the run, and why it is refused."""
    made = one.notebook()
    began, tried = time.perf_counter(), []
    try:
        with tempfile.TemporaryDirectory() as folder:
            _run(one, made, Path(folder), limit, tried)
    except Problem as fault:
        return made, tried or [fault]
    seconds = time.perf_counter() - began
    for cell in made.cells:
        for output in cell.get("outputs", []):
            _lean(output)
    made.metadata.language_info = LANGUAGE
    made.metadata.proven |= {
        "description": one.meta.get("description", ""),
        "requirements": one.requirements(),
        "cells": sum(cell.cell_type == "code" for cell in made.cells),
        "seconds": round(seconds, 1),
        "torch": importlib.metadata.version("torch").partition("+")[0],
        "date": date.today().isoformat(),
    }
    return made, [*tried, *_problems(one, made)]


# What IPython runs before the first cell; it leaves no name behind.
GUARD = """\
def _guard():
    import importlib.util, os, pathlib, sys
    spec = importlib.util.spec_from_file_location("_guards", {guards!r})
    guards = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(guards)
    notes = os.open({notes!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    folder, apart = pathlib.Path({folder!r}), False
    places = [folder, *guards.DEVICES, pathlib.Path(os.devnull)]
    tell = lambda what: os.write(notes, what.encode() + b"\\n")
    if sys.platform == "linux":  # this thread, which runs the cells, and those below it
        guards.cut_network()
        if guards.SHARED not in folder.parents:
            apart = guards.own_memory(folder, folder)
        guards.allow_writes([*places, guards.SHARED])  # joblib has a semaphore there
    guards.watch(tell, places)

    def look(_):
        for name in guards.take_shared(folder):
            tell(f"leaves /dev/{{name}}")

    if apart:
        get_ipython().events.register("post_run_cell", look)


_guard()
del _guard
"""


def _run(one: Walkthrough, made: NotebookNode, folder: Path, limit: float, tried: list):
    """Execute the cells in place. Raises Problem where one fails or takes too long.

    `tried` gets what they tried and must not.
    """
    started, notes = [0], folder / "notes"
    startup = folder / "ipython" / "profile_default" / "startup" / "guard.py"
    startup.parent.mkdir(parents=True)
    (folder / "tmp").mkdir()
    facts = {"guards": guards.__file__, "notes": str(notes), "folder": str(folder)}
    startup.write_text(GUARD.format(**facts), encoding="utf-8")

    def note(**_) -> None:
        """What a cell tried, whether it caught the error or not."""
        said = notes.read_text("utf-8").splitlines() if notes.exists() else []
        for what in said[len(tried) :]:
            fix = "make the data in the cell: it has no network and leaves no file"
            tried.append(one.cells[started[-1]].line(1).problem(what, fix))

    client = NotebookClient(
        made,
        timeout=limit,
        kernel_name="python3",
        extra_arguments=[*KERNEL],
        resources={"metadata": {"path": str(one.path.parent)}},
        coalesce_streams=True,
        record_timing=False,
        shutdown_kernel="immediate",  # a kernel that is asked to go says how it went
        on_cell_start=lambda cell, cell_index: started.append(cell_index),
        on_cell_executed=note,
        # Sockets that are files: no other user of the machine can reach them.
        config=Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/k"}}),
    )
    line, fix = 1, "fix it"
    try:
        asyncio.run(client.async_execute(env=_environment(folder)))
        return
    except CellTimeoutError:
        what, fix = f"a cell that takes longer than {limit:g} s", "make it smaller"
    except DeadKernelError:
        what = "the kernel died in this cell"
    except CellExecutionError as error:
        note()
        count = str(made.cells[started[-1]].execution_count or "")
        frames = FAILED_AT.findall(ANSI.sub("", error.traceback))
        line = next((int(n) for cell, n in frames if cell == count), 1)
        what = ANSI.sub("", f"{error.ename}: {error.evalue}").strip()
        fix = "fix it; an error to be shown is caught and printed"
    raise one.cells[started[-1]].line(line).problem(what, fix)


def _environment(folder: Path) -> dict[str, str]:
    """The same for everyone: no settings of the user, no GPU, the site's figures."""
    figure_fonts.write(folder / "matplotlib")
    return guards.environment() | {
        "CUDA_VISIBLE_DEVICES": "",
        "IPYTHONDIR": str(folder / "ipython"),
        "MATPLOTLIBRC": str(STYLE),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
        # With more, sums are added up in another order, and what a network learns
        # depends on the number of cores.
        "OMP_NUM_THREADS": "1",
    }


def _lean(output: NotebookNode) -> None:
    """Remove what no reader sees."""
    if svg := output.get("data", {}).get(SVG):
        output.data = {SVG: METADATA.sub("", PROLOGUE.sub("", svg))}
    if "data" in output:
        output.metadata = {}


def _problems(one: Walkthrough, made: NotebookNode) -> Iterator[Problem]:
    if not any(cell.get("outputs") for cell in made.cells):
        what = "no cell prints or draws anything"
        yield one.problem(0, what, "end a cell with what the reader should see")
    for typed, cell in zip(one.cells, made.cells, strict=True):
        first, outputs = typed.line(1), cell.get("outputs", [])
        for output in outputs:
            text = shown(output)
            if output.output_type == "stream" and output.name == "stderr":
                line = text.strip().split("\n")[0]
                yield first.problem(f"writes to stderr: {line}", "fix what it warns of")
            elif unseen := next(
                characters.hidden(text, characters.SPACES + "\t"), None
            ):
                what = f"prints {characters.name(unseen[2])}, which nobody sees"
                yield first.problem(what, "print plain text")
            elif found := CHANGES.search(text):
                what = f"prints '{found.group()}', which is another one each time"
                fix = "print something else; after a call that draws, plt.show()"
                yield first.problem(what, fix)
            kinds = [one for one in output.get("data", {}) if one.startswith("image/")]
            if kinds and kinds[0] != SVG:
                yield first.problem(f"shows {kinds[0]}", "draw it with matplotlib")
        drawn = any(SVG in output.get("data", {}) for output in outputs)
        if drawn and len(typed.words) < limits.ALT:
            fix = "begin the cell with '# figure: what it shows'"
            yield first.problem("draws a picture without words", fix)
        elif typed.words and not drawn:
            fix = "remove the line '# figure: …'"
            yield first.problem("draws no picture", fix)

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

from harness.core import limits
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.notebooks.walkthrough import LANGUAGE, Walkthrough
from harness.run import figure_fonts, guards

STYLE = HERE.root / "harness/run/figure.mplstyle"
# A downloaded notebook is read on any colour: its pictures have a ground of their own.
GROUND = {"figure.facecolor": "white", "savefig.facecolor": "white"}
KERNEL = ["--InlineBackend.figure_formats=svg", f"--InlineBackend.rc={GROUND}"]
SVG = "image/svg+xml"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
FAILED_AT = re.compile(r"Cell In\[(\d+)\], line (\d+)")
CHANGES = re.compile(r"\bat 0x[0-9a-f]{6,}|/tmp/\S+")
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)


def execute(one: Walkthrough, limit: float) -> tuple[NotebookNode, list[Problem]]:
    """The notebook with its outputs and facts of the run, and why it is refused."""
    made = one.notebook()
    began = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _run(one, made, Path(folder), limit)
    except Problem as fault:
        return made, [fault]
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
    return made, list(_problems(one, made))


def _run(one: Walkthrough, made: NotebookNode, folder: Path, limit: float) -> None:
    """Execute the cells in place. Raises Problem where one fails or takes too long."""
    started = [0]
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
            elif found := CHANGES.search(text):
                what = f"prints '{found.group()}', which is another one each time"
                fix = "print something else; after a call that draws, plt.show()"
                yield first.problem(what, fix)
            for kind in output.get("data", {}):
                if kind.startswith("image/") and kind != SVG:
                    yield first.problem(f"shows {kind}", "draw it with matplotlib")
        drawn = any(SVG in output.get("data", {}) for output in outputs)
        if drawn and len(typed.words) < limits.ALT:
            fix = "begin the cell with '# figure: what it shows'"
            yield first.problem("draws a picture without words", fix)
        elif typed.words and not drawn:
            fix = "remove the line '# figure: …'"
            yield first.problem("draws no picture", fix)


def shown(output: NotebookNode) -> str:
    """The text of an output; empty for a picture."""
    if output.output_type == "stream":
        return output.text
    return output.get("data", {}).get("text/plain", "")

"""What each lane runs, what it leaves out and why."""

import importlib.util
import os
import shutil
import sys

from harness.core.directives import APART
from harness.core.snippet import Snippet

SMOKE = 150  # snippets: enough of every topic, in minutes even without forks
HIDDEN = {"CUDA_VISIBLE_DEVICES": ""}  # the GPU, hidden from one child


def plan(
    snippets: list[Snippet], lane: str, smoke: bool = False
) -> tuple[list[Snippet], dict[str, list[Snippet]]]:
    """The snippets that a lane runs, and those that it cannot run, by reason.

    Snippets that do not depend on the device are not part of the GPU lane at all, so
    they are not counted as left out; nor are, on a package's lane, those without it.
    """
    run, left_out = [], {}
    for snippet in snippets:
        needs = snippet.directives.needs
        if lane == "gpu" and not (snippet.chooses_device or "cuda" in needs):
            continue
        if lane in APART and snippet.directives.lane != lane:
            continue
        if missing := sorted(need for need in needs if not _has(need, lane)):
            left_out.setdefault(f"needs {', '.join(missing)}", []).append(snippet)
        else:
            run.append(snippet)
    if smoke:
        sample = _sample([one for one in run if not _is_particular(one)])
        if rest := [one for one in run if one not in sample]:
            left_out["not part of a smoke run"] = rest
        run = [one for one in run if one in sample]
    return run, left_out


def _is_particular(snippet: Snippet) -> bool:
    """Whether a snippet asks more of a system than torch."""
    # A Mac's GPU cannot be hidden, and in CI's virtual machines it cannot be used.
    uses_gpu = sys.platform == "darwin" and snippet.chooses_device
    return bool(snippet.directives.needs or snippet.directives.run or uses_gpu)


def _sample(snippets: list[Snippet]) -> set[Snippet]:
    """At most `SMOKE` of them, and of every topic one."""
    if len(snippets) <= SMOKE:
        return {*snippets}
    firsts = {one.name.split("/")[0]: one for one in reversed(snippets)}.values()
    return {*firsts, *snippets[:: -(-len(snippets) // (SMOKE - len(firsts)))]}


def _has(need: str, lane: str) -> bool:
    if need == "cuda":
        return lane == "gpu"
    if need in APART:
        return lane == need
    if need == "compiler":
        return shutil.which(os.environ.get("CXX", "g++")) is not None
    return importlib.util.find_spec(need) is not None

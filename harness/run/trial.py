"""The executions that one snippet needs, and the judgement once they are all in."""

import os
from collections.abc import Collection
from dataclasses import replace
from importlib import util
from pathlib import Path

from harness.core.directives import BUILDS, Directives
from harness.core.snippet import Snippet
from harness.judge import verdict
from harness.judge.conduct import PROMISED, conduct
from harness.judge.result import Result
from harness.judge.shown import own_warnings
from harness.judge.subject import Subject, of_snippet
from harness.run import gpu
from harness.run.gpu import Cards
from harness.run.job import COMPILES, HIDDEN, Job
from harness.run.options import Options, Outcome
from harness.run.pool import THREADS
from harness.run.preload import group_of

SIMPLE_CPU = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

# What a reader's shell has otherwise, or not at all. No program may show it.
ELSEWHERE = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "LANG": "C",
    "LC_ALL": "C",
    "COLUMNS": "117",
    "TZ": "Pacific/Kiritimati",
    "USER": "reader",
}


def unquoted(needs: Collection[str]) -> str:
    """Why a compiler fails here: torch gives it its own path without quotes."""
    place = str(getattr(util.find_spec("torch"), "origin", ""))
    spaced = "compiler" in needs and " " in place
    return "needs compiler, which takes no space in torch's path" if spaced else ""


def job(path: Path, source: str, declared: Directives, options: Options) -> Job:
    """The execution that counts."""
    fresh = options.fresh or options.quick or not options.fork
    if declared.run:  # recorded, and tried on other builds, as a reader starts it
        fresh = fresh or options.record or options.lane != "cpu"
    # Another Python may wait where the pinned one does not: for the end of a worker.
    patience = options.patience * (2 if options.lane in BUILDS else 1)
    return Job(
        path=str(path),
        seed=options.seed,
        limit=declared.takes * patience + (options.startup if fresh else 0),
        crowded=options.crowded,
        memory=options.memory * (4 if options.lane == "gpu" else 1),  # CUDA is large
        group="torchrun" if declared.run else group_of(source, declared.needs),
        fresh=fresh,
        command=declared.run,
        confined=options.lane != "gpu",
        env=COMPILES if options.record else {},
    )


def variants(snippet: Snippet, options: Options) -> dict[str, Job]:
    """The executions of a snippet by name, the first to start first."""
    declared = snippet.directives
    main = job(snippet.path, snippet.source, declared, options)
    jobs = {"run": main}
    if options.record:
        jobs["again"] = replace(main, seed=options.seed + 1)
    if options.record and not (declared.run or options.lane in BUILDS):
        fresh = replace(options, fresh=True)
        alone = job(snippet.path, snippet.source, declared, fresh)
        env = COMPILES | dict.fromkeys(THREADS, str(os.cpu_count()))
        # The order of sets: a forked process has that of its parent.
        env["PYTHONHASHSEED"] = str((options.seed + 1) % 2**32)
        if options.lane != "gpu":
            env |= ELSEWHERE
        if "compiler" not in declared.needs:
            env["CXX"] = "no-compiler"  # torch.compile must not find one
        if options.quick:  # all that may change nothing, at once
            env |= SIMPLE_CPU
            jobs["again"] = replace(jobs["again"], env=env, preloaded=True)
        else:
            jobs["fresh"] = replace(alone, env=env)
            if options.lane != "gpu":
                jobs["simple"] = replace(alone, env=COMPILES | SIMPLE_CPU)
    if options.lane == "gpu" and "cuda" not in declared.needs:
        jobs["hidden"] = replace(main, env=main.env | HIDDEN)
    # While the fresh interpreters import torch, so does the parent of the others.
    return dict(sorted(jobs.items(), key=lambda item: not item[1].fresh))


def judge(outcome: Outcome, options: Options, cards: Cards | None = None) -> None:
    """Fill in what is wrong with a snippet whose results are all in."""
    snippet, results, count = outcome.snippet, outcome.results, 0
    if options.lane == "gpu":
        count = cards.count
        outcome.fell_back = verdict.fell_back(snippet.directives, results, count)
    prints = "cpu" if outcome.fell_back else options.lane
    again = not (options.record or options.smoke)
    subject = of_snippet(snippet, prints, compare=again)
    if options.lane in BUILDS:  # where it may well raise and warn something else
        subject = _as_it_ended(subject, results["run"])
    if again and cards and cards.is_other(snippet.name):
        tolerance = gpu.tolerance(snippet.source)
        subject = replace(
            subject, expected=replace(subject.expected, tolerance=tolerance)
        )
    if options.smoke:
        outcome.problems = conduct(subject, results["run"], PROMISED)
    else:
        outcome.problems = verdict.judge(subject, results, options.lane, count)


def _as_it_ended(subject: Subject, result: Result) -> Subject:
    """A subject that promises the error and the warnings that came."""
    warned = tuple(one.category for one in own_warnings(subject, result))
    raised = result.raised.type if result.raised else None
    promised = {"raises": raised, "warns": warned}
    return replace(subject, directives=replace(subject.directives, **promised))

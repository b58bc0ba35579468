"""The executions that one snippet needs, and the judgement once they are all in."""

import json
import os
from dataclasses import replace
from pathlib import Path

from harness.runner import card, compare, figures, lanes
from harness.runner.job import Job
from harness.runner.options import Options, Outcome
from harness.runner.pool import THREADS
from harness.runner.preload import group_of
from harness.runner.verdict import Judge, printed
from harness.snippet import Snippet

SIMPLE_CPU = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

# In the job's own folder, beside `work/`: in one folder, two executions at once
# write the same library, and one takes what torch.compile kept for the other.
OWN_CACHE = {"TORCHINDUCTOR_CACHE_DIR": str(Path(os.pardir, "inductor"))}

UNSTABLE = {
    "again": (
        "prints something else with another seed",
        "seed what is random: torch.manual_seed(0) on the first working line",
    ),
    "fresh": (
        "prints something else in a fresh interpreter",
        "add the import or setting that the preloaded process hid; sort a set",
    ),
    "simple": (
        "prints something else on other vector units",
        "print fewer digits, or declare '# floats: rtol …'",
    ),
}


def variants(snippet: Snippet, options: Options) -> dict[str, Job]:
    """The executions of a snippet by name; "run" is the one that counts.

    Recording adds another seed, a fresh interpreter as a reader starts it, and a
    processor without wide vector units; the GPU lane adds one with the GPU hidden.
    """
    declared = snippet.directives
    fresh = options.fresh or bool(declared.run) or not options.fork
    job = Job(
        name=snippet.name,
        path=str(snippet.path),
        folder="",  # the pool makes one
        seed=options.seed,
        limit=declared.takes * options.patience + (options.startup if fresh else 0),
        memory=options.memory * (4 if options.lane == "gpu" else 1),  # CUDA is large
        group=group_of(snippet.source, declared.needs),
        fresh=fresh,
        command=declared.run,
        limit_address_space=options.lane != "gpu",
    )
    jobs = {"run": job}
    if options.record:
        other = replace(job, seed=options.seed + 1, env=OWN_CACHE)
        jobs["again"] = other
        if not declared.run:
            limit = declared.takes * options.patience + options.startup
            alone = replace(job, fresh=True, limit=limit)
            env = OWN_CACHE | dict.fromkeys(THREADS, str(os.cpu_count()))
            # The order of sets: a forked process has that of its parent.
            env["PYTHONHASHSEED"] = str((options.seed + 1) % 2**32)
            jobs["fresh"] = replace(alone, env=env)
            if options.lane != "gpu":
                jobs["simple"] = replace(alone, env=OWN_CACHE | SIMPLE_CPU)
    if options.lane == "gpu" and "cuda" not in declared.needs:
        jobs["hidden"] = replace(job, env=lanes.HIDDEN)
    return jobs


def judge(outcome: Outcome, options: Options, cards: int = 0) -> None:
    """Fill in what is wrong with a snippet whose results are all in.

    `cards` is how many the GPU lane has.
    """
    snippet, main = outcome.snippet, outcome.results["run"]
    verdict = Judge(snippet, main, options.lane)
    outcome.problems = verdict.problems
    if options.smoke:
        return verdict.promises()
    verdict.conduct()
    if options.lane == "gpu":
        _refuse_unseen(outcome, verdict, cards)
        outcome.drift = _drift(outcome)
    if options.record:
        if not verdict.problems:
            _refuse_unstable(outcome, verdict)
    elif not verdict.problems:  # a failure explains its own output
        file = snippet.out
        on_card = options.lane == "gpu" and not outcome.fell_back
        if on_card and (snippet.cuda_out.exists() or not file.exists()):
            file = snippet.cuda_out
        verdict.output(file, read(file))
        recorded = read(snippet.figure_data)
        verdict.drawing(json.loads(recorded) if recorded else None)


def _refuse_unseen(outcome: Outcome, verdict: Judge, cards: int) -> None:
    """Refuse what ran without the card, or cannot run with the card hidden.

    Else a program that fell back to the CPU would be taken for the same on both.
    """
    if not verdict.result.ended == "finished":
        return
    declared = outcome.snippet.directives
    if declared.run and not _shows_card(outcome):
        outcome.fell_back = declared.processes > cards
        if not outcome.fell_back:
            verdict.refuse("shows no GPU", "print the device that it used")
    elif not declared.run and not card.used(verdict.result):
        verdict.refuse(
            "saw no GPU", "import torch; see whether a process that forks set up CUDA"
        )
    if hidden := outcome.results.get("hidden"):
        alone = Judge(outcome.snippet, hidden)
        alone.conduct()
        for problem in alone.problems:
            what = f"with the GPU hidden, {problem.what}"
            verdict.refuse(what, problem.mend, problem.line)


def _shows_card(outcome: Outcome) -> bool:
    """Whether a launched program printed that it used a card.

    Its processes are the launcher's, so there is nobody else to ask.
    """
    main, hidden = outcome.results["run"], outcome.results.get("hidden")
    return "cuda" in main.stdout and not (hidden and hidden.stdout == main.stdout)


def _refuse_unstable(outcome: Outcome, verdict: Judge) -> None:
    """Refuse what another seed, interpreter or processor would not print or draw."""
    main = verdict.result
    for variant, (what, mend) in UNSTABLE.items():
        result = outcome.results.get(variant)
        if result is None:
            continue
        before, now = (printed(verdict.snippet, r) for r in (main, result))
        if not compare.same(before, now, verdict.snippet.directives.rtol):
            diff = compare.difference(before, now, ("first run", variant))
            verdict.refuse(f"{what}\n{diff}\n{result.stderr}".rstrip(), mend)
        elif main.figure and (found := figures.difference(main.figure, result.figure)):
            verdict.refuse(f"{what.replace('prints', 'draws')}: {found}", mend)


def _drift(outcome: Outcome) -> str:
    hidden, expected = outcome.results.get("hidden"), read(outcome.snippet.out)
    if hidden is None or expected is None:
        return ""
    now = printed(outcome.snippet, hidden)
    if compare.same(expected, now, outcome.snippet.directives.rtol):
        return ""
    return compare.difference(expected, now, ("recorded", "this torch, GPU hidden"))


def read(file: Path) -> str | None:
    """The text of a file; None where there is none."""
    try:
        return file.read_text("utf-8", errors="backslashreplace")
    except FileNotFoundError:
        return None

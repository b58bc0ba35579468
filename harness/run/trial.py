"""The executions that one snippet needs, and the judgement once they are all in."""

import os
from dataclasses import replace
from pathlib import Path

from harness.core.directives import Directives
from harness.core.snippet import Snippet
from harness.judge import compare, verdict
from harness.judge.subject import of_snippet, read
from harness.run import lanes
from harness.run.job import Job
from harness.run.options import Options, Outcome
from harness.run.pool import THREADS
from harness.run.preload import group_of

SIMPLE_CPU = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

# In the job's own folder, beside `work/`: in one folder, two executions at once
# write the same library, and one takes what torch.compile kept for the other.
OWN_CACHE = {"TORCHINDUCTOR_CACHE_DIR": str(Path(os.pardir, "inductor"))}


def job(
    name: str, file: Path, source: str, declared: Directives, options: Options
) -> Job:
    """The execution that counts."""
    fresh = options.fresh or bool(declared.run) or not options.fork
    return Job(
        name=name,
        path=str(file),
        folder="",  # the pool makes one
        seed=options.seed,
        limit=declared.takes * options.patience + (options.startup if fresh else 0),
        memory=options.memory * (4 if options.lane == "gpu" else 1),  # CUDA is large
        group=group_of(source, declared.needs),
        fresh=fresh,
        command=declared.run,
        limit_address_space=options.lane != "gpu",
    )


def variants(snippet: Snippet, options: Options) -> dict[str, Job]:
    """The executions of a snippet by name; "run" is the one that counts.

    Recording adds another seed, a fresh interpreter as a reader starts it, and a
    processor without wide vector units; the GPU lane adds one with the GPU hidden.
    """
    declared = snippet.directives
    main = job(snippet.name, snippet.path, snippet.source, declared, options)
    jobs = {"run": main}
    if options.record:
        other = replace(main, seed=options.seed + 1, env=OWN_CACHE)
        jobs["again"] = other
        if not declared.run:
            limit = declared.takes * options.patience + options.startup
            alone = replace(main, fresh=True, limit=limit)
            env = OWN_CACHE | dict.fromkeys(THREADS, str(os.cpu_count()))
            # The order of sets: a forked process has that of its parent.
            env["PYTHONHASHSEED"] = str((options.seed + 1) % 2**32)
            jobs["fresh"] = replace(alone, env=env)
            if options.lane != "gpu":
                jobs["simple"] = replace(alone, env=OWN_CACHE | SIMPLE_CPU)
    if options.lane == "gpu" and "cuda" not in declared.needs:
        jobs["hidden"] = replace(main, env=lanes.HIDDEN)
    return jobs


def judge(outcome: Outcome, options: Options) -> None:
    """Fill in what is wrong with a snippet whose results are all in."""
    again = not (options.record or options.smoke)
    subject = of_snippet(outcome.snippet, options.lane, compare=again)
    if options.smoke:
        outcome.problems = verdict.promises(subject, outcome.results["run"])
        return
    outcome.problems = verdict.judge(subject, outcome.results, options.lane)
    if options.lane == "gpu":
        outcome.drift = _drift(outcome)


def _drift(outcome: Outcome) -> str:
    """What this torch prints otherwise than the one that was recorded."""
    hidden, expected = outcome.results.get("hidden"), read(outcome.snippet.out)
    if hidden is None or expected is None:
        return ""
    now = verdict.printed(outcome.snippet, hidden)
    if compare.same(expected, now, outcome.snippet.directives.rtol):
        return ""
    return compare.difference(expected, now, ("recorded", "this torch, GPU hidden"))

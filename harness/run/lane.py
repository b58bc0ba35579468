"""`python -m harness run`: runs snippets, and compares or records what they print."""

import json
import time
from importlib import util

from harness.core import records, snippet_rules
from harness.core.directives import APART
from harness.core.problem import Problem
from harness.core.snippet import Snippet, find
from harness.core.tree import Tree
from harness.run import gpu, lanes, recording, terminal, trial
from harness.run.options import Options, Outcome
from harness.run.pool import Pool


def run(tree: Tree, options: Options) -> list[Outcome]:
    """Run, compare or record, and print as it goes; an outcome with problems failed.

    Raises Problem for an unknown path, and on a lane without what it is named for.
    """
    begin = time.monotonic()
    snippets, outcomes = _fit_to_run(find(tree, options.paths), options.record)
    cards = _need(options.lane)
    plan = lanes.plan(snippets, options.lane, options.smoke)
    progress = terminal.Progress(len(plan.run) + len(outcomes), options)
    for outcome in outcomes:
        progress.finished(outcome)
    cache = tree.build / "cache"
    try:
        with Pool(
            options.lane, options.seed, options.jobs, cache, options.fork
        ) as pool:
            for outcome in _outcomes(plan.run, options, pool, len(cards)):
                if options.record and not outcome.problems:
                    outcome.problems = recording.faults(outcome, options.lane)
                if options.record and not (outcome.problems or outcome.fell_back):
                    recording.write(outcome, options.lane, *cards[:1])
                outcomes.append(outcome)
                progress.finished(outcome)
    finally:
        progress.clear()
        if options.record:
            recording.forget(tree, options.lane)
    outcomes.sort(key=lambda o: o.snippet.name)
    versions = recording.versions()
    seconds = time.monotonic() - begin
    terminal.summary(outcomes, plan, options, versions, seconds)
    if options.json:
        rows = terminal.table(outcomes, options, versions)
        records.write(options.json.resolve(), json.dumps(rows, indent=1) + "\n")
    return outcomes


def _outcomes(snippets: list[Snippet], options: Options, pool: Pool, cards: int):
    """Judged outcomes, in the order in which their last execution ended."""
    jobs = {s.name: trial.variants(s, options) for s in snippets}
    waiting = {s.name: Outcome(s) for s in snippets}
    trials = [
        ((name, variant), job)
        for name, variants in jobs.items()
        for variant, job in variants.items()
    ]
    for (name, variant), result in pool.run(trials):
        outcome = waiting[name]
        outcome.results[variant] = result
        if len(outcome.results) == len(jobs[name]):
            trial.judge(outcome, options, cards)
            yield outcome


def _fit_to_run(
    snippets: list[Snippet], record: bool
) -> tuple[list[Snippet], list[Outcome]]:
    """Those whose leading comments can be obeyed, and failures for the others.

    To be recorded, a snippet must also keep the rules for its source: else a page
    would refuse it afterwards.
    """
    good, bad = [], []
    for snippet in snippets:
        try:
            assert snippet.directives
            problems = list(snippet_rules.check(snippet)) if record else []
        except Problem as error:
            problems = [error]
        if problems:
            bad.append(Outcome(snippet, problems=problems))
        else:
            good.append(snippet)
    return good, bad


def _need(lane: str) -> list[str]:
    """The names of the GPU lane's cards. Raises Problem where a lane cannot run."""
    if lane in APART and util.find_spec(lane) is None:
        raise Problem.general(f"{lane} is not installed here: make record-{lane}")
    return gpu.need() if lane == "gpu" else []

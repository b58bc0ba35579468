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
    """Run, compare or record, and print as it goes; an outcome with problems failed."""
    begin = time.monotonic()
    every = find(tree, options.paths)
    faults = {snippet: _unfit(snippet, options.record) for snippet in every}
    outcomes = [Outcome(one, problems=found) for one, found in faults.items() if found]
    if options.lane in APART and util.find_spec(options.lane) is None:
        what = f"{options.lane} is not installed here"
        raise Problem.general(f"{what}: make record-{options.lane}")
    cards = gpu.need() if options.lane == "gpu" else []
    fit = [snippet for snippet in every if not faults[snippet]]
    plan = lanes.plan(fit, options.lane, options.smoke)
    progress = terminal.Progress(len(plan.run) + len(outcomes), options)
    for outcome in outcomes:
        progress.finished(outcome)
    try:
        with Pool(options, tree.build / "cache") as pool:
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
    terminal.summary(outcomes, plan.left_out, options, time.monotonic() - begin)
    if options.json:
        rows = json.dumps(terminal.table(outcomes), indent=1)
        records.write(options.json.resolve(), f"{rows}\n")
    return outcomes


def _outcomes(snippets: list[Snippet], options: Options, pool: Pool, cards: int):
    """Judged outcomes, in the order in which their last execution ended."""
    trials = []
    for snippet in snippets:
        outcome, jobs = Outcome(snippet), trial.variants(snippet, options)
        trials += [((outcome, name, len(jobs)), job) for name, job in jobs.items()]
    for (outcome, name, number), result in pool.run(trials):
        outcome.results[name] = result
        if len(outcome.results) == number:
            trial.judge(outcome, options, cards)
            yield outcome


def _unfit(snippet: Snippet, record: bool) -> list[Problem]:
    """Why its comments cannot be obeyed or, to be recorded, its source not be shown."""
    try:
        assert snippet.directives
        return list(snippet_rules.check(snippet)) if record else []
    except Problem as error:
        return [error]

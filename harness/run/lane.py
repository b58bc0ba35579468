"""`python -m harness run`: runs snippets, and compares or records what they print."""

import json
import sys
import time
from importlib import util

from harness.core import records, snippet_rules
from harness.core.directives import APART, BUILDS
from harness.core.problem import Problem
from harness.core.snippet import Snippet, find
from harness.core.tree import Tree
from harness.run import gpu, lanes, recording, trial
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
    runs, left_out = lanes.plan(fit, options.lane, options.smoke)
    total = len(runs) + len(outcomes)
    for outcome in outcomes:
        _report(outcome, options)
    try:
        with Pool(options, tree.build / "cache") as pool:
            for outcome in _outcomes(runs, options, pool, len(cards)):
                if options.record and not (outcome.problems or outcome.fell_back):
                    recording.write(outcome, options.lane, *cards[:1])
                outcomes.append(outcome)
                _report(outcome, options)
                _progress(f"{len(outcomes)}/{total} {outcome.snippet.name}")
    finally:
        _progress("")
        if options.record:
            recording.forget(tree, options.lane)
    if options.record and options.lane in BUILDS and not options.paths:
        recording.sum_up(tree, options.lane, len(runs))
    outcomes.sort(key=lambda o: o.snippet.name)
    _summarize(outcomes, left_out, options, time.monotonic() - begin)
    if options.json:
        rows = {
            one.snippet.name: {"problems": one.problems, "results": one.results}
            for one in outcomes
        }
        table = json.dumps({**recording.versions(), "snippets": rows}, default=vars)
        records.write(options.json.resolve(), f"{table}\n")
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


def _report(outcome: Outcome, options: Options) -> None:
    """Print why an outcome failed, and how to see it again."""
    if outcome.problems:
        _progress("")
        how = "" if options.lane == "cpu" else f" --lane {options.lane}"
        how += " --smoke" if options.smoke else ""
        path = outcome.snippet.tree.show(outcome.snippet.path)
        again = f"rerun: python -m harness run {path}{how} --seed {options.seed}"
        print(*outcome.problems, f"    {again}", sep="\n", flush=True)


def _progress(line: str) -> None:
    """Show a line on a terminal, in place of the last one."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line[:79]}", end="", file=sys.stderr, flush=True)


def _summarize(
    outcomes: list[Outcome],
    left_out: dict[str, list[Snippet]],
    options: Options,
    seconds: float,
) -> None:
    """The closing lines: how many held, how long it took, what was not run and why."""
    failed = sum(bool(o.problems) for o in outcomes)
    fell_back = [o.snippet for o in outcomes if o.fell_back and not o.problems]
    held = len(outcomes) - failed - len(fell_back)
    how = "as declared" if options.smoke else "as recorded"
    how = "recorded" if options.record else how
    results = [r for o in outcomes for r in o.results.values()]
    used = recording.versions()
    print(
        f"{options.lane} lane, torch {used['torch']}, Python {used['python']}: "
        f"{held} snippet{'' if held == 1 else 's'} {how}, {failed} failed, "
        f"in {seconds:.1f} s ({sum(r.seconds for r in results):.1f} s their own work)"
    )
    if not all(r.cut for r in results):
        print("network guard: by audit hook only, no network namespace is permitted")
    apart = {f"not run, {reason}": left_out[reason] for reason in sorted(left_out)}
    if fell_back:
        what = "ran on the CPU, as it starts more processes than there are GPUs"
        apart = {what: fell_back} | apart
    for what, snippets in apart.items():
        print(f"{what}: {len(snippets)} ({', '.join(s.name for s in snippets)})")

"""`python -m harness run`: runs snippets, and compares or records what they print."""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import util

from harness.core import records, snippet_rules
from harness.core.directives import APART, BUILDS, PACKAGES, SYSTEMS
from harness.core.problem import Problem
from harness.core.snippet import Snippet, find
from harness.core.tree import Tree
from harness.run import gpu, recording, trial
from harness.run.options import Options, Outcome
from harness.run.pool import Pool

SMOKE = 150  # snippets: enough of every topic, in minutes even without forks
NAMED = 20  # snippets of those that were not run
QUICK = 2  # snippets: to import torch for each is quicker than once and to fork
MEMORY = "OutOfMemoryError"  # of a card, which programs share


def run(tree: Tree, options: Options) -> list[Outcome]:
    """Run, compare or record, and print as it goes; an outcome with problems failed."""
    begin = time.monotonic()
    every = find(tree, options.paths)
    faults = {snippet: _unfit(snippet, options.record) for snippet in every}
    outcomes = [Outcome(one, problems=found) for one, found in faults.items() if found]
    needed = APART.get(options.lane, ())
    if missing := [name for name in needed if util.find_spec(name) is None]:
        what = f"not installed here: {', '.join(missing)}"
        raise Problem.general(f"{what}: make record-{options.lane}")
    cards = gpu.need(tree, options.record) if options.lane == "gpu" else None
    if options.record and options.lane in BUILDS and options.paths:
        recording.fits(tree, options.lane)
    fit = [snippet for snippet in every if not faults[snippet]]
    runs, left_out = plan(fit, options.lane, options.smoke)
    if options.record and options.lane in ("cpu", *APART):
        options = replace(options, quick=len(runs) <= QUICK)
    total = len(runs) + len(outcomes)
    for outcome in outcomes:
        _report(outcome, options)
    try:
        for outcome in _outcomes(tree, runs, options, cards):
            if options.record and not (outcome.problems or outcome.fell_back):
                recording.write(outcome, options.lane, cards and cards.name)
            outcomes.append(outcome)
            _report(outcome, options)
            _progress(f"{len(outcomes)}/{total} {outcome.snippet.name}")
            if cards and outcome.problems and (gone := cards.gone()):
                done = len(outcomes)
                what = f"after {done} programs the card went away: {gone}"
                kept = "what was recorded before stays" if options.record else ""
                raise Problem.general("; ".join(filter(None, [what, kept])))
    finally:
        _progress("")
        if options.record:
            recording.forget(tree, options.lane)
    if options.record and options.lane in BUILDS:
        ran = [one.snippet for one in outcomes if not one.problems]
        recording.sum_up(tree, options.lane, ran, whole=not options.paths)
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
        elif spaced := trial.unquoted(needs):
            left_out.setdefault(spaced, []).append(snippet)
        else:
            run.append(snippet)
    if smoke:
        sample = _sample(run)
        if rest := [one for one in run if one not in sample]:
            left_out["not part of a smoke run"] = rest
        run = [one for one in run if one in sample]
    return run, left_out


def _sample(snippets: list[Snippet]) -> set[Snippet]:
    """At most `SMOKE` that ask for nothing but torch, and of every topic one."""
    fit = [
        s for s in snippets if not (s.directives.needs - {*SYSTEMS} or s.directives.run)
    ]
    # A Mac's GPU cannot be hidden, and in CI's virtual machines it cannot be used.
    fit = [one for one in fit if sys.platform != "darwin" or not one.chooses_device]
    firsts = {one.name.split("/")[0]: one for one in reversed(fit)}.values()
    step = max(1, -(-len(fit) // (SMOKE - len(firsts))))
    return {*firsts, *fit[::step]}


def _has(need: str, lane: str) -> bool:
    if need == "cuda":
        return lane == "gpu"
    if need in PACKAGES:
        return need in APART.get(lane, ())
    if need in SYSTEMS:
        return sys.platform in SYSTEMS[need]
    if need == "compiler":
        return shutil.which(os.environ.get("CXX", "g++")) is not None
    return util.find_spec(need) is not None


def _outcomes(
    tree: Tree, snippets: list[Snippet], options: Options, cards: gpu.Cards | None
) -> Iterator[Outcome]:
    """Judged outcomes; last those of a second run.

    That is alone where memory was short beside others, and with an execution for each
    cause where few were recorded at once.
    """
    twice, later = [], replace(options, jobs=1 if cards else options.jobs, quick=False)
    with Pool(options, tree.build / "cache") as pool:
        for outcome in _judged(snippets, options, pool, cards):
            unsure = options.quick or cards and options.jobs != 1 and _is_short(outcome)
            if outcome.problems and unsure:
                twice.append(outcome.snippet)
            else:
                yield outcome
    if twice:
        yield from _outcomes(tree, twice, later, cards)


def _is_short(outcome: Outcome) -> bool:
    every = (result.raised for result in outcome.results.values())
    return any(raised and MEMORY in raised.type for raised in every)


def _judged(
    snippets: list[Snippet], options: Options, pool: Pool, cards: gpu.Cards | None
) -> Iterator[Outcome]:
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
        names = [snippet.name for snippet in snippets]
        names[NAMED:] = [f"{len(names) - NAMED} more"] if names[NAMED:] else []
        print(f"{what}: {len(snippets)} ({', '.join(names)})")

"""What a run tells the person who started it."""

import sys
from dataclasses import asdict

from harness.judge.printed import printed
from harness.run.lanes import Plan
from harness.run.options import Options, Outcome


class Progress:
    """One line on a terminal, and failures as they come."""

    def __init__(self, total: int, options: Options):
        self._total, self._done, self._options = total, 0, options
        self._terminal = sys.stderr.isatty()

    def finished(self, outcome: Outcome) -> None:
        self._done += 1
        self.clear()
        for problem in outcome.problems:
            print(problem)
        if outcome.problems:
            lane = self._options.lane
            lane = "" if lane == "cpu" else f" --lane {lane}"
            lane += " --smoke" if self._options.smoke else ""
            seed = f" --seed {self._options.seed}"
            print(f"    rerun: {outcome.snippet.command}{lane}{seed}", flush=True)
        if outcome.drift:
            name = outcome.snippet.tree.show(outcome.snippet.path)
            print(f"{name}: version drift, this torch prints otherwise")
            print(outcome.drift, flush=True)
        if self._terminal:
            line = f"{self._done}/{self._total} {outcome.snippet.name}"
            print(line[:79], end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def summary(
    outcomes: list[Outcome],
    plan: Plan,
    options: Options,
    versions: dict[str, str],
    seconds: float,
) -> None:
    """The closing lines: how many held, how long it took, what was not run and why."""
    failed = [o for o in outcomes if o.problems]
    fell_back = [o.snippet.name for o in outcomes if o.fell_back and not o.problems]
    held = len(outcomes) - len(failed) - len(fell_back)
    how = "as declared" if options.smoke else "as recorded"
    results = [r for o in outcomes for r in o.results.values()]
    print(
        f"{options.lane} lane, torch {versions['torch']}, Python {versions['python']}: "
        f"{_snippets(held)} "
        f"{'recorded' if options.record else how}, {len(failed)} failed, "
        f"in {seconds:.1f} s ({sum(r.seconds for r in results):.1f} s their own work)"
    )
    if not all(r.cut for r in results):
        print("network guard: by audit hook only, no network namespace is permitted")
    if fell_back:
        names = ", ".join(fell_back)
        what = "ran on the CPU, as it starts more processes than there are GPUs"
        print(f"{what}: {len(fell_back)} ({names})")
    for reason, snippets in sorted(plan.left_out.items()):
        names = ", ".join(s.name for s in snippets)
        print(f"not run, {reason}: {len(snippets)} ({names})")
    if len(failed) > 1 and not options.record and not options.smoke:
        print("once they are right, record them: make record")


def _snippets(number: int) -> str:
    return "1 snippet" if number == 1 else f"{number} snippets"


def table(outcomes: list[Outcome], options: Options, versions: dict[str, str]) -> dict:
    """The run as JSON values, for other programs."""
    return {
        "lane": options.lane,
        "seed": options.seed,
        **versions,
        "snippets": {o.snippet.name: _row(o) for o in outcomes},
    }


def _row(outcome: Outcome) -> dict:
    results = {
        variant: {
            "ended": result.ended,
            "printed": printed(outcome.snippet, result),
            "seconds": result.seconds,
            "device": result.device,
        }
        for variant, result in sorted(outcome.results.items())
    }
    problems = [asdict(problem) for problem in outcome.problems]
    return {"problems": problems, "results": results}

"""What a run tells the person who started it."""

import sys
from dataclasses import asdict

from harness.core.snippet import Snippet
from harness.run import recording
from harness.run.options import Options, Outcome


class Progress:
    """One line on a terminal, and failures as they come."""

    def __init__(self, total: int, options: Options):
        self._total, self._done = total, 0
        self._again = "" if options.lane == "cpu" else f" --lane {options.lane}"
        self._again += " --smoke" if options.smoke else ""
        self._again += f" --seed {options.seed}"
        self._terminal = sys.stderr.isatty()

    def finished(self, outcome: Outcome) -> None:
        self._done += 1
        self.clear()
        for problem in outcome.problems:
            print(problem)
        if outcome.problems:
            print(f"    rerun: {outcome.snippet.command}{self._again}", flush=True)
        if self._terminal:
            line = f"{self._done}/{self._total} {outcome.snippet.name}"
            print(line[:79], end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def summary(
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


def table(outcomes: list[Outcome]) -> dict:
    """The run as JSON values, for other programs."""
    rows = {
        one.snippet.name: {
            "problems": [asdict(problem) for problem in one.problems],
            "results": {name: asdict(result) for name, result in one.results.items()},
        }
        for one in outcomes
    }
    return {**recording.versions(), "snippets": rows}

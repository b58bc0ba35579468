"""Times one case: warm-up first, then many samples, of which it keeps the middle."""

import math
import time
from collections.abc import Callable
from statistics import quantiles

import torch

WARMUPS = 3
SAMPLES = 20
FEWEST = 5  # of a case that would take too long
SHORTEST = 1e-3  # seconds: a sample of a quick case is many runs
Seconds = Callable[[Callable[[], object], int], float]  # of a work, done so many times


def on_cpu(run: Callable[[], object], times: int) -> float:
    """The seconds that this process computed; that others also did does not count."""
    return _seconds(run, times, time.process_time)


def by_clock(run: Callable[[], object], times: int) -> float:
    """The seconds on the clock of so many runs, the device's work included."""
    torch.accelerator.synchronize()
    begin = time.perf_counter()
    until_returned(run, times)
    torch.accelerator.synchronize()
    return time.perf_counter() - begin


def until_returned(run: Callable[[], object], times: int) -> float:
    """The seconds until the calls have returned, whether or not the work is done."""
    return _seconds(run, times, time.perf_counter)


def _seconds(run: Callable[[], object], times: int, now: Callable[[], float]) -> float:
    begin = now()
    for _ in range(times):
        run()
    return now() - begin


def events(run: Callable[[], object], times: int) -> float:
    """The seconds between two marks in the device's own queue."""
    start, end = (torch.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(times):
        run()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1000  # from milliseconds


def sample(
    run: Callable[[], object],
    seconds: Seconds,
    budget: float,
    between: Callable[[], object] = lambda: None,
) -> list[float]:
    """The seconds of one run, sampled; `between` runs before each sample, untimed."""
    for _ in range(WARMUPS):
        run()
    between()
    first = max(seconds(run, 1), 1e-9)
    times = max(1, min(1000, math.ceil(SHORTEST / first)))
    found, most = [], int(budget / (first * times))
    for _ in range(min(SAMPLES, max(FEWEST, most))):
        between()
        found.append(seconds(run, times) / times)
    return found


def middle(found: list[float]) -> dict[str, float | int]:
    """The median, and the quarters on either side of it as the spread."""
    low, median, high = (float(f"{q:.4g}") for q in quantiles(found, n=4))
    return {"low": low, "median": median, "high": high, "samples": len(found)}

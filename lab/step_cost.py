"""`python -m lab step-cost`: one training step in four ways, timed.

It writes `recorded/step_cost.json`. The four take turns on the same machine, so that
their ratios say something. It counts the time of the CPU on one thread: what else the
machine did meanwhile does not count.
"""

import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from harness.core import records
from harness.core.tree import Tree
from lab.machine import cpu_name, one_thread

BATCHES = 100  # of one turn
TURNS = 15
# name -> (samples in a batch, inputs, hidden units, outputs)
SIZES = {"small": (32, 64, 32, 10), "large": (512, 1024, 2048, 10)}


def file(tree: Tree) -> Path:
    return tree.recorded / "step_cost.json"


def measure(tree: Tree, batches: int = BATCHES, turns: int = TURNS) -> None:
    """Time each way on each network, and write the medians in microseconds a step."""
    os.environ["KERAS_BACKEND"] = "torch"
    table = {
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": cpu_name(),
        "python": platform.python_version(),
        "packages": {n: importlib.metadata.version(n) for n in ("torch", "keras")},
        "networks": {},
    }
    for name, sizes in SIZES.items():
        few = batches if name == "small" else max(1, batches // 20)
        with one_thread():
            times = _turns(_ways(*sizes, few), few, turns)
        steps = {way: round(median(found), 1) for way, found in times.items()}
        table["networks"][name] = {"sizes": sizes, "microseconds": steps}
        print(f"{name}: {steps}", file=sys.stderr)
    records.write(file(tree), json.dumps(table, indent=1) + "\n")


def _ways(
    samples: int, inputs: int, hidden: int, outputs: int, batches: int
) -> dict[str, Callable[[], None]]:
    """Each way as a function that takes `batches` steps."""
    import keras
    import torch
    from torch import nn

    x = torch.randn(samples * batches, inputs)
    y = torch.randn(samples * batches, outputs)
    parts = list(zip(x.split(samples), y.split(samples), strict=True))
    layers = nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs)
    net = nn.Sequential(*layers)
    dense = keras.layers.Dense
    model = keras.Sequential([dense(hidden, "tanh"), dense(outputs)])
    model.build((None, inputs))
    model.compile(keras.optimizers.SGD(0.01), "mse")

    def loop(net: nn.Module, **mode: bool) -> None:
        optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
        for xb, yb in parts:
            optimizer.zero_grad()
            nn.functional.mse_loss(net(xb, **mode), yb).backward()
            optimizer.step()

    def on_batch() -> None:
        for xb, yb in parts:
            model.train_on_batch(xb, yb)

    def fit() -> None:
        model.fit(x, y, batch_size=samples, shuffle=False, verbose=0)

    return {
        "PyTorch loop": lambda: loop(net),
        "Keras model in a PyTorch loop": lambda: loop(model, training=True),
        "train_on_batch": on_batch,
        "fit": fit,
    }


def _turns(
    ways: dict[str, Callable[[], None]], batches: int, turns: int
) -> dict[str, list[float]]:
    """Microseconds a step, of each way in each turn; the first turn only prepares."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(turns + 1):
        for way, run in ways.items():
            start = time.process_time()
            run()
            spent = time.process_time() - start
            if turn:
                times[way].append(spent / batches * 1e6)
    return times

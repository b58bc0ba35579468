"""The weights that the site ships: trained here, measured here, published with a card.

A trainer is a module with

- `train(seed, steps) -> model, metrics`: the same for the same seed and steps;
- `measure(model) -> metrics`: shares between 0 and 1, on data that training never saw;
- `build() -> model`: untrained, the home of the weights;
- `STEPS`, and `BRIEF` steps after which a metric is at least its `FLOOR`;
- `RECIPE` and `DATA` for the card, and `SOURCES`, the files that decide the result.
"""

import importlib
import time
from types import ModuleType

from harness.core.problem import Problem
from harness.core.tree import Tree
from lab.machine import one_thread
from lab.train import card

# By the name of the weights.
TRAINERS = {
    "backbone": "lab.train.backbone",
    "digits": "lab.train.digit_classifier",
    "detector": "lab.train.detector",
    "language-model": "lab.train.language_model",
}
SEEDS = (0, 1, 2)  # the first one's weights are shipped, whether best or not


def trainer(name: str) -> ModuleType:
    if name not in TRAINERS:
        raise Problem.general(
            f"no weights are called {name}: {', '.join(TRAINERS)} are"
        )
    return importlib.import_module(TRAINERS[name])


def brief(name: str) -> list[str]:
    """What a short training does not reach, in words; writes nothing."""
    one = trainer(name)
    with one_thread():
        _, metrics = one.train(SEEDS[0], one.BRIEF)
    return [
        f"{name}: {metric} is {metrics[metric]:.3f} after {one.BRIEF} steps, "
        f"not at least {floor}"
        for metric, floor in one.FLOOR.items()
        if not metrics[metric] >= floor
    ]


def full(tree: Tree, name: str, write: bool) -> list[str]:
    """Train once a seed; write weights and card, or say what leaves the card's band."""
    one, measured, shipped = trainer(name), {}, None
    for seed in SEEDS:
        began = time.monotonic()
        with one_thread():
            model, _ = one.train(seed, one.STEPS)
            small = card.halved(model.state_dict())
            shipped = shipped or small
            model.load_state_dict(small)  # what is measured is what is published
            measured[seed] = one.measure(model)
        said = ", ".join(f"{k} {v:.3f}" for k, v in measured[seed].items())
        print(f"{name}, seed {seed}: {said} ({time.monotonic() - began:.0f} s)")
    if write:
        card.write(tree, name, one, shipped, measured)
        from lab.train import export

        export.write(tree, name)
        return []
    return card.outside(card.read(tree, name), measured)

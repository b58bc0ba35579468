"""What is published beside the weights: how they came to be, and how good they are."""

import datetime
import hashlib
import json
import re
from pathlib import Path
from types import ModuleType

import torch

from harness.core import records
from harness.core.tree import Tree

LEAST = 0.005  # that a band is wider on each side than what was measured


def weights(tree: Tree, name: str) -> Path:
    return tree.docs / "assets" / "weights" / f"{name}.pt"


def describe(file: Path) -> dict[str, str | int]:
    content = file.read_bytes()
    sha = hashlib.sha256(content).hexdigest()
    return {"file": file.name, "bytes": len(content), "sha256": sha}


def read(tree: Tree, name: str) -> dict:
    file = weights(tree, name).with_suffix(".json")
    return json.loads(file.read_text(encoding="utf-8"))


def keep(tree: Tree, name: str, about: dict) -> None:
    file = weights(tree, name).with_suffix(".json")
    records.write(file, json.dumps(about, indent=2) + "\n")


def halved(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Numbers of 16 bits, which loading widens again; counters stay whole."""
    return {k: t.half() if t.is_floating_point() else t for k, t in state.items()}


def code(sources: tuple[str, ...]) -> str:
    """One digest of the files of this folder that decide the result."""
    whole = hashlib.sha256()
    for name in sorted(sources):
        text = (Path(__file__).parent / name).read_bytes().replace(b"\r\n", b"\n")
        whole.update(hashlib.sha256(text).digest())
    return whole.hexdigest()


def band(values: list[float]) -> tuple[float, float]:
    """The range that was measured, as much wider on each side as it is wide.

    Another CPU adds in another order, which after hundreds of steps is as good as
    another seed: a retraining there cannot be held to these values.
    """
    low, high = min(values), max(values)
    more = max(high - low, LEAST)
    return round(max(0.0, low - more), 4), round(min(1.0, high + more), 4)


def outside(published: dict, measured: dict[int, dict[str, float]]) -> list[str]:
    """What a retraining measured outside the published bands."""
    return [
        f"{metric} of seed {seed} is {value:.4f}, outside {low} to {high}"
        for seed, metrics in measured.items()
        for metric, value in metrics.items()
        for low, high in [published["metrics"][metric]["band"]]
        if not low <= value <= high
    ]


def write(tree: Tree, name: str, one: ModuleType, state: dict, measured: dict) -> None:
    """Write the weights, their card, and their SHA-256 where readers check it."""
    file = weights(tree, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, file)
    metrics = {}
    for metric in next(iter(measured.values())):
        values = [found[metric] for found in measured.values()]
        shown = [round(value, 4) for value in values]
        seeds = dict(zip(map(str, measured), shown, strict=True))
        metrics[metric] = {"shipped": shown[0], "seeds": seeds, "band": band(values)}
    about = describe(file) | {
        "parameters": sum(p.numel() for p in one.build().parameters()),
        "recipe": one.RECIPE | {"steps": one.STEPS, "seed": next(iter(measured))},
        "data": one.DATA,
        "metrics": metrics,
        "torch": torch.__version__,
        "date": datetime.date.today().isoformat(),
        "code": {"files": sorted(one.SOURCES), "sha256": code(one.SOURCES)},
    }
    keep(tree, name, about)
    _pin(name, about["sha256"])


def constant(name: str) -> str:
    """What the SHA-256 of these weights is called in weights.py."""
    return name.upper().replace("-", "_")


def _pin(name: str, sha: str) -> None:
    """Write the SHA-256 into weights.py, whose lines the walkthroughs include."""
    file = Path(__file__).with_name("weights.py")
    text = file.read_text(encoding="utf-8")
    line = f'{constant(name)} = "{sha}"'
    new, found = re.subn(rf'^{constant(name)} = "\w*"$', line, text, flags=re.MULTILINE)
    if found != 1:
        raise LookupError(
            f"weights.py has {found} lines {constant(name)} = ..., not one"
        )
    file.write_text(new, encoding="utf-8")

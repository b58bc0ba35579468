"""What a parent process imports once, so that the snippets it forks need not.

torch loads some of itself on first use: without the tiny training step every child
would pay about 0.2 s for that again.
"""

import gc
import importlib
import importlib.util
import os
import re

GROUPS = {
    "plain": (),
    "torch": ("torch", "numpy", "matplotlib.pyplot"),
    "export": ("torch", "numpy", "torch.export", "torch._dynamo"),
    "compiler": (
        "torch",
        "numpy",
        "torch._dynamo",
        "torch._inductor.compile_fx",
        "torch.distributed",
    ),
    "keras": ("torch", "numpy", "keras"),
    "none": (),
}
HEAVY = re.compile("torch|numpy|matplotlib")
EXPORTS = ("torch.export", "torch._dynamo", "torch.jit", "torch.onnx")


def group_of(source: str, needs: frozenset[str]) -> str:
    """The parent that suits a snippet."""
    if "tensorflow" in needs:
        return "none"
    if "keras" in needs:
        return "keras"
    if "compiler" in needs or "torch.compile" in source:
        return "compiler"
    if any(name in source for name in EXPORTS):
        return "export"
    return "torch" if HEAVY.search(source) else "plain"


def preload(group: str, train: bool) -> None:
    """Import a group's modules; `train` runs one step, which only a CPU lane may.

    On a CUDA build a preloaded `backward` would break CUDA in the children.
    Modules that are not installed are left out: snippets say what they need.
    """
    if group == "keras":
        os.environ["KERAS_BACKEND"] = "torch"  # the snippets say so themselves too
    for name in GROUPS[group]:
        if importlib.util.find_spec(name.split(".")[0]):
            importlib.import_module(name)
    if train and "torch" in GROUPS[group]:
        _train_once()
    gc.collect()
    gc.freeze()  # else each child's collector walks, and so copies, all of torch


def _train_once() -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    loss = torch.nn.functional.mse_loss(model(torch.ones(1, 2)), torch.ones(1, 2))
    loss.backward()
    optimizer.step()
    repr(loss)
    torch.manual_seed(0)

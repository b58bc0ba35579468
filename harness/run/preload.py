"""What a parent process imports once, so that the programs it forks need not.

torch loads some of itself on first use: without the tiny training step every child
would pay about 0.2 s for that again. A fork copies the page tables of torch, a quarter
of a gigabyte in pages of 4 kB: in huge pages it takes a third of the time.
"""

import ctypes
import gc
import importlib
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

GROUPS = {  # those that import anything go on from "torch"
    "plain": (),
    "torch": ("torch", "numpy", "matplotlib.pyplot"),
    "export": (
        "torch.export._trace",  # what it imports at the first export
        "torch._inductor.ir",
        "torch.onnx._internal.exporter._torchlib.ops",
        "onnxscript.function_libs.torch_lib.ops",
        "onnxruntime",
    ),
    "compiler": ("torch._dynamo", "torch._inductor.compile_fx", "torch.distributed"),
    "torchrun": (
        "torch.distributed.run",
        "torch.distributed.launcher.api",
        "torch.distributed.checkpoint",
        "torch.distributed.fsdp",
        "torch._dynamo",  # which DDP imports
    ),
    "keras": ("keras",),
    "none": (),
}
HEAVY = re.compile("torch|numpy|matplotlib")
EXPORTS = ("torch.export", "torch._dynamo", "torch.jit", "torch.onnx")
MADV_COLLAPSE = 25  # Linux 6.1; an older kernel refuses, and nothing is lost


def group_of(source: str, needs: frozenset[str]) -> str:
    """The parent that suits a program."""
    if "tensorflow" in needs:
        return "none"
    if "keras" in needs:
        return "keras"
    if "compiler" in needs or "torch.compile" in source:
        return "compiler"
    if any(name in source for name in EXPORTS):
        return "export"
    return "torch" if HEAVY.search(source) else "plain"


def load(group: str, train: bool) -> None:
    """Import a group's modules; `train` runs one step, which only a CPU lane may.

    On a CUDA build a preloaded `backward` would break CUDA in the children.
    Modules that are not installed are left out: programs say what they need.
    """
    if group == "keras":
        os.environ["KERAS_BACKEND"] = "torch"  # the programs say so themselves too
    for name in GROUPS[group]:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    if train and group == "torch":
        _train_once()


@cache
def preload(group: str, train: bool) -> None:
    """The same, for forks that share the memory."""
    load(group, train)
    gc.collect()
    gc.freeze()  # else each child's collector walks, and so copies, all of torch
    collapse()


def _train_once() -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    loss = torch.nn.functional.mse_loss(model(torch.ones(1, 2)), torch.ones(1, 2))
    loss.backward()
    optimizer.step()
    repr(loss)
    torch.manual_seed(0)


def collapse() -> None:
    """Put the writable private memory of this process into huge pages, where it can."""
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for line in Path("/proc/self/maps").read_text().splitlines():
        if found := re.match(r"(\w+)-(\w+) .w.p ", line):
            begin, end = (int(address, 16) for address in found.groups())
            libc.madvise(begin, end - begin, MADV_COLLAPSE)

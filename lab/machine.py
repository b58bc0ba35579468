"""The machine that measures."""

import contextlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import torch


def cpu_name() -> str:
    """The model of the CPU, and how many cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").split("\n")
        found = [line.split(":", 1)[1] for line in lines if "model name" in line]
        name = found[0].strip() if found else name
    return f"{name}, {cores} cores"


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Of several, one that waits would hold up all; and they add in another order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

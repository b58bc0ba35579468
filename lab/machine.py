"""The machine that measures."""

import os
import platform
import sys
from pathlib import Path


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

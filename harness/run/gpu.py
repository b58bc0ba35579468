"""The GPU that a lane runs on: which one it is, and whether torch can use it."""

import json
import re
import subprocess
import sys
from pathlib import Path

from harness.core.problem import Problem

OLDEST = (2, 11)  # of torch: what the programs ask of it is not in earlier ones
# Asked in a process of its own: to ask is to set up CUDA, which no fork survives.
ASK = """\
import json, torch
count = torch.cuda.device_count() if torch.cuda.is_available() else 0
names = [torch.cuda.get_device_name(number) for number in range(count)]
print(json.dumps({"torch": torch.__version__, "names": names}))
"""
DRIVER = re.compile(r"\s(\d+\.\d+(?:\.\d+)?)\s")


def ask() -> dict:
    """The version of torch, and the names of the cards that it can use."""
    done = subprocess.run([sys.executable, "-c", ASK], stdout=subprocess.PIPE)
    if done.returncode:
        raise Problem.general(f"torch does not start, see above: {sys.executable}")
    return json.loads(done.stdout)


def need() -> list[str]:
    """The names of the cards that torch can use. Raises Problem where there is none."""
    found, missing = ask(), ""
    if tuple(map(int, found["torch"].split(".")[:2])) < OLDEST:
        missing = f"torch {'.'.join(map(str, OLDEST))}; this is {found['torch']}"
    elif not found["names"]:
        missing = "a GPU that torch can use; here is none"
    if missing:
        raise Problem.general(f"the GPU lane needs {missing}")
    return found["names"]


def driver(file: Path = Path("/proc/driver/nvidia/version")) -> str | None:
    """The version of NVIDIA's driver, where there is one."""
    try:
        found = DRIVER.search(file.read_text(encoding="utf-8"))
    except OSError:
        return None
    return found and found[1]


def seen(torch) -> str | None:
    """The card that this process can use; None where it can use none."""
    if torch is None or not torch.cuda.is_available():
        return None
    try:
        return torch.cuda.get_device_name()
    except RuntimeError:  # after some errors CUDA answers no more
        return "cuda"

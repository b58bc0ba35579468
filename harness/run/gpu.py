"""The GPU that a lane runs on: which one it is, and whether torch can use it."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.core import limits, records
from harness.core.problem import Problem
from harness.core.tree import Tree

OLDEST = (2, 11)  # of torch: what the programs ask of it is not in earlier ones
# Asked in a process of its own: to ask is to set up CUDA, which no fork survives.
ASK = """\
import json, torch
count = torch.cuda.device_count() if torch.cuda.is_available() else 0
names = [torch.cuda.get_device_name(number) for number in range(count)]
built = "CUDA" if torch.version.cuda else "ROCm" if torch.version.hip else ""
print(json.dumps({"torch": torch.__version__, "built": built, "names": names}))
"""
ANSWER = 120  # seconds: a card that has gone away may never answer
# Words of a program, and the dtype of its results, the coarsest first.
DTYPES = (
    ("bfloat16", "bfloat16"),
    (r"float16|\.half\(|autocast", "float16"),
    ("", "float32"),
)
DRIVER = re.compile(r"\s(\d+\.\d+(?:\.\d+)?)\s")


@dataclass(frozen=True)
class Cards:
    """Cards of one kind, and of which kind each snippet was recorded on."""

    name: str
    count: int
    recorded: dict[str, str]

    def is_other(self, snippet: str) -> bool:
        """Whether the record of a snippet is of another kind of card."""
        return self.recorded.get(snippet, self.name) != self.name

    def gone(self) -> str:
        """What has become of them; nothing while they still answer."""
        try:
            left = ask()["names"]
        except subprocess.TimeoutExpired:
            return f"no answer in {ANSWER} s"
        return "" if left == [self.name] * self.count else f"torch now finds {left}"


def tolerance(source: str) -> float:
    """That of floats which another kind of card computes, by what a program names."""
    if "float64" in source and not re.search(r"float(?:16|32)", source):
        return limits.TOLERANCE["float64"]
    dtype = next(dtype for words, dtype in DTYPES if re.search(words, source))
    return limits.TOLERANCE[dtype]


def ask() -> dict:
    """The version of torch, and the names of the cards that it can use."""
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=ANSWER)
    if done.returncode:
        raise Problem.general(f"torch does not start, see above: {sys.executable}")
    return json.loads(done.stdout)


def need(tree: Tree, record: bool) -> Cards:
    """The cards that torch can use.

    Raises Problem where there is none, where they are of two kinds, and where one of
    another kind was recorded: a record is of one kind.
    """
    found, missing = ask(), ""
    if tuple(map(int, found["torch"].split(".")[:2])) < OLDEST:
        missing = f"torch {'.'.join(map(str, OLDEST))}; this is {found['torch']}"
    elif not found["names"]:
        missing = "a GPU that torch can use; here is none"
        if not found["built"]:
            missing += f": torch {found['torch']} is built for CPUs alone"
        elif found["built"] == "CUDA" and not driver():
            missing += ": no NVIDIA driver is loaded"
    if missing:
        raise Problem.general(f"the GPU lane needs {missing}")
    kinds = sorted({*found["names"]})
    if len(kinds) > 1:
        raise Problem.general(
            f"two kinds of card: {' and '.join(kinds)}; name those of one kind: "
            "CUDA_VISIBLE_DEVICES=0"
        )
    recorded = {name: one.device for name, one in records.load(tree, "gpu").items()}
    others = sorted({*recorded.values()} - {*kinds})
    if record and others:
        raise Problem.general(
            f"recorded is another card: {', '.join(others)}, not {kinds[0]}; record "
            "there, or all of it here, after: git rm -r recorded/runs/gpu"
        )
    return Cards(kinds[0], len(found["names"]), recorded)


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

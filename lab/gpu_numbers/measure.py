"""Runs every case in turn, and writes one record: of a GPU, or of a CPU."""

import gc
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import torch

from harness.core import records
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.run import gpu
from lab.gpu_numbers import arithmetic, moving, timing, training
from lab.gpu_numbers.case import Case, Place, Planned, Suite
from lab.machine import cpu_name

EACH = (moving.copies, moving.launch, arithmetic.matmul, moving.crossover)
EACH += (arithmetic.convolution, arithmetic.pointwise, arithmetic.attention)
EACH += (training.training, moving.graphs, training.memory)
SUITES: dict[str, Suite] = {suite.__name__: suite for suite in EACH}
LIMIT = {True: 540.0, False: 240.0}  # seconds for all; on a GPU, on a CPU
BUDGET = 4.0  # seconds for the samples of one case


def place(cpu: bool) -> Place:
    """The GPU, or the CPU where that was asked for. Raises Problem without a GPU."""
    compiler = which(os.environ.get("CXX", "g++")) is not None
    if cpu:
        return Place(torch.device("cpu"), compiler)
    found = torch.accelerator.current_accelerator(check_available=True)
    if found is None or found.type == "mps":  # which has no float64 to check against
        raise Problem.general(
            "there is no GPU that torch can measure here: nothing was measured\n"
            "    a smaller table of this machine's CPU: gpu-numbers --cpu"
        )
    return Place(found, compiler)


def file(tree: Tree, is_gpu: bool) -> Path:
    """Where the numbers of a GPU are kept, or those of a CPU."""
    return tree.recorded / ("gpu_numbers.json" if is_gpu else "cpu_numbers.json")


def measure(
    tree: Tree,
    where: Place,
    suites: dict[str, Suite] = SUITES,
    limit: float | None = None,
) -> int:
    """Measure, print as it goes, and write; 1 where a result was wrong or none came."""
    begin = time.monotonic()
    limit = LIMIT[where.is_gpu] if limit is None else limit
    torch.manual_seed(0)
    if not where.is_gpu:
        torch.set_num_threads(1)  # of several, one that waits would hold up all
    tables: dict[str, list[dict]] = {}
    left_out: list[dict] = []
    wrong = False
    every = [(name, one) for name, suite in suites.items() for one in suite(where)]
    for name, planned in every:
        row = {"failed": "the time was up"}
        if time.monotonic() - begin < limit:
            row = _row(name, planned, where)
        print(f"{name} {planned.labels}: {row}", file=sys.stderr, flush=True)
        if "failed" in row:
            left_out.append({"table": name, **planned.labels, **row})
            wrong |= row["failed"].startswith(("wrong", "raised"))
        else:
            tables.setdefault(name, []).append(planned.labels | row)
    facts = provenance(where) | {
        "seconds": round(time.monotonic() - begin, 1),
        "tables": tables,
        "left_out": left_out,
    }
    records.write(file(tree, where.is_gpu), json.dumps(facts, indent=1) + "\n")
    return int(wrong)


def _row(table: str, planned: Planned, where: Place) -> dict:
    """What is known of a case, or why nothing is."""
    if where.is_gpu:
        gc.collect()  # what the last case held
        torch.accelerator.empty_cache()
    try:
        case = planned.build()
        with case.inside():
            off = case.check()
            if not off <= case.allowed:  # also where it is no number
                what = f"wrong by {off:.1e}, allowed {case.allowed:.1e}"
                return {"failed": what}
            found = _peak(case) if table == "memory" else _times(case, where)
    except torch.OutOfMemoryError:
        return {"failed": "out of memory"}
    except Exception as error:  # one case must not cost all the others
        return {"failed": f"raised {type(error).__name__}"}
    work = {"flops": case.flops, "bytes": case.bytes, "of_training": case.samples}
    work["shape"] = case.shape
    known = {key: value for key, value in work.items() if value}
    return found | known | {"error": float(f"{off:.1e}")}


def _times(case: Case, where: Place) -> dict:
    seconds = case.seconds or (timing.events if where.is_gpu else timing.on_cpu)
    between = torch.accelerator.synchronize if where.is_gpu else lambda: None
    return timing.middle(timing.sample(case.run, seconds, BUDGET, between))


def _peak(case: Case) -> dict:
    case.run()  # also makes what stays, as the gradients
    torch.accelerator.reset_peak_memory_stats()
    case.run()
    torch.accelerator.synchronize()
    return {"peak": torch.accelerator.max_memory_allocated()}


def provenance(where: Place) -> dict:
    """Which machine it was, with what software, and when."""
    facts = {
        "kind": "gpu" if where.is_gpu else "cpu",
        "date": datetime.now(UTC).date().isoformat(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "cpu": cpu_name(),
        "threads": torch.get_num_threads(),
    }
    if where.is_gpu:
        name = torch.get_device_module(where.device).get_device_name()
        facts |= {"device": name, "driver": gpu.driver()}
    return facts

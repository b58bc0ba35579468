"""One thing to measure, and the place where it is measured."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

import torch

from lab.gpu_numbers.timing import Seconds

DTYPES = {
    "fp32": torch.float32,
    "tf32": torch.float32,  # as stored; computed with fewer bits
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
}
# Rounding to this many bits, relative to the number: the unit of each check.
UNIT = {"fp32": 2.0**-24, "tf32": 2.0**-11, "bf16": 2.0**-9, "fp16": 2.0**-11}


@dataclass(frozen=True)
class Case:
    """Ready to run. `run` does the work once; `check` says how far off it is."""

    run: Callable[[], object]
    check: Callable[[], float]  # the largest error, relative to the largest result
    allowed: float  # what rounding explains
    flops: int = 0  # floating-point operations of one run
    bytes: int = 0  # that must be read and written, at the least
    shape: tuple[int, ...] = ()  # of the input
    samples: int = 0  # of training data, in one run
    seconds: Seconds | None = None  # where not as the device is timed otherwise
    inside: Callable[[], AbstractContextManager] = field(default=nullcontext)


@dataclass(frozen=True)
class Planned:
    """A case that is not built yet: it takes no memory before its turn."""

    labels: dict[str, str | int]
    build: Callable[[], Case]


@dataclass(frozen=True)
class Place:
    """The device, and how much of it is to be measured."""

    device: torch.device
    compiler: bool = True

    @property
    def is_gpu(self) -> bool:
        return self.device.type != "cpu"

    @property
    def dtypes(self) -> list[str]:
        """Those that the device computes with; a CPU has no TF32, and fp16 is slow."""
        return list(DTYPES) if self.is_gpu else ["fp32", "bf16"]

    def random(self, *shape: int, dtype: str = "fp32") -> torch.Tensor:
        return torch.randn(*shape, device=self.device).to(DTYPES[dtype])


Suite = Callable[[Place], Iterator[Planned]]


def error(result: torch.Tensor, exact: torch.Tensor) -> float:
    """The largest difference, relative to the largest exact number."""
    result, exact = result.detach().double().cpu(), exact.detach().double().cpu()
    return float((result - exact).abs().max() / exact.abs().max().clamp_min(1e-30))


def allowed(dtype: str, terms: int) -> float:
    """What rounding explains after a sum of so many terms, kept in 24 bits."""
    return 8 * UNIT[dtype] + 4 * terms**0.5 * UNIT["fp32"]


@contextmanager
def precise(dtype: str) -> Iterator[None]:
    """Matrix products of float32 in all bits, or in TF32's, as long as it lasts."""
    backends = (torch.backends.cuda.matmul, torch.backends.cudnn.conv)
    before = [one.fp32_precision for one in backends]
    for one in backends:
        one.fp32_precision = "tf32" if dtype == "tf32" else "ieee"
    try:
        yield
    finally:
        for one, kept in zip(backends, before, strict=True):
            one.fp32_precision = kept

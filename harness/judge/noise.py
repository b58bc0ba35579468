"""What torch and its friends say on their own account: not the snippet's fault.

Each entry says why it is here; a run that shows anything else fails.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Noise:
    """A message to be passed over, wherever it fully matches."""

    pattern: str
    reason: str


WARNINGS = (
    Noise(
        r"DeprecationWarning: __array__ implementation doesn't accept a copy keyword.*",
        "Keras reads tensors with np.array; Python hides it from who runs a snippet",
    ),
    Noise(
        r"DeprecationWarning: `torch\.jit\.script(_method)?` is deprecated\..*",
        "torch.compile imports modules of torch that still use TorchScript",
    ),
    Noise(
        r"FutureWarning: `isinstance\(treespec, LeafSpec\)` is deprecated, .*",
        "torch.onnx.export, of torch's own code",
    ),
    Noise(
        r"ResourceWarning: Implicitly cleaning up <TemporaryDirectory .*>",
        "Python removes it at the end and hides this from who runs a snippet",
    ),
)
STDERR = (
    Noise(
        r".*Setting OMP_NUM_THREADS environment variable for each process.*",
        "torchrun's notice about its default of one thread",
    ),
    Noise(
        r"\[W.*socket\.cpp:\d+\].*hostname of the client socket cannot be.*",
        "a network without name service, which is what snippets run in",
    ),
    Noise(
        r".*\.cu:\d+: .* Assertion `.*` failed\.",
        "what the card says of a bad index, before torch raises",
    ),
    Noise(
        r"USDT:.* \w+\.cpp:\d+\] profiler_(start|stop)",
        "torch's profiler, which says when it begins and ends",
    ),
    Noise(
        r"W\d{4} .*torch/onnx/.*\] torchvision is not installed\. Skipping .*",
        "the ONNX exporter, of operators that nobody asked for",
    ),
    Noise(r"\*{20,}", "the frame around torchrun's notice"),
    Noise(r"W\d{4} .*torch/distributed/run\.py:\d+\]\s*(\*+)?", "torchrun's prefix"),
)
FILES = (
    Noise(r"tmp/\.ses", "onnxruntime notes its session there when it is imported"),
)


def is_noise(message: str, among: tuple[Noise, ...]) -> bool:
    return any(re.fullmatch(noise.pattern, message, re.DOTALL) for noise in among)


def own_files(files: tuple[str, ...]) -> list[str]:
    """The files that a program left, less those of its packages."""
    return [file for file in files if not is_noise(file, FILES)]


def without_noise(stderr: str) -> str:
    """Standard error less the lines that are torch's own."""
    lines = stderr.split("\n")
    return "\n".join(line for line in lines if not is_noise(line, STDERR)).strip()

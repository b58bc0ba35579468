"""What torch and its friends say on their own account: not the snippet's fault.

Each pattern says why it is here; a run that shows anything else fails.
"""

import re

WARNINGS = (
    # Keras reads tensors with np.array; Python hides it from who runs a snippet.
    r"DeprecationWarning: __array__ implementation doesn't accept a copy keyword.*",
    # torch.compile imports modules of torch that still use TorchScript.
    r"DeprecationWarning: `torch\.jit\.script(_method)?` is deprecated\..*",
    # torch.onnx.export, of torch's own code.
    r"FutureWarning: `isinstance\(treespec, LeafSpec\)` is deprecated, .*",
    # Python removes it at the end and hides this from who runs a snippet.
    r"ResourceWarning: Implicitly cleaning up <TemporaryDirectory .*>",
)
STDERR = (
    # A build for CUDA on a machine without a GPU.
    r"ERROR:.* DeviceProperties\.cpp:\d+\] gpuGetDeviceCount failed with code \d+",
    r"W\d{4} .*torch/utils/cpp_extension\.py:\d+\] .*No CUDA runtime is found, .*",
    # torchrun's notice about its default of one thread, its frame and prefix.
    r".*Setting OMP_NUM_THREADS environment variable for each process.*",
    r"\*{20,}",
    r"W\d{4} .*torch/distributed/run\.py:\d+\]\s*(\*+)?",
    # A network without name service, which is what snippets run in.
    r"\[W.*socket\.cpp:\d+\].*hostname of the client socket cannot be.*",
    # What the card says of a bad index, before torch raises.
    r".*\.cu:\d+: .* Assertion `.*` failed\.",
    # torch's profiler, which says when it begins and ends.
    r"USDT:.* \w+\.cpp:\d+\] profiler_(start|stop)",
    # The ONNX exporter, of operators that nobody asked for.
    r"W\d{4} .*torch/onnx/.*\] torchvision is not installed\. Skipping .*",
)
FILES = (r"tmp/\.ses",)  # onnxruntime notes its session there when it is imported


def is_noise(message: str, among: tuple[str, ...]) -> bool:
    return any(re.fullmatch(pattern, message, re.DOTALL) for pattern in among)


def without_noise(stderr: str) -> str:
    """Standard error less the lines that are torch's own."""
    lines = stderr.split("\n")
    return "\n".join(line for line in lines if not is_noise(line, STDERR)).strip()

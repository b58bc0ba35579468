"""Part of `make record-torchvision`: writes recorded/torchvision_*.json."""

import ctypes
import datetime
import importlib.util
import json
import subprocess
import tempfile
from pathlib import Path

import torch

from lab.torchvision import boxes, resnet

RECORDED = Path(__file__).parents[2] / "recorded"
MISSING = ("libcudart.so.13", "libc10_cuda.so", "libtorch_cuda.so")


def load_compiled() -> None:
    """Load torchvision's compiled part beside a torch for CPUs.

    It is built for CUDA, so it lacks three libraries. Empty ones take their place: what
    runs on the CPU calls nothing in them. Needs gcc.
    """
    file = Path(importlib.util.find_spec("torchvision").origin).with_name("_C.so")
    asked = ["nm", "-D", "--undefined-only", str(file)]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1].split("@")[0] for line in lines.splitlines()}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "empty.c")
        body = "(void) { static void *none[64]; return none; }\n"
        empty = [f"void *{name}{body}" for name in sorted(names) if "cuda" in name]
        source.write_text("".join(empty))
        versions = Path(folder, "versions")
        versions.write_text("libcudart.so.13 { global: *; };")
        for library in MISSING:
            made = Path(folder, library)
            command = ["gcc", "-shared", "-fPIC", "-w", f"-Wl,-soname,{library}"]
            if library == MISSING[0]:
                command.append(f"-Wl,--version-script={versions}")
            subprocess.run([*command, "-o", str(made), str(source)], check=True)
            ctypes.CDLL(str(made), mode=ctypes.RTLD_GLOBAL)
        torch.ops.load_library(str(file))


def main() -> None:
    load_compiled()
    import torchvision

    about = {
        "torchvision": torchvision.__version__,
        "torch": torch.__version__,
        "date": datetime.date.today().isoformat(),
    }
    for name, part in {"boxes": boxes, "resnet": resnet}.items():
        text = json.dumps(about | part.facts(), indent=1) + "\n"
        (RECORDED / f"torchvision_{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

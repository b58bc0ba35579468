"""What the real torchvision says of boxes, for tests that run without it.

    build/venvs/torchvision/bin/python tests/torchvision_apart.py

writes recorded/torchvision_boxes.json; needs the environment of
`make record-torchvision`, and gcc. That torchvision is built for CUDA and this torch
for CPUs, so its compiled part lacks three libraries. Empty ones take their place:
what runs on the CPU, as here, calls nothing in them.
"""

import ast
import ctypes
import datetime
import hashlib
import importlib.util
import json
import subprocess
import tempfile
from pathlib import Path

import torch

ROOT = Path(__file__).parent.parent
MISSING = ("libcudart.so.13", "libc10_cuda.so", "libtorch_cuda.so")
WALKTHROUGH = ROOT / "docs/walkthroughs/pretrained-detection.py"
RECIPE = "torchvision_detector"  # a function of the walkthrough, which it does not call


def load_compiled_part() -> None:
    file = Path(importlib.util.find_spec("torchvision").origin).with_name("_C.so")
    asked = ["nm", "-D", "--undefined-only", str(file)]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1].split("@")[0] for line in lines.splitlines()}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "empty.c")
        source.write_text(
            "".join(
                f"void *{name}(void) {{ static void *none[64]; return none; }}\n"
                for name in sorted(names)
                if "cuda" in name
            )
        )
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


def overlapping(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Boxes with whole numbers, many of which overlap, and scores without ties."""
    random = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 60, (count, 2), generator=random)
    sizes = torch.randint(4, 40, (count, 2), generator=random)
    boxes = torch.cat([corners, corners + sizes], dim=1).float()
    return boxes, torch.randperm(count, generator=random) / count


def recipe() -> str:
    """The source of the walkthrough's function."""
    program = WALKTHROUGH.read_text(encoding="utf-8")
    (found,) = (
        part
        for part in ast.parse(program).body
        if isinstance(part, ast.FunctionDef) and part.name == RECIPE
    )
    return ast.get_source_segment(program, found)


def main() -> None:
    load_compiled_part()
    import torchvision

    cases = []
    for seed, limit in enumerate((0.0, 0.1, 0.3, 0.5, 0.7, 0.9)):
        boxes, scores = overlapping(seed, 80)
        kept = torchvision.ops.nms(boxes, scores, limit).tolist()
        cases.append({"seed": seed, "count": 80, "limit": limit, "kept": kept})
    a, b = overlapping(6, 5)[0], overlapping(7, 4)[0]
    overlap = torchvision.ops.box_iou(a, b).double().tolist()

    names = {"torch": torch}
    exec(recipe(), names)
    model = names[RECIPE](weights=None)
    torch.manual_seed(0)
    scene = torch.rand(3, 96, 96)
    truth = {"boxes": torch.tensor([[8.0, 8, 40, 48]]), "labels": torch.tensor([3])}
    mode = "train" if model.training else "eval"
    with torch.no_grad():
        (found,) = model([scene])
    losses = model.train()([scene, scene], [truth, truth])

    made = {
        "torchvision": torchvision.__version__,
        "torch": torch.__version__,
        "date": datetime.date.today().isoformat(),
        "nms": cases,
        "iou": overlap,
        "recipe": {
            "sha256": hashlib.sha256(recipe().encode()).hexdigest(),
            "parameters": sum(p.numel() for p in model.parameters()),
            "mode": mode,
            "eval": {name: list(value.shape)[1:] for name, value in found.items()},
            "train": sorted(losses),
        },
    }
    file = ROOT / "recorded/torchvision_boxes.json"
    file.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

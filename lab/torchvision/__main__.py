"""Part of `make record-torchvision`: writes recorded/torchvision_*.json."""

import datetime
import json
from pathlib import Path

import torch

from lab.torchvision import boxes, compiled, resnet

RECORDED = Path(__file__).parents[2] / "recorded"


def main() -> None:
    compiled.load()
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

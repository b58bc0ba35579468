"""What torchvision makes of the walkthrough's recipe, for tests that run without it.

    build/venvs/torchvision/bin/python -m tests.torchvision_resnet_apart

writes recorded/torchvision_resnet.json; needs the environment of
`make record-torchvision`, and gcc. The recipe would fetch ImageNet's weights; here it
finds a file of that name, with made numbers, where it would keep them.
"""

import ast
import datetime
import hashlib
import json
import tempfile
from pathlib import Path

import torch

from tests.torchvision_apart import load_compiled_part

ROOT = Path(__file__).parent.parent
WALKTHROUGH = ROOT / "docs/walkthroughs/pretrained-classification.py"
RECIPE = "torchvision_classifier"


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
    from torchvision.models import ResNet18_Weights, resnet18

    torch.manual_seed(0)
    made = resnet18().state_dict()
    made["bn1.running_mean"] += 0.5  # unlike any fresh network
    names = {"nn": torch.nn}
    exec(recipe(), names)
    with tempfile.TemporaryDirectory() as folder:
        torch.hub.set_dir(folder)
        kept = Path(folder, "checkpoints", Path(ResNet18_Weights.DEFAULT.url).name)
        kept.parent.mkdir()
        torch.save(made, kept)
        model, prepare = names[RECIPE](4)
    loaded = model.state_dict()
    picture = torch.randint(0, 256, (3, 300, 400), dtype=torch.uint8)
    x = prepare(picture)
    middle = torchvision.transforms.functional.resize(picture, [256], antialias=True)
    middle = torchvision.transforms.functional.center_crop(middle, [224]) / 255
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    std = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    facts = {
        "recipe": hashlib.sha256(recipe().encode()).hexdigest(),
        "parameters": sum(p.numel() for p in resnet18().parameters()),
        "learn": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "training": model.training,
        "equal to the file": all(
            torch.equal(loaded[key], made[key]) for key in made if key[:3] != "fc."
        ),
        "prepared": list(x.shape),
        "by hand": torch.allclose(x, (middle - mean) / std, atol=1e-5),
        "transforms": str(prepare).split(),
        "logits": list(model(x[None]).shape),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "date": datetime.date.today().isoformat(),
    }
    file = ROOT / "recorded/torchvision_resnet.json"
    file.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

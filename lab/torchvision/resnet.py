"""What torchvision makes of the recipe for a classifier.

The recipe would fetch ImageNet's weights; here it finds a file of that name, with made
numbers, where it would keep them.
"""

import tempfile
from pathlib import Path

import torch

from lab.torchvision import recipe


def facts() -> dict:
    """The network and its input, beside the same by hand."""
    import torchvision
    from torchvision.models import ResNet18_Weights, resnet18

    torch.manual_seed(0)
    made = resnet18().state_dict()
    made["bn1.running_mean"] += 0.5  # unlike any fresh network
    names = {"nn": torch.nn}
    exec(recipe.source(recipe.CLASSIFIER), names)
    with tempfile.TemporaryDirectory() as folder:
        torch.hub.set_dir(folder)
        kept = Path(folder, "checkpoints", Path(ResNet18_Weights.DEFAULT.url).name)
        kept.parent.mkdir()
        torch.save(made, kept)
        model, prepare = names[recipe.CLASSIFIER](4)
    loaded = model.state_dict()
    picture = torch.randint(0, 256, (3, 300, 400), dtype=torch.uint8)
    x = prepare(picture)
    middle = torchvision.transforms.functional.resize(picture, [256], antialias=True)
    middle = torchvision.transforms.functional.center_crop(middle, [224]) / 255
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    std = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    return {
        "recipe": recipe.digest(recipe.CLASSIFIER),
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
    }

"""Boxes that overlap, and what torchvision makes of them."""

import torch

from lab.torchvision import recipe


def overlapping(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Boxes with whole numbers, many of which overlap, and scores without ties."""
    random = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 60, (count, 2), generator=random)
    sizes = torch.randint(4, 40, (count, 2), generator=random)
    boxes = torch.cat([corners, corners + sizes], dim=1).float()
    return boxes, torch.randperm(count, generator=random) / count


def facts() -> dict:
    """NMS and IoU, and a detector in both of its modes."""
    import torchvision

    cases = []
    for seed, limit in enumerate((0.0, 0.1, 0.3, 0.5, 0.7, 0.9)):
        boxes, scores = overlapping(seed, 80)
        kept = torchvision.ops.nms(boxes, scores, limit).tolist()
        cases.append({"seed": seed, "count": 80, "limit": limit, "kept": kept})
    a, b = overlapping(6, 5)[0], overlapping(7, 4)[0]
    overlap = torchvision.ops.box_iou(a, b).double().tolist()

    names = {"torch": torch}
    exec(recipe.source(recipe.DETECTOR), names)
    model = names[recipe.DETECTOR](weights=None)
    torch.manual_seed(0)
    scene = torch.rand(3, 96, 96)
    truth = {"boxes": torch.tensor([[8.0, 8, 40, 48]]), "labels": torch.tensor([3])}
    mode = "train" if model.training else "eval"
    with torch.no_grad():
        (found,) = model([scene])
    losses = model.train()([scene, scene], [truth, truth])

    return {
        "nms": cases,
        "iou": overlap,
        "recipe": {
            "sha256": recipe.digest(recipe.DETECTOR),
            "parameters": sum(p.numel() for p in model.parameters()),
            "mode": mode,
            "eval": {name: list(value.shape)[1:] for name, value in found.items()},
            "train": sorted(losses),
        },
    }

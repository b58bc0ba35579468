"""A classifier of all ten digits, for people who draw them with a mouse."""

import torch
from torch import nn
from torch.nn import functional as F

from lab.train.digits import digit_sets

STEPS, BRIEF, BATCH = 1000, 60, 64
FLOOR = {"plain": 0.75, "drawn": 0.5}
RECIPE = {"batch": BATCH, "optimizer": "Adam", "learning rate": "one cycle up to 0.004"}
DATA = (
    "scikit-learn's digits, 1347 to train on and 450 to test on, enlarged from 8x8 to "
    "28x28 pixels. plain: upright and centred, as enlarged. drawn: turned by up to 15 "
    "degrees, slanted, 40 to 100 % of the picture, at any place in it, thin to thick."
)
SOURCES = ("digit_classifier.py", "digits.py")


# --8<-- [start:model]
def digit_classifier():
    """Ink 1.0 on paper 0.0, (N, 1, 28, 28), to the logits of the digits 0 to 9."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2),  # (N, 16, 28, 28)
        nn.ReLU(),
        nn.MaxPool2d(2),  # (N, 16, 14, 14)
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),  # (N, 32, 7, 7)
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),  # (N, 64, 3, 3)
        nn.Flatten(),
        nn.Linear(64 * 3 * 3, 10),
    )


# --8<-- [end:model]
build = digit_classifier


def drawn(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """8x8 digits as someone might draw them: (N, 1, 28, 28)."""

    def between(low, high):
        return torch.rand(len(x), generator=generator) * (high - low) + low

    height = between(0.4, 1.0)
    width = (height * between(0.75, 1.25)).clamp(max=1.0)
    turn, slant = between(-0.26, 0.26), between(-0.25, 0.25)
    # How far the middle may be from the picture's, in units of half its side; half
    # of the digits stay near it.
    near = torch.where(between(0, 1) < 0.5, 0.3, 1.0)
    down = (1 - height) * between(-1, 1) * near
    right = (1 - width) * between(-1, 1) * near
    cos, sin = turn.cos(), turn.sin()
    # From a place in the picture to one in the digit: back, turned, slanted, enlarged.
    first = torch.stack([cos, sin, -(cos * right + sin * down)], 1) / width[:, None]
    second = torch.stack([-sin, cos, sin * right - cos * down], 1) / height[:, None]
    theta = torch.stack([first + slant[:, None] * second, second], 1)
    grid = F.affine_grid(theta, [len(x), 1, 28, 28], align_corners=False)
    ink = F.grid_sample(x, grid, mode="bicubic", align_corners=False)
    # Where ink begins says how thick a stroke is; how steeply, how sharp.
    edge = between(0.25, 0.65)[:, None, None, None]
    steep = between(5, 20)[:, None, None, None]
    return torch.sigmoid((ink - edge) * steep)


def plain(x: torch.Tensor) -> torch.Tensor:
    """8x8 digits, enlarged to 20x20 pixels in the middle of 28x28."""
    large = F.interpolate(x, size=20, mode="bicubic", align_corners=False)
    return F.pad(large.clamp(0, 1), [4, 4, 4, 4])


def measure(model: nn.Module) -> dict[str, float]:
    _, _, x, y = digit_sets()
    model.eval()
    with torch.no_grad():
        right = (model(plain(x)).argmax(1) == y).float().mean().item()
        ways = drawn(x.repeat(4, 1, 1, 1), torch.Generator().manual_seed(10_000))
        drawn_right = (model(ways).argmax(1) == y.repeat(4)).float().mean().item()
    return {"plain": right, "drawn": drawn_right}


def train(seed: int, steps: int) -> tuple[nn.Module, dict[str, float]]:
    """Every step draws its digits anew."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    x, y, _, _ = digit_sets()
    model = digit_classifier()
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=4e-3, total_steps=steps
    )
    model.train()
    for _ in range(steps):
        chosen = torch.randint(len(x), (BATCH,), generator=generator)
        loss = F.cross_entropy(model(drawn(x[chosen], generator)), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model, measure(model)

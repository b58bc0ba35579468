"""A small network that knows the digits 0 to 5 in cluttered pictures, to start from.

What it learned there is of use for the digits 6 to 9, which it has never seen.
"""

import torch
from torch import nn
from torch.nn import functional as F

from lab.train.digits import digit_sets


# --8<-- [start:model]
def block(inputs, outputs):
    """From so many channels to so many, half as high and wide."""
    return [
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]


class Backbone(nn.Module):
    """RGB pictures (N, 3, 32, 32) to 128 features to the logits of the classes."""

    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            *block(3, 16),  # (N, 16, 16, 16)
            *block(16, 32),  # (N, 32, 8, 8)
            *block(32, 64),  # (N, 64, 4, 4)
            *block(64, 128),  # (N, 128, 2, 2)
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),  # (N, 128)
        )
        self.head = nn.Linear(128, classes)

    def forward(self, x):
        return self.head(self.features(x))


# --8<-- [end:model]


# --8<-- [start:pictures]
def cluttered(digits, generator):
    """8x8 digits (N, 1, 8, 8) in colour, somewhere in clutter: (N, 3, 32, 32)."""
    n = len(digits)

    def between(low, high, *shape):
        return torch.rand(n, *shape, generator=generator) * (high - low) + low

    # The ground: a soft pattern, and five boxes of any colour.
    ground = F.interpolate(between(0.1, 0.9, 3, 4, 4), size=32, mode="bilinear")
    place = torch.arange(32)
    for _ in range(5):
        top, left = between(-4, 32, 1), between(-4, 32, 1)
        high, wide = between(2, 9, 1), between(2, 9, 1)
        rows = (place >= top) & (place < top + high)
        columns = (place >= left) & (place < left + wide)
        inside = (rows[:, :, None] & columns[:, None, :])[:, None]
        ground = torch.where(inside, between(0, 1, 3, 1, 1), ground)
    # The digit: 14 to 26 pixels high, wholly inside, darker or lighter than most.
    scale = between(14 / 32, 26 / 32)
    shift = between(-1, 1, 2) * (1 - scale)[:, None]
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = theta[:, 1, 1] = 1 / scale
    theta[:, :, 2] = -shift / scale[:, None]
    grid = F.affine_grid(theta, [n, 1, 32, 32], align_corners=False)
    ink = F.grid_sample(digits, grid, align_corners=False).mul(1.5).clamp(0, 1)
    light = torch.where(between(0, 1, 1, 1, 1) < 0.5, 0.0, 0.7)
    colour = light + between(0, 0.3, 3, 1, 1)
    picture = ground + (colour - ground) * ink
    noise = torch.randn(picture.shape, generator=generator) * 0.05
    return (picture + noise).clamp(0, 1)


# --8<-- [end:pictures]

# --8<-- [start:normalise]
MEAN, STD = 0.5, 0.25  # of the pictures that the backbone was trained on


def normalised(pictures):
    """From 0..1 to the numbers that the backbone expects: (x - 0.5) / 0.25."""
    return (pictures - MEAN) / STD


# --8<-- [end:normalise]

STEPS, BRIEF, BATCH = 600, 100, 64
CLASSES = 6
FLOOR = {"accuracy": 0.5}
RECIPE = {"batch": BATCH, "optimizer": "AdamW", "learning rate": "one cycle up to 0.01"}
DATA = (
    "scikit-learn's digits 0 to 5, in any colour, size and place on cluttered RGB "
    "pictures of 32x32 pixels, each picture new. accuracy: of 8 pictures of each digit "
    "that training never saw."
)
SOURCES = ("backbone.py", "digits.py")


def build() -> nn.Module:
    return Backbone(CLASSES)


def measure(model: nn.Module) -> dict[str, float]:
    _, _, x, y = digit_sets()
    x, y = x[y < CLASSES].repeat(8, 1, 1, 1), y[y < CLASSES].repeat(8)
    pictures = cluttered(x, torch.Generator().manual_seed(10_000))
    model.eval()
    with torch.no_grad():
        right = model(normalised(pictures)).argmax(1) == y
    return {"accuracy": right.float().mean().item()}


def train(seed: int, steps: int) -> tuple[nn.Module, dict[str, float]]:
    """Every step sees new pictures."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    x, y, _, _ = digit_sets()
    x, y = x[y < CLASSES], y[y < CLASSES]
    model = build()
    optimizer = torch.optim.AdamW(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.01, total_steps=steps
    )
    model.train()
    for _ in range(steps):
        chosen = torch.randint(len(x), (BATCH,), generator=generator)
        pictures = normalised(cluttered(x[chosen], generator))
        loss = F.cross_entropy(model(pictures), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model, measure(model)

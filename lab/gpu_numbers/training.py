"""One training step of three networks, by batch; and the memory that it takes."""

import copy
from collections.abc import Iterator
from functools import partial
from itertools import product

import torch
from torch import nn

from lab.gpu_numbers.case import Case, Place, Planned, error, precise

BATCHES = {True: (8, 32, 128, 512, 2048), False: (1, 4, 16, 64, 256)}


class Transformer(nn.Module):
    """One block of a transformer over 32 positions."""

    def __init__(self, width: int):
        super().__init__()
        self.block = nn.TransformerEncoderLayer(
            width, 4, 2 * width, dropout=0.0, batch_first=True
        )
        self.out = nn.Linear(width, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.block(x).mean(1))


def _network(name: str, wide: bool) -> tuple[nn.Module, tuple[int, ...]]:
    """A network, and the shape of one of its samples."""
    if name == "MLP":
        width = 2048 if wide else 256
        parts = nn.Linear(256, width), nn.Tanh(), nn.Linear(width, 10)
        return nn.Sequential(*parts), (256,)
    if name == "CNN":
        width = 64 if wide else 8
        parts = (
            nn.Conv2d(3, width, 3, padding=1),
            nn.Tanh(),
            nn.Conv2d(width, width, 3, stride=2, padding=1),
            nn.Tanh(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(width, 10),
        )
        return nn.Sequential(*parts), (3, 32, 32)
    width = 512 if wide else 64
    return Transformer(width), (32, width)


NETWORKS = ("MLP", "CNN", "transformer block")


def training(place: Place) -> Iterator[Planned]:
    """Forward, backward and the optimizer's step, in float32."""
    for name, batch in product(NETWORKS, BATCHES[place.is_gpu]):
        build = partial(_training, place, name, batch)
        yield Planned({"network": name, "batch": batch}, build)


def _training(place: Place, name: str, batch: int) -> Case:
    model, shape = _network(name, place.is_gpu)
    model.to(place.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    x = place.random(batch, *shape)
    y = torch.randint(10, (batch,), device=place.device)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    def check() -> float:
        exact = copy.deepcopy(model).double()
        few = slice(0, 64)
        grads = []
        for net, inputs in ((model, x[few]), (exact, x[few].double())):
            loss = nn.functional.cross_entropy(net(inputs), y[few])
            wanted = torch.autograd.grad(loss, list(net.parameters()))
            grads.append(torch.cat([grad.flatten() for grad in wanted]))
        return error(*grads)

    return Case(
        run=step,
        check=check,
        allowed=1e-4,
        samples=batch,
        shape=tuple(x.shape),
        inside=partial(precise, "fp32"),
    )


def memory(place: Place) -> Iterator[Planned]:
    """The same steps, for the most memory that one of them takes."""
    if place.is_gpu:
        yield from training(place)

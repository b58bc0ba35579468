"""A small network, trained by a loop and by Keras from the same weights and batches."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass

import keras
import numpy as np
import torch
from keras import layers
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

RATE = 0.05
X = torch.cartesian_prod(torch.linspace(-1, 1, 5), torch.tensor([-0.7, 0.7]))
Y = X.prod(dim=1, keepdim=True)
OTHER = 0.3 * Y  # to validate on: the loss on these falls first, then rises
BATCHES = list(zip(X.split(4), Y.split(4), strict=True))


@dataclass(frozen=True)
class Trained:
    """The weights at the end as PyTorch keeps them, and what rounding could do."""

    weights: list[np.ndarray]
    work: float  # of each step: the size of weights, and of updates times `PATH`


# Additions on the way from a sample to an update: 2 + 8 + 4, and biases, twice.
PATH = 32


def make(activation: nn.Module) -> nn.Sequential:
    net = nn.Sequential(nn.Linear(2, 8), activation, nn.Linear(8, 1))
    state = torch.random.get_rng_state()
    torch.manual_seed(0)
    for weight in net.parameters():
        nn.init.normal_(weight)
    torch.random.set_rng_state(state)
    return net


def make_keras(activation: str) -> keras.Model:
    model = keras.Sequential([layers.Dense(8, activation=activation), layers.Dense(1)])
    model.build((None, 2))
    model.set_weights([one.T for one in weights_of(make(nn.Tanh()))])
    model.compile(keras.optimizers.SGD(RATE), "mse")
    return model


def weights_of(net: nn.Module | keras.Model) -> list[np.ndarray]:
    """As PyTorch keeps them."""
    if isinstance(net, keras.Model):
        return [one.T for one in net.get_weights()]
    return [one.detach().numpy().copy() for one in net.parameters()]


def loader() -> DataLoader:
    return DataLoader(TensorDataset(X, Y), batch_size=4)


def step(net: nn.Module, xb: torch.Tensor, yb: torch.Tensor, optimizer=None) -> None:
    """One step of training."""
    optimizer = optimizer or torch.optim.SGD(net.parameters(), lr=RATE)
    optimizer.zero_grad()
    nn.functional.mse_loss(net(xb), yb).backward()
    optimizer.step()


def loop(net: nn.Module, batches: Iterable, epochs: int) -> Trained:
    """Train by hand."""
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    work = 0.0
    for _ in range(epochs):
        for xb, yb in batches:
            before = weights_of(net)
            step(net, xb, yb, optimizer)
            after = weights_of(net)
            work += largest(after) + PATH * apart(before, after)
    return Trained(weights_of(net), work)


def train(activation: nn.Module, epochs: int = 20) -> Trained:
    return loop(make(activation), BATCHES, epochs)


def fit(activation: str, epochs: int = 20) -> list[np.ndarray]:
    model = make_keras(activation)
    model.fit(X, Y, batch_size=4, epochs=epochs, shuffle=False, verbose=0)
    return weights_of(model)


def train_until(patience: int, most: int = 60) -> tuple[Trained, int]:
    """Train until the loss on other targets has not fallen for some epochs.

    Gives the best weights, and the number of epochs that ran.
    """
    net, best, waited, work, epoch = make(nn.Tanh()), float("inf"), 0, 0.0, 0
    while epoch < most and waited < patience:
        epoch += 1
        work += loop(net, BATCHES, 1).work
        with torch.no_grad():
            loss = nn.functional.mse_loss(net(X), OTHER).item()
        waited += 1
        if loss < best:
            best, waited, kept = loss, 0, copy.deepcopy(net.state_dict())
    net.load_state_dict(kept)
    return Trained(weights_of(net), work), epoch


def fit_until(stop: keras.callbacks.Callback, most: int = 60):
    """The same by a callback of Keras."""
    model, how = make_keras("tanh"), {"batch_size": 4, "shuffle": False, "verbose": 0}
    how |= {"epochs": most, "validation_data": (X, OTHER), "callbacks": [stop]}
    run = model.fit(X, Y, **how)
    return weights_of(model), len(run.epoch)


def largest(arrays: Iterable[np.ndarray]) -> float:
    return max(float(np.abs(one).max()) for one in arrays)


def apart(these: Iterable[np.ndarray], those: Iterable[np.ndarray]) -> float:
    """The largest difference between two lists of arrays."""
    return largest(a - b for a, b in zip(these, those, strict=True))

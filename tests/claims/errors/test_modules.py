"""What the page of errors of modules claims beyond what its programs print."""

import warnings

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.version import __version__ as version


def test_sequential_calls_layers_one_by_one():
    layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
    x = y = torch.tensor([[1.0, -2.0]])
    for layer in nn.ModuleList(layers):
        y = layer(y)
    assert torch.equal(nn.Sequential(*layers)(x), y)


def test_a_module_remembers_its_mode():
    model = nn.Dropout(0.5)
    assert model.training and not model.eval().training and model.train().training


def test_the_old_checkpoint_loses_the_gradient_if_only_weights_need_it():
    assert version.split("+")[0] == "2.13.0"  # the page names it
    layer, x = nn.Linear(2, 1), torch.ones(1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not checkpoint(layer, x, use_reentrant=True).requires_grad
    checkpoint(layer, x, use_reentrant=False).backward()
    assert layer.weight.grad.tolist() == x.tolist()

"""What the page of errors of optimizers claims beyond what its programs print."""

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR


def test_adams_first_beta_is_its_momentum():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1, betas=(0.8, 0.999))
    momentum = 0.0
    for slope in (2.0, -1.0, 3.0):
        w.grad = torch.tensor([slope])
        optimizer.step()
        momentum = 0.8 * momentum + (1 - 0.8) * slope
        assert optimizer.state[w]["exp_avg"].item() == pytest.approx(momentum)


def test_lbfgs_computes_the_loss_several_times_in_a_step():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([w])
    calls = []

    def closure():
        optimizer.zero_grad()
        loss = (w - 3) ** 2
        loss.backward()
        calls.append(loss.item())
        return loss

    optimizer.step(closure)
    assert len(calls) > 1 and w.item() == pytest.approx(3)


def test_no_factor_makes_an_infinite_gradient_small():
    w = torch.zeros(1, requires_grad=True)
    w.sqrt().backward()
    nn.utils.clip_grad_norm_([w], 1.0)
    assert not w.grad.isfinite()  # stays wrong without error_if_nonfinite


def test_get_lr_stays_wrong_after_a_step():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    optimizer.step()
    scheduler.step()
    with pytest.warns(UserWarning, match="get_last_lr"):
        assert scheduler.get_lr() == [0.125]
    assert optimizer.param_groups[0]["lr"] == 0.5 * 0.5 == 0.25


def test_parameters_can_be_gone_through_once():
    parameters = nn.Linear(2, 1).parameters()
    assert len(list(parameters)) == 2
    with pytest.raises(ValueError, match="got an empty parameter list"):
        torch.optim.SGD(parameters, lr=0.1)


@pytest.mark.parametrize("layer", [nn.ReLU, nn.Dropout, nn.MaxPool2d, nn.Identity])
def test_some_layers_have_no_weights(layer):
    layer = layer(2) if layer is nn.MaxPool2d else layer()
    assert list(layer.parameters()) == []


def test_a_skipped_step_makes_the_scheduler_warn_too():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    scheduler, scaler = StepLR(optimizer, 1), torch.amp.GradScaler("cpu")
    scaler.scale(w.sum() * torch.inf).backward()
    scaler.step(optimizer)
    scaler.update()
    with pytest.warns(UserWarning, match="Detected call of `lr_scheduler.step"):
        scheduler.step()
    assert w.item() == 1


@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR", "ReduceLROnPlateau"])
def test_no_scheduler_takes_verbose(name):
    w = torch.ones(1, requires_grad=True)
    scheduler = getattr(torch.optim.lr_scheduler, name)
    with pytest.raises(TypeError, match="'verbose'"):
        scheduler(torch.optim.SGD([w], lr=0.5), verbose=True)

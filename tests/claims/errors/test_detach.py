"""What the page about detach, nan and Function claims beyond its programs."""

import warnings

import pytest
import torch


def tracked(*values):
    return torch.tensor(values, requires_grad=True)


@pytest.mark.filterwarnings("ignore:The .grad attribute")
@pytest.mark.parametrize("change", [lambda w: w * 0.5, lambda w: w.to(torch.float64)])
def test_a_changed_weight_is_a_result_and_gets_no_grad(change):
    w = change(tracked(1.0))
    w.sum().backward()
    assert not w.is_leaf and w.grad is None


def test_item_and_detach_do_not_warn():
    loss = tracked(4.0).sum()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loss.item() == float(loss.detach()) == 4


def test_without_anomaly_mode_nan_appears_in_the_gradient():
    w = torch.tensor(0.0, requires_grad=True)
    (w.sqrt() * 0).backward()
    assert w.grad.isnan()

"""What the page of errors about gradients claims beyond what its programs print."""

import pytest
import torch
from torch import nn


def tracked(*values):
    return torch.tensor(values, requires_grad=True)


@pytest.mark.parametrize(
    "cut",
    [lambda w: (w > 1).float().mean(), lambda w: w.argmax(), lambda w: w.detach()],
)
def test_what_has_no_slope_cuts_the_graph(cut):
    assert cut(tracked(1.0, 2.0)).grad_fn is None


def test_one_factor_may_be_left_out_for_a_single_number():
    w = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        (w * 2).backward(torch.ones(1))
    (w * 2).backward()
    assert w.grad.item() == 2


def backward_once():
    """A loss whose graph is kept, and an optimizer of its second layer."""
    first, second = nn.Linear(2, 2), nn.Linear(2, 1)
    optimizer = torch.optim.SGD(second.parameters(), lr=0.1)
    loss = second(first(torch.ones(1, 2))).sum()
    loss.backward(retain_graph=True)
    return loss, optimizer


def test_a_step_between_two_backward_is_a_write_in_place():
    loss, optimizer = backward_once()
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_two_backward_before_the_step_are_fine():
    loss, optimizer = backward_once()
    loss.backward()
    optimizer.step()


@pytest.mark.parametrize("cut", ["unbind", "chunk", "split"])
def test_one_of_several_views_must_not_be_written(cut):
    arguments = {"unbind": (), "chunk": (2,), "split": (1,)}[cut]
    first, *_ = getattr(tracked(1.0, 2.0) * 1, cut)(*arguments)
    with pytest.raises(RuntimeError, match="is a view and is being modified inplace"):
        first += 1


def test_zero_grad_copes_with_a_weight_without_a_gradient():
    w = tracked(1.0)
    torch.optim.SGD([w], lr=0.1).zero_grad()
    assert w.grad is None


def test_the_second_derivative_of_a_cube():
    w = torch.tensor(2.0, requires_grad=True)
    (slope,) = torch.autograd.grad(w**3, w, create_graph=True)
    slope.backward()
    assert slope.item() == 3 * 2**2 and w.grad.item() == 6 * 2


def test_data_still_hides_a_change_from_autograd():
    w = torch.tensor(3.0, requires_grad=True)
    loss = w**2
    w.data += 1
    loss.backward()
    assert loss.item() == 3**2 and w.grad.item() == 2 * 4 != 2 * 3  # stays wrong


def test_without_recording_a_tracked_weight_makes_no_graph():
    w = tracked(1.0)
    with torch.no_grad():
        loss = (w * 2).sum()
        assert not torch.is_grad_enabled()
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require"):
        loss.backward()
    assert w.requires_grad and not loss.requires_grad

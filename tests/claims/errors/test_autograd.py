"""What the page of errors about gradients claims beyond what its programs print."""

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

PAGE = Path(__file__).parents[3] / "docs" / "errors" / "autograd.md"


def tracked(*values):
    return torch.tensor(values, requires_grad=True)


@pytest.mark.parametrize(
    "cut",
    [lambda w: (w > 1).float().mean(), lambda w: w.argmax(), lambda w: w.detach()],
)
def test_what_has_no_slope_cuts_the_graph(cut):
    assert cut(tracked(1.0, 2.0)).grad_fn is None


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


@pytest.mark.parametrize("how", ["one step later", "both first", "anew"])
def test_in_a_gan_the_second_loss_is_computed_anew_after_the_step(how):
    generator, critic = nn.Linear(2, 3), nn.Sequential(nn.Linear(3, 4), nn.Tanh())
    optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
    fake = generator(torch.ones(1, 2))
    judged = critic(fake)
    judged.sum().backward(retain_graph=True)
    learned = critic[0].weight.grad.clone()
    if how == "both first":  # no error, and the critic learns from both
        judged.square().sum().backward()
        assert not torch.equal(critic[0].weight.grad, learned)
        return
    optimizer.step()
    if how == "anew":
        critic(fake).square().sum().backward()
        assert generator.weight.grad.isfinite().all()
        return
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        judged.square().sum().backward()


@pytest.mark.parametrize("layer", [nn.RNN, nn.GRU])
def test_a_state_that_begins_as_none_is_detached_after_backward(layer):
    rnn, h = layer(2, 3), None
    for _ in range(3):
        y, h = rnn(torch.ones(4, 1, 2), h)
        assert h.grad_fn is not None
        y.sum().backward()
        h = h.detach()


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


@pytest.mark.parametrize(
    "cut", [lambda w: torch.tensor(w.tolist()), lambda w: (w == 1).double()]
)
def test_new_tensors_and_comparisons_cut_and_rounding_does_not(cut):
    w = tracked(1.0, 2.0)
    assert not cut(w).requires_grad and w.round().requires_grad


def test_a_frozen_model_has_no_tracked_weight_until_one_is_unfrozen():
    model = nn.Conv2d(1, 2, 3).requires_grad_(False)
    x = torch.ones(1, 1, 4, 4)
    assert sum(p.requires_grad for p in model.parameters()) == 0
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require"):
        model(x).mean().backward()
    model.bias.requires_grad_()
    model(x).mean().backward()
    assert model.bias.grad is not None and model.weight.grad is None


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad=True")
@pytest.mark.parametrize("reentrant", [True, False])
def test_a_reentrant_checkpoint_after_frozen_layers_cuts_the_graph(reentrant):
    frozen, layer = nn.Embedding(5, 4).requires_grad_(False), nn.Linear(4, 1)
    x = frozen(torch.tensor([1, 2]))
    loss = checkpoint(layer, x, use_reentrant=reentrant).sum()
    assert layer.weight.requires_grad and loss.requires_grad == (not reentrant)
    if reentrant:
        with pytest.raises(RuntimeError, match="element 0 of tensors does not require"):
            loss.backward()


@pytest.mark.filterwarnings("ignore:To copy construct from a tensor")
def test_a_loss_that_is_wrapped_anew_trains_nothing():
    model = nn.Linear(2, 1)
    loss = torch.tensor(model(torch.ones(3, 2)).mean(), requires_grad=True)
    loss.backward()  # no error
    assert all(p.grad is None for p in model.parameters())  # stays wrong


def detached(state):
    return tuple(s.detach() for s in state) if type(state) is tuple else state.detach()


@pytest.mark.parametrize("layer", [nn.RNN, nn.GRU, nn.LSTM])
def test_a_hidden_state_that_is_kept_carries_its_graph(layer):
    rnn, x = layer(2, 3), torch.ones(4, 1, 2)
    y, state = rnn(x)
    y.sum().backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        rnn(x, state)[0].sum().backward()
    rnn(x, detached(state))[0].sum().backward()


@pytest.mark.parametrize("part", [lambda w: w**2, lambda w: (3 * w).exp()])
def test_a_part_of_the_loss_that_stands_above_the_loop_is_used_twice(part):
    w = tracked(1.0)
    above = part(w)
    (above - 6).square().sum().backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        (above - 6).square().sum().backward()
    for _ in range(2):
        (part(w) - 6).square().sum().backward()
    assert "The loss, or a part of it, is computed before" in PAGE.read_text("utf-8")


def test_a_part_of_the_loss_that_a_model_makes_at_first_is_used_twice():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.log = nn.Parameter(torch.ones(2))
            self.scale = self.log.exp()

        def forward(self, x):
            return (x * self.scale).sum()

    model = Model()
    model(torch.ones(2)).backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        model(torch.ones(2)).backward()


def test_a_tensor_that_is_tracked_too_late_is_not_in_the_graph():
    model, x = nn.Linear(3, 1), torch.ones(3)
    loss = model(x).sum()
    x.requires_grad_()
    with pytest.raises(RuntimeError, match="appears to not have been used"):
        torch.autograd.grad(loss, x)
    (slope,) = torch.autograd.grad(model(x).sum(), x)
    assert torch.equal(slope, model.weight[0])
    assert "or used it before `requires_grad_()`" in PAGE.read_text("utf-8")


def test_an_lstm_needs_both_states_detached():
    rnn, x = nn.LSTM(2, 3), torch.ones(4, 1, 2)
    y, (h, c) = rnn(x)
    y.sum().backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        rnn(x, (h.detach(), c))[0].sum().backward()


def test_retain_graph_goes_on_with_the_gradient_of_the_old_weight():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.125)
    loss, slopes = (2 * w - 6) ** 2, []
    for _ in range(2):
        loss.backward(retain_graph=True)
        slopes.append(w.grad.item())
        optimizer.step()
        optimizer.zero_grad()
    assert slopes == [-16, -16] and 8 * w.item() - 24 != -16  # stays wrong


def test_retain_graph_of_a_kept_state_fails_one_step_later():
    rnn = nn.RNN(2, 3)
    optimizer = torch.optim.SGD(rnn.parameters(), lr=0.1)
    y, h = rnn(torch.ones(4, 1, 2))
    y.sum().backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        rnn(torch.ones(4, 1, 2), h)[0].sum().backward()


def test_a_critic_of_a_detached_fake_leaves_the_generator_alone():
    generator, critic = nn.Linear(1, 2), nn.Linear(2, 1)
    fake = generator(torch.ones(3, 1))
    critic(fake.detach()).square().mean().backward()
    assert generator.weight.grad is None and critic.weight.grad is not None
    critic(fake).square().mean().backward()
    assert generator.weight.grad is not None


@pytest.mark.parametrize("write", [torch.relu_, lambda y: y.__setitem__(0, 0.0)])
def test_other_writes_into_a_result_that_backward_needs(write):
    y = tracked(1.0, 2.0).sigmoid()
    write(y)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_the_message_after_a_step_has_the_shape_of_a_weight():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv2d(2, 4, 3))
    y = model(torch.ones(1, 1, 6, 6))
    y.mean().backward(retain_graph=True)
    torch.optim.Adam(model.parameters()).step()
    with pytest.raises(RuntimeError, match=r"\[4, 2, 3, 3\]"):
        y.mean().backward()


def test_starting_weights_are_set_by_init_and_not_by_a_write():
    layer = nn.Conv2d(1, 2, 3)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        layer.bias.zero_()
    nn.init.zeros_(layer.bias)
    assert layer.bias.tolist() == [0, 0] and layer.bias.requires_grad
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        layer.bias.copy_(torch.ones(2))
    with torch.no_grad():
        layer.bias.copy_(torch.ones(2))
    assert layer.bias.tolist() == [1, 1] and layer.bias.requires_grad


@pytest.mark.parametrize("cut", ["unbind", "chunk", "split"])
def test_views_of_an_untracked_tensor_may_be_written(cut):
    arguments = {"unbind": (), "chunk": (2,), "split": (1,)}[cut]
    first, *_ = getattr(torch.ones(2), cut)(*arguments)
    first += 1
    w = tracked(1.0, 2.0)
    with torch.no_grad():
        first, *_ = getattr(w, cut)(*arguments)
        first += 1
    assert w.tolist() == [2, 2]


@pytest.mark.filterwarnings("ignore:The .grad attribute")
def test_a_gradient_is_none_for_two_reasons_that_is_leaf_tells_apart():
    w, unused = tracked(1.0), tracked(1.0)
    moved = w.to(torch.float64)
    moved.sum().backward()
    assert (moved.is_leaf, moved.grad) == (False, None)
    assert (unused.is_leaf, unused.grad) == (True, None)


def test_a_weight_moved_to_its_own_device_stays_a_leaf():
    w = tracked(1.0)
    assert w.to("cpu") is w and not w.to(torch.float64).is_leaf
    assert torch.nn.Linear(1, 1).to(torch.float64).weight.is_leaf


def test_the_message_names_no_operation_for_a_leaf_or_an_input():
    w, x = tracked(1.0, 2.0), torch.tensor([3.0, 4.0])
    for changed in (w, x):
        loss = (w * w * x).sum()
        with torch.no_grad():
            changed.mul_(2)
        with pytest.raises(RuntimeError, match="inplace operation: .* is at ver") as e:
            loss.backward()
        assert "which is output" not in str(e.value)


def test_a_weight_may_change_after_backward():
    w, x = tracked(1.0, 2.0), torch.tensor([3.0, 4.0])
    (w * w * x).sum().backward()
    with torch.no_grad():
        w -= w.grad
    assert w.tolist() == [-5, -14]


def test_zero_grad_leaves_no_gradient_to_clear():
    w = tracked(1.0)
    (3 * w).sum().backward()
    torch.optim.Adam([w]).zero_grad()
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute"):
        w.grad.zero_()


def test_an_untracked_tensor_in_the_loss_gets_no_gradient():
    w, b = tracked(1.0), torch.tensor([2.0])
    (w * b).sum().backward()
    assert b.is_leaf and b.grad is None and not b.requires_grad


def test_a_parameter_is_tracked_from_the_start():
    w = nn.Parameter(torch.ones(3))
    (5 * w).sum().backward()
    assert w.grad.tolist() == [5, 5, 5]


@pytest.mark.parametrize(
    ("write", "named"),
    [
        (lambda y: y.relu_(), "output 0 of Relu,"),
        (lambda y: y.__setitem__(0, 1.0), "CopySlices,"),
        (lambda y: torch.no_grad()(y.add_)(1), "output 0 of Mul,"),
    ],
)
def test_the_message_names_what_made_or_last_wrote_into_a_result(write, named):
    y = tracked(1.0, 4.0) * 2
    loss = (y**2).sum()
    write(y)
    with pytest.raises(RuntimeError, match=named):
        loss.backward()


@pytest.mark.parametrize("sizes", [(4,), (3, 4), (2, 3, 4)])
def test_a_weight_of_a_linear_layer_changed_by_hand_is_called_as_strided(sizes):
    layer = nn.Linear(4, 5)
    loss = layer(torch.ones(sizes, requires_grad=True)).sum()
    with torch.no_grad():
        layer.weight += 1
    with pytest.raises(RuntimeError, match=r"Tensor \[4, 5\]\], .*AsStrided"):
        loss.backward()


def test_retain_graph_serves_two_losses_of_one_forward_pass():
    generator, critic = nn.Linear(1, 2), nn.Linear(2, 1)
    optimizer = torch.optim.SGD(critic.parameters(), lr=0.5)
    x = torch.ones(3, 1)
    fake = generator(x)
    critic(fake).mean().backward(retain_graph=True)
    optimizer.step()
    generator.zero_grad()
    critic(fake).mean().backward()
    ours = generator.weight.grad.clone()
    generator.zero_grad()
    critic(generator(x)).mean().backward()
    assert torch.equal(ours, generator.weight.grad)


def test_a_leaf_may_be_overwritten_wherever_recording_is_off():
    for off in (torch.no_grad, torch.inference_mode):
        w = tracked(1.0)
        with off():
            w += 1
        assert w.item() == 2 and w.is_leaf


@pytest.mark.parametrize("name", ["data", "norm", "zero_"])
def test_a_missing_gradient_has_none_of_its_methods(name):
    with pytest.raises(AttributeError, match=f"'NoneType' .* no attribute '{name}'"):
        getattr(torch.ones(1, requires_grad=True).grad, name)


def test_two_losses_of_one_encoder_are_added_and_called_once():
    encoder, heads = nn.Linear(2, 3), [nn.Linear(3, 1), nn.Linear(3, 2)]
    shared = encoder(torch.ones(5, 2)).tanh()
    first, second = (head(shared).mean() for head in heads)
    first.backward(retain_graph=True), second.backward()
    expected = encoder.weight.grad.clone()
    encoder.zero_grad()
    shared = encoder(torch.ones(5, 2)).tanh()
    first, second = (head(shared).mean() for head in heads)
    (first + second).backward()
    torch.testing.assert_close(encoder.weight.grad, expected)
    shared = encoder(torch.ones(5, 2)).tanh()
    heads[0](shared).mean().backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        heads[1](shared).mean().backward()


@pytest.mark.parametrize("cell", [nn.GRUCell(2, 3), nn.RNNCell(2, 3)])
def test_rows_that_a_loop_fills_and_reads_are_strided_and_stack_helps(cell):
    x = torch.randn(5, 1, 2)
    out = torch.zeros(6, 1, 3)
    for i in range(5):
        out[i + 1] = cell(x[i], out[i])
    with pytest.raises(RuntimeError, match="is output 0 of AsStrided"):
        out.sum().backward()
    rows = [torch.zeros(1, 3)]
    for i in range(5):
        rows.append(cell(x[i], rows[-1]))
    torch.stack(rows).sum().backward()
    assert cell.weight_hh.grad.isfinite().all()


def test_a_weight_is_clipped_without_recording():
    layer = nn.Linear(2, 1)
    with pytest.raises(RuntimeError, match="^a leaf Variable that requires grad is be"):
        layer.weight.clamp_(-0.01, 0.01)
    with torch.no_grad():
        layer.weight.clamp_(-0.01, 0.01)
    assert layer.weight.abs().max() <= 0.01 and layer.weight.requires_grad


def test_other_sources_of_a_float_and_of_none_have_no_gradient_either():
    loss = 0.0
    for one in []:  # the loop never ran
        loss += one
    with pytest.raises(AttributeError, match="'float' object has no attribute 'back"):
        loss.backward()

    def forgets_to_return(w):
        w.sum()

    with pytest.raises(TypeError, match=r"for \*: 'float' and 'NoneType'"):
        0.5 * forgets_to_return(tracked(1.0))


def test_a_slice_made_for_the_gradient_is_a_new_tensor():
    x = torch.rand(3, 2, requires_grad=True)
    u = nn.Linear(2, 1)(x).tanh().sum()
    with pytest.raises(RuntimeError, match="appears to not have been used in the gr"):
        torch.autograd.grad(u, x[:, 0], retain_graph=True)
    (whole,) = torch.autograd.grad(u, x)
    assert whole[:, 0].shape == (3,)


def test_a_frozen_weight_is_left_out_of_the_gradients_asked_for():
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    model[0].requires_grad_(False)
    with pytest.raises(RuntimeError, match="One of the differentiated Tensors does n"):
        torch.autograd.grad(model(torch.ones(1, 2)).sum(), [*model.parameters()])
    some = [p for p in model.parameters() if p.requires_grad]
    assert len(torch.autograd.grad(model(torch.ones(1, 2)).sum(), some)) == 2


def test_a_copy_that_follows_another_model_is_written_under_no_grad():
    slow, model = nn.Linear(2, 1), nn.Linear(2, 1)
    assert slow.weight.grad is None  # as of a layer that gets its first weights
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        slow.weight.mul_(0.5).add_(model.weight, alpha=0.5)
    wanted = (slow.weight + model.weight) / 2
    with torch.no_grad():
        slow.weight.mul_(0.5).add_(model.weight, alpha=0.5)
    assert torch.allclose(slow.weight, wanted)


def test_a_tensor_that_collects_results_must_not_be_a_leaf_of_its_own():
    model, x = nn.Linear(2, 1), torch.ones(2)
    w = torch.zeros(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="a view of a leaf Variable"):
        w[0] = model(x)
    with torch.no_grad():
        w[0] = model(x)
    w.sum().backward()
    assert model.weight.grad is None  # silently
    w = torch.zeros(3)
    w[0] = model(x)
    w.sum().backward()
    assert model.weight.grad.tolist() == [[1, 1]]


def test_a_row_of_a_loop_is_one_of_several_views_and_an_index_is_not():
    x = tracked([1.0, 2.0], [3.0, 4.0]) * 1
    with pytest.raises(RuntimeError, match="Output 0 of Unbind is a view"):
        for row in x:
            row.clamp_(max=1)
    for row in x:
        row = row.clamp(max=1)
    assert x.max() == 4  # the new tensors changed nothing
    x[0] += 1
    assert x.tolist() == [[2, 3], [3, 4]] and x.requires_grad
    leaf = tracked([1.0, 2.0], [3.0, 4.0])
    with pytest.raises(RuntimeError, match="a view of a leaf Variable"):
        leaf[0] += 1

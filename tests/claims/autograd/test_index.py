"""The claims of docs/autograd, against formulas and finite differences."""

import numpy as np
import pytest
import torch
from torch import nn

from tests.claims_support import drawn


def bowl(w):
    return (2 * w - 6) ** 2


def descend(steps, lr=0.0625, clear=True):
    """Where `w` is after each step down the bowl, from 1."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr)
    path = [w.item()]
    for _ in range(steps):
        bowl(w).backward()
        optimizer.step()
        path.append(w.item())
        if clear:
            optimizer.zero_grad()
    return path


def nodes_of(tensor):
    """Every node of its graph, by a walk of our own."""
    todo, seen = [tensor.grad_fn], []
    while todo:
        node = todo.pop()
        seen.append(node)
        todo += [n for n, _ in node.next_functions if n is not None]
    return seen


def names_of(tensor):
    return [type(node).__name__ for node in nodes_of(tensor)]


# The four lines


def test_forward_leaves_grad_empty():
    w = torch.tensor(1.0, requires_grad=True)
    bowl(w)
    assert w.grad is None


@pytest.fixture
def network():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    return model, model(torch.rand(8, 3)).square().mean()


def test_backward_changes_no_weight_by_a_single_bit(network):
    model, loss = network
    before = [p.detach().clone() for p in model.parameters()]
    loss.backward()
    assert all(map(torch.equal, before, model.parameters()))
    assert all(p.grad is not None for p in model.parameters())


def test_step_moves_weights_by_lr_times_gradient_and_keeps_the_gradient(
    network,
):
    model, loss = network
    before = [p.detach().numpy().copy() for p in model.parameters()]
    loss.backward()
    grads = [p.grad.numpy().copy() for p in model.parameters()]
    torch.optim.SGD(model.parameters(), lr=0.5).step()
    for old, grad, p in zip(before, grads, model.parameters(), strict=True):
        np.testing.assert_allclose(p.detach().numpy(), old - 0.5 * grad, rtol=1e-6)
        np.testing.assert_array_equal(p.grad.numpy(), grad)
    moved = [
        (p.detach().numpy() != b).any()
        for b, p in zip(before, model.parameters(), strict=True)
    ]
    assert all(moved)


def test_step_records_no_graph_so_weights_stay_leaves(network):
    model, loss = network
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=0.5).step()
    assert all(p.is_leaf and p.grad_fn is None for p in model.parameters())


def test_zero_grad_clears_grad_to_none(network):
    model, loss = network
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=0.5).zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_layers_make_weights_that_require_grad():
    for layer in (nn.Linear(2, 3), nn.Conv2d(1, 2, 3), nn.Embedding(4, 2)):
        assert all(p.requires_grad for p in layer.parameters())


# Walk down the slope


@pytest.mark.parametrize("at", [1.0, 2.0, 3.0, 5.0])
def test_gradient_is_the_slope_by_finite_differences(at):
    w = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    bowl(w).backward()
    step = 1e-6
    slope = (bowl(at + step) - bowl(at - step)) / (2 * step)
    assert w.grad.item() == pytest.approx(slope, abs=1e-6)


def test_a_smaller_nudge_measures_the_slope_better():
    slopes = [(bowl(1 + d) - bowl(1)) / d for d in (0.1, 0.01, 0.001)]
    assert [round(s, 3) for s in slopes] == [-15.6, -15.96, -15.996]


def test_gradient_at_the_start_is_minus_sixteen():
    w = torch.tensor(1.0, requires_grad=True)
    bowl(w).backward()
    assert w.grad.item() == 2 * (2 * 1 - 6) * 2 == -16


def test_step_subtracts_lr_times_gradient():
    assert descend(1)[-1] == 1 - 0.0625 * (-16) == 2


def test_each_move_of_descent_is_half_as_long():
    path = np.array(descend(6))
    lengths = np.diff(path)
    np.testing.assert_array_equal(lengths[1:], lengths[:-1] / 2)
    np.testing.assert_array_equal(path, 3 - 2 * 0.5 ** np.arange(7))


def test_the_picture_shows_these_slopes_and_steps():
    path = np.array(descend(3))
    slopes = [f"{4 * (2 * w - 6):g}" for w in path[:3]]
    steps = [f"+{step:g}" for step in np.diff(path)]
    texts = [text for text, *_ in drawn("autograd/descent_on_the_loss")]
    assert texts[0] == f"slope {slopes[0]}" and texts[1] == steps[0]
    assert texts[2:6] == [slopes[1], steps[1], slopes[2], steps[2]]


def test_the_slope_flattens_on_the_way_to_three():
    slopes = [abs(4 * (2 * w - 6)) for w in descend(6)]
    assert slopes == sorted(slopes, reverse=True) and slopes[-1] < 1


def test_autograd_equals_the_formula_by_hand_in_float64():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    y, w = np.array([5.0, 6.0]), np.array([1.0, -1.0])
    by_hand = 2 / len(y) * x.T @ (x @ w - y)
    t = torch.tensor(w, requires_grad=True)
    ((torch.from_numpy(x) @ t - torch.from_numpy(y)) ** 2).mean().backward()
    assert np.abs(t.grad.numpy() - by_hand).max() == 0.0


def test_gradients_of_a_network_pass_gradcheck():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()
    x = torch.rand(2, 3, dtype=torch.float64)
    values = tuple(p.detach().clone().requires_grad_() for p in model.parameters())
    keys = [name for name, _ in model.named_parameters()]

    def loss(*weights):
        return torch.func.functional_call(
            model, dict(zip(keys, weights, strict=True)), x
        ).mean()

    assert torch.autograd.gradcheck(loss, values)


# Follow a gradient back


def test_the_chain_rule_by_hand_gives_the_gradient_of_each_result():
    w = torch.tensor(1.0, requires_grad=True)
    double = 2 * w
    gap = double - 6
    loss = gap**2
    for t in (double, gap, loss):
        t.retain_grad()
    loss.backward()
    by_hand = np.cumprod([1, 2 * (2 * 1 - 6), 1, 2])  # one slope an operation
    assert [t.grad.item() for t in (loss, gap, double, w)] == by_hand.tolist()
    assert by_hand.tolist() == [1, -8, -8, -16]


def arrivals(loss):
    """What arrives at each node during backward, by the node's name."""
    seen = []
    for node in nodes_of(loss):
        name = type(node).__name__
        node.register_prehook(lambda got, name=name: seen.append((name, got[0].item())))
    loss.backward()
    return seen


def test_both_branches_of_a_sum_get_the_same_number():
    w, b = (torch.tensor(v, requires_grad=True) for v in (1.0, 0.0))
    seen = arrivals((2 * w + b - 6) ** 2)
    assert sorted(seen) == [
        ("AccumulateGrad", -16.0),
        ("AccumulateGrad", -8.0),
        ("AddBackward0", -8.0),
        ("MulBackward0", -8.0),
        ("PowBackward0", 1.0),
        ("SubBackward0", -8.0),
    ]
    assert (w.grad.item(), b.grad.item()) == (-16, -8)


def test_a_tensor_that_you_make_is_a_leaf_and_has_no_grad_fn():
    w = torch.tensor(1.0, requires_grad=True)
    assert w.is_leaf and w.grad_fn is None and not (2 * w).is_leaf


def test_plain_tensors_make_no_graph():
    x = torch.ones(2)
    assert ((x * x).sum() + 1).grad_fn is None


@pytest.mark.parametrize("name", ["argmax", "isnan", "sign"])
def test_an_operation_without_a_slope_may_add_no_node(name):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    found = getattr(w, name)()
    assert (found.grad_fn is None) == (name != "sign")
    assert (w > 0).grad_fn is None


def test_a_comparison_cuts_the_graph():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require"):
        (w > 0).float().mean().backward()


@pytest.mark.parametrize("to_none", [True, False])
def test_weight_decay_moves_weights_only_where_their_gradient_is_zero(to_none):
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.0625, weight_decay=0.1)
    bowl(w).backward()
    optimizer.zero_grad(set_to_none=to_none)
    optimizer.step()
    assert (w.item() == 1.0) == to_none


def test_a_clone_inside_of_inference_mode_cannot_be_saved_either():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.inference_mode():
        inside = (w * 3).clone()
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved"):
        w * inside
    (w * inside.clone()).sum().backward()
    assert w.grad.tolist() == [3.0, 6.0]


def test_one_input_that_requires_grad_is_enough_for_a_node():
    w, x = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0)
    assert type((w * x).grad_fn).__name__ == "MulBackward0"
    assert len(nodes_of(w * x)) == 2  # the product and w, but not x


def test_each_operation_adds_one_node_during_forward():
    w = torch.tensor(1.0, requires_grad=True)
    y = w * 2
    assert len(names_of(y)) == 2  # the product, and the leaf
    y = y.exp()
    assert len(names_of(y)) == 3


def test_constants_have_no_node():
    w, b = (torch.tensor(v, requires_grad=True) for v in (1.0, 0.5))
    names = names_of((2 * w + b - 6) ** 2)
    assert sorted(names) == sorted(
        ["PowBackward0", "SubBackward0", "AddBackward0", "MulBackward0"]
        + ["AccumulateGrad"] * 2
    )


def test_grad_fn_is_the_newest_node():
    w = torch.tensor(1.0, requires_grad=True)
    assert type(bowl(w).grad_fn).__name__ == "PowBackward0"


def test_leaves_of_a_network_are_its_parameters_and_not_its_input(network):
    model, loss = network
    leaves = [n.variable for n in nodes_of(loss) if hasattr(n, "variable")]
    assert len(leaves) == 4
    assert {id(p) for p in leaves} == {id(p) for p in model.parameters()}


def test_backward_visits_the_nodes_from_the_loss_down():
    w = torch.tensor(1.0, requires_grad=True)
    loss = bowl(w)
    visited = []
    for node in nodes_of(loss):
        node.register_hook(lambda *_, node=node: visited.append(type(node).__name__))
    loss.backward()
    assert visited == [
        "PowBackward0",
        "SubBackward0",
        "MulBackward0",
        "AccumulateGrad",
    ]


def test_a_linear_layer_is_one_addmm_and_transposes_its_weight():
    layer = nn.Linear(3, 4)
    y = layer(torch.ones(2, 3))
    assert type(y.grad_fn).__name__ == "AddmmBackward0"
    (_, _, (transpose, _)) = y.grad_fn.next_functions
    assert type(transpose).__name__ == "TBackward0"
    assert transpose.next_functions[0][0].variable is layer.weight


def test_relu_has_no_weights(network):
    model, _ = network
    assert not list(model[1].parameters())
    assert [n for n, _ in model.named_parameters()] == [
        f"{layer}.{kind}" for layer in (0, 2) for kind in ("weight", "bias")
    ]


@pytest.mark.parametrize(
    "value, node, slope",
    [(1.0, "MulBackward0", 3.0), (-1.0, "PowBackward0", -2.0)],
)
def test_one_function_makes_a_graph_per_input(value, node, slope):
    x = torch.tensor(value, requires_grad=True)
    y = 3 * x if x > 0 else x**2
    y.backward()
    assert (type(y.grad_fn).__name__, x.grad.item()) == (node, slope)


# Work without a graph


def saved_bytes(work):
    sizes = []

    def pack(t):
        sizes.append(t.nbytes)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        work()
    return sum(sizes)


def test_a_graph_keeps_values_in_memory_and_no_grad_does_not():
    w = torch.ones(100, requires_grad=True)
    assert saved_bytes(lambda: w.exp().sum()) == 400
    with torch.no_grad():
        assert saved_bytes(lambda: w.exp().sum()) == 0


def test_inference_results_cannot_be_saved_for_backward():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.inference_mode():
        y = w * 3
    assert y.is_inference() and not y.requires_grad
    with pytest.raises(RuntimeError, match="cannot be saved for backward"):
        y * w
    with torch.no_grad():
        z = w * 3
    (z * w).sum().backward()  # the result of no_grad may be
    assert w.grad.tolist() == [3.0, 6.0]
    (y.clone() * w).sum().backward()  # and a copy of the other
    (y + w).sum().backward()  # which a sum has no need to save
    assert w.grad.tolist() == [7.0, 13.0]


def test_a_graph_lets_go_of_its_values_after_backward():
    w = torch.ones(3, requires_grad=True)
    loss = w.exp().sum()
    saved = loss.grad_fn.next_functions[0][0]
    assert torch.equal(saved._saved_result, w.exp())
    loss.backward()
    with pytest.raises(RuntimeError, match="already been freed"):
        saved._saved_result  # noqa: B018


def test_no_grad_makes_no_graph():
    w = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        assert (w * 3).grad_fn is None


def test_detach_leaves_the_graph_as_it_was():
    w = torch.ones(2, requires_grad=True)
    y = w * 3
    cut = y.detach()
    assert cut.grad_fn is None and y.grad_fn is not None
    y.sum().backward()
    assert w.grad.tolist() == [3, 3]


def test_detach_shares_memory():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    y = w.detach()
    y[0] = 9
    assert w[0].item() == 9 and not y.requires_grad


# Gradients add up


def test_backward_adds_to_grad():
    w = torch.zeros(3, requires_grad=True)
    x = np.array([1.0, 2.0, 3.0])
    for times in (1, 2, 3):
        (w * torch.tensor(x)).sum().backward()
        np.testing.assert_array_equal(w.grad.numpy(), times * x)


def test_a_loss_in_parts_gives_the_gradient_of_the_whole():
    parts, whole = (torch.ones(2, requires_grad=True) for _ in range(2))
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    for row in x:
        (row @ parts).backward()
    (x @ whole).sum().backward()
    assert torch.equal(parts.grad, whole.grad)


def test_this_slope_is_the_same_wherever_w_is():
    x = torch.tensor([1.0, 2.0, 3.0])
    for at in (0.0, 5.0):
        w = torch.full((3,), at, requires_grad=True)
        (w * x).sum().backward()
        assert torch.equal(w.grad, x)


def clear_at(place):
    """Where `w` is after four rounds that call zero_grad at one place."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.0625)

    def clear(here):
        if here == place:
            optimizer.zero_grad()

    for _ in range(4):
        clear("before forward")
        loss = bowl(w)
        clear("before backward")
        loss.backward()
        clear("before step")
        optimizer.step()
        clear("after step")
    return w.item()


@pytest.mark.parametrize("place", ["before forward", "before backward", "after step"])
def test_zero_grad_may_stand_anywhere_outside_of_backward_and_step(place):
    assert clear_at(place) == 2.875


def test_zero_grad_between_backward_and_step_keeps_w_where_it_is():
    assert clear_at("before step") == 1.0


# What goes wrong


def test_without_zero_grad_the_path_stays_wrong():
    w, total, by_hand = 1.0, 0.0, [1.0]
    for _ in range(6):
        total += 4 * (2 * w - 6)
        w -= 0.0625 * total
        by_hand.append(w)
    assert descend(6, clear=False) == by_hand
    assert by_hand[:5] == [1.0, 2.0, 3.5, 4.75, 5.125]


def test_without_zero_grad_the_path_never_settles():
    path = np.array(descend(1000, clear=False))
    for some in np.array_split(path, 30):
        assert 0.8 < some.min() < 1.2 and 4.8 < some.max() < 5.2
    assert descend(30)[-1] == pytest.approx(3, abs=1e-6)


def test_nothing_that_requires_grad_refuses_backward():
    with pytest.raises(RuntimeError, match="does not require grad and does not have"):
        torch.ones(2).sum().backward()


@pytest.mark.parametrize("cut", ["no_grad", "detach", "item"])
def test_no_grad_detach_and_item_cut_the_graph(cut):
    w = torch.tensor(1.0, requires_grad=True)
    if cut == "detach":
        loss = w.detach() * 2
    elif cut == "item":
        assert type(w.item()) is float
        loss = torch.tensor(w.item()) * 2
    else:
        with torch.no_grad():
            loss = w * 2
    assert not loss.requires_grad
    with pytest.raises(RuntimeError, match="does not require grad and does not have"):
        loss.backward()


def test_a_graph_serves_one_backward():
    loss = bowl(torch.tensor(1.0, requires_grad=True))
    loss.backward()
    with pytest.raises(RuntimeError, match="through the graph a second time"):
        loss.backward()


def test_with_retain_graph_every_round_gets_the_slope_at_the_first_w():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.0625)
    loss = bowl(w)
    seen = []
    for _ in range(4):
        loss.backward(retain_graph=True)
        seen.append((w.item(), w.grad.item()))
        optimizer.step()
        optimizer.zero_grad()
    assert seen == [(1, -16), (2, -16), (3, -16), (4, -16)]  # at 2 it is -8


def test_with_retain_graph_a_network_of_two_layers_fails_after_the_step(network):
    model, loss = network
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward(retain_graph=True)


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam])
def test_with_a_fused_step_it_does_not_fail_and_the_gradient_is_wrong(network, kind):
    model, loss = network
    loss.backward(retain_graph=True)
    right = model[0].weight.grad.clone()
    kind(model.parameters(), lr=1.0, fused=True).step()
    model.zero_grad()
    loss.backward()  # at the old weights, this gradient would be the first again
    assert not torch.allclose(model[0].weight.grad, right, rtol=0.01)


def test_a_loss_inside_the_loop_needs_no_retain_graph():
    assert descend(4) == [1, 2, 2.5, 2.75, 2.875]


def test_a_saved_result_must_not_be_overwritten():
    w = torch.tensor([1.0, 4.0], requires_grad=True)
    root = w.sqrt()
    root += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        root.sum().backward()


@pytest.mark.parametrize(
    "name, saves",
    [("exp", True), ("tanh", True), ("relu", True), ("sin", False), ("abs", False)],
)
def test_some_operations_need_their_results_and_some_do_not(name, saves):
    w = torch.ones(2, requires_grad=True)
    result = getattr(w, name)()
    result += 1
    if saves:
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            result.sum().backward()
    else:
        result.sum().backward()


def test_a_new_tensor_keeps_the_slope_of_sqrt():
    w = torch.tensor([1.0, 4.0], requires_grad=True)
    (w.sqrt() + 1).sum().backward()
    np.testing.assert_array_equal(w.grad, 1 / (2 * np.sqrt([1.0, 4.0])))


def test_a_product_with_a_number_may_be_overwritten():
    w = torch.tensor([1.0, 4.0], requires_grad=True)
    root = w * 3
    where = root.data_ptr()
    root += 1
    assert root.data_ptr() == where  # in place
    root.sum().backward()
    assert w.grad.tolist() == [3, 3]


def test_a_loss_must_be_one_number():
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        (w * 2).backward()


def test_the_mean_of_the_losses_has_the_mean_of_the_slopes():
    w = torch.tensor(1.0, requires_grad=True)
    x, y = np.array([1.0, 2.0]), np.array([3.0, 6.0])
    ((w * torch.tensor(x) - torch.tensor(y)) ** 2).mean().backward()
    assert w.grad.item() == np.mean(2 * (1.0 * x - y) * x) == -10


@pytest.mark.parametrize("join, factor", [("mean", 1), ("sum", 3)])
def test_a_sum_grows_with_the_number_of_examples_and_a_mean_does_not(join, factor):
    gradients = []
    for times in (1, 3):
        w = torch.tensor(1.0, requires_grad=True)
        x = torch.tensor([1.0, 2.0] * times)
        getattr((w * x - 3) ** 2, join)().backward()
        gradients.append(w.grad.item())
    assert gradients[1] == factor * gradients[0] != 0


def test_a_leaf_must_not_change_in_place_while_autograd_records():
    w = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        w -= 1
    assert w.item() == 1


def test_under_no_grad_an_update_keeps_the_leaf_a_leaf():
    w = torch.tensor(1.0, requires_grad=True)
    bowl(w).backward()
    with torch.no_grad():
        w -= 0.0625 * w.grad
    assert w.is_leaf and w.requires_grad and w.item() == 1 + 16 / 16


@pytest.mark.filterwarnings("ignore:The .grad attribute")
def test_a_result_gets_no_grad():
    w = torch.tensor(1.0, requires_grad=True)
    result = w - 0.5
    bowl(result).backward()
    assert not result.is_leaf and result.grad is None


@pytest.mark.filterwarnings("ignore:The .grad attribute")
def test_an_update_into_a_new_tensor_finds_no_gradient_in_the_next_round():
    w = torch.tensor(1.0, requires_grad=True)
    bowl(w).backward()
    w = w - 0.0625 * w.grad
    assert w.item() == 2 and not w.is_leaf
    bowl(w).backward()
    assert w.grad is None


def test_an_update_into_a_new_tensor_below_no_grad_cuts_the_graph():
    w = torch.tensor(1.0, requires_grad=True)
    bowl(w).backward()
    with torch.no_grad():
        w = w - 0.0625 * w.grad
    assert w.item() == 2 and w.grad is None
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require"):
        bowl(w).backward()


@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.bool])
def test_integers_cannot_require_grad_later_either(dtype):
    text = "only Tensors of floating point dtype can require gradients"
    with pytest.raises(RuntimeError, match=text):
        torch.ones(2, dtype=dtype).requires_grad_()
    assert torch.ones(2, dtype=torch.complex64).requires_grad_().requires_grad


@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.bool])
def test_integers_cannot_require_grad(dtype):
    with pytest.raises(
        RuntimeError, match="Only Tensors of floating point and complex"
    ):
        torch.ones(2, dtype=dtype, requires_grad=True)


@pytest.mark.parametrize(
    ("lr", "downhill"), [(0.01, True), (0.2, True), (0.25, False), (0.3, False)]
)
def test_a_step_is_downhill_unless_it_is_too_long(lr, downhill):
    before, after = descend(1, lr=lr)
    assert (bowl(after) < bowl(before)) == downhill


# Try it


def test_twice_the_lr_is_at_the_answer_from_the_second_round_on():
    path = descend(5, lr=2 * 0.0625)
    assert path == [1, 3, 3, 3, 3, 3] and bowl(path[1]) == 0


def test_four_times_the_lr_jumps_back_and_forth():
    assert descend(6, lr=4 * 0.0625) == [1.0, 5.0, 1.0, 5.0, 1.0, 5.0, 1.0]

"""The claims of docs/autograd/why-zero-grad.md."""

import json
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.claims_support import names_of, output, printed

GAN = "autograd/two_networks_in_turn"
ROOT = Path(__file__).parents[3]


def path(momentum, clear, steps=6, lr=0.0625):
    """Where `w` is after each step down (2w - 6)², from 1."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr, momentum=momentum)
    seen = []
    for _ in range(steps):
        ((2 * w - 6) ** 2).backward()
        optimizer.step()
        seen.append(w.item())
        if clear:
            optimizer.zero_grad()
    return seen


# The four runs


@pytest.fixture(scope="module")
def curves():
    file = ROOT / "recorded/figures/autograd/forgetting_can_look_better.json"
    panels = json.loads(file.read_text())["axes"]
    return [[np.array(line[1::2]) for line in panel["lines"]] for panel in panels]


def test_with_a_good_lr_forgetting_ends_at_a_guess(curves):
    cleared, forgotten = curves[0]
    assert cleared[2:].min() > 85 and forgotten[-1] < 15 and forgotten[5:].max() < 30


def test_with_a_small_lr_forgetting_looks_better_and_stays_so(curves):
    cleared, forgotten = curves[1]
    assert (forgotten > cleared).all()
    assert forgotten[9:].min() > 85 and cleared.max() < 20


def digits():
    """The seven-segment digits of the page, in NumPy, from another seed."""
    lit = (
        "1110111 0010010 1011101 1011011 0111010 "
        "1101011 1101111 1010010 1111111 1111011"
    )
    shapes = np.array([[float(c) for c in word] for word in lit.split()])
    y = np.arange(1500) % 10
    return shapes[y] + 0.3 * np.random.default_rng(1).normal(size=(1500, 7)), y


def accuracy(lr, momentum, clear, epochs=15):
    x, y = (torch.tensor(a) for a in digits())
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(7, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    optimizer = torch.optim.SGD(model.parameters(), lr, momentum)
    for _ in range(epochs):
        for i in range(0, 1000, 100):
            part = slice(i, i + 100)
            nn.functional.cross_entropy(model(x[part]), y[part]).backward()
            optimizer.step()
            if clear:
                optimizer.zero_grad()
    return (model(x[1000:]).argmax(dim=1) == y[1000:]).double().mean().item()


def test_on_other_digits_and_weights_the_four_runs_end_alike():
    assert accuracy(0.1, 0.9, clear=True) > 0.8
    assert accuracy(0.1, 0.9, clear=False) < 0.3
    assert accuracy(0.01, 0.0, clear=False) > 0.8
    assert accuracy(0.01, 0.0, clear=True) < 0.5


def test_a_larger_lr_cures_the_slow_run():
    assert accuracy(0.1, 0.9, clear=True) > accuracy(0.01, 0.0, clear=True) + 0.3
    assert accuracy(0.5, 0.0, clear=True) > 0.8


def test_a_guess_gets_one_digit_in_ten():
    _, y = digits()
    assert np.bincount(y).tolist() == [150] * 10


# Momentum 1


def test_forgetting_is_momentum_one_to_the_last_bit():
    assert path(0.0, clear=False, steps=100) == path(1.0, clear=True, steps=100)


def test_it_is_so_for_a_network_too():
    ends = []
    for momentum, clear in ((0.0, False), (1.0, True)):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()
        x = torch.randn(8, 3, dtype=torch.float64)
        optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum)
        for _ in range(20):
            model(x).square().mean().backward()
            optimizer.step()
            if clear:
                optimizer.zero_grad()
        ends.append(torch.cat([p.detach().flatten() for p in model.parameters()]))
    torch.testing.assert_close(*ends, rtol=1e-12, atol=1e-14)


def test_with_weight_decay_forgetting_is_not_momentum_one():
    ends = []
    for momentum, clear in ((0.0, False), (1.0, True)):
        w = torch.tensor(1.0, requires_grad=True)
        options = {"momentum": momentum, "weight_decay": 0.5}
        optimizer = torch.optim.SGD([w], lr=0.0625, **options)
        for _ in range(4):
            ((2 * w - 6) ** 2).backward()
            optimizer.step()
            if clear:
                optimizer.zero_grad()
        ends.append(w.item())
    assert abs(ends[0] - ends[1]) > 0.1


@pytest.mark.parametrize("optimizer", [torch.optim.Adam, torch.optim.AdamW])
def test_adam_without_zero_grad_runs_far_past_the_answer(optimizer):
    furthest = {}
    for clear in (True, False):
        w = torch.tensor(1.0, requires_grad=True)
        one, seen = optimizer([w], lr=0.1), []
        for _ in range(60):
            ((2 * w - 6) ** 2).backward()
            one.step()
            seen.append(w.item())
            if clear:
                one.zero_grad()
        furthest[clear] = max(seen)
    assert furthest[True] < 3.6 and furthest[False] > 4.5


def test_grad_holds_the_sum_of_all_gradients_so_far():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.0625)
    total = 0.0
    for _ in range(6):
        total += 4 * (2 * w.item() - 6)
        ((2 * w - 6) ** 2).backward()
        assert w.grad.item() == total
        optimizer.step()


def pushes(momentum, steps):
    """How far each step moves where every gradient is 1 and lr is 1."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0, momentum=momentum)
    places = [0.0]
    for _ in range(steps):
        optimizer.zero_grad()
        w.backward()
        optimizer.step()
        places.append(w.item())
    return -np.diff(places)


def test_with_momentum_one_round_n_pushes_n_times_as_hard():
    assert pushes(1.0, 8).tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_with_momentum_nine_tenths_the_push_ends_at_ten_times():
    assert pushes(0.9, 200)[-1] == pytest.approx(10)


def test_momentum_one_never_slows_down_and_nine_tenths_does():
    wild, tame = (np.array(path(m, True, steps=400)) for m in (1.0, 0.9))
    assert abs(wild[-20:] - 3).max() > 1.8
    assert abs(tame[-20:] - 3).max() < 1e-3


def test_with_momentum_one_half_w_overshoots_less():
    seen = path(0.5, clear=True)
    assert max(seen) == 3.5 and seen[-1] == 3.0
    assert max(path(1.0, clear=True)) > 5


# Adding as a feature


def mean_gradient(x, y, w):
    """Of mean((xw - y)²), by hand."""
    return 2 * x.T @ (x @ w - y) / len(x)


@pytest.mark.parametrize("divide, factor", [(4, 1), (1, 4)])
def test_four_small_batches_give_the_large_one_if_each_loss_is_divided(divide, factor):
    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=(128, 8)), rng.normal(size=128), rng.normal(size=8)
    weight = torch.tensor(w, requires_grad=True)
    for i in range(0, 128, 32):
        part = slice(i, i + 32)
        loss = ((torch.tensor(x[part]) @ weight - torch.tensor(y[part])) ** 2).mean()
        (loss / divide).backward()
    by_hand = factor * mean_gradient(x, y, w)
    np.testing.assert_allclose(weight.grad, by_hand, rtol=1e-12)


def test_a_loss_that_is_a_sum_and_no_mean_needs_no_division():
    torch.manual_seed(0)
    model, loss = nn.Linear(3, 1), nn.MSELoss(reduction="sum")
    x, y = torch.randn(8, 3), torch.randn(8, 1)
    loss(model(x), y).backward()
    whole = model.weight.grad
    model.zero_grad()
    for part in zip(x.split(2), y.split(2), strict=True):
        loss(model(part[0]), part[1]).backward()
    assert torch.allclose(model.weight.grad, whole, atol=1e-5)


@pytest.mark.parametrize("norm, same", [(nn.Identity(), True), (None, False)])
def test_four_small_batches_differ_where_a_layer_mixes_the_examples(norm, same):
    found = []
    for size in (128, 32):
        torch.manual_seed(0)
        layers = nn.Linear(8, 4), norm or nn.BatchNorm1d(4), nn.Linear(4, 1)
        model = nn.Sequential(*layers)
        x, y = torch.randn(128, 8), torch.randn(128, 1)
        for i in range(0, 128, size):
            part = slice(i, i + size)
            loss = nn.functional.mse_loss(model(x[part]), y[part])
            (loss * size / 128).backward()
        found.append(model[0].weight.grad)
    assert torch.allclose(*found, atol=1e-6) == same


def test_a_weight_used_twice_gets_the_sum_of_both_slopes():
    w = torch.tensor(3.0, requires_grad=True)
    (w**2 + 5 * w).backward()
    assert w.grad.item() == 2 * 3 + 5


# Where to clear


def test_cleared_before_the_step_w_stays_and_there_is_no_error():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.0625, weight_decay=0.5, momentum=0.9)
    for _ in range(3):
        ((2 * w - 6) ** 2).backward()
        optimizer.zero_grad()
        optimizer.step()
    assert w.item() == 1


@pytest.mark.parametrize("inside", [True, False])
def test_a_closure_that_does_not_clear_adds_up_within_one_step(inside):
    w = torch.tensor([1.0, -1.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([w])
    calls = []

    def closure():
        if inside:
            optimizer.zero_grad()
        loss = (1 - w[0]) ** 2 + 10 * (w[1] - w[0] ** 2) ** 2
        loss.backward()
        calls.append(loss.item())
        return loss

    for _ in range(3):
        optimizer.zero_grad()
        optimizer.step(closure)
    assert len(calls) > 10
    assert torch.allclose(w, torch.ones(2), atol=1e-3) == inside


def test_with_two_optimizers_clearing_after_a_step_is_too_early():
    """The loss of the generator fills the gradients of D again, for the next round."""
    found = []
    for where in ("before backward", "after step"):
        torch.manual_seed(0)
        G, D = nn.Linear(1, 1), nn.Linear(1, 1)
        of_d = torch.optim.SGD(D.parameters(), lr=0.1)
        for _ in range(2):
            made = G(torch.ones(4, 1))
            if where == "before backward":
                of_d.zero_grad()
            (D(made.detach()) ** 2).mean().backward()
            of_d.step()
            if where == "after step":
                of_d.zero_grad()
            ((D(made) - 1) ** 2).mean().backward()
        found.append(D.weight.item())
    assert abs(found[0] - found[1]) > 1e-3


@pytest.fixture
def two_layers():
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    for p in model.parameters():
        nn.init.ones_(p)
    return model


def test_an_optimizer_clears_only_what_it_was_given(two_layers):
    optimizer = torch.optim.SGD(two_layers[1].parameters(), lr=0.0)
    for n in (1, 2, 3):
        two_layers(torch.ones(1, 1)).sum().backward()
        assert two_layers[0].weight.grad.item() == n
        assert two_layers[1].weight.grad.item() == 2
        optimizer.zero_grad()
    two_layers.zero_grad()
    assert all(p.grad is None for p in two_layers.parameters())


def test_the_heap_is_used_by_the_first_step_of_a_later_optimizer(two_layers):
    for _ in range(3):
        two_layers(torch.ones(1, 1)).sum().backward()
    torch.optim.SGD(two_layers[0].parameters(), lr=1.0).step()
    assert two_layers[0].weight.item() == 1 - 3


@pytest.mark.parametrize("first, gradient", [(True, 1), (False, 4)])
def test_an_optimizer_that_clears_first_does_not_use_the_heap(
    two_layers, first, gradient
):
    for _ in range(3):
        two_layers(torch.ones(1, 1)).sum().backward()
    optimizer = torch.optim.SGD(two_layers.parameters(), lr=1.0)
    if first:
        optimizer.zero_grad()
    two_layers(torch.ones(1, 1)).sum().backward()
    optimizer.step()
    assert two_layers[0].weight.item() == 1 - gradient


def test_the_heap_counts_where_the_gradients_of_the_model_are_clipped(two_layers):
    optimizer = torch.optim.SGD(two_layers[1].parameters(), lr=0.0)
    kept = []
    for _ in range(3):
        two_layers(torch.ones(1, 1)).sum().backward()
        nn.utils.clip_grad_norm_(two_layers.parameters(), max_norm=1.0)
        kept.append(two_layers[1].weight.grad.item())
        optimizer.zero_grad()
    assert kept[0] > kept[1] > kept[2]


def test_a_frozen_layer_collects_nothing(two_layers):
    two_layers[0].requires_grad_(False)
    two_layers(torch.ones(1, 1)).sum().backward()
    assert two_layers[0].weight.grad is None


# None


@pytest.mark.parametrize("to_none", [True, False])
def test_none_frees_the_memory_of_a_gradient_and_zero_keeps_it(to_none):
    w = torch.ones(1000, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    w.sum().backward()
    memory = weakref.ref(w.grad)
    optimizer.zero_grad(set_to_none=to_none)
    assert (memory() is None) == to_none
    assert w.grad is None if to_none else not w.grad.any()


def test_to_none_is_the_default():
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    w.sum().backward()
    optimizer.zero_grad()
    assert w.grad is None


@pytest.mark.parametrize("to_none, place", [(True, 0.5), (False, 0.25)])
def test_a_weight_without_part_stays_with_none_and_drifts_with_zero(to_none, place):
    w, b = (torch.tensor(1.0, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([w, b], lr=0.5, momentum=0.5)
    (w + b).backward()
    optimizer.step()
    assert b.item() == 1 - 0.5 * 1
    optimizer.zero_grad(set_to_none=to_none)
    (2 * w).backward()
    optimizer.step()
    assert b.item() == place  # 0.5 less lr times half of the last push, or less nothing


def test_a_cleared_gradient_cannot_be_read():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    w.sum().backward()
    torch.optim.SGD([w], lr=0.5).zero_grad()
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute"):
        w.grad.norm()


def test_clipping_after_the_gradients_are_cleared_says_zero_without_an_error():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    (w**2).sum().backward()
    torch.optim.SGD([w], lr=0.5).zero_grad()
    assert torch.nn.utils.clip_grad_norm_([w], 1.0) == 0


def test_cleared_at_the_start_it_can_be_read_until_the_next_round():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    norms = []
    for _ in range(2):
        optimizer.zero_grad()
        ((w**2).sum() / 2).backward()
        optimizer.step()
        norms.append(w.grad.norm().item())
    assert norms == [5, 2.5]


def test_before_backward_the_gradient_is_none_only_where_it_was_cleared():
    for clear in (True, False):
        w = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.0625)
        seen = []
        for _ in range(3):
            seen.append(w.grad is None)
            ((2 * w - 6) ** 2).backward()
            optimizer.step()
            if clear:
                optimizer.zero_grad()
        assert seen == [True, clear, clear]


def test_the_gradient_of_a_frozen_weight_is_none_though_none_was_cleared():
    model = nn.Sequential(nn.Linear(1, 1).requires_grad_(False), nn.Linear(1, 1))
    for _ in range(2):
        model(torch.ones(1, 1)).sum().backward()  # and no zero_grad()
    assert model[0].weight.grad is None and model[1].weight.grad is not None


# A GAN


def test_a_gan_that_learned_has_losses_of_guesses():
    """From another seed, with other samples; twice as many guesses in the loss of D."""
    first, _, last = printed(GAN).splitlines()
    assert first.endswith("made 0") and last.endswith("loss D 1.4 G 0.7, made 3")
    shown = output(GAN, {"manual_seed(0)": "manual_seed(1)", "3 + 0.5": "-2 + 0.5"})
    assert shown.splitlines()[-1].endswith("loss D 1.4 G 0.7, made -2")
    assert 2 * np.log(2) == pytest.approx(1.4, abs=0.05)


def test_without_detach_the_second_loss_finds_a_freed_graph():
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        output(GAN, {"made.detach()": "made"})


def test_detached_in_its_own_loss_a_generator_stays_as_it_is():
    changes = {"bce(D(made), real)": "bce(D(made.detach()), real)"}
    ends = [
        names_of(GAN, changes | {"range(501)": f"range({steps})"})["G"].state_dict()
        for steps in (1, 3)
    ]
    assert all(torch.equal(*pair) for pair in zip(*map(dict.values, ends), strict=True))


def test_the_table_says_which_loss_reaches_the_generator():
    lines = printed("autograd/who_gets_gradients").splitlines()
    reached = [line.split()[-1] for line in lines if line.startswith("  ")]
    assert reached == ["True", "True", "False", "True", "True", "False"]


def test_the_loss_of_a_generator_leaves_a_gradient_in_the_discriminator():
    names = names_of(GAN, {"range(501)": "range(1)"})
    assert all(p.grad.abs().sum() > 0 for p in names["D"].parameters())

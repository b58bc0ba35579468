"""The claims of docs/training/tune.md, with other seeds, rates and sizes."""

import json
import random
import statistics

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR

from harness.core.tree import HERE
from tests.claims_support import names_of, printed

THREE = "three_learning_rates"


def rows(name: str) -> list[str]:
    return printed(f"training/{name}").splitlines()


# The range test


@pytest.fixture(scope="module")
def range_test():
    found = names_of("training/loss_by_learning_rate", upto="fig, ax = ")
    return found["rates"], found["range_test"]


@pytest.mark.parametrize("seed", [0, 3])
def test_the_loss_stays_then_falls_then_explodes(range_test, seed):
    rates, test = range_test
    losses = np.array(test(seed))
    seen = np.array(rates[: len(losses)])
    assert 0.6 < losses[seen < 0.003].mean() < 0.8
    assert losses.min() < 0.35 and losses[-1] > 4 * losses.min()
    assert 0.1 < seen[losses.argmin()] < 3


def curves(name):
    """The lines of a recorded picture, as x and y of each."""
    file = HERE.recorded / f"figures/training/{name}.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    return [np.reshape(line, (-1, 2)).T for line in axes["lines"]]


def test_the_dashed_line_is_about_a_tenth_of_the_lowest():
    *seeds, (dashed, _) = curves("loss_by_learning_rate")
    assert len(seeds) == 3
    for seen, losses in seeds:
        lowest = seen[losses.argmin()]
        assert 0.7 < lowest < 1.3 and 0.1 < losses.min() < 0.22
        assert losses[-1] > 4 * losses.min()
        assert dashed == pytest.approx(0.1) == pytest.approx(lowest / 10, rel=0.3)


def test_the_pictured_losses_lie_where_its_description_says():
    small, good, large = np.reshape([y for _, y in curves(THREE)], (3, 3, 150))
    assert small.min() > 0.6
    assert good[:, -1].max() < 0.2
    assert 0.19 < large.min() and large.max() < 1.2
    assert (large[:, 20:].max(axis=1) > 0.9).all()
    assert (large[:, 20:].min(axis=1) < 0.3).all()


def test_a_tenth_is_better_than_the_lowest_and_than_a_hundredth():
    found = names_of("training/three_learning_rates", upto="fig, ax = ")
    for seed in (0, 5):
        last = {
            rate: np.mean(found["validation_losses"](rate, seed, steps=120)[-10:])
            for rate in (0.005, 0.05, 0.5)
        }
        assert last[0.05] == min(last.values())


def test_the_weights_are_back_and_a_shallow_copy_would_not_bring_them():
    found = names_of("training/learning_rate_range_test")
    state, before = found["model"].state_dict(), found["before"]
    assert all(torch.equal(state[name], before[name]) for name in before)
    shallow = {"copy.deepcopy(model.state_dict())": "model.state_dict()"}
    found = names_of("training/learning_rate_range_test", shallow)
    weight = found["model"][0].weight
    assert weight.data_ptr() == found["before"]["0.weight"].data_ptr()
    assert weight.abs().max() > before["0.weight"].abs().max() + 0.5  # destroyed


def test_averages_of_batch_norm_come_back_with_the_weights():
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    before = {name: t.clone() for name, t in model.state_dict().items()}
    model(torch.randn(8, 2) + 5)
    assert not torch.equal(model[1].running_mean, before["1.running_mean"])
    model.load_state_dict(before)
    assert torch.equal(model[1].running_mean, before["1.running_mean"])


def test_an_old_optimizer_moves_without_a_gradient_of_its_own():
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0, momentum=0.9)
    w.sum().backward()
    optimizer.step()
    with torch.no_grad():
        w.zero_()
    w.grad.zero_()
    optimizer.step()
    assert w.item() == pytest.approx(-0.9)


def test_the_old_optimizer_keeps_the_last_rate():
    found = names_of("training/learning_rate_range_test")
    assert found["optimizer"].param_groups[0]["lr"] > 10 * found["lowest"] / 10


def test_a_loss_that_never_quadruples_is_stopped_by_the_rate():
    found = names_of("training/learning_rate_range_test", {"> 4 *": "> 1e30 *"})
    assert 9 < max(found["losses"]) < 10


# OneCycleLR


@pytest.mark.parametrize("before", [0.0, 0.9])
def test_one_cycle_sets_the_momentum_unless_it_may_not(before):
    for given, wanted in ({}, 0.95), ({"cycle_momentum": False}, before):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1, momentum=before)
        OneCycleLR(optimizer, max_lr=1.0, total_steps=10, **given)
        assert optimizer.param_groups[0]["momentum"] == wanted
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
    assert optimizer.param_groups[0]["momentum"] == 0.95


def test_one_cycle_sets_the_first_beta_of_adam():
    optimizer = torch.optim.Adam([torch.zeros(1)])
    OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
    assert optimizer.param_groups[0]["betas"] == (0.95, 0.999)


def one_cycle(total, every=1, **settings):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = OneCycleLR(optimizer, max_lr=1.0, total_steps=total, **settings)
    rates = []
    for step in range(1, total + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step % every == 0 and step < total:
            scheduler.step()
    return rates, scheduler


@pytest.mark.parametrize("total", [20, 40, 1000])
def test_one_cycle_begins_at_a_25th_and_ends_near_zero(total):
    rates, _ = one_cycle(total)
    assert rates[0] == pytest.approx(1 / 25)
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert np.argmax(rates) == pytest.approx(0.3 * total - 1, abs=1)
    assert rates[-1] == pytest.approx(1 / 25 / 1e4)


@pytest.mark.parametrize("batches", [4, 10, 50])
def test_stepped_once_an_epoch_it_never_leaves_the_warm_up(batches):
    rates, _ = one_cycle(4 * batches, every=batches)
    assert len(set(rates)) == 4 and rates[-1] < 0.9
    assert rates == sorted(rates)


@pytest.mark.parametrize(("batches", "leaves"), [(2, True), (3, True), (4, False)])
def test_with_few_batches_it_leaves_the_warm_up(batches, leaves):
    rates, _ = one_cycle(10 * batches, every=batches)
    assert (rates != sorted(rates)) is leaves


def test_one_step_too_many_raises():
    _, scheduler = one_cycle(5)
    scheduler.step()  # as often as there are steps: still allowed
    with pytest.raises(ValueError, match="Tried to step 6 times. The specified number"):
        scheduler.step()


# Seeds


def test_the_worse_rate_can_win_with_one_seed():
    better, worse = (
        [float(number.strip("'[],")) for number in row.split()[1:]]
        for row in rows("luck_of_one_seed")
    )
    assert better == sorted(better) and worse == sorted(worse)
    assert statistics.median(better) < statistics.median(worse)
    assert worse[0] < better[-1]


def test_other_seeds_agree_which_rate_is_better():
    loss = names_of("training/luck_of_one_seed", upto="for rate in (0.05")[
        "validation_loss"
    ]
    better, worse = (
        [loss(rate, seed) for seed in range(10, 17)] for rate in (0.05, 0.2)
    )
    assert statistics.median(better) < statistics.median(worse)


def test_the_winner_of_the_halving_begins_to_overfit():
    found = names_of("training/successive_halving")
    [(model, optimizer)] = found["runs"].values()
    x, y, go_on = found["x"][:512], found["y"][:512], found["go_on"]
    before = nn.functional.cross_entropy(model(x), y).item()
    validation = go_on(model, optimizer, 0), go_on(model, optimizer, 80)
    assert nn.functional.cross_entropy(model(x), y).item() < before < 0.3
    assert validation[1] > validation[0]


# Search


def test_the_grid_has_three_rates_and_the_random_trials_nine():
    file = names_of("training/grid_or_random", upto="fig, axes = ")
    grid, randoms, loss = file["grid"], file["randoms"], file["validation_loss"]
    assert len(grid) == len(randoms) == 9
    assert len({rate for rate, _ in grid}) == 3
    assert len({rate for rate, _ in randoms}) == 9
    by_decay = [loss(0.1, decay) for decay in (1e-6, 1e-2)]
    by_rate = [loss(rate, 1e-4) for rate in (0.01, 0.1)]
    assert abs(by_decay[0] - by_decay[1]) < 0.1 * abs(by_rate[0] - by_rate[1])
    first, second = (float(row.split()[-1]) for row in rows("grid_or_random"))
    assert second < first


def test_a_uniform_draw_puts_nine_of_ten_above_a_tenth():
    draw = random.Random(0).uniform
    plain = [draw(0.001, 1) > 0.1 for _ in range(10_000)]
    logarithmic = [10 ** draw(-3, 0) > 0.1 for _ in range(10_000)]
    assert np.mean(plain) == pytest.approx(0.9, abs=0.02)
    assert np.mean(logarithmic) == pytest.approx(1 / 3, abs=0.02)


def test_each_round_of_halving_costs_as_much():
    kept, steps, cost = 16, 10, []
    for row in rows("successive_halving"):
        assert row.startswith(f"{kept} runs")
        assert len(row.split("kept ")[1].split()) == kept // 2
        cost.append(kept * steps)
        kept, steps = kept // 2, steps * 2
    assert cost == [160] * 4 and sum(cost) == 640
    assert kept == 1 and 3.5 < 16 * (10 + 20 + 40 + 80) / sum(cost) < 4


def test_a_small_rate_is_stopped_although_it_ends_well():
    """Two rates: at 10 steps the large one leads, at 300 the small one."""
    found = names_of("training/successive_halving", upto="draw = ")
    losses = {}
    for rate in (0.02, 0.5):
        run = found["new_run"](rate)
        losses[rate] = [found["go_on"](*run, steps) for steps in (10, 290)]
    assert losses[0.5][0] < losses[0.02][0]
    assert losses[0.5][1] > losses[0.02][1]


@pytest.mark.parametrize("seed", [0, 4])
def test_four_times_the_batch_and_the_rate_learn_as_much(seed):
    change = {
        "torch.manual_seed(0)\n    model": f"torch.manual_seed({seed})\n    model"
    }
    found = names_of("training/batch_and_rate_together", change, upto="for batch, rate")
    small, slow, scaled = (
        found["validation_loss"](*setting, epochs=10)
        for setting in ((32, 0.1), (128, 0.1), (128, 0.4))
    )
    assert abs(scaled - small) < 0.03 < slow - small


# The best of many


DEFAULT = 0.001


@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW])
def test_without_a_range_test_the_first_rate_is_the_default(kind):
    model = torch.nn.Linear(3, 2)
    assert kind(model.parameters()).param_groups[0]["lr"] == DEFAULT


def gaps(samples, models=20, seeds=30):
    """How much better than 0.5 the best of models that guess looks, each time."""
    found = []
    for seed in range(seeds):
        torch.manual_seed(seed)
        right = torch.randint(2, (models, samples)).float().mean(dim=1)
        found.append(right.max().item() - 0.5)
    return np.mean(found)


def test_the_best_of_twenty_flatters_itself_more_on_less_data():
    assert gaps(50) > 0.1 > 0.03 > gaps(2000) > 0
    assert gaps(50, models=200) > gaps(50)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_new_data_the_best_of_twenty_is_right_half_of_the_time(seed):
    change = {"torch.manual_seed(0)": f"torch.manual_seed({seed})"}
    found = names_of("training/best_of_twenty", change)
    assert max(found["scores"]) > 0.55
    test = found["accuracy"](found["best"], found["x_test"], found["y_test"])
    assert test == pytest.approx(0.5, abs=0.02)


def test_with_2000_samples_the_best_is_closer_to_one_half():
    few = float(rows("best_of_twenty")[1].split()[-1])
    more = names_of("training/best_of_twenty", {"randn(50, 10)": "randn(2_000, 10)"})
    assert 0.5 < max(more["scores"]) < 0.54 < few


def test_the_first_group_alone_does_not_raise_the_rate_of_the_others():
    groups = [{"params": [nn.Parameter(torch.ones(1))]} for _ in range(2)]
    optimizer = torch.optim.SGD(groups, lr=1e-4)
    optimizer.param_groups[0]["lr"] = 1.0
    assert [group["lr"] for group in optimizer.param_groups] == [1.0, 1e-4]
    for group in optimizer.param_groups:
        group["lr"] = 1.0
        group["params"][0].sum().backward()
    optimizer.step()
    assert [group["params"][0].item() for group in groups] == [0, 0]


def test_one_cycle_gives_one_rate_to_all_groups_or_a_list_of_rates():
    def rates(max_lr):
        groups = [{"params": [nn.Parameter(torch.ones(1))], "lr": r} for r in (1e-5, 1)]
        optimizer = torch.optim.SGD(groups)
        scheduler = OneCycleLR(optimizer, max_lr=max_lr, total_steps=10)
        seen = []
        for _ in range(10):
            seen.append([group["lr"] for group in optimizer.param_groups])
            optimizer.step()
            scheduler.step() if len(seen) < 10 else None
        return [max(each) for each in zip(*seen, strict=True)]

    assert rates(1) == pytest.approx([1, 1])
    assert rates([1e-5, 1]) == pytest.approx([1e-5, 1])

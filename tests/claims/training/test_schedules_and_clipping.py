"""The claims of the page on schedules and clipping: formulas, NumPy and Keras."""

import copy
import inspect
import math
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import lr_scheduler as schedules
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from tests.claims_support import KERAS, keras, layers, names_of

pytestmark = KERAS


def sgd(lr=1.0, size=1):
    w = torch.zeros(size, requires_grad=True)
    return w, torch.optim.SGD([w], lr=lr)


def rates_of(make, epochs=40):
    """The learning rate that the optimizer holds in each epoch."""
    _, optimizer = sgd()
    scheduler = make(optimizer)
    rates = []
    for _ in range(epochs + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(rates)


EPOCHS = np.arange(41)


# Schedules


def test_step_lr_multiplies_by_gamma_after_every_step_size_epochs():
    rates = rates_of(lambda o: schedules.StepLR(o, 10, gamma=0.5))
    np.testing.assert_array_equal(rates, 0.5 ** (EPOCHS // 10))


def test_exponential_lr_multiplies_by_gamma_every_epoch():
    rates = rates_of(lambda o: schedules.ExponentialLR(o, 0.93))
    np.testing.assert_allclose(rates, 0.93**EPOCHS, rtol=1e-12)


def test_cosine_annealing_is_half_a_cosine():
    rates = rates_of(lambda o: schedules.CosineAnnealingLR(o, 40))
    expected = (1 + np.cos(np.pi * EPOCHS / 40)) / 2
    np.testing.assert_allclose(rates, expected, atol=1e-12)
    assert rates[0] == 1 and rates[-1] == pytest.approx(0, abs=1e-12)


def test_warm_up_starts_at_a_tenth_and_hands_over_at_epoch_five():
    def make(o):
        up = schedules.LinearLR(o, start_factor=0.1, total_iters=5)
        down = schedules.CosineAnnealingLR(o, T_max=35)
        return schedules.SequentialLR(o, [up, down], milestones=[5])

    rates = rates_of(make)
    np.testing.assert_allclose(rates[:6], np.linspace(0.1, 1, 6), rtol=1e-12)
    cosine = (1 + np.cos(np.pi * np.arange(36) / 35)) / 2
    np.testing.assert_allclose(rates[5:], cosine, atol=1e-12)


def test_the_optimizer_reads_the_rate_and_knows_nothing_of_the_scheduler():
    w, optimizer = sgd()
    optimizer.param_groups[0]["lr"] = 0.25  # by hand, as a scheduler would
    w.sum().backward()
    optimizer.step()
    assert w.item() == -0.25


def test_a_scheduler_counts_its_own_calls_so_lengths_may_be_in_batches():
    _, optimizer = sgd()
    scheduler = schedules.StepLR(optimizer, step_size=4, gamma=0.5)
    for _epoch in range(2):
        for _batch in range(4):
            optimizer.step()
            scheduler.step()
    assert optimizer.param_groups[0]["lr"] == 0.25


def plateau_rates(losses, **settings):
    _, optimizer = sgd()
    scheduler = schedules.ReduceLROnPlateau(optimizer, **settings)
    rates = []
    for loss in losses:
        scheduler.step(loss)
        rates.append(scheduler.get_last_lr()[0])
    return rates


def test_plateau_forgives_patience_epochs_in_a_row_and_then_multiplies():
    losses = [8.0, 4.0, 4.0, 4.0, 2.0, 3.0, 3.0]
    one = plateau_rates(losses, factor=0.5, patience=1)
    assert one == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    assert plateau_rates([4.0, 4.0], factor=0.5, patience=0) == [1, 0.5]
    apart = plateau_rates([4.0, 5.0, 3.0, 5.0, 2.0], factor=0.5, patience=1)
    assert apart == [1] * 5


PERCENT = 0.01


@pytest.mark.parametrize("share, best", [(0.5, False), (2, True)])
def test_plateau_asks_for_a_hundredth_of_a_percent(share, best):
    less = 1 - share * PERCENT / 100
    rates = plateau_rates([8.0, 8.0 * less], factor=0.5, patience=0)
    assert rates == [1, 1 if best else 0.5]


def test_below_zero_an_equal_loss_counts_as_a_new_best_unless_the_mode_is_abs():
    losses = [-10.0] * 4
    assert plateau_rates(losses, factor=0.5, patience=0) == [1] * 4
    absolute = plateau_rates(losses, factor=0.5, patience=2, threshold_mode="abs")
    assert absolute == [1, 1, 1, 0.5]


@pytest.mark.parametrize("patience", [0, 2])
def test_an_accuracy_that_rises_lowers_the_rate_unless_the_mode_is_max(patience):
    rising = [0.1, 0.11, 0.3, 0.31, 0.9]
    settings = {"factor": 0.5, "patience": patience}
    assert plateau_rates(rising, mode="max", **settings) == [1] * 5
    low = plateau_rates(rising, **settings)
    assert low == plateau_rates(rising, mode="min", **settings)
    assert low[patience] == 1 and low[patience + 1] == 0.5 and low[-1] < 1
    assert plateau_rates(rising[::-1], mode="max", **settings) == low


def test_one_cycle_writes_the_momentum_too():
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.5)
    schedules.OneCycleLR(optimizer, max_lr=0.1, total_steps=9)
    assert optimizer.param_groups[0]["momentum"] == 0.95


def test_after_t_max_the_cosine_rises_again():
    rates = rates_of(lambda o: schedules.CosineAnnealingLR(o, 20))
    assert rates[20] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(rates[20:], rates[20::-1], atol=1e-12)


@pytest.mark.parametrize(("length", "least"), [(4, 0.0), (3, 0.1), (7, 0.0)])
def test_the_cosine_is_least_at_t_max_and_back_at_the_top_at_twice(length, least):
    rates = rates_of(lambda o: schedules.CosineAnnealingLR(o, length, least))
    assert rates[length] == pytest.approx(least, abs=1e-9) == min(rates[: length + 2])
    assert rates[2 * length] == pytest.approx(1)
    assert rates[length + 1] > rates[length]


def test_cosine_of_keras_is_the_same_schedule():
    cosine = keras.optimizers.schedules.CosineDecay(1.0, 40)
    rates = rates_of(lambda o: schedules.CosineAnnealingLR(o, 40))
    np.testing.assert_allclose([float(cosine(n)) for n in EPOCHS], rates, atol=1e-6)


def test_a_staircase_of_keras_is_the_same_schedule():
    stairs = keras.optimizers.schedules.ExponentialDecay(1.0, 10, 0.5, staircase=True)
    rates = rates_of(lambda o: schedules.StepLR(o, 10, gamma=0.5))
    np.testing.assert_allclose([float(stairs(n)) for n in EPOCHS], rates, atol=1e-6)


def test_piecewise_decay_of_keras_changes_one_step_later():
    piecewise = keras.optimizers.schedules.PiecewiseConstantDecay([10], [1.0, 0.5])
    rates = rates_of(lambda o: schedules.MultiStepLR(o, [10], gamma=0.5))
    kept = np.array([float(piecewise(n)) for n in EPOCHS])
    assert np.flatnonzero(kept != rates).tolist() == [10]


# Clipping


def with_gradients(*gradients):
    weights = []
    for gradient in gradients:
        w = torch.zeros(len(gradient), requires_grad=True)
        (torch.tensor(gradient) * w).sum().backward()
        weights.append(w)
    return weights


def test_clipping_by_norm_takes_all_gradients_as_one_vector():
    gradients = [[3.0, 4.0], [12.0]]
    weights = with_gradients(*gradients)
    norm = clip_grad_norm_(weights, max_norm=2.0)
    flat = np.concatenate(gradients)
    assert norm.item() == np.linalg.norm(flat) == 13
    clipped = np.concatenate([w.grad.numpy() for w in weights])
    np.testing.assert_allclose(clipped, flat * 2 / 13, rtol=1e-6)


def test_a_norm_below_the_limit_changes_nothing():
    (w,) = with_gradients([3.0, 4.0])
    assert clip_grad_norm_([w], max_norm=6.0) == 5
    assert w.grad.tolist() == [3, 4]


def test_a_norm_at_the_limit_still_shrinks_a_little():
    at, below = with_gradients([3.0, 4.0], [3.0, 4.0])
    clip_grad_norm_([at], max_norm=5.0)
    assert at.grad.tolist() != [3, 4] and at.grad[1] == pytest.approx(4, rel=1e-6)
    clip_grad_norm_([below], max_norm=5.000002)
    assert below.grad.tolist() == [3, 4]
    (rounded,) = with_gradients([63203.32421875])  # 0.0009 smaller, and yet
    clip_grad_norm_([rounded], max_norm=63203.32516743867)
    assert rounded.grad.item() != 63203.32421875


@pytest.mark.parametrize("broken", [math.inf, math.nan])
def test_clipping_cannot_repair_what_is_not_finite(broken):
    (w,) = with_gradients([3.0, 4.0])
    w.grad[0] = broken
    with pytest.raises(RuntimeError, match="is non-finite"):
        clip_grad_norm_([w], 1.0, error_if_nonfinite=True)
    assert w.grad[1] == 4
    assert not clip_grad_norm_([w], 1.0).isfinite()
    assert w.grad[0].isnan()


@pytest.mark.parametrize("strict", [False, True])
def test_a_scaler_skips_an_infinite_step_unless_an_error_comes_first(strict):
    w, optimizer = sgd()
    scaler = torch.amp.GradScaler("cpu")
    scaler.scale((w.half() * 9).sum()).backward()  # 9 * 65536 overflows
    scaler.unscale_(optimizer)
    if strict:
        with pytest.raises(RuntimeError, match="is non-finite"):
            clip_grad_norm_([w], 1.0, error_if_nonfinite=True)
        return
    assert not clip_grad_norm_([w], 1.0).isfinite()
    scaler.step(optimizer)
    scaler.update()
    assert w.item() == 0 and scaler.get_scale() == 2**15


def test_clipping_by_value_cuts_each_number_and_turns_the_gradient():
    by_norm, by_value = with_gradients([3.0, 4.0], [3.0, 4.0])
    clip_grad_norm_([by_norm], 2.0)
    clip_grad_value_([by_value], 2.0)
    assert by_value.grad.tolist() == [2, 2] == np.clip([3, 4], -2, 2).tolist()
    np.testing.assert_allclose(by_norm.grad.numpy(), [1.2, 1.6], rtol=1e-6)


def test_clipping_by_value_keeps_some_directions_and_repairs_infinity():
    equal, infinite = with_gradients([3.0, 3.0], [math.inf, -5.0])
    clip_grad_value_([equal, infinite], 2.0)
    assert equal.grad.tolist() == [2, 2]
    assert infinite.grad.tolist() == [2, -2]


def test_clipping_before_backward_stays_without_effect():
    w, optimizer = sgd(size=2)
    loss = (torch.tensor([3.0, 4.0]) * w).sum()
    assert clip_grad_norm_([w], 1.0) == 0
    loss.backward()
    optimizer.step()
    assert w.tolist() == [-3, -4]


def test_clipping_after_step_stays_without_effect_on_the_weights():
    w, optimizer = sgd(size=2)
    (torch.tensor([3.0, 4.0]) * w).sum().backward()
    optimizer.step()
    clip_grad_norm_([w], 1.0)
    assert w.tolist() == [-3, -4]


def test_after_the_first_round_the_norm_hides_a_clip_before_backward():
    w, optimizer = sgd(size=2)
    norms = []
    for _ in range(3):
        loss = (torch.tensor([3.0, 4.0]) * w).sum()
        norms.append(clip_grad_norm_([w], 1.0).item())  # of the round before
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert norms == [0, 5, 5] and w.tolist() == [-9, -12]


GRADIENTS = [np.array([3.0, 4.0], "float32"), np.array([12.0], "float32")]


def keras_step(**clip):
    optimizer = keras.optimizers.SGD(1.0, **clip)
    variables = [keras.Variable(np.zeros_like(g)) for g in GRADIENTS]
    gradients = [keras.ops.convert_to_tensor(g) for g in GRADIENTS]
    optimizer.apply(gradients, variables)
    return np.concatenate([v.numpy() for v in variables])


def test_clipping_by_norm_is_global_clipnorm_in_keras_and_not_clipnorm():
    weights = with_gradients(*[g.tolist() for g in GRADIENTS])
    optimizer = torch.optim.SGD(weights, lr=1.0)
    clip_grad_norm_(weights, 2.0)
    optimizer.step()
    ours = np.concatenate([w.detach().numpy() for w in weights])
    np.testing.assert_allclose(keras_step(global_clipnorm=2.0), ours, atol=1e-6)
    assert np.abs(keras_step(clipnorm=2.0) - ours).max() > 0.1
    np.testing.assert_allclose(keras_step(clipnorm=2.0), [-1.2, -1.6, -2], rtol=1e-6)


# Accumulation

torch.manual_seed(0)
X, Y = torch.randn(128, 3), torch.randn(128, 1)


def gradient(parts, divide=True, norm=False, sizes=None):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    if norm:
        model.insert(1, nn.BatchNorm1d(4))
    sizes = sizes or [128 // parts] * parts
    for xb, yb in zip(X.split(sizes), Y.split(sizes), strict=True):
        loss = nn.functional.mse_loss(model(xb), yb)
        (loss / parts if divide else loss).backward()
    return np.concatenate([p.grad.numpy().ravel() for p in model.parameters()])


def test_four_parts_give_the_gradient_of_the_whole():
    np.testing.assert_allclose(gradient(4), gradient(1), atol=1e-6)


def test_without_the_division_the_gradient_is_four_times_as_large():
    np.testing.assert_allclose(gradient(4, divide=False), 4 * gradient(1), atol=1e-6)


def test_parts_of_unlike_length_need_weights_of_their_own():
    uneven = gradient(4, sizes=[8, 8, 56, 56])
    assert np.abs(uneven - gradient(1)).max() > 1e-3


def test_parts_of_unlike_length_multiplied_by_their_share_give_the_whole():
    losses, w = [], torch.zeros(3, 1, requires_grad=True)
    for xb, yb in zip(X.split([8, 120]), Y.split([8, 120]), strict=True):
        losses.append((xb @ w - yb).square().mean() * len(xb) / 128)
    whole = (X @ w - Y).square().mean()
    torch.testing.assert_close(
        torch.autograd.grad(sum(losses), w), torch.autograd.grad(whole, w)
    )


def test_with_dropout_in_two_layers_the_two_ways_differ():
    model = nn.Sequential(nn.Dropout(), nn.Linear(3, 3), nn.Dropout())
    with torch.no_grad():
        torch.manual_seed(0)
        whole = model(X)
        torch.manual_seed(0)
        assert not torch.equal(torch.cat([model(part) for part in X.split(32)]), whole)


def test_batch_normalization_makes_the_two_ways_differ():
    assert np.abs(gradient(4, norm=True) - gradient(1, norm=True)).max() > 1e-3


@pytest.mark.parametrize("what", ["plain", "class weights", "ignore_index"])
def test_only_a_plain_cross_entropy_has_parts_that_count_alike(what):
    torch.manual_seed(0)
    labels = torch.randint(3, (128,))
    given = {"weight": torch.tensor([1.0, 2.0, 9.0])} if "weights" in what else {}
    if what == "ignore_index":
        labels[:20] = -100
    found = []
    for parts in (1, 4):
        w = torch.ones(3, 3, requires_grad=True)
        for xb, yb in zip(X.chunk(parts), labels.chunk(parts), strict=True):
            (nn.functional.cross_entropy(xb @ w, yb, **given) / parts).backward()
        found.append(w.grad)
    assert torch.allclose(*found, atol=1e-6) == (what == "plain")


@pytest.mark.parametrize("scale, warned", [(2.0**16, True), (8.0, False)])
def test_a_skipped_first_step_warns_although_the_order_is_right(scale, warned):
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = schedules.StepLR(optimizer, step_size=2)
    scaler = torch.amp.GradScaler("cpu", init_scale=scale)
    with torch.autocast("cpu", dtype=torch.float16):
        loss = model(torch.ones(4, 2)).sum()
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        scheduler.step()
    assert any("Detected call of" in str(w.message) for w in said) == warned


def keras_weights(batch, **settings):
    model = keras.Sequential([layers.Dense(1)])
    model.build((None, 3))
    model.set_weights([np.zeros((3, 1)), np.zeros(1)])
    model.compile(keras.optimizers.SGD(0.1, **settings), "mse")
    model.fit(X, Y, batch_size=batch, epochs=1, shuffle=False, verbose=0)
    return np.concatenate([w.ravel() for w in model.get_weights()])


def test_gradient_accumulation_steps_of_keras_arrives_at_the_same_weights():
    model = nn.Linear(3, 1)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for xb, yb in zip(X.split(32), Y.split(32), strict=True):
        (nn.functional.mse_loss(model(xb), yb) / 4).backward()
    optimizer.step()
    ours = np.concatenate([p.detach().numpy().ravel() for p in model.parameters()])
    parts = keras_weights(32, gradient_accumulation_steps=4)
    np.testing.assert_allclose(parts, ours, atol=1e-6)
    np.testing.assert_allclose(keras_weights(128), ours, atol=1e-6)


# Early stopping


@pytest.fixture(scope="module")
def overfit():
    """The losses of the page's model in each of 200 epochs."""
    longer = {"range(100)": "range(200)"}
    found = names_of("training/early_stop_curve", longer, upto="fig, ax = ")
    return found["train"], found["val"]


def test_the_training_loss_falls_while_the_validation_loss_turns(overfit):
    train, val = overfit
    assert (np.diff(train) < 0).all()
    assert np.argmin(val) == 23
    assert (np.diff(val[23:34]) > 0).all() and val[-1] > val[23] + 0.3


def test_ten_epochs_without_a_new_best_end_the_run_at_33(overfit):
    _, val = overfit
    best, best_epoch = math.inf, 0
    for epoch, loss in enumerate(val):
        if loss < best:
            best, best_epoch = loss, epoch
        if epoch - best_epoch == 10:
            break
    assert (epoch, best_epoch, round(best, 3)) == (33, 23, 1.377)


def test_when_every_loss_is_nan_the_first_weights_are_kept():
    broken = {"y_val = x_val[:, :1]": "y_val = torch.nan * x_val[:, :1]"}
    found = names_of("training/stop_early", broken)
    assert found["epoch"] == 10 and math.isinf(found["best"])
    assert all(torch.isfinite(p).all() for p in found["model"].parameters())


def test_state_dict_follows_the_training_and_a_deep_copy_does_not():
    model = nn.Linear(2, 1)
    shared, kept = model.state_dict(), copy.deepcopy(model.state_dict())
    with torch.no_grad():
        model.weight += 1
    assert torch.equal(shared["weight"], model.weight)
    assert torch.equal(kept["weight"] + 1, model.weight)


# Averaged weights


def averages(decay, rounds=10):
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)
    ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    seen = []
    for _ in range(rounds):
        loss = (model(torch.tensor([[2.0]])) - 6).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        ema.update_parameters(model)
        seen.append((model.weight.item(), ema(torch.ones(1, 1)).item()))
    return np.array(seen)


@pytest.mark.parametrize("decay", [0.75, 0.9])
def test_the_average_starts_as_a_copy_and_takes_one_share_of_each_new_w(decay):
    w, ema = averages(decay).T
    assert w.tolist() == [5, 1] * 5 and ema[0] == 5
    by_hand = [5.0]
    for value in w[1:]:
        by_hand.append(decay * by_hand[-1] + (1 - decay) * value)
    np.testing.assert_allclose(ema, by_hand, rtol=1e-6)


def test_the_average_settles_around_three():
    w, ema = averages(0.75, rounds=100)[-20:].T
    assert abs(ema.mean() - 3) < 0.01 and np.abs(ema - 3).max() < 0.3
    assert np.abs(w - 3).min() == 2  # so it moves much more


def test_the_average_has_an_eval_of_its_own():
    model = nn.Sequential(nn.Linear(1, 100), nn.Dropout())
    ema, x = AveragedModel(model), torch.ones(1, 1)
    model.eval()
    assert ema.training and not torch.equal(ema(x), ema(x))
    ema.eval()
    assert torch.equal(ema(x), ema(x))


def test_the_default_decay_averages_over_about_a_thousand_rounds():
    decay = inspect.signature(get_ema_multi_avg_fn).parameters["decay"].default
    assert decay == 0.999 and 1 / (1 - decay) == pytest.approx(1000)


def test_a_decay_of_0_9_swings_less_and_takes_longer_to_settle():
    slow, fast = averages(0.9, 100)[:, 1], averages(0.75, 100)[:, 1]
    assert round(slow[9], 1) == 3.6
    assert np.ptp(slow[-10:]) < np.ptp(fast[-10:])
    assert abs(slow[8:10].mean() - 3) > abs(fast[8:10].mean() - 3)


# Pitfalls


def test_the_scheduler_before_the_optimizer_warns_and_loses_the_first_rate():
    w, optimizer = sgd()
    scheduler = schedules.StepLR(optimizer, step_size=2, gamma=0.5)
    moves = []
    with pytest.warns(UserWarning, match=r"Detected call of `lr_scheduler.step\(\)`"):
        for _ in range(4):
            before = w.item()
            w.sum().backward()
            scheduler.step()
            optimizer.step()
            optimizer.zero_grad()
            moves.append(before - w.item())
    assert moves == [1, 0.5, 0.5, 0.25]  # in the right order 1 comes twice


def test_verbose_is_gone_and_get_last_lr_is_there():
    _, optimizer = sgd()
    with pytest.raises(TypeError, match="unexpected keyword argument 'verbose'"):
        schedules.ReduceLROnPlateau(optimizer, verbose=True)
    assert schedules.ReduceLROnPlateau(optimizer).get_last_lr() == [1.0]


def test_a_norm_of_zero_has_other_causes_such_as_a_used_up_generator():
    model = nn.Linear(2, 1)
    parameters = model.parameters()
    torch.optim.SGD(parameters, lr=0.1)
    model(torch.ones(1, 2)).sum().backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert clip_grad_norm_(parameters, 1.0) == 0


@pytest.mark.parametrize(("dtype", "moves"), [("bfloat16", False), ("float32", True)])
def test_an_average_of_bfloat16_weights_stands_still(dtype, moves):
    model = nn.Linear(1, 1, bias=False, dtype=getattr(torch, dtype))
    nn.init.ones_(model.weight)
    ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn())
    ema.update_parameters(model)
    nn.init.constant_(model.weight, 2.0)
    for _ in range(1000):
        ema.update_parameters(model)
    assert (ema.module.weight.item() > 1.5) == moves
    assert moves or ema.module.weight.item() == 1

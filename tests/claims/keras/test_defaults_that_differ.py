"""What each default that differs does to numbers, against formulas by hand."""

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader

from tests.claims_support import (
    KERAS,
    keras,
    layers,
    losses,
    ops,
    optimizers,
    printed,
)

pytestmark = KERAS


def built(layer, shape):
    layer.build(shape)
    return layer


def torch_steps(make, gradients: list[float]) -> float:
    w = nn.Parameter(torch.zeros(1))
    optimizer = make([w])
    for gradient in gradients:
        w.grad = torch.tensor([gradient])
        optimizer.step()
    return w.item()


def keras_steps(optimizer, gradients: list[float]) -> float:
    w = keras.Variable(np.zeros(1, dtype="float32"))
    for gradient in gradients:
        optimizer.apply([torch.tensor([gradient])], [w])
    return w.value.item()


def test_what_differs_by_default_is_no_row_too_many():
    for name in ("optimizer_defaults", "layer_defaults"):
        for line in printed(f"keras/{name}").splitlines()[1:]:
            *_, one, two = line.split()
            assert float(one) != float(two)
    rows = (
        len(printed("keras/optimizer_defaults").splitlines())
        + len(printed("keras/layer_defaults").splitlines())
        - 2
    )
    assert rows == 23


def test_no_learning_rate_is_further_apart_than_that_of_adadelta():
    apart = {}
    for line in printed("keras/optimizer_defaults").splitlines()[1:]:
        name, setting, ours, theirs = line.split()
        if setting == "learning_rate":
            apart[name] = abs(np.log(float(ours) / float(theirs)))
    assert max(apart, key=apart.get) == "Adadelta" and len(apart) > 5


def test_plain_sgd_steps_ten_times_as_far_in_keras():
    one, two = torch_steps(optim.SGD, [1.0]), keras_steps(optimizers.SGD(), [1.0])
    assert (one, two) == pytest.approx((-0.001, -0.01))


def test_the_first_step_of_rmsprop_is_the_rate_over_the_root_of_one_minus_decay():
    one = torch_steps(optim.RMSprop, [1.0])
    two = keras_steps(optimizers.RMSprop(), [1.0])
    assert one == pytest.approx(-0.01 / 0.01**0.5, rel=1e-4)
    assert two == pytest.approx(-0.001 / 0.1**0.5, rel=1e-4)


def test_the_first_step_of_adagrad_shows_where_its_sum_starts():
    one = torch_steps(optim.Adagrad, [1.0])
    two = keras_steps(optimizers.Adagrad(), [1.0])
    assert one == pytest.approx(-0.01)
    assert two == pytest.approx(-0.001 / 1.1**0.5, rel=1e-4)


def test_weight_decay_of_adamw_shrinks_a_weight_by_rate_times_decay():
    w = nn.Parameter(torch.ones(1))
    w.grad = torch.zeros(1)
    optim.AdamW([w], lr=1.0).step()
    v = keras.Variable(np.ones(1, dtype="float32"))
    optimizers.AdamW(1.0).apply([torch.zeros(1)], [v])
    assert w.item() == pytest.approx(1 - 0.01)
    assert v.value.item() == pytest.approx(1 - 0.004)


@pytest.mark.parametrize("gradient", [1e-8, 1e-7, 1e-6, 1e-3])
def test_the_first_step_of_adam_follows_where_epsilon_is_added(gradient):
    one = torch_steps(optim.Adam, [gradient])
    two = keras_steps(optimizers.Adam(), [gradient])
    assert one == pytest.approx(-0.001 * gradient / (gradient + 1e-8), rel=1e-4)
    acts = 1e-7 / (1 - 0.999) ** 0.5
    assert two == pytest.approx(-0.001 * gradient / (gradient + acts), rel=1e-4)
    assert abs(two) < abs(one)


def test_a_smaller_epsilon_brings_adam_of_keras_close():
    fixed = keras_steps(optimizers.Adam(epsilon=1e-8), [1e-6])
    ours = torch_steps(optim.Adam, [1e-6])
    plain = keras_steps(optimizers.Adam(), [1e-6])
    assert abs(fixed - ours) < abs(plain - ours) / 2
    closer = keras_steps(optimizers.Adam(epsilon=1e-10), [1e-6])
    assert closer == pytest.approx(ours, rel=0.02)


def test_an_epsilon_that_matches_the_first_step_does_not_match_the_second():
    eps = 1e-7 / (1 - 0.999) ** 0.5
    ours = [torch_steps(lambda p: optim.Adam(p, eps=eps), [1e-6] * n) for n in (1, 9)]
    theirs = [keras_steps(optimizers.Adam(), [1e-6] * n) for n in (1, 9)]
    assert theirs[0] == pytest.approx(ours[0], rel=1e-4)
    assert theirs[1] != pytest.approx(ours[1], rel=0.05)


@pytest.mark.parametrize("size", [1e-8, 1e-5, 1.0])
def test_an_epsilon_too_small_to_matter_brings_adam_and_rmsprop_together(size):
    gradients = [size * part for part in (1, 0.5, -0.7, 0, 0.9, -1, 0.6, 0.8, 0.5)]
    ours = torch_steps(lambda p: optim.Adam(p, eps=1e-15), gradients)
    theirs = keras_steps(optimizers.Adam(epsilon=1e-15), gradients)
    assert theirs == pytest.approx(ours, rel=1e-4)
    ours = torch_steps(lambda p: optim.RMSprop(p, 0.01, 0.9, 1e-15), gradients)
    theirs = keras_steps(optimizers.RMSprop(0.01, epsilon=1e-30), gradients)
    assert theirs == pytest.approx(ours, rel=1e-4)


def test_no_other_optimizer_is_in_both_libraries():
    shown = {
        line.split()[0] for line in printed("keras/optimizer_defaults").splitlines()[1:]
    }
    its_name = {"NAdam": "Nadam"}
    ours = [name for name in dir(optim) if name[0].isupper()]
    both = {name for name in ours if hasattr(optimizers, its_name.get(name, name))}
    assert both - shown <= {"Optimizer", "Muon"}


def test_only_ops_gelu_of_keras_is_the_approximation():
    x = torch.tensor([1.0])
    exact, near = F.gelu(x), F.gelu(x, approximate="tanh")
    assert not torch.equal(exact, near)
    assert torch.allclose(ops.gelu(x), near) and not torch.allclose(ops.gelu(x), exact)
    for one in (keras.activations.gelu, layers.Activation("gelu")):
        torch.testing.assert_close(one(x), exact)


def test_gelu_is_not_the_only_activation_that_differs():
    names = {"silu": "silu", "elu": "elu", "selu": "selu"}
    names |= {"hard_sigmoid": "hardsigmoid", "softplus": "softplus"}
    names |= {"gelu": "gelu", "leaky_relu": "leaky_relu"}
    x = torch.linspace(-4, 4, 41)
    differ = set()
    for its, name in names.items():
        if not torch.allclose(getattr(ops, its)(x), getattr(F, name)(x), atol=1e-5):
            differ.add(its)
    assert differ == {"gelu", "leaky_relu"}


def test_only_a_frozen_batch_norm_of_keras_keeps_its_running_mean():
    x = torch.randn(8, 2) + 5
    ours, theirs = nn.BatchNorm1d(2), built(layers.BatchNormalization(), (None, 2))
    ours.requires_grad_(False)
    theirs.trainable = False
    ours(x)
    theirs(x, training=True)
    assert ours.running_mean.min() > 0.3 and not theirs.moving_mean.value.any()
    kept = ours.running_mean.clone()
    ours.eval()(x)
    assert torch.equal(kept, ours.running_mean)


def test_momentum_of_batch_norm_is_the_share_of_the_new_or_of_the_old_mean():
    x = torch.tensor([[9.0], [11.0]])
    for steps in (1, 10):
        ours, theirs = nn.BatchNorm1d(1), layers.BatchNormalization()
        matched = layers.BatchNormalization(momentum=0.9)
        for _ in range(steps):
            ours(x)
            theirs(x, training=True)
            matched(x, training=True)
        assert ours.running_mean.item() == pytest.approx(10 * (1 - 0.9**steps))
        mean = theirs.moving_mean.value.item()
        assert mean == pytest.approx(10 * (1 - 0.99**steps), rel=1e-4)
        same = matched.moving_mean.value.item()
        assert same == pytest.approx(ours.running_mean.item(), rel=1e-5)
        if steps == 10:
            assert (
                f"Keras:   {mean:.2f}"
                in printed("keras/running_mean_after_ten").splitlines()
            )
            assert f"{same:.2f}" == f"{ours.running_mean.item():.2f}" == "6.51"


def test_until_the_mean_arrives_training_looks_good_and_prediction_bad():
    x = torch.randn(64, 1) * 3 + 10
    y = (x - x.mean()) / x.std(correction=0)
    layer = layers.BatchNormalization()
    for _ in range(10):
        training = F.mse_loss(layer(x, training=True), y)
    assert training.item() < 0.01 < 10 < F.mse_loss(layer(x), y).item()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (nn.LayerNorm(2), lambda: layers.LayerNormalization()),
        (nn.GroupNorm(1, 2), lambda: layers.GroupNormalization(groups=1)),
    ],
)
def test_epsilon_of_a_norm_matters_where_the_spread_is_small(ours, theirs):
    x = torch.tensor([[-0.01, 0.01]])
    variance = 0.01**2
    one, two = ours(x)[0, 1].item(), theirs()(x)[0, 1].item()
    assert one == pytest.approx(0.01 / (variance + 1e-5) ** 0.5, rel=1e-3)
    assert two == pytest.approx(0.01 / (variance + 1e-3) ** 0.5, rel=1e-3)


def test_a_leaky_relu_leaks_thirty_times_as_much_in_keras():
    x = torch.tensor([-1.0])
    assert nn.LeakyReLU()(x).item() == pytest.approx(-0.01)
    assert layers.LeakyReLU()(x).item() == pytest.approx(-0.3)


@pytest.mark.parametrize(("inputs", "outputs"), [(300, 200), (50, 700)])
def test_starting_matrices_are_even_within_the_bounds_that_the_page_names(
    inputs, outputs
):
    keras.utils.set_random_seed(0)
    ours = nn.Linear(inputs, outputs)
    theirs = built(layers.Dense(outputs), (None, inputs))
    bounds = (1 / inputs) ** 0.5, (6 / (inputs + outputs)) ** 0.5
    for weight, bound in zip((ours.weight, theirs.kernel.value), bounds, strict=True):
        assert 0.99 * bound < weight.abs().max().item() <= bound * (1 + 1e-6)
        assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.03)
    assert ours.bias.std().item() == pytest.approx(bounds[0] / 3**0.5, rel=0.15)
    assert not theirs.bias.value.any()


def test_convolutions_follow_the_same_two_rules():
    keras.utils.set_random_seed(0)
    ours = nn.Conv2d(3, 32, 3)
    theirs = built(layers.Conv2D(32, 3), (None, 8, 8, 3))
    bounds = (1 / 27) ** 0.5, (6 / (27 + 32 * 9)) ** 0.5
    for weight, bound in zip((ours.weight, theirs.kernel.value), bounds, strict=True):
        assert 0.98 * bound < weight.abs().max().item() <= bound * (1 + 1e-6)


def test_embeddings_start_from_the_normal_and_from_an_even_distribution():
    keras.utils.set_random_seed(0)
    ours = nn.Embedding(1000, 64).weight
    theirs = built(layers.Embedding(1000, 64), (None,)).embeddings.value
    assert ours.std().item() == pytest.approx(1, rel=0.03)
    assert ours.abs().max().item() > 3
    assert theirs.std().item() == pytest.approx(0.05 / 3**0.5, rel=0.03)
    assert theirs.abs().max().item() <= 0.05


@pytest.mark.parametrize("units", [4, 50])
def test_an_lstm_of_keras_starts_orthogonal_with_a_forget_bias_of_one(units):
    ours = nn.LSTM(3, units)
    bound = (1 / units) ** 0.5
    for weight in ours.parameters():
        assert 0.5 * bound < weight.abs().max().item() <= bound * (1 + 1e-6)
    cell = built(layers.LSTM(units), (None, 5, 3)).cell
    recurrent = cell.recurrent_kernel.value.detach()  # (units, 4 * units)
    assert torch.allclose(recurrent @ recurrent.T, torch.eye(units), atol=1e-5)
    ones = [0.0] * units + [1.0] * units + [0.0] * 2 * units
    assert cell.bias.value.tolist() == ones


def test_only_torch_expects_the_steps_before_the_batch():
    x = torch.zeros(2, 5, 3)
    for kind in (nn.LSTM, nn.GRU):
        assert (
            kind(3, 4)(x)[1][0].shape[-2:]
            != kind(3, 4, batch_first=True)(x)[1][0].shape[-2:]
        )
    assert inspect.signature(nn.MultiheadAttention).parameters[
        "batch_first"
    ].default is (False)
    assert tuple(layers.LSTM(4)(x).shape) == tuple(layers.GRU(4)(x).shape) == (2, 4)


def test_keras_takes_logits_for_probabilities_unless_told():
    logits, labels = torch.tensor([[2.0, 1.0]]), torch.tensor([0])
    silent = losses.SparseCategoricalCrossentropy()(labels, logits)
    told = losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
    assert silent.item() == pytest.approx(-np.log(2 / 3), rel=1e-5)
    assert told.item() == pytest.approx(F.cross_entropy(logits, labels).item())


@pytest.mark.parametrize("count", [2, 4, 9])
def test_variance_and_std_divide_by_n_minus_one_or_by_n(count):
    x = torch.randn(count)
    for name, power in (("var", 1.0), ("std", 0.5)):
        one, two = getattr(torch, name)(x).item(), getattr(ops, name)(x).item()
        assert two / one == pytest.approx(((count - 1) / count) ** power, rel=1e-4)


def test_a_loader_gives_single_samples_in_order_and_fit_shuffles_batches_of_32():
    x = torch.arange(64.0).reshape(-1, 1)
    assert [batch.item() for batch in DataLoader(x)] == list(range(64))
    seen = []

    class Look(keras.Model):
        def train_step(self, data):
            seen.append(data[0].flatten().tolist())
            return {}

        def call(self, x):
            return x

    model = Look()
    model.compile()
    keras.utils.set_random_seed(0)
    model.fit(x, x, verbose=0)
    assert [len(batch) for batch in seen] == [32, 32]
    assert sum(seen, []) != list(range(64))
    assert sorted(sum(seen, [])) == list(range(64))


def test_precision_of_matrices_can_be_lowered_and_keras_leaves_it():
    assert torch.get_float32_matmul_precision() == "highest"
    try:
        torch.set_float32_matmul_precision("high")
        assert torch.backends.cuda.matmul.allow_tf32
    finally:
        torch.set_float32_matmul_precision("highest")
    assert not torch.backends.cuda.matmul.allow_tf32
    assert torch.backends.cudnn.allow_tf32


def test_on_a_cpu_matrices_keep_full_precision_unless_told():
    assert torch.backends.mkldnn.matmul.fp32_precision in ("none", "ieee")
    assert hasattr(torch.backends.mkldnn, "allow_tf32")


@pytest.mark.parametrize("bad", [float("inf"), float("nan")])
@pytest.mark.parametrize("grows", [2, 3])
def test_two_loss_scales_skip_halve_and_grow_alike(bad, grows):
    w, v = nn.Parameter(torch.zeros(1)), keras.Variable(np.zeros(1, dtype="float32"))
    ours = torch.amp.GradScaler("cpu", init_scale=64.0, growth_interval=grows)
    inner, rate = optimizers.SGD(0.1), optim.SGD([w], 0.1)
    theirs = optimizers.LossScaleOptimizer(inner, 64.0, dynamic_growth_steps=grows)
    theirs.build([v])
    for gradient in (1.0, bad, 1.0, 2.0, 0.5, bad, bad, 1.0):
        before, scale = w.item(), ours.get_scale()
        rate.zero_grad()
        ours.scale(w.sum() * gradient).backward()
        ours.step(rate)
        ours.update()
        scaled = theirs.scale_loss(torch.tensor([gradient]))
        theirs.apply([scaled], [v])
        assert v.value.item() == pytest.approx(w.item())
        assert float(theirs.dynamic_scale.value) == ours.get_scale()
        if gradient is bad:
            assert w.item() == before and ours.get_scale() == scale / 2
    assert torch.amp.GradScaler("cpu").get_scale() == 2**16
    assert optimizers.LossScaleOptimizer(optimizers.SGD()).initial_scale == 2**15


def test_only_the_policy_of_float16_scales_the_loss():
    before, scales = keras.config.dtype_policy(), {}
    for policy in ("mixed_float16", "mixed_bfloat16", "float32"):
        keras.config.set_dtype_policy(policy)
        try:
            model = keras.Sequential([layers.Dense(2)])
            model.compile("sgd", "mse")
        finally:
            keras.config.set_dtype_policy(before)
        scales[policy] = isinstance(model.optimizer, optimizers.LossScaleOptimizer)
    assert scales == {"mixed_float16": True, "mixed_bfloat16": False, "float32": False}


def test_an_l2_penalty_pulls_twice_as_hard_as_the_same_weight_decay():
    w = nn.Parameter(torch.full((1,), 3.0))
    w.grad = torch.zeros(1)
    optim.SGD([w], lr=1.0, weight_decay=0.1).step()
    v = keras.Variable(np.full(1, 3, dtype="float32"))
    keras.regularizers.L2(0.1)(v).backward()
    assert 3 - w.item() == pytest.approx(0.1 * 3)
    assert v.value.grad.item() == pytest.approx(2 * 0.1 * 3)


@pytest.mark.parametrize("of_bias", [False, True])
def test_the_bias_needs_a_penalty_of_its_own_to_shrink_as_by_weight_decay(of_bias):
    half = keras.regularizers.L2(0.05)
    options = {"bias_regularizer": half} if of_bias else {}
    dense = layers.Dense(2, kernel_regularizer=half, **options)
    model = keras.Sequential([keras.Input((3,)), dense])
    linear, x, y = nn.Linear(3, 2), torch.ones(4, 3), torch.full((4, 2), 5.0)
    model.set_weights([linear.weight.detach().T, linear.bias.detach()])
    model.compile(optimizers.SGD(0.1), "mse")
    model.fit(x, y, epochs=20, verbose=0)
    optimizer = optim.SGD(linear.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.mse_loss(linear(x), y).backward()
        optimizer.step()
    gap = (linear.bias - dense.bias.value).abs().max().item()
    assert (gap < 1e-5) == of_bias
    assert of_bias or gap > 0.01


def test_weight_decay_shrinks_a_batch_norm_and_keras_penalizes_what_is_named():
    norm = nn.BatchNorm1d(2)
    for one in norm.parameters():
        one.grad = torch.zeros(2)
    nn.init.constant_(norm.bias, 1)
    optim.SGD(norm.parameters(), lr=1.0, weight_decay=0.1).step()
    assert torch.allclose(torch.cat([*norm.parameters()]), torch.tensor(0.9))
    half = keras.regularizers.L2(0.05)
    named = {"gamma_regularizer": half, "beta_regularizer": half}
    for options in ({}, named):
        model = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
        model.add(layers.BatchNormalization(**options))
        assert len(model.losses) == len(options)


def test_the_first_epsilon_of_adafactor_has_another_name_and_size():
    ours = inspect.signature(torch.optim.Adafactor).parameters["eps"].default
    theirs = inspect.signature(optimizers.Adafactor).parameters
    assert ours == (None, theirs["epsilon_2"].default)
    assert theirs["epsilon_1"].default == 1e-30 and "epsilon" not in theirs
    unit = torch.finfo(torch.float32).eps
    steps = [
        torch_steps(lambda p, how=how: optim.Adafactor(p, **how), [1e-9] * 3)
        for how in ({}, {"eps": (unit, 1e-3)}, {"eps": (1e-30, 1e-3)})
    ]
    assert steps[0] == steps[1] != steps[2]


@pytest.mark.parametrize("size, agree", [(1e-10, True), (1e-16, False)])
def test_an_epsilon_of_1e_15_matters_only_to_gradients_near_it(size, agree):
    ours = torch_steps(lambda p: optim.Adam(p, eps=1e-15), [size] * 3)
    theirs = keras_steps(optimizers.Adam(epsilon=1e-15), [size] * 3)
    assert (theirs == pytest.approx(ours, rel=1e-3)) is agree
    ours = torch_steps(lambda p: optim.RMSprop(p, 0.01, 0.9, 1e-15), [size] * 3)
    theirs = keras_steps(optimizers.RMSprop(0.01, epsilon=1e-30), [size] * 3)
    assert (theirs == pytest.approx(ours, rel=1e-3)) is agree


@pytest.mark.parametrize("groups", [1, 4, 16])
def test_with_groups_only_the_channels_of_one_count_as_inputs(groups):
    ours = nn.Conv2d(64, 64, 3, groups=groups)
    theirs = layers.Conv2D(64, 3, groups=groups)
    theirs.build((None, 8, 8, 64))
    inputs, outputs = 64 // groups * 9, 64 * 9
    bound = (1 / inputs) ** 0.5
    assert 0.98 * bound < ours.weight.abs().max().item() <= bound
    assert ours.bias.abs().max().item() <= bound
    bound = (6 / (inputs + outputs)) ** 0.5
    assert 0.98 * bound < abs(theirs.get_weights()[0]).max() <= bound * (1 + 1e-6)


@pytest.mark.parametrize("rows", [1, 4, 10])
def test_an_activity_regularizer_is_a_term_of_the_loss(rows):
    layer = layers.Dense(3, activity_regularizer=keras.regularizers.L2(0.1))
    h = layer(torch.randn(rows, 5))
    (term,) = layer.losses
    wanted = 0.1 * h.square().sum() / len(h)
    assert term.item() == pytest.approx(wanted.item(), rel=1e-5)
    assert not any("activity" in name for name in vars(nn.Linear(1, 1)))

"""The claims of docs/training/initialise-and-freeze.md, for other sizes and seeds."""

import json
import math

import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import names_of, printed

# The default range


def spread(weight: torch.Tensor) -> tuple[float, float]:
    return weight.min().item(), weight.max().item()


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (nn.Linear(7, 500), 7),
        (nn.Linear(300, 50, dtype=torch.float64), 300),
        (nn.Conv2d(6, 64, kernel_size=(3, 5)), 6 * 15),
        (nn.Conv2d(6, 64, kernel_size=3, groups=2), 3 * 9),
        (nn.Conv1d(4, 200, kernel_size=2), 4 * 2),
    ],
)
def test_weights_and_biases_lie_between_the_inverse_roots(layer, inputs):
    bound = 1 / math.sqrt(inputs)
    torch.manual_seed(0)
    layer.reset_parameters()
    for weight in layer.parameters():
        low, high = spread(weight)
        assert -bound <= low < -0.8 * bound and 0.8 * bound < high <= bound
    # each number equally likely: the deviation of a uniform draw
    assert layer.weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.1)


def test_other_dtypes_go_beyond_the_bounds():
    torch.manual_seed(0)
    rounded = nn.Linear(3, 2000, dtype=torch.bfloat16).weight.abs().max().item()
    assert 1 < rounded * math.sqrt(3) < 1.01
    both = nn.Linear(3, 2000, dtype=torch.complex64).weight.abs().max().item()
    assert 1.3 < both * math.sqrt(3) <= math.sqrt(2)


def test_the_bounds_on_the_page_are_those_of_the_formula():
    for line in printed("training/default_range_of_linear").splitlines():
        inputs, rest = line.split(":")
        bound = 1 / math.sqrt(int(inputs))
        assert rest.endswith(f"{bound:.4f}")
        low, high = (float(rest.split()[i].strip(",")) for i in (0, 2))
        assert -low == pytest.approx(bound, rel=0.01)
        assert high == pytest.approx(bound, rel=0.01)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers_look_at_the_hidden_size(kind):
    torch.manual_seed(0)
    for weight in kind(3, 100).parameters():
        low, high = spread(weight)
        assert -0.1 <= low < -0.09 and 0.09 < high <= 0.1


def test_an_embedding_starts_from_a_normal_distribution():
    torch.manual_seed(0)
    weight = nn.Embedding(1000, 20).weight
    assert weight.std().item() == pytest.approx(1, abs=0.02)
    assert weight.abs().max() > 3


@pytest.mark.parametrize("name", ["spectral_norm", "weight_norm"])
@pytest.mark.parametrize("ways", [nn.utils, nn.utils.parametrizations])
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_nn_init_does_not_reach_a_weight_behind_a_norm_of_weights(name, ways):
    layer, x = getattr(ways, name)(nn.Linear(4, 4)).eval(), torch.rand(2, 4)
    before = layer(x)
    nn.init.constant_(layer.weight, 0.5)
    assert isinstance(layer, nn.Linear) and torch.allclose(layer(x), before)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_nn_init_reaches_the_weight_of_the_old_spectral_norm_before_the_first_call():
    layer = nn.utils.spectral_norm(nn.Linear(4, 4))
    nn.init.constant_(layer.weight, 0.5)
    assert (layer.weight_orig == 0.5).all()


def test_the_padding_row_of_an_embedding_starts_at_zero():
    rows = nn.Embedding(5, 3, padding_idx=-1).weight.any(dim=1)
    assert rows.tolist() == [True, True, True, True, False]


def test_nn_init_overwrites_the_padding_row_and_training_leaves_it_so():
    layer = nn.Embedding(5, 3, padding_idx=0)
    nn.init.normal_(layer.weight, std=0.02)
    assert layer.weight[0].all()
    layer(torch.tensor([0, 1])).sum().backward()
    assert layer.weight.grad[0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("layer", [nn.BatchNorm2d(3), nn.LayerNorm(3)])
def test_norm_layers_start_with_one_and_zero(layer):
    assert layer.weight.tolist() == [1, 1, 1] and layer.bias.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "layer", [nn.Linear(2, 3), nn.Conv2d(1, 2, 3), nn.GRU(2, 3), nn.Embedding(3, 2)]
)
def test_reset_parameters_draws_anew(layer):
    before = [p.clone() for p in layer.parameters()]
    layer.reset_parameters()
    assert not any(map(torch.equal, before, layer.parameters()))


# apply


def test_apply_goes_from_the_layers_up_to_the_model():
    model, seen = nn.Sequential(nn.Sequential(nn.Linear(2, 2)), nn.ReLU()), []
    model.apply(seen.append)
    assert seen == [model[0][0], model[0], model[1], model]


def test_without_a_test_of_the_class_apply_fails_at_the_relu():
    with pytest.raises(AttributeError, match="'ReLU' object has no attribute 'weight'"):
        nn.Sequential(nn.ReLU()).apply(lambda module: module.weight)


@pytest.mark.parametrize("inputs", [50, 200, 800])
def test_kaiming_is_the_root_of_two_by_the_inputs(inputs):
    torch.manual_seed(0)
    weight = torch.empty(300, inputs)
    nn.init.kaiming_normal_(weight, nonlinearity="relu")
    assert weight.std().item() == pytest.approx(math.sqrt(2 / inputs), rel=0.03)


def test_init_writes_without_autograd_and_fill_does_not():
    layer = nn.Linear(2, 2)
    nn.init.constant_(layer.weight, 0.5)
    assert layer.weight.is_leaf and layer.weight.requires_grad
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        layer.weight.fill_(0.5)
    with torch.no_grad():
        layer.weight.fill_(0.25)
    assert layer.weight.mean() == 0.25


@pytest.mark.parametrize("name", ["xavier_normal_", "orthogonal_", "zeros_"])
def test_a_function_with_an_underscore_changes_the_weight_it_gets(name):
    weight = torch.full((2, 3), 7.0)
    assert getattr(nn.init, name)(weight) is weight and not (weight == 7).any()
    assert nn.init.calculate_gain("relu") == math.sqrt(2)  # has none, writes nothing


def test_fill_works_on_a_frozen_weight():
    weight = nn.Linear(2, 2).requires_grad_(False).weight
    assert weight.fill_(0.5).sum() == 2


# Equal weights


def trained(seed, start=None, parts=slice(None), steps=100, dropout=0.0, nudge=0.0):
    torch.manual_seed(seed)
    x = torch.randn(100, 2)
    y = x.prod(dim=1, keepdim=True)
    layers = nn.Linear(2, 4), nn.Tanh(), nn.Dropout(dropout), nn.Linear(4, 1)
    model = nn.Sequential(*layers)
    if start is not None:
        for weight in model[parts].parameters():
            nn.init.constant_(weight, start)
    with torch.no_grad():
        model[0].weight[0, 0] += nudge
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    weight = model[0].weight.detach()
    return loss.item(), (weight - weight[0]).abs().max().item(), model, y


@pytest.mark.parametrize("seed", range(3))
def test_equal_units_stay_equal_and_learn_less(seed):
    equal, apart, *_ = trained(seed, 0.5)
    assert apart < 1e-4
    random, parted, *_ = trained(seed)
    assert parted > 0.1 and random < equal / 3


def test_zeros_learn_one_constant():
    _, apart, model, y = trained(0, 0.0)
    *others, last = model.parameters()
    assert apart == 0 and not any(p.any() for p in others)
    assert last.item() == pytest.approx(y.mean().item(), abs=0.02)
    outputs = model(torch.randn(20, 2))
    assert (outputs == outputs[0]).all()


@pytest.mark.parametrize("start", [0.5, 0.0])
def test_units_part_where_the_next_layer_is_random(start):
    for seed in (0, 1):
        _, apart, *_ = trained(seed, start, slice(0, 1), steps=50)
        assert apart > 0.05


@pytest.mark.parametrize("start", [0.5, 0.0])
def test_a_difference_of_one_unit_separates_only_this_unit(start):
    *_, model, _ = trained(0, start, steps=50, nudge=0.1)
    first, *others = model[0].weight.detach()
    for one in others:
        assert (one - others[0]).abs().max() < 1e-4
        assert (one - first).abs().max() > 0.05


@pytest.mark.parametrize("kind", [nn.ReLU, nn.Tanh, nn.SiLU])
def test_relu_at_zero_keeps_units_equal_though_the_last_layer_is_random(kind):
    torch.manual_seed(0)
    x = torch.randn(50, 2)
    model = nn.Sequential(nn.Linear(2, 4), kind(), nn.Linear(4, 1))
    for weight in model[0].parameters():
        nn.init.zeros_(weight)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(10):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), x.prod(dim=1, keepdim=True)).backward()
        optimizer.step()
    assert model[0].weight.any().item() is (kind is not nn.ReLU)


def test_dropout_parts_equal_units():
    _, apart, *_ = trained(0, 0.5, steps=50, dropout=0.5)
    assert apart > 0.01
    _, apart, *_ = trained(0, 0.0, slice(3), steps=50, dropout=0.5, nudge=0.0)
    assert apart > 0.01


@pytest.mark.parametrize("seed", range(2))
def test_dropout_does_not_part_units_if_all_start_at_zero(seed):
    _, apart, model, _ = trained(seed, 0.0, steps=50, dropout=0.3)
    assert apart == 0 and not model[0].weight.any()


def test_equal_biases_do_no_harm():
    torch.manual_seed(0)
    x = torch.randn(100, 2)
    y = x.prod(dim=1, keepdim=True)
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    nn.init.zeros_(model[0].bias), nn.init.zeros_(model[2].bias)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    assert (model[0].weight - model[0].weight[0]).abs().max() > 0.1
    assert loss < y.var() / 3


def test_a_tiny_difference_grows():
    _, apart, *_ = trained(1, 0.5, nudge=1e-6)
    assert apart > 1e-5


def test_rounding_hardly_parts_large_models_at_first():
    torch.manual_seed(0)
    x = torch.randn(100, 10)
    model = nn.Sequential(nn.Linear(10, 64), nn.Tanh(), nn.Linear(64, 1))
    for weight in model.parameters():
        nn.init.constant_(weight, 0.1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(10):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), x[:, :1] * x[:, 1:2]).backward()
        optimizer.step()
    assert (model[0].weight - model[0].weight[0]).abs().max() < 1e-5


def test_the_left_lines_of_the_picture_lie_on_one_another():
    left, right = numbers("training/equal_units_in_numbers")[::2]
    assert len(set(left)) == 1 and len(set(right)) == 4


def numbers(name: str) -> list[list[float]]:
    lines = printed(name).splitlines()
    return [json.loads(line[line.index("[") :]) for line in lines]


def test_training_changes_each_weight_by_its_own_gradient():
    torch.manual_seed(0)
    layer = nn.Linear(3, 2)
    before = layer.weight.detach().clone()
    layer(torch.randn(4, 3)).square().mean().backward()
    torch.optim.SGD(layer.parameters(), lr=1.0).step()
    gradient = layer.weight.grad
    torch.testing.assert_close(before - layer.weight.detach(), gradient)
    assert gradient.unique().numel() == 6


# The size by layer


def sizes(start, layers=20, width=64, seed=0):
    torch.manual_seed(seed)
    x = torch.randn(32, width)
    for _ in range(layers):
        weight = torch.empty(width, width)
        start(weight)
        x = (x @ weight.T).relu()
    return x.std().item()


@pytest.mark.parametrize("seed", range(3))
def test_only_the_kaiming_start_keeps_the_size(seed):
    def kaiming(weight):
        nn.init.kaiming_normal_(weight, nonlinearity="relu")

    factor = math.sqrt(64 / 2)  # what a deviation of 1 multiplies by, with ReLU
    assert 0.05 < sizes(kaiming, seed=seed) < 20
    for wanted in (3.0, 0.3):

        def start(weight, wanted=wanted):
            nn.init.normal_(weight, std=wanted / factor)

        ratio = sizes(start, seed=seed) / wanted**20
        assert 0.05 < ratio < 20


def deep(std, *norm):
    torch.manual_seed(0)
    model = nn.Sequential()
    for _ in range(20):
        model.extend([nn.Linear(64, 64), *(n(64) for n in norm), nn.ReLU()])
        nn.init.normal_(model[-2 - len(norm)].weight, std=std)
        nn.init.zeros_(model[-2 - len(norm)].bias)
    return model.append(nn.Linear(64, 1))


def test_a_deep_model_starts_with_a_huge_loss_or_a_tiny_gradient():
    x, y = torch.randn(32, 64), torch.randn(32, 1)
    large, small = deep(0.6), deep(0.06)
    assert nn.functional.mse_loss(large(x), y) > 1e6
    nn.functional.mse_loss(small(x), y).backward()
    first = small[0].weight.grad.abs().max()
    assert first < 1e-6 * small[-1].bias.grad.abs().max()


def first_and_last_gradient(layers):
    torch.manual_seed(0)
    model = nn.Sequential()
    for _ in range(layers):
        model.extend([nn.Linear(64, 64), nn.ReLU()])
    model.append(nn.Linear(64, 1))
    x, y = torch.randn(32, 64), torch.randn(32, 1)
    nn.functional.mse_loss(model(x), y).backward()
    return tuple(model[i].bias.grad.abs().max().item() for i in (0, -1))


def test_the_default_start_does_for_few_layers_with_relu_and_not_for_many():
    first, last = first_and_last_gradient(20)
    assert first < 1e-5 * last
    first, last = first_and_last_gradient(3)
    assert first > 1e-3 * last


@pytest.mark.parametrize("inputs", [30, 500])
def test_the_default_start_is_root_six_times_smaller_than_kaiming(inputs):
    torch.manual_seed(0)
    weight = nn.Linear(inputs, 400).weight
    default = weight.std().item()
    assert default == pytest.approx(1 / math.sqrt(3 * inputs), rel=0.02)
    nn.init.kaiming_normal_(weight, nonlinearity="relu")
    ratio = weight.std().item() / default
    assert ratio == pytest.approx(math.sqrt(6), rel=0.03)


def test_the_numbers_become_smaller_by_root_six_in_each_layer():
    text = printed("training/scale_by_layer")
    _, kaiming, default, _ = (float(line.split()[-1]) for line in text.splitlines())
    by_layer = (kaiming / default) ** (1 / 20)
    assert by_layer == pytest.approx(math.sqrt(6), rel=0.02)


@pytest.mark.parametrize(("kind", "least"), [("SGD", 0), ("Adam", 0.02)])
def test_adam_moves_the_first_layer_of_the_default_start(kind, least):
    torch.manual_seed(0)
    x = torch.randn(64, 16)
    layers = [nn.Linear(16, 64, bias=False)]
    layers += [m for _ in range(19) for m in (nn.ReLU(), nn.Linear(64, 64, bias=False))]
    model = nn.Sequential(*layers, nn.ReLU(), nn.Linear(64, 1))
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.005)
    before = model[0].weight.clone()
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), x[:, :1] * x[:, 1:2]).backward()
        optimizer.step()
    moved = ((model[0].weight - before).norm() / before.norm()).item()
    assert moved > least if least else moved < 1e-5


def test_with_biases_the_numbers_stay_and_only_what_differs_between_samples_shrinks():
    torch.manual_seed(0)
    x, sizes = torch.randn(64, 256), []
    for _ in range(20):
        x = nn.Linear(256, 256)(x).relu().detach()
        sizes.append(x.var(0).mean().sqrt().item())
    assert x.std() > 0.01
    factor = (sizes[4] / sizes[-1]) ** (1 / 15)
    assert factor == pytest.approx(math.sqrt(6), rel=0.05)


@pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.LayerNorm])
@pytest.mark.parametrize("std", [0.6, 0.06])
def test_norm_layers_bring_the_size_back(norm, std):
    x = deep(std, norm)[:-2](torch.randn(32, 64))  # after the last norm layer
    assert x.std().item() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.LayerNorm])
def test_norm_layers_leave_numbers_small_whose_variance_is_below_eps(norm):
    torch.manual_seed(0)
    assert norm(64)(torch.randn(32, 64) * 1e-3).std() < 0.4
    assert norm(64, eps=1e-12)(torch.randn(32, 64) * 1e-3).std() > 0.9


def test_a_new_batch_norm_in_eval_mode_brings_nothing_back():
    assert deep(0.06, nn.BatchNorm1d).eval()[:-2](torch.randn(32, 64)).std() < 1e-6


# Freeze


def two_layers():
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))


def test_gradients_flow_through_a_frozen_layer_but_not_through_no_grad():
    model = two_layers()
    model[2].requires_grad_(False)
    model(torch.ones(3, 4)).sum().backward()
    assert model[0].weight.grad.any() and model[2].weight.grad is None
    first = nn.Linear(4, 4)
    with torch.no_grad():
        x = model(first(torch.ones(3, 4)))
    assert not x.requires_grad


def test_frozen_means_that_training_leaves_the_weight():
    model = two_layers()
    model[0].requires_grad_(False)
    before = model[0].weight.clone(), model[2].weight.clone()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.5)
    for _ in range(5):
        optimizer.zero_grad()
        model(torch.ones(3, 4)).sum().backward()
        optimizer.step()
    assert torch.equal(before[0], model[0].weight)  # though it was given
    assert not torch.equal(before[1], model[2].weight)


def test_an_attribute_of_the_module_freezes_nothing():
    model = two_layers()
    model.requires_grad = False
    assert all(p.requires_grad for p in model.parameters())
    model.requires_grad_(False)
    assert not any(p.requires_grad for p in model.parameters())
    with pytest.raises(RuntimeError, match="does not require grad"):
        model(torch.ones(3, 4)).sum().backward()


def test_the_attribute_of_a_parameter_freezes_it():
    model = two_layers()
    model[0].weight.requires_grad = False
    model(torch.ones(3, 4)).sum().backward()
    assert model[0].weight.grad is None and model[0].bias.grad is not None
    with pytest.raises(AttributeError, match="no attribute 'requires_grad'"):
        model.requires_grad(False)  # a call without the underscore


def test_a_weight_in_two_groups_is_refused():
    model = two_layers()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="some parameters appear in more than one"):
        optimizer.add_param_group({"params": model[0].parameters()})


def test_an_optimizer_of_all_weights_trains_a_layer_once_it_is_unfrozen():
    model = two_layers()
    model[0].requires_grad_(False)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    moved = []
    for frozen in (True, False):
        model[0].requires_grad_(not frozen)
        before = model[0].weight.clone()
        optimizer.zero_grad()
        model(torch.ones(3, 4)).sum().backward()
        optimizer.step()
        moved.append(not torch.equal(before, model[0].weight))
    assert moved == [False, True]


OPTIMIZERS = [
    (torch.optim.SGD, {"momentum": 0.9}),
    (torch.optim.SGD, {"weight_decay": 0.1}),
    (torch.optim.Adam, {}),
    (torch.optim.AdamW, {}),
    (torch.optim.RMSprop, {"momentum": 0.9}),
]


@pytest.mark.parametrize(("kind", "settings"), OPTIMIZERS)
@pytest.mark.parametrize("foreach", [False, True])
def test_a_gradient_of_zero_moves_a_frozen_weight_and_none_does_not(
    kind, settings, foreach
):
    for to_none in (True, False):
        layer = nn.Linear(3, 2)
        optimizer = kind(layer.parameters(), lr=0.1, foreach=foreach, **settings)
        layer(torch.ones(1, 3)).sum().backward()
        optimizer.step()
        layer.requires_grad_(False)
        optimizer.zero_grad(set_to_none=to_none)
        before = layer.weight.clone()
        optimizer.step()
        assert torch.equal(before, layer.weight) is to_none


def test_an_old_gradient_is_used_in_each_step():
    moved = names_of("training/frozen_weights_that_move")["moved"]
    assert moved("kept") == pytest.approx(-0.1)
    assert moved("kept", momentum=0.9) == pytest.approx(-0.1 - 0.9 * 0.1)
    assert moved("zeros", momentum=0.9) == pytest.approx(-0.9 * 0.1)
    assert moved("zeros", weight_decay=0.1) == pytest.approx(
        -0.1 * 0.1 * 0.89, rel=1e-3
    )
    layer = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.ones(1, 1)).sum().backward()
    layer.requires_grad_(False)
    seen = []
    for _ in range(3):
        optimizer.step()
        seen.append(layer.bias.item())
    assert seen[0] - seen[2] == pytest.approx(0.2)


@pytest.mark.parametrize("clear_first", [True, False])
def test_in_the_usual_loop_a_layer_frozen_between_epochs_stays(clear_first):
    model = two_layers()
    settings = {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1}
    optimizer = torch.optim.SGD(model.parameters(), **settings)
    for epoch in range(2):
        if epoch == 1:
            model[0].requires_grad_(False)
            before = model[0].weight.clone()
        for _ in range(3):
            if clear_first:
                optimizer.zero_grad()
            model(torch.ones(3, 4)).sum().backward()
            optimizer.step()
            if not clear_first:
                optimizer.zero_grad()
    assert torch.equal(before, model[0].weight)


def test_a_layer_frozen_before_the_step_still_moves_unless_cleared():
    for clear in (False, True):
        model = two_layers()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        model(torch.ones(3, 4)).sum().backward()
        before = model[0].weight.clone()
        model[0].requires_grad_(False)
        if clear:
            model[0].zero_grad()
        optimizer.step()
        assert torch.equal(before, model[0].weight) is clear


def test_lbfgs_moves_a_weight_without_a_gradient_if_it_trained_before():
    torch.manual_seed(0)
    first, last, x = nn.Linear(3, 2), nn.Linear(2, 1), torch.randn(9, 3)
    weights = [*first.parameters(), *last.parameters()]
    optimizer = torch.optim.LBFGS(weights, lr=0.1, max_iter=5)

    def closure():
        optimizer.zero_grad()
        loss = (last(first(x)) ** 2 - 1).square().mean()
        loss.backward()
        return loss

    optimizer.step(closure)
    first.requires_grad_(False)
    optimizer.zero_grad()
    before = first.weight.clone()
    optimizer.step(closure)
    assert first.weight.grad is None and not torch.equal(before, first.weight)


# Batch norm


@pytest.mark.parametrize(
    ("norm", "x"),
    [
        (nn.BatchNorm1d(2), torch.ones(4, 2)),
        (nn.BatchNorm2d(2), torch.ones(1, 2, 3, 3)),
    ],
)
def test_a_frozen_batch_norm_changes_until_it_is_in_eval_mode(norm, x):
    model = nn.Sequential(norm).requires_grad_(False)
    with torch.no_grad():
        model(x + torch.arange(x.numel()).view(x.shape))  # no_grad changes nothing
        drifted = norm.running_mean.clone()
        assert drifted.any() and norm.running_var.ne(1).any()
        norm.eval()
        model(x * 5)
        assert torch.equal(drifted, norm.running_mean)
        model.train()  # which switches it back
        assert norm.training
        model(x * 5)
    assert not torch.equal(drifted, norm.running_mean)
    assert "running_mean" in dict(norm.named_buffers())
    assert [name for name, _ in norm.named_parameters()] == ["weight", "bias"]


def test_batch_norm_without_running_numbers_has_no_buffer():
    norm = nn.BatchNorm1d(2, track_running_stats=False).eval()
    assert not list(norm.buffers())
    x = torch.randn(9, 2) + 10
    assert norm(x).mean().abs() < 1e-4  # even in eval mode, those of the batch


def test_a_layer_norm_has_nothing_that_drifts():
    assert not list(nn.LayerNorm(2).buffers())


def test_the_picture_of_sizes_ends_where_the_page_says():
    text = printed("training/scale_by_layer")
    large, kaiming, default, small = (
        float(line.split()[-1]) for line in text.splitlines()
    )
    assert large > 1e9 and 0.1 < kaiming < 10 and small < 1e-9
    assert default < 1e-6
    assert (HERE.recorded / "figures/training/scale_by_layer.json").exists()


def test_attention_has_no_reset_parameters_of_this_name():
    assert not hasattr(nn.MultiheadAttention(4, 2), "reset_parameters")
    layers = nn.LSTM(2, 3), nn.Embedding(3, 2), nn.PReLU(), nn.ConvTranspose2d(1, 2, 3)
    assert all(hasattr(layer, "reset_parameters") for layer in layers)

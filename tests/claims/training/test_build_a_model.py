"""The claims of docs/training/build-a-model.md, with counts and products by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from tests.claims_support import drawn, names_of, printed

TREE = "training/module_tree_with_counts"


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


# The tree


def test_the_picture_shows_the_model_of_the_first_program():
    boxes = {text.split("\n")[0]: text.split("\n")[1] for text, *_ in drawn(TREE)}
    model = names_of("training/model_as_a_class")["model"]
    parts = {
        f"{name}: {type(part).__name__}".removeprefix(": "): f"{count(part):,}"
        for name, part in model.named_modules()
    }
    assert boxes == parts
    assert boxes["Net"] == f"{64 * 16 + 16 + 16 * 10 + 10:,}" == "1,210"


@pytest.mark.parametrize("layer", [nn.Flatten(), nn.ReLU(), nn.Dropout(), nn.Tanh()])
def test_a_module_without_weights_still_computes(layer):
    assert count(layer) == 0
    assert layer(torch.ones(2, 3)).shape == (2, 3)


def test_an_assigned_layer_is_registered_under_its_name():
    model = nn.Module()
    model.first = nn.Linear(2, 3)
    assert [name for name, _ in model.named_children()] == ["first"]
    model.first = nn.Linear(2, 5)  # takes the place of the other
    assert count(model) == 15


def test_a_module_without_init_refuses_its_first_layer():
    class Net(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(2, 1)

    with pytest.raises(AttributeError, match="cannot assign module before Module"):
        Net()


def test_autograd_derives_the_backward_pass_of_the_class():
    model = names_of("training/model_as_a_class")["model"]
    model(torch.rand(3, 8, 8)).sum().backward()
    np.testing.assert_allclose(model.head.bias.grad, np.full(10, 3.0))
    assert model.body[1].weight.grad.shape == (16, 64)


# Sequential


def test_sequential_computes_what_the_class_computes():
    net = names_of("training/model_as_a_class")["model"]
    chain = names_of("training/model_as_a_sequential")["model"]
    assert count(net) == count(chain)
    chain.load_state_dict(
        dict(zip(chain.state_dict(), net.state_dict().values(), strict=True))
    )
    x = torch.rand(7, 8, 8)
    torch.testing.assert_close(net(x), chain(x))
    assert isinstance(chain[3], nn.Linear) and chain[3] is chain[-1]


def test_skip_adds_its_input_to_the_output_of_its_layer():
    skip = names_of("training/module_within_a_module")["Skip"](nn.Linear(3, 3))
    x = torch.rand(4, 3)
    torch.testing.assert_close(skip(x) - x, skip.layer(x))
    nn.init.zeros_(skip.layer.weight), nn.init.zeros_(skip.layer.bias)
    assert torch.equal(skip(x), x)


def test_the_names_of_weights_are_the_keys_of_the_saved_state():
    model = names_of("training/module_within_a_module")["model"]
    names = [name for name, _ in model.named_parameters()]
    assert names == list(model.state_dict())
    assert names[2] == "1.layer.weight"


def test_sequential_passes_on_the_tuple_of_an_lstm():
    with pytest.raises(TypeError, match="must be Tensor, not tuple"):
        nn.Sequential(nn.LSTM(4, 8), nn.Linear(8, 2))(torch.ones(3, 5, 4))
    assert len(nn.Sequential(nn.LSTM(4, 8))(torch.ones(3, 5, 4))) == 2  # at the end


@pytest.mark.parametrize(
    "layer", [nn.ReLU(), nn.Dropout(), nn.LayerNorm(8), nn.LSTM(8, 8), nn.Flatten()]
)
def test_most_layers_refuse_a_tuple_but_one_of_your_own_may_take_it(layer):
    class Last(nn.Module):
        def forward(self, both):
            return both[0][:, -1]

    x, lstm = torch.ones(3, 5, 4), nn.LSTM(4, 8, batch_first=True)
    with pytest.raises((TypeError, AttributeError)):
        nn.Sequential(lstm, layer)(x)
    assert nn.Sequential(lstm, Last(), nn.Linear(8, 2))(x).shape == (3, 2)


def test_each_name_of_a_weight_is_a_key_but_not_each_key_is_a_name():
    model = nn.Sequential(nn.BatchNorm1d(2), *[nn.Linear(2, 2)] * 2)
    names = {name for name, _ in model.named_parameters()}
    keys = set(model.state_dict())
    assert names < keys
    assert {"0.running_mean", "2.weight"} <= keys - names


# Linear


@pytest.mark.parametrize(("batch", "inputs", "outputs"), [(1, 3, 2), (6, 5, 1)])
def test_linear_is_a_sum_of_products_and_a_bias(batch, inputs, outputs):
    layer, x = nn.Linear(inputs, outputs), torch.rand(batch, inputs)
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    assert weight.shape == (outputs, inputs) and bias.shape == (outputs,)
    pairs = list(zip(weight, bias, strict=True))
    by_hand = [[row @ w + b for w, b in pairs] for row in x.numpy()]
    np.testing.assert_allclose(layer(x).detach(), by_hand, rtol=1e-5, atol=1e-6)


def test_linear_needs_both_sizes():
    with pytest.raises(TypeError, match="missing 1 required .* 'out_features'"):
        nn.Linear(16)


def test_linear_refuses_another_last_size():
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multip"):
        nn.Linear(64, 16)(torch.rand(5, 8, 8))


@pytest.mark.parametrize("shape", [(5,), (0, 5), (2, 3, 5)])
@pytest.mark.parametrize("bias", [True, False])
def test_the_message_is_the_same_for_each_number_of_dimensions(shape, bias):
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multip"):
        nn.Linear(4, 2, bias=bias)(torch.ones(shape))
    assert nn.Linear(4, 2, bias=bias)(torch.ones(*shape[:-1], 4)).shape[-1] == 2


def test_a_fitting_last_size_passes_without_a_flatten():
    assert nn.Linear(8, 10)(torch.rand(5, 1, 8, 8)).shape == (5, 1, 8, 10)
    layer, image = nn.Linear(8, 10), torch.rand(8, 8)
    torch.testing.assert_close(layer(image)[3], layer(image[3]))  # each row alone


@pytest.mark.parametrize("shape", [(5, 8, 8), (2, 3, 4, 5), (1, 7)])
def test_flatten_keeps_the_batch(shape):
    flat = nn.Flatten()(torch.zeros(shape))
    assert flat.shape == (shape[0], np.prod(shape[1:]))


# Lazy layers


def test_a_lazy_layer_becomes_an_ordinary_one_of_the_right_size():
    model = names_of("training/lazy_layer_sees_its_input")["model"]
    assert type(model[3]) is nn.Linear
    assert model[3].in_features == 4 * 26 * 26
    assert model(torch.zeros(3, 1, 28, 28)).shape == (3, 10)


@pytest.mark.parametrize(
    "use", [count, lambda layer: nn.init.zeros_(layer.weight)], ids=["count", "init"]
)
def test_before_the_first_batch_a_lazy_weight_cannot_be_used(use):
    layer = nn.LazyLinear(3)
    with pytest.raises(ValueError, match="Attempted to use an uninitialized parameter"):
        use(layer)
    layer(torch.zeros(1, 4))
    use(layer)


def test_before_the_first_batch_a_write_through_data_is_lost():
    for layer, kept in (nn.LazyLinear(3), False), (nn.Linear(4, 3), True):
        layer.weight.data.fill_(9.0)
        layer.bias.data.fill_(9.0)
        layer(torch.zeros(1, 4))
        assert (layer.weight == 9).all().item() is kept
        assert (layer.bias == 9).all().item() is kept


def test_forward_alone_leaves_a_lazy_layer_without_a_size():
    with pytest.raises(ValueError, match="uninitialized parameter"):
        nn.LazyLinear(3).forward(torch.zeros(1, 4))


def test_forward_of_a_model_finds_the_size_of_a_lazy_layer_in_it():
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(3))
    assert model.forward(torch.zeros(2, 5, 2)).shape == (2, 3)
    assert model[1].in_features == 10


def test_an_optimizer_made_before_the_first_batch_trains_the_lazy_layer():
    model = nn.Sequential(nn.LazyLinear(3))
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    model(torch.ones(2, 4))
    before = model[0].weight.clone()
    model(torch.ones(2, 4)).sum().backward()
    optimizer.step()
    assert not torch.equal(before, model[0].weight)


# Counts


def test_the_count_is_that_of_the_formula():
    lines = [
        line.split() for line in printed("training/parameters_by_name").split("\n")
    ]
    numbers = [int(line[-1]) for line in lines if line]
    assert numbers == [64 * 16, 16, 16 * 10, 10, 1210]


def test_only_what_requires_a_gradient_trains():
    model = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 1))
    model[0].requires_grad_(False)
    assert sum(p.numel() for p in model.parameters() if p.requires_grad) == 9


# What is registered


def test_a_plain_tensor_is_neither_moved_nor_saved():
    model = names_of("training/tensor_left_out")["Scaled"]()
    model.to("meta")
    assert model.weight.is_meta and model.mean.is_meta and not model.shift.is_meta
    assert "shift" not in model.state_dict()
    assert [name for name, _ in model.named_buffers()] == ["mean"]


def test_listed_layers_stay_where_they_are_while_the_loss_falls():
    net = names_of("training/listed_layers_never_train")["Net"]
    for seed in range(3):
        torch.manual_seed(seed)
        model, x = net(list), torch.rand(8, 2)
        before = [p.clone() for layer in model.layers for p in layer.parameters()]
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        losses = []
        for _ in range(20):
            optimizer.zero_grad()
            loss = ((model(x) - 1) ** 2).mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        after = [p for layer in model.layers for p in layer.parameters()]
        assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
        assert losses[-1] < losses[0]
        assert count(model) == 3


@pytest.mark.parametrize("hide", [list, tuple, lambda x: dict(enumerate(x))])
def test_lists_tuples_and_dictionaries_hide_layers(hide):
    model = nn.Module()
    model.layers = hide([nn.Linear(2, 2)])
    assert not list(model.parameters())
    model.head = nn.Linear(2, 1)
    torch.optim.SGD(model.parameters(), lr=0.1)  # no error


def test_the_containers_of_nn_register():
    model = nn.Module()
    model.a = nn.ModuleList([nn.Linear(2, 2)])
    model.b = nn.ModuleDict({"x": nn.Linear(2, 2)})
    model.c = nn.ParameterList([nn.Parameter(torch.ones(2))])
    model.d = nn.ParameterDict({"x": nn.Parameter(torch.ones(2))})
    names = [name for name, _ in model.named_parameters()]
    assert names == [
        *("a.0.weight", "a.0.bias", "b.x.weight", "b.x.bias"),
        *("c.0", "d.x"),
    ]


def test_two_linear_layers_in_a_row_are_one():
    torch.manual_seed(0)
    first, second, x = nn.Linear(3, 8), nn.Linear(8, 2), torch.randn(5, 3)
    weight = second.weight @ first.weight
    bias = second.weight @ first.bias + second.bias
    torch.testing.assert_close(second(first(x)), x @ weight.T + bias)


def test_a_batch_of_zeros_changes_batch_norm_only_in_train_mode():
    for mode in (True, False):
        norm = nn.BatchNorm2d(1)
        model = nn.Sequential(nn.Conv2d(1, 1, 3), norm, nn.Flatten(), nn.LazyLinear(2))
        model.train(mode)(torch.zeros(1, 1, 6, 6))
        assert model[3].in_features == 16
        assert norm.running_mean.any().item() is mode


def test_the_printed_tree_is_in_the_order_of_the_assignments():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.second = nn.Linear(3, 1)
            self.first = nn.Linear(2, 3)

        def forward(self, x):
            return self.second(self.first(x).relu())

    text = repr(Net())
    assert text.index("second") < text.index("first") and "relu" not in text.lower()
    assert Net()(torch.ones(1, 2)).shape == (1, 1)


def test_a_layer_assigned_again_keeps_its_place_in_the_printed_tree():
    model = nn.Module()
    model.a, model.b = nn.Linear(1, 1), nn.ReLU()
    model.a = nn.Tanh()
    assert [name for name, _ in model.named_children()] == ["a", "b"]


def test_a_model_of_layers_without_parameters_gives_an_empty_list():
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.SGD(nn.Sequential(nn.ReLU(), nn.Flatten()).parameters(), lr=0.1)


# Hooks


def test_forward_skips_hooks_before_and_after_and_returns_the_same():
    layer, seen = nn.Linear(2, 1), []
    layer.register_forward_pre_hook(lambda *args: seen.append("before"))
    layer.register_forward_hook(lambda *args: seen.append("after"))
    x = torch.ones(3, 2)
    assert torch.equal(layer(x), layer.forward(x))
    assert seen == ["before", "after"]


def test_forward_of_the_model_still_runs_the_hooks_of_its_layers():
    model, seen = nn.Sequential(nn.Linear(2, 1)), []
    model[0].register_forward_hook(lambda *args: seen.append("layer"))
    model.register_forward_hook(lambda *args: seen.append("model"))
    model.forward(torch.ones(1, 2))
    assert seen == ["layer"]


@pytest.mark.parametrize("first_call", [False, True])
def test_a_compiled_model_skips_a_hook_that_comes_after_its_first_call(first_call):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 3)

        def forward(self, x):
            return self.layer(x).relu()

    torch.compiler.reset()
    model, x, seen = Net(), torch.ones(4, 2), []
    compiled = torch.compile(model, backend="eager")
    if first_call:
        compiled(x)
    model.layer.register_forward_hook(lambda *args: seen.append(1))
    compiled(x)
    assert seen == ([] if first_call else [1])
    model(x)  # the original calls it
    assert seen[-1:] == [1]


def test_a_removed_hook_is_silent():
    layer, seen = nn.ReLU(), []
    handle = layer.register_forward_hook(lambda *args: seen.append(1))
    layer(torch.ones(1))
    handle.remove()
    layer(torch.ones(1))
    assert seen == [1]


def test_the_layer_that_fails_has_no_line():
    seen = []
    model = nn.Sequential(nn.Flatten(), nn.Linear(9, 2), nn.ReLU())
    for layer in model:
        layer.register_forward_hook(lambda layer, *args: seen.append(layer))
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        model(torch.ones(2, 2, 4))
    assert seen == [model[0]]


# Pitfalls


def test_a_layer_made_in_forward_is_new_in_each_call():
    model = names_of("training/layer_made_in_forward")["Net"]().eval()
    with torch.no_grad():
        assert len({model(torch.ones(1, 2)).item() for _ in range(5)}) == 5
    assert count(model) == 9


@pytest.mark.parametrize("times", [2, 3, 5])
def test_a_list_times_a_number_is_one_layer(times):
    model = nn.Sequential(*[nn.Linear(8, 8)] * times)
    assert len(model) == times and count(model) == 72
    model(torch.ones(1, 8)).sum().backward()
    assert all(layer.weight is model[0].weight for layer in model)
    other = nn.Sequential(*[nn.Linear(8, 8) for _ in range(times)])
    assert count(other) == 72 * times


def test_a_layer_that_forward_does_not_use_is_still_registered():
    net = names_of("training/model_as_a_class")["Net"]()
    net.extra = nn.Linear(16, 16)
    assert "extra" in repr(net) and count(net) == 1210 + 16 * 17
    net(torch.rand(2, 8, 8)).sum().backward()
    assert net.extra.weight.grad is None


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_kept_output_is_what_the_layers_up_to_there_compute(at):
    torch.manual_seed(at)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    kept, x = {}, torch.randn(5, 2)
    with_hook = model[at].register_forward_hook(
        lambda layer, inputs, output: kept.update(it=output.detach())
    )
    whole = model(x)
    with_hook.remove()
    assert torch.equal(kept["it"], model[: at + 1](x))
    assert torch.equal(model[at + 1 :](kept["it"]), whole)
    assert not kept["it"].requires_grad


@pytest.mark.parametrize("layer", [nn.Linear(2, 3), nn.BatchNorm1d(2), nn.Identity()])
def test_a_layer_in_place_overwrites_a_kept_output_but_no_copy(layer):
    kept, x = {}, torch.tensor([[3.0, -3.0], [-2.0, 2.0]])
    layer.register_forward_hook(
        lambda layer, inputs, output: kept.update(
            it=output.detach(), copy=output.detach().clone()
        )
    )
    with torch.no_grad():
        y = nn.Sequential(layer, nn.ReLU(inplace=True))(x)
    assert torch.equal(kept["it"], y) and torch.equal(kept["copy"].relu(), y)
    assert kept["copy"].min() < 0


def test_the_first_layer_says_how_wide_the_input_is():
    assert not hasattr(nn, "Input")
    model = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 1))
    assert model[0].weight.shape == (16, 64)  # before any data

"""The functions that port weights, on other shapes than the page's, and their traps."""

import ast
import math
import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from harness.core import page
from harness.core.tree import HERE
from tests.claims_support import KERAS, drawn, keras, layers, program

pytestmark = KERAS

BOUND = 1e-5
(PAGE,) = (one for one in page.find(HERE) if one.name == "keras/port-weights.md")


def functions(snippet: str) -> SimpleNamespace:
    """What a reader copies of a program; functions also by their short names."""
    tree = ast.parse((HERE.snippets / f"keras/{snippet}.py").read_text())
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    tree.body = [
        one
        for one in tree.body
        if isinstance(one, kept)
        or (isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "NAMES")
    ]
    space = {}
    exec(compile(tree, snippet, "exec"), space)
    short = {re.sub(r"^\w+_(?=to_(keras|torch)$)", "", n): f for n, f in space.items()}
    return SimpleNamespace(**(space | short))


def nhwc(x: torch.Tensor) -> torch.Tensor:
    return x.permute(0, 2, 3, 1)


def nchw(x: torch.Tensor) -> torch.Tensor:
    return x.permute(0, 3, 1, 2)


def far(one, two) -> float:
    return (one - two).abs().max().item()


def close(one, two) -> bool:
    return one.shape == two.shape and far(one, two) < BOUND


def ported(ours: nn.Module, theirs, snippet: str, *shape):
    """The layer with the module's weights, and a module with the layer's."""
    port = functions(snippet)
    theirs.build(*shape)
    theirs.set_weights(port.to_keras(ours))
    return theirs, port.to_torch(theirs)


def back(again: nn.Module, state: dict) -> nn.Module:
    again.load_state_dict(state)
    return again


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 5), (6, 3), (4, 4)])
def test_a_linear_layer_gives_the_same_there_and_back(inputs, outputs):
    x, ours = torch.randn(7, inputs), nn.Linear(inputs, outputs)
    dense = layers.Dense(outputs)
    theirs, state = ported(ours, dense, "port_dense", (None, inputs))
    assert close(theirs(x), ours(x))
    assert close(back(nn.Linear(inputs, outputs), state)(x), ours(x))
    w, b = ours.weight.detach().numpy(), ours.bias.detach().numpy()
    assert np.allclose(theirs(x).detach(), x.numpy() @ w.T + b, atol=BOUND)


@pytest.mark.parametrize(("name", "ours"), [("relu", nn.ReLU()), ("tanh", nn.Tanh())])
def test_an_activation_inside_a_layer_is_a_layer_of_its_own(name, ours):
    x, linear = torch.randn(7, 4), nn.Linear(4, 5)
    dense = layers.Dense(5, activation=name)
    theirs, _ = ported(linear, dense, "port_dense", (None, 4))
    assert len(theirs.weights) == 2
    assert close(theirs(x), nn.Sequential(linear, ours)(x))
    assert not close(theirs(x), linear(x))


@pytest.mark.parametrize("size", [2, 3, 7])
def test_a_square_matrix_fits_the_wrong_way_round(size):
    x, ours, theirs = torch.rand(9, size), nn.Linear(size, size), layers.Dense(size)
    theirs.build((None, size))
    theirs.set_weights([ours.weight.detach(), ours.bias.detach()])
    assert far(theirs(x), ours(x)) > 0.01
    theirs = layers.Dense(size + 1)
    theirs.build((None, size))
    with pytest.raises(ValueError, match="shape"):
        ours = nn.Linear(size, size + 1)
        theirs.set_weights([ours.weight.detach(), ours.bias.detach()])


@pytest.mark.parametrize("kernel", [1, 3, (2, 4)])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_gives_the_same_there_and_back(kernel, stride):
    x, ours = torch.randn(2, 3, 9, 8), nn.Conv2d(3, 5, kernel, stride)
    conv = layers.Conv2D(5, kernel, stride)
    theirs, state = ported(ours, conv, "port_convolution", (None, 9, 8, 3))
    assert close(nchw(theirs(nhwc(x))), ours(x))
    assert close(back(nn.Conv2d(3, 5, kernel, stride), state)(x), ours(x))


def test_flatten_needs_the_columns_of_the_next_matrix_moved():
    x, ours = torch.randn(4, 3, 2, 5), nn.Linear(30, 7)
    port, theirs = functions("port_flatten"), layers.Dense(7)
    theirs.build((None, 30))
    theirs.set_weights(port.to_keras(ours, 3, 2, 5))
    flat = layers.Flatten()(nhwc(x))
    assert close(theirs(flat), ours(x.flatten(1)))
    again = back(nn.Linear(30, 7), port.to_torch(theirs, 3, 2, 5))
    assert torch.equal(again.weight, ours.weight)
    theirs.set_weights([ours.weight.detach().T, ours.bias.detach()])
    assert far(theirs(flat), ours(x.flatten(1))) > 0.1


def test_flatten_counts_channels_first_in_torch_and_last_in_keras():
    x = torch.arange(12.0).reshape(1, 2, 2, 3)
    assert nn.Flatten()(x).tolist() == [list(range(12))]
    by_place = [
        x[0, c, h, w].item() for h in range(2) for w in range(3) for c in (0, 1)
    ]
    assert layers.Flatten()(nhwc(x)).tolist() == [by_place]


def test_batch_norm_predicts_the_same_there_and_back():
    x, ours = torch.randn(16, 3), nn.BatchNorm1d(3)
    for _ in range(3):
        ours(torch.randn(16, 3) * 2 + 1)
    norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    theirs, state = ported(ours, norm, "port_batch_norm", (None, 3))
    again = nn.BatchNorm1d(3)
    again(x)
    again.load_state_dict(state)
    assert "num_batches_tracked" not in state
    assert (again.num_batches_tracked, ours.num_batches_tracked) == (1, 3)
    assert close(theirs(x), ours.eval()(x))
    assert close(again.eval()(x), ours(x))


@pytest.mark.parametrize(
    ("momentum", "epsilon"), [(0.99, 0.001), (0.8, 0.05), (0.5, 0.3)]
)
def test_a_saved_batch_norm_brings_its_epsilon_and_momentum(
    momentum, epsilon, tmp_path
):
    norm = layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
    keras.Sequential([keras.Input((3,)), norm]).save(tmp_path / "model.keras")
    theirs = keras.saving.load_model(tmp_path / "model.keras").layers[0]
    theirs.set_weights(list(np.random.default_rng(0).random((4, 3), np.float32)))
    options = {"eps": theirs.epsilon, "momentum": 1 - theirs.momentum}
    assert options == pytest.approx({"eps": epsilon, "momentum": 1 - momentum})
    ours = nn.BatchNorm1d(3, **options)
    plain = nn.BatchNorm1d(3)
    for one in (ours, plain):
        back(one, functions("port_batch_norm").to_torch(theirs)).eval()
    x = torch.randn(8, 3) * 3
    assert close(ours(x), theirs(x)) and not close(plain(x), theirs(x))
    ours.train()
    plain.train()
    assert close(ours(x), theirs(x, training=True))
    plain(x)
    assert close(ours.running_mean, theirs.moving_mean.value)
    assert not close(plain.running_mean, theirs.moving_mean.value)


def test_the_running_mean_goes_on_alike_and_the_running_variance_does_not():
    ours = nn.BatchNorm1d(3)
    norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    theirs, _ = ported(ours, norm, "port_batch_norm", (None, 3))
    x = torch.randn(8, 3) * 3
    assert close(theirs(x, training=True), ours(x))
    assert close(theirs.moving_mean.value, ours.running_mean)
    one = ours.running_var - 0.9
    assert close((theirs.moving_variance.value - 0.9) / one, torch.full((3,), 7 / 8))


def test_the_running_variance_agrees_once_each_step_is_corrected():
    ours = nn.BatchNorm1d(3)
    norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    theirs, _ = ported(ours, norm, "port_batch_norm", (None, 3))
    for n in (8, 16, 5):
        x, kept = torch.randn(n, 3) * 3, 0.9 * ours.running_var
        theirs(x, training=True)
        ours(x)
        added = ours.running_var - kept
        ours.running_var.copy_(kept + added * (n - 1) / n)
        assert close(theirs.moving_variance.value, ours.running_var)


@pytest.mark.parametrize("steps", [1, 6])
def test_an_lstm_gives_the_same_there_and_back(steps):
    x, ours = torch.randn(2, steps, 3), nn.LSTM(3, 4, batch_first=True)
    lstm = layers.LSTM(4, return_sequences=True)
    theirs, state = ported(ours, lstm, "port_lstm", (None, steps, 3))
    assert close(theirs(x), ours(x)[0])
    assert close(back(nn.LSTM(3, 4, batch_first=True), state)(x)[0], ours(x)[0])


def one_direction(ours, end):
    """A module with the weights of one direction."""
    state = ours.state_dict()
    again = type(ours)(ours.input_size, ours.hidden_size, batch_first=True)
    weights = {name: state[name.replace("l0", end)] for name in again.state_dict()}
    return back(again, weights)


@pytest.mark.parametrize("steps", [1, 6])
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_two_directions_give_the_same_there_and_back(kind, steps):
    x, port = torch.randn(2, steps, 5), functions(f"port_{kind.lower()}")
    ours = getattr(nn, kind)(5, 3, batch_first=True, bidirectional=True)
    halves = [port.to_keras(one_direction(ours, end)) for end in ("l0", "l0_reverse")]
    arrays = halves[0] + halves[1]
    if kind == "LSTM":
        theirs = functions("port_both_directions").to_keras(ours)
        assert all(map(torch.equal, theirs, arrays))
    inner = getattr(layers, kind)
    every = layers.Bidirectional(inner(3, return_sequences=True))
    last = layers.Bidirectional(inner(3))
    for layer in (every, last):
        layer.build((None, steps, 5))
        layer.set_weights(arrays)
    y, state = ours(x)
    h = state[0] if kind == "LSTM" else state
    assert close(every(x), y)
    assert close(last(x), torch.cat([h[0], h[1]], dim=1))
    assert close(last(x), y[:, -1]) is (steps == 1)
    kept = every.get_weights()
    middle, weights = len(kept) // 2, {}
    for part, end in ((kept[:middle], "l0"), (kept[middle:], "l0_reverse")):
        found = port.to_torch(SimpleNamespace(get_weights=lambda part=part: part))
        weights |= {name.replace("l0", end): one for name, one in found.items()}
    again = getattr(nn, kind)(5, 3, batch_first=True, bidirectional=True)
    assert close(back(again, weights)(x)[0], y)


def test_an_lstm_without_batch_first_reads_other_sequences():
    x, ours = torch.randn(5, 5, 3), nn.LSTM(3, 4)
    lstm = layers.LSTM(4, return_sequences=True)
    theirs, _ = ported(ours, lstm, "port_lstm", (None, 5, 3))
    assert theirs(x).shape == ours(x)[0].shape
    assert far(theirs(x), ours(x)[0]) > 0.01
    assert close(theirs(x), ours(x.transpose(0, 1))[0].transpose(0, 1))


@pytest.mark.parametrize("steps", [1, 6])
def test_a_gru_gives_the_same_there_and_back(steps):
    x, ours = torch.randn(2, steps, 3), nn.GRU(3, 4, batch_first=True)
    gru = layers.GRU(4, return_sequences=True)
    theirs, state = ported(ours, gru, "port_gru", (None, steps, 3))
    assert close(theirs(x), ours(x)[0])
    assert close(back(nn.GRU(3, 4, batch_first=True), state)(x)[0], ours(x)[0])
    assert gru.reset_after


def test_a_gru_with_its_gates_as_they_are_is_wrong_there_and_right_again_back():
    x, ours = torch.randn(2, 5, 3), nn.GRU(3, 4, batch_first=True)
    port, theirs = functions("port_gru"), layers.GRU(4, return_sequences=True)
    port.to_keras.__globals__["swap"] = lambda w: w
    theirs.build((None, 5, 3))
    theirs.set_weights(port.to_keras(ours))
    assert far(theirs(x), ours(x)[0]) > 0.01
    again = back(nn.GRU(3, 4, batch_first=True), port.to_torch(theirs))
    assert torch.equal(again(x)[0], ours(x)[0])


@pytest.mark.parametrize(("width", "heads"), [(8, 2), (6, 3), (4, 1)])
def test_attention_gives_the_same_there_and_back(width, heads):
    q, kv = torch.randn(2, 5, width), torch.randn(2, 7, width)
    ours = nn.MultiheadAttention(width, heads, batch_first=True)
    nn.init.normal_(ours.in_proj_bias)
    attention = layers.MultiHeadAttention(heads, width // heads)
    theirs, state = ported(ours, attention, "port_attention", q.shape, kv.shape)
    assert close(theirs(q, kv), ours(q, kv, kv)[0])
    again = back(nn.MultiheadAttention(width, heads, batch_first=True), state)
    assert close(again(q, kv, kv)[0], ours(q, kv, kv)[0])


def test_key_dim_is_the_width_of_one_head():
    x = torch.zeros(2, 5, 8)
    theirs = layers.MultiHeadAttention(num_heads=2, key_dim=8)
    theirs.build(x.shape, x.shape)
    assert tuple(theirs.get_weights()[0].shape) == (8, 2, 8)
    port = functions("port_attention")
    with pytest.raises(ValueError, match="shape"):
        theirs.set_weights(port.to_keras(nn.MultiheadAttention(8, 2)))


@pytest.mark.parametrize("hidden", [1, 4])
def test_true_in_a_mask_hides_in_torch_and_shows_in_keras(hidden):
    x, mask = torch.rand(2, 6, 8), torch.zeros(2, 6, dtype=torch.bool)
    mask[:, hidden] = True
    ours = nn.MultiheadAttention(8, 2, batch_first=True)
    theirs, _ = ported(
        ours, layers.MultiHeadAttention(2, 4), "port_attention", x.shape, x.shape
    )
    y, scores = ours(x, x, x, key_padding_mask=mask)
    assert not scores[..., hidden].any()
    as_it_is = theirs(x, x, attention_mask=mask[:, None].expand(2, 6, 6))
    inverted = theirs(x, x, attention_mask=~mask[:, None].expand(2, 6, 6))
    assert close(inverted, y) and not close(as_it_is, y)


@pytest.mark.parametrize("epsilon", [1e-5, 0.001, 0.3])
def test_an_embedding_and_a_layer_norm_are_copied_as_they_are(epsilon):
    rows, norm = nn.Embedding(5, 3), nn.LayerNorm(3, eps=epsilon)
    nn.init.normal_(norm.weight)
    keras_norm = layers.LayerNormalization(epsilon=epsilon)
    for ours, theirs, shape, x in (
        (rows, layers.Embedding(5, 3), (None,), torch.tensor([[1, 4, 0]])),
        (norm, keras_norm, (None, 3), torch.randn(4, 3)),
    ):
        theirs.build(shape)
        theirs.set_weights([w.detach() for w in ours.parameters()])
        assert close(theirs(x), ours(x))


@pytest.mark.parametrize("size", [6, 8, 7, 9])
def test_same_with_stride_two_pads_right_and_below_if_the_size_is_even(size):
    x, ours = torch.randn(1, 3, size, size), nn.Conv2d(3, 4, 3, stride=2)
    conv = layers.Conv2D(4, 3, strides=2, padding="same")
    theirs, _ = ported(ours, conv, "port_convolution", (None, size, size, 3))
    y = nchw(theirs(nhwc(x)))
    even = size % 2 == 0
    assert close(y, ours(F.pad(x, (0, 1, 0, 1) if even else (1, 1, 1, 1))))
    all_sides = ours(F.pad(x, (1, 1, 1, 1)))
    assert y.shape == all_sides.shape
    assert close(y, all_sides) == (not even)


def test_torch_refuses_same_with_a_stride_and_takes_it_without():
    with pytest.raises(ValueError, match="is not supported for strided convolutions"):
        nn.Conv2d(3, 4, 3, stride=2, padding="same")
    assert nn.Conv2d(3, 4, 3, padding="same")(torch.rand(1, 3, 5, 5)).shape[2:] == (
        5,
        5,
    )


def test_the_picture_shows_one_matrix_turned():
    texts = drawn("keras/matrix_turned")
    cells = {(x, y): int(n) for n, x, y in texts if n.isdigit()}
    rows = [[cells[x, y] for x in range(3)] for y in range(2)]
    turned = [[cells[4.5 + x, y] for x in range(2)] for y in range(3)]
    assert np.array_equal(np.array(rows).T, turned)


def test_a_mask_of_the_bare_function_shows_as_in_keras():
    q, k, v = torch.rand(1, 1, 4), torch.rand(1, 3, 4), torch.eye(3)[None]
    mask = torch.tensor([[True, False, False]])
    shown = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None])
    assert shown.flatten().tolist() == [1, 0, 0]


def test_a_padding_mask_gets_a_dimension_for_the_queries():
    x = torch.rand(2, 4, 6)
    padding = torch.tensor([[False, False, True, True], [False, False, False, True]])
    attention = layers.MultiHeadAttention(num_heads=1, key_dim=6)
    options = {"attention_mask": ~padding[:, None], "return_attention_scores": True}
    _, scores = attention(x, x, **options)
    assert (scores[:, 0] == 0).tolist() == padding[:, None].expand(2, 4, 4).tolist()


def test_with_other_widths_of_keys_torch_keeps_three_matrices():
    names = dict(nn.MultiheadAttention(8, 2, kdim=6, vdim=4).named_parameters())
    assert {"q_proj_weight", "k_proj_weight", "v_proj_weight"} <= set(names)
    assert "in_proj_weight" not in names
    same = dict(nn.MultiheadAttention(8, 2, kdim=8, vdim=8).named_parameters())
    assert "in_proj_weight" in same


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("n, s, k", [(9, 2, 5), (10, 2, 5), (8, 3, 4), (7, 1, 4)])
def test_same_of_keras_pads_by_the_rule_of_the_page(n, s, k):
    total = max((math.ceil(n / s) - 1) * s + k - n, 0)
    before, x = total // 2, torch.rand(1, 2, n, n)
    ours, theirs = nn.Conv2d(2, 3, k, s), layers.Conv2D(3, k, s, padding="same")
    theirs.build((None, n, n, 2))
    theirs.set_weights(functions("port_convolution").to_keras(ours))
    found = nchw(theirs(nhwc(x)))
    pads = (before, total - before) * 2
    torch.testing.assert_close(ours(F.pad(x, pads)), found)
    if s == 1:
        same = F.conv2d(x, ours.weight, ours.bias, padding="same")
        torch.testing.assert_close(same, found)


def test_a_keras_file_becomes_a_network_with_other_weights_and_sizes(tmp_path):
    """As the program does, with biases that are not 0, which a new layer has."""
    port = functions("keras_file_to_torch")
    conv = layers.Conv2D(5, (2, 3), activation="relu", bias_initializer="normal")
    dense = layers.Dense(7, bias_initializer="normal")
    parts = keras.Input((6, 9, 2)), conv, layers.Flatten(), dense
    keras.Sequential(parts).save(tmp_path / "model.keras")
    theirs = keras.saving.load_model(tmp_path / "model.keras")
    first, last = nn.Conv2d(2, 5, (2, 3)), nn.Linear(5 * 5 * 7, 7)
    conv, _, dense = theirs.layers
    first.load_state_dict(port.conv_to_torch(conv))
    last.load_state_dict(port.flatten_to_torch(dense, 5, 5, 7))
    ours = nn.Sequential(first, nn.ReLU(), nn.Flatten(), last)
    x = torch.rand(3, 2, 6, 9)
    assert first.bias.any() and close(theirs(nhwc(x)), ours(x))


def test_a_functional_model_begins_with_an_input_layer_and_others_do_not(tmp_path):
    first = keras.Input((5,))
    hidden = layers.Dense(4, use_bias=False)(first)
    model = keras.Model(first, layers.Dense(2)(hidden))
    model.save(tmp_path / "model.keras")
    theirs = keras.saving.load_model(tmp_path / "model.keras").layers
    assert [type(layer).__name__ for layer in theirs] == ["InputLayer"] + ["Dense"] * 2
    x = y = torch.rand(3, 5)
    for layer in theirs[1:]:
        y = layer(y)
    assert close(y, model(x))
    with pytest.raises(ValueError, match="not enough values to unpack"):
        functions("port_dense").to_torch(theirs[1])
    parts = keras.Sequential([keras.Input((5,)), layers.Dense(4)])
    assert [type(layer).__name__ for layer in parts.layers] == ["Dense"]


def test_a_function_has_one_name_and_no_other_has_it():
    """So a reader can copy several of them into one file."""
    bodies = {}
    for one in PAGE.includes:
        if not (HERE.snippets / f"{one.snippet}.py").exists():
            continue  # the start of an exercise
        for node in ast.parse(program(one.snippet)).body:
            if isinstance(node, ast.FunctionDef):
                bodies.setdefault(node.name, set()).add(ast.unparse(node))
    assert len(bodies) > 15
    assert [name for name, found in bodies.items() if len(found) > 1] == []
    named = set(re.findall(r"\w+_to_(?:keras|torch)", PAGE.text))
    assert named and named - {"keras_file_to_torch"} <= set(bodies)


def test_after_flatten_a_right_port_differs_and_after_the_next_layer_it_agrees():
    dense, linear, image = layers.Dense(5), nn.Linear(24, 5), torch.rand(2, 4, 2, 3)
    dense.build((None, 24))
    state = functions("port_flatten").to_torch(dense, 4, 2, 3)
    linear.load_state_dict(state)
    theirs, ours = layers.Flatten()(nhwc(image)), nn.Flatten()(image)
    assert theirs.shape == ours.shape and not close(theirs, ours)
    assert close(dense(theirs), linear(ours))


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_an_lstm_with_relu_inside_is_not_one_of_torch_with_relu_behind(kind):
    x, ours = torch.randn(2, 5, 3), getattr(nn, kind)(3, 4, batch_first=True)
    for name in ("tanh", "relu"):
        theirs = getattr(layers, kind)(4, activation=name, return_sequences=True)
        ported(ours, theirs, f"port_{kind.lower()}", (None, 5, 3))
        assert close(theirs(x), ours(x)[0]) is (name == "tanh")
        assert not close(theirs(x), getattr(torch, name)(ours(x)[0]))
    made = getattr(layers, kind)
    hard = made(4, recurrent_activation="hard_sigmoid", return_sequences=True)
    ported(ours, hard, f"port_{kind.lower()}", (None, 5, 3))
    assert not close(hard(x), ours(x)[0])
    with pytest.raises((TypeError, ValueError)):
        getattr(nn, kind)(3, 4, nonlinearity="relu")


def test_heads_as_wide_as_the_tokens_do_not_fit_into_multihead_attention():
    theirs = layers.MultiHeadAttention(num_heads=2, key_dim=8)
    theirs.build((2, 5, 8), (2, 5, 8))
    state = functions("port_attention").to_torch(theirs)
    with pytest.raises(RuntimeError, match="size mismatch for in_proj_weight"):
        nn.MultiheadAttention(8, 2).load_state_dict(state)

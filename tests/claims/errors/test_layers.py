"""What the page of errors of layers claims beyond what its programs print."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.data import DataLoader


@pytest.mark.parametrize(("size", "sizes"), [(6, [3, 1, 0]), (8, [4, 2, 1])])
def test_each_pooling_halves_and_rounds_down(size, sizes):
    x = torch.ones(1, 1, size, size)
    for expected in sizes:
        if expected == 0:
            with pytest.raises(RuntimeError, match="Output size is too small"):
                F.max_pool2d(x, 2)
            break
        x = F.max_pool2d(x, 2)
        assert x.shape[-1] == expected


def test_keras_pads_a_strided_convolution_right_and_below():
    keras = pytest.importorskip("keras")
    x = torch.arange(36.0).reshape(1, 1, 6, 6)
    ours = nn.Conv2d(1, 2, 3, stride=2, padding=1)
    theirs = keras.layers.Conv2D(2, 3, strides=2, padding="same")
    theirs.build((None, 6, 6, 1))
    kernel = ours.weight.detach().numpy().transpose(2, 3, 1, 0)
    theirs.set_weights([kernel, ours.bias.detach().numpy()])
    with torch.no_grad():
        keras_says = theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        padded = F.conv2d(F.pad(x, (0, 1, 0, 1)), ours.weight, ours.bias, stride=2)
        assert ours(x).shape == keras_says.shape
        assert not torch.allclose(ours(x), keras_says, atol=0.01)
        torch.testing.assert_close(padded, keras_says)


def test_one_example_passes_batch_norm_after_eval_only():
    layer = nn.BatchNorm1d(4)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        layer(torch.ones(1, 4))
    assert layer.eval()(torch.ones(1, 4)).shape == (1, 4)


def test_a_loader_keeps_a_rest_of_one_unless_it_is_told_to_drop_it():
    sizes = [len(x) for x in DataLoader(torch.ones(5, 4), batch_size=2)]
    assert sizes == [2, 2, 1]


def test_layer_norm_works_on_the_last_dimension():
    x = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 3.0]])
    expected = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    layer = nn.LayerNorm(3, dtype=torch.float64)
    assert layer.weight.shape == (3,)
    with torch.no_grad():
        np.testing.assert_allclose(layer(torch.tensor(x)), expected, atol=1e-12)


def test_an_lstm_says_hidden_0():
    start = (torch.zeros(1, 5, 3), torch.zeros(1, 5, 3))
    with pytest.raises(RuntimeError, match=r"Expected hidden\[0\] size \(1, 2, 3\)"):
        nn.LSTM(4, 3)(torch.ones(5, 2, 4), start)


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers_return_two_things(layer):
    result = layer(4, 3)(torch.ones(5, 2, 4))
    assert type(result) is tuple and len(result) == 2


@pytest.mark.parametrize(("layers", "same"), [(1, True), (2, False)])
@pytest.mark.filterwarnings("ignore:dropout option adds dropout")
def test_dropout_acts_only_between_recurrent_layers(layers, same):
    torch.manual_seed(0)
    model = nn.LSTM(4, 3, num_layers=layers, dropout=0.5)
    x = torch.ones(5, 2, 4)
    assert torch.equal(model(x)[0], model(x)[0]) is same


@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_an_encoder_with_the_batch_second_is_right_too():
    torch.manual_seed(0)
    slow = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1).eval()
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    fast = nn.TransformerEncoder(layer, 1).eval()
    fast.load_state_dict(slow.state_dict())
    x = torch.randn(5, 7, 4)
    with torch.no_grad():
        torch.testing.assert_close(slow(x.transpose(0, 1)).transpose(0, 1), fast(x))


def test_packing_sorts_by_itself_and_counts_the_examples_at_each_step():
    lengths = np.array([1, 3])
    x = torch.ones(2, 3, 1)
    packed = pack_padded_sequence(
        x, torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    expected = [(lengths > step).sum() for step in range(3)]
    assert packed.batch_sizes.tolist() == expected
    longest_first = pack_padded_sequence(x, [3, 1], batch_first=True)
    assert longest_first.batch_sizes.tolist() == expected


@pytest.mark.parametrize("size", [7, 9, 8])
def test_a_padding_of_one_is_that_of_keras_for_odd_sizes_alone(size):
    keras = pytest.importorskip("keras")
    x = torch.arange(float(size**2)).reshape(1, 1, size, size)
    ours = nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False)
    theirs = keras.layers.Conv2D(1, 3, strides=2, padding="same", use_bias=False)
    theirs.build((None, size, size, 1))
    theirs.set_weights([ours.weight.detach().numpy().transpose(2, 3, 1, 0)])
    with torch.no_grad():
        keras_says = theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        same = torch.allclose(ours(x), keras_says, atol=1e-3)
    assert ours(x).shape[-1] == -(-size // 2) and same is (size % 2 == 1)


def test_one_image_of_several_pixels_passes_batch_norm():
    layer = nn.BatchNorm2d(4)
    assert layer(torch.rand(1, 4, 2, 2)).shape == (1, 4, 2, 2)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        layer(torch.ones(1, 4, 1, 1))


def test_layer_norm_of_two_dimensions():
    x = torch.rand(2, 3, 4)
    y = nn.LayerNorm([3, 4])(x)
    torch.testing.assert_close(y.mean((1, 2)), torch.zeros(2), atol=1e-6, rtol=0)
    with pytest.raises(RuntimeError, match=r"expected input with shape \[\*, 3, 4\]"):
        nn.LayerNorm([3, 4])(x.mT)


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.int64])
def test_recurrent_layers_want_the_type_of_their_weights(layer, dtype):
    with pytest.raises(ValueError, match="RNN input dtype .* does not match weight"):
        layer(4, 3)(torch.ones(5, 2, 4, dtype=dtype))


@pytest.mark.parametrize("name", ["size", "shape", "view"])
def test_the_result_of_a_recurrent_layer_is_a_tuple(name):
    result = nn.GRU(4, 3)(torch.ones(5, 2, 4))
    with pytest.raises(
        AttributeError, match=f"'tuple' object has no attribute '{name}"
    ):
        getattr(result, name)


@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")
@pytest.mark.parametrize("first", [True, False])
def test_an_encoder_with_the_batch_second_mixes_batch_first_data(first):
    torch.manual_seed(1)
    layer = nn.TransformerEncoderLayer(8, 4, 16, dropout=0.0, batch_first=first)
    x = torch.randn(3, 5, 8)  # (batch, time, features)
    alone = layer.eval()(x[:1])[0]
    assert torch.allclose(layer(x)[0], alone, atol=1e-5) is first


@pytest.mark.parametrize(("dtype", "fits"), [(torch.int32, 1), (torch.int16, 0)])
def test_an_embedding_takes_two_integer_types(dtype, fits):
    words = torch.tensor([1, 2], dtype=dtype)
    if fits:
        assert nn.Embedding(3, 4)(words).shape == (2, 4)
    else:
        with pytest.raises(RuntimeError, match="scalar types: Long, Int"):
            nn.Embedding(3, 4)(words)


@pytest.mark.parametrize(
    "layer", [nn.LayerNorm(3), nn.GroupNorm(1, 3), nn.BatchNorm1d(3)]
)
def test_norms_want_the_type_of_their_weights(layer):
    x = torch.rand(4, 3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="mixed dtype .CPU.: all inputs must share"):
        layer(x)
    assert layer(x.float()).dtype == torch.float32


def test_functional_dropout_drops_in_eval_unless_it_is_told():
    x = torch.ones(200)
    assert not torch.equal(F.dropout(x, 0.3), x)  # stays wrong after eval()
    assert torch.equal(F.dropout(x, 0.3, training=False), x)
    assert torch.equal(nn.Dropout(0.3).eval()(x), x)


def test_one_sample_of_padding_alone_makes_the_batch_nan():
    attention = nn.MultiheadAttention(8, 2, batch_first=True)
    x, padding = torch.rand(3, 4, 8), torch.zeros(3, 4, dtype=torch.bool)
    padding[1] = True
    y, _ = attention(x, x, x, key_padding_mask=padding)
    assert y.mean().isnan() and not y[[0, 2]].isnan().any()
    padding[1, 2] = False
    assert attention(x, x, x, key_padding_mask=padding)[0].isfinite().all()


@pytest.mark.parametrize("sizes", [(4 / 2, 1), (1, 6 / 3)])
def test_a_width_is_an_integer(sizes):
    with pytest.raises(TypeError, match="must be tuple of ints, ?but.*float"):
        nn.Linear(*sizes)
    assert nn.Linear(*map(int, sizes)).in_features == int(sizes[0])


@pytest.mark.parametrize("pixels", [1, 2])
def test_batch_norm_of_one_image_needs_more_than_one_pixel(pixels):
    model, x = nn.BatchNorm2d(5), torch.rand(1, 5, pixels, 1)
    if pixels == 1:
        with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
            model(x)
    else:
        assert model(x).shape == x.shape


@pytest.mark.parametrize("layer", [nn.GRU, nn.RNN])
def test_the_state_of_a_gru_or_an_rnn_is_one_tensor(layer):
    y, h = layer(4, 3)(torch.ones(5, 2, 4))
    assert y.shape == (5, 2, 3) and h.shape == (1, 2, 3)
    with pytest.raises(ValueError, match="not enough values to unpack"):
        y, (h, c) = layer(4, 3)(torch.ones(5, 2, 4))


@pytest.mark.parametrize(
    ("options", "size"),
    [({"num_layers": 3}, 3), ({"num_layers": 2, "bidirectional": True}, 4)],
)
def test_the_state_counts_layers_and_directions(options, size):
    model, x = nn.GRU(4, 3, batch_first=True, **options), torch.ones(2, 5, 4)
    with pytest.raises(RuntimeError, match=rf"hidden size \({size}, 2, 3\)"):
        model(x, torch.zeros(1, 2, 3))
    assert model(x, torch.zeros(size, len(x), 3))[0].shape[:2] == (2, 5)


def test_a_smaller_last_batch_needs_a_smaller_state():
    model, x = nn.GRU(4, 3, batch_first=True), torch.ones(2, 5, 4)
    with pytest.raises(RuntimeError, match=r"hidden size \(1, 2, 3\), got \[1, 6, 3\]"):
        model(x, torch.zeros(1, 6, 3))
    assert model(x, torch.zeros(1, len(x), 3))[1].shape == (1, 2, 3)


@pytest.mark.parametrize("need_weights", [True, False])
def test_attention_to_padding_alone_is_nan_with_weights_only(need_weights):
    model, x = nn.MultiheadAttention(6, 2, batch_first=True), torch.rand(3, 4, 6)
    padding = torch.zeros(3, 4, dtype=torch.bool)
    padding[1] = True
    y, _ = model(x, x, x, key_padding_mask=padding, need_weights=need_weights)
    assert y.isnan().any((1, 2)).tolist() == [False, need_weights, False]


def test_one_image_needs_a_batch_for_batch_norm():
    x = torch.rand(3, 5, 5)
    with pytest.raises(ValueError, match=r"expected 4D input \(got 3D input\)"):
        nn.BatchNorm2d(3)(x)
    assert nn.BatchNorm2d(3)(x[None]).shape == (1, 3, 5, 5)


@pytest.mark.parametrize("shape", [(1, 4, 1, 1), (1, 4, 1, 1, 1)])
def test_batch_norm_refuses_one_value_of_any_number_of_dimensions(shape):
    layer = {4: nn.BatchNorm2d, 5: nn.BatchNorm3d}[len(shape)](4)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        layer(torch.ones(shape))


def test_batch_norm_without_statistics_names_its_weight():
    layer = nn.BatchNorm2d(4, track_running_stats=False)
    with pytest.raises(RuntimeError, match="^weight should contain 3 elements not 4"):
        layer(torch.ones(2, 3, 5, 5))


def test_batch_norm_of_rows_names_two_numbers_of_dimensions():
    with pytest.raises(ValueError, match="expected 2D or 3D input .got 4D input"):
        nn.BatchNorm1d(4)(torch.ones(2, 4, 3, 3))


@pytest.mark.parametrize("norm", [nn.LayerNorm(4), nn.BatchNorm1d(4)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_a_float_meets_the_weights_of_another_type(norm, dtype):
    with pytest.raises(RuntimeError, match="expect parameter to have scalar type of F"):
        copy.deepcopy(norm).to(dtype)(torch.ones(2, 4))


def test_layer_norm_says_the_same_of_integers():
    with pytest.raises(RuntimeError, match="all inputs must share same datatype"):
        nn.LayerNorm(4)(torch.ones(2, 4, dtype=torch.int64))


@pytest.mark.parametrize("dtype", [torch.int64, torch.float16])
def test_recurrent_layers_want_the_type_of_their_weights_of_any_input(dtype):
    with pytest.raises(ValueError, match="does not match weight dtype .torch.float32"):
        nn.GRU(4, 3)(torch.ones(5, 2, 4, dtype=dtype))


def test_the_cell_of_an_lstm_is_hidden_1():
    states = torch.zeros(1, 2, 3), torch.zeros(1, 5, 3)
    with pytest.raises(RuntimeError, match=r"^Expected hidden\[1\] size"):
        nn.LSTM(4, 3)(torch.ones(5, 2, 4), states)


def test_the_third_size_of_a_state_is_the_hidden_size():
    layer = nn.RNN(4, 6)
    with pytest.raises(RuntimeError, match=r"size \(1, 2, 6\), got \[1, 2, 3\]"):
        layer(torch.ones(5, 2, 4), torch.zeros(1, 2, 3))

"""What the page of errors of sequence layers claims beyond its programs."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence


def test_an_lstm_says_hidden_0():
    start = (torch.zeros(1, 5, 3), torch.zeros(1, 5, 3))
    with pytest.raises(RuntimeError, match=r"Expected hidden\[0\] size \(1, 2, 3\)"):
        nn.LSTM(4, 3)(torch.ones(5, 2, 4), start)


def test_lengths_of_two_dimensions_are_refused_on_a_cpu_too():
    x, lengths = torch.ones(2, 3, 1), torch.tensor([[3], [1]])
    with pytest.raises(RuntimeError, match="a 1D CPU int64 .* got 2D cpu Long tensor"):
        pack_padded_sequence(x, lengths, batch_first=True)
    packed = pack_padded_sequence(x, lengths.flatten(), batch_first=True)
    assert packed.batch_sizes.tolist() == [2, 1, 1]


def test_not_every_array_of_numpy_is_float64():
    assert np.ones(2).dtype == np.array([0.5]).dtype == np.float64
    assert np.arange(2).dtype == np.int64


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


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.int64])
def test_recurrent_layers_want_the_type_of_their_weights(layer, dtype):
    with pytest.raises(ValueError, match="RNN input dtype .* does not match weight"):
        layer(4, 3)(torch.ones(5, 2, 4, dtype=dtype))


@pytest.mark.parametrize("name", ["size", "shape", "view", "dim"])
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


def test_one_sample_of_padding_alone_makes_the_batch_nan():
    attention = nn.MultiheadAttention(8, 2, batch_first=True)
    x, padding = torch.rand(3, 4, 8), torch.zeros(3, 4, dtype=torch.bool)
    padding[1] = True
    y, _ = attention(x, x, x, key_padding_mask=padding)
    assert y.mean().isnan() and not y[[0, 2]].isnan().any()
    padding[1, 2] = False
    assert attention(x, x, x, key_padding_mask=padding)[0].isfinite().all()


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


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU])
def test_a_state_has_as_many_dimensions_as_the_input(layer):
    def run(x, state):
        return layer(3, 2)(x, (state, state) if layer is nn.LSTM else state)

    one, batch = torch.ones(4, 3), torch.ones(4, 1, 3)
    with pytest.raises(RuntimeError, match="^For unbatched 2-D input, hx"):
        run(one, torch.zeros(1, 1, 2))
    with pytest.raises(RuntimeError, match="^For batched 3-D input, hx"):
        run(batch, torch.zeros(1, 2))
    assert run(batch, torch.zeros(1, 1, 2))[0].shape == (4, 1, 2)
    assert run(one, torch.zeros(1, 2))[0].shape == (4, 2)


def test_one_sequence_comes_first_with_batch_first():
    lstm, x = nn.LSTM(3, 2, batch_first=True), torch.ones(4, 3)
    assert lstm(x[None])[0].shape == (1, 4, 2)


def test_only_empty_sequences_cannot_be_packed():
    packed = pack_padded_sequence(torch.ones(2, 4, 3), [4, 1], batch_first=True)
    assert packed.batch_sizes.tolist() == [2, 1, 1, 1]
    with pytest.raises(RuntimeError, match="^Length of all samples has to be greater"):
        pack_padded_sequence(torch.ones(1, 4, 3), [0], batch_first=True)


def test_features_come_last_in_attention():
    x = torch.ones(2, 8, 3)  # (batch, features, time)
    attention = nn.MultiheadAttention(8, 2, batch_first=True)
    with pytest.raises(AssertionError, match="^was expecting embedding dimension of 8"):
        attention(x, x, x)
    assert x.shape[1] == attention.embed_dim != x.shape[-1]
    x = x.transpose(1, 2)
    assert attention(x, x, x)[0].shape == (2, 3, 8)


def test_a_mask_has_rows_that_ask_and_columns_that_are_asked():
    ask, asked = torch.ones(2, 3, 4), torch.ones(2, 5, 4)
    attention = nn.MultiheadAttention(4, 2, batch_first=True)

    def run(shape, **options):
        mask = torch.zeros(shape, dtype=torch.bool)
        return attention(ask, asked, asked, attn_mask=mask, **options)[0]

    assert run((3, 5)).shape == run((4, 3, 5)).shape == (2, 3, 4)
    with pytest.raises(RuntimeError, match="^The shape of the 2D attn_mask is .*3, 5"):
        run((5, 3))
    with pytest.raises(
        RuntimeError, match=r"^The shape of the 2D attn_mask .*\(3, 5\)"
    ):
        run((2, 5))  # (batch, time): it says what is padding
    with pytest.raises(RuntimeError, match="^The shape of the 3D attn_mask is"):
        run((2, 3, 5))
    padding = torch.zeros(2, 5, dtype=torch.bool)
    assert attention(ask, asked, asked, key_padding_mask=padding)[0].shape == (2, 3, 4)


@pytest.mark.filterwarnings("ignore:Support for mismatched key_padding_mask")
def test_masks_of_two_types_hide_the_same():
    torch.manual_seed(0)
    x, attention = torch.randn(1, 3, 4), nn.MultiheadAttention(4, 2, batch_first=True)
    padded = torch.tensor([[False, False, True]])
    floats = nn.Transformer.generate_square_subsequent_mask(3)
    bools = torch.ones(3, 3, dtype=torch.bool).triu(1)
    assert floats.dtype == torch.float32
    assert torch.equal(floats == float("-inf"), bools)
    one, two = (
        attention(x, x, x, attn_mask=mask, key_padding_mask=padded)[1]
        for mask in (floats, bools)
    )
    assert torch.equal(one, two) and (one[:, bools] == 0).all()


@pytest.mark.parametrize("layer", [nn.GRU, nn.RNN])
def test_a_packed_input_of_another_width_is_refused(layer):
    with pytest.raises(RuntimeError, match=r"^input.size\(-1\) must be equal to"):
        layer(4, 3)(pack_sequence([torch.ones(5, 6)]))


def test_an_lstm_does_not_check_the_width_of_a_packed_input():
    lstm, x = nn.LSTM(4, 3), torch.ones(5, 6)
    with pytest.raises(RuntimeError, match="^mat1 and mat2 shapes cannot be"):
        lstm(pack_sequence([x, x[:3]]))
    if torch.backends.mkldnn.is_available():
        assert lstm(pack_sequence([x]))[0].data.shape == (5, 3)
        assert lstm(pack_sequence([x, x]))[0].data.shape == (10, 3)


def test_a_packed_input_of_an_lstm_and_cells_say_it_in_other_words():
    x = torch.ones(5, 4, dtype=torch.float64)
    with pytest.raises(ValueError, match="RNN input dtype"):
        nn.GRU(4, 3)(pack_sequence([x]))
    for run in (
        lambda: nn.LSTM(4, 3)(pack_sequence([x])),
        lambda: nn.LSTMCell(4, 3)(x),
        lambda: nn.GRUCell(4, 3)(x),
    ):
        with pytest.raises(RuntimeError, match="^mat1 and mat2 must have the same dt"):
            run()


def test_a_projection_sets_the_width_of_the_first_state():
    lstm, x, wide = nn.LSTM(4, 6, proj_size=2), torch.ones(5, 2, 4), (1, 2, 6)
    with pytest.raises(RuntimeError, match=r"^Expected hidden\[0\] size \(1, 2, 2\)"):
        lstm(x, (torch.zeros(wide), torch.zeros(wide)))


@pytest.mark.parametrize("layer", [nn.GRU, nn.RNN])
def test_a_gru_and_an_rnn_speak_of_one_state(layer):
    with pytest.raises(RuntimeError, match="2-D input, hx should also be 2-D"):
        layer(3, 2)(torch.ones(4, 3), torch.zeros(1, 1, 2))


def test_attention_returns_a_tuple_too():
    x = torch.ones(2, 3, 4)
    assert type(nn.MultiheadAttention(4, 2)(x, x, x)) is tuple


@pytest.mark.parametrize("after", [nn.BatchNorm1d(3), nn.LSTM(3, 2), nn.GRU(3, 2)])
def test_a_next_layer_may_ask_the_tuple_for_its_dimensions(after):
    with pytest.raises(AttributeError, match="^'tuple' object has no attribute 'dim'"):
        nn.Sequential(nn.LSTM(4, 3), after)(torch.ones(5, 2, 4))


@pytest.mark.parametrize("layer", [nn.GRU, nn.RNN])
def test_a_gru_asks_the_two_states_of_an_lstm_for_their_dimensions(layer):
    x, states = torch.ones(5, 2, 4), nn.LSTM(4, 3)(torch.ones(5, 2, 4))[1]
    with pytest.raises(AttributeError, match="^'tuple' object has no attribute 'dim'"):
        layer(4, 3)(x, states)


@pytest.mark.parametrize("after", [nn.ReLU, nn.Dropout])
def test_a_tuple_from_an_lstm_names_the_next_layer(after):
    with pytest.raises(TypeError, match=rf"^{after.__name__.lower()}\(\): argument"):
        nn.Sequential(nn.LSTM(4, 3), after())(torch.ones(5, 2, 4))


@torch.no_grad()
def test_attention_says_it_in_other_words_when_it_predicts():
    x, mask = torch.ones(2, 3, 4), torch.zeros(5, 5, dtype=torch.bool)
    wide = nn.MultiheadAttention(8, 2, batch_first=True)
    with pytest.raises(AssertionError, match="^was expecting embedding dimension of 8"):
        wide(x, x, x)
    with pytest.raises(RuntimeError, match="^passed-in embed_dim 8 didn't match last"):
        wide.eval()(x, x, x)
    second = nn.MultiheadAttention(8, 2).eval()
    for attention, other in ((second, x), (wide, torch.ones(2, 5, 4))):
        with pytest.raises(AssertionError, match="^was expecting embedding dimension"):
            attention(x, other, other)
    right = nn.MultiheadAttention(4, 2, batch_first=True)
    with pytest.raises(RuntimeError, match="^The shape of the 2D attn_mask"):
        right(x, x, x, attn_mask=mask)
    with pytest.raises(RuntimeError, match="is invalid for input of size 25"):
        right.eval()(x, x, x, attn_mask=mask)


def test_two_kinds_of_floats_in_masks_warn_and_another_than_the_input_fails():
    x, attention = torch.ones(1, 3, 4), nn.MultiheadAttention(4, 2, batch_first=True)
    zeros, double = torch.zeros(3, 3), torch.zeros(1, 3, dtype=torch.float64)
    with (
        pytest.warns(UserWarning, match="mismatched key_padding_mask and attn_mask"),
        pytest.raises(RuntimeError, match="dtype"),
    ):
        attention(x, x, x, attn_mask=zeros, key_padding_mask=double)


def test_numbers_without_a_dimension_of_features_are_not_of_ten_features():
    x = torch.randn(32, 10)  # (batch, time)
    with pytest.raises(RuntimeError, match="must be equal to input_size. Expected 1, "):
        nn.LSTM(1, 3, batch_first=True)(x)
    gru = nn.GRU(1, 3, batch_first=True)
    output, _ = gru(x[..., None])
    assert output.shape == (32, 10, 3)
    torch.testing.assert_close(output[:1], gru(x[:1, :, None])[0])


def test_the_input_is_converted_to_the_dtype_of_the_weights():
    text = r"input dtype \(torch.float32\) does not match weight dtype \(torch.bfloat"
    with pytest.raises(ValueError, match=text):
        nn.LSTM(4, 3).bfloat16()(torch.ones(5, 2, 4).float())


def test_a_single_sample_needs_another_state_than_the_batches():
    gru = nn.GRU(4, 3, batch_first=True)
    x = torch.ones(1, 7, 4)
    with pytest.raises(RuntimeError, match=r"size \(1, 1, 3\), got \[1, 32, 3\]"):
        gru(x, torch.zeros(1, 32, 3))
    assert gru(x, torch.zeros(1, 1, 3))[0].shape == (1, 7, 3)


@pytest.mark.parametrize("batch_first", [False, True])
def test_one_step_of_a_batch_gets_its_time_where_the_layer_has_it(batch_first):
    lstm = nn.LSTM(3, 2, batch_first=batch_first)
    step, state = torch.ones(5, 3), (torch.zeros(1, 5, 2),) * 2
    with pytest.raises(RuntimeError, match="For unbatched 2-D input, hx and cx"):
        lstm(step, state)
    right, wrong = step[None], step[:, None]
    if batch_first:
        right, wrong = wrong, right
    assert lstm(right, state)[0].numel() == 5 * 2
    with pytest.raises(RuntimeError, match=r"Expected hidden\[0\] size \(1, 1, 2\)"):
        lstm(wrong, state)


def test_the_warning_of_an_encoder_ends_for_time_first_too():
    layer = nn.TransformerEncoderLayer(4, 2)
    with pytest.warns(UserWarning, match="batch_first was not True"):
        nn.TransformerEncoder(layer, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)


def test_a_mask_is_as_long_as_the_time_wherever_it_stands():
    x, attention = torch.ones(3, 2, 4), nn.MultiheadAttention(4, 2)  # time first
    for size, fits in ((x.shape[1], False), (x.shape[0], True)):
        mask = torch.zeros(size, size)
        if fits:
            assert attention(x, x, x, attn_mask=mask)[0].shape == x.shape
        else:
            with pytest.raises(RuntimeError, match="The shape of the 2D attn_mask"):
                attention(x, x, x, attn_mask=mask)


def test_fractions_are_no_row_numbers():
    assert not torch.rand(9).long().any()


def test_padding_on_the_left_meets_a_causal_mask():
    attention = nn.MultiheadAttention(4, 2, batch_first=True)
    x, later = torch.ones(2, 3, 4), torch.ones(3, 3, dtype=torch.bool).triu(1)
    left = torch.tensor([[True, False, False], [False, False, False]])
    for padding, expected in ((left, [True, False]), (left.flip(1), [False, False])):
        weights = attention(x, x, x, key_padding_mask=padding, attn_mask=later)[1]
        assert weights.isnan().any((1, 2)).tolist() == expected
    assert not left.all(dim=1).any()  # one False in each row is not enough there

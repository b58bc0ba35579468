"""The claims of docs/sequences/index.md, against each sequence alone."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import (
    pack_padded_sequence,
    pack_sequence,
    pad_packed_sequence,
    pad_sequence,
)

from tests.claims_support import drawn, names_of, printed

KINDS = (nn.LSTM, nn.GRU, nn.RNN)


def ragged(lengths, width=4, dtype=torch.float32, seed=0):
    torch.manual_seed(seed)
    return [torch.randn(length, width, dtype=dtype) for length in lengths]


def gaps(name):
    lines = printed(f"sequences/{name}").splitlines()
    pairs = (line.split("  gaps ") for line in lines)
    return {way.strip(): [float(g) for g in two.split(" and ")] for way, two in pairs}


def last_state(result):
    """Of a layer's result: h, without the c of an LSTM."""
    state = result[1]
    return state[0] if isinstance(state, tuple) else state


# Padding


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_takes_the_dtype_of_the_first_tensor(side):
    whole, decimals = torch.tensor([1]), torch.tensor([1.5, 2.5])
    cut = pad_sequence([whole, decimals], batch_first=True, padding_side=side)
    assert cut.dtype == torch.int64 and cut[1].tolist() == [1, 2]
    kept = pad_sequence([decimals, whole], batch_first=True, padding_side=side)
    assert kept.dtype == torch.float32 and kept[0].tolist() == [1.5, 2.5]
    truth = pad_sequence([whole == 0, torch.tensor([0, 2])], batch_first=True)
    assert truth.tolist() == [[False, False], [False, True]]


def test_the_figure_shows_the_padded_and_the_packed_words():
    texts = [text for text, *_ in drawn("sequences/padded_and_packed")]
    assert texts.count("0") == 3
    rows = [torch.tensor(row) for row in ([11, 12, 13, 14], [21, 22], [31, 32, 33])]
    packed = pack_sequence(rows, enforce_sorted=False)
    assert texts[21:30] == [str(word) for word in packed.data.tolist()]
    assert packed.batch_sizes.tolist() == [3, 3, 2, 1]


def test_padding_keeps_the_words_and_forgets_the_lengths():
    one = pad_sequence([torch.tensor([5, 0]), torch.tensor([3])], batch_first=True)
    other = pad_sequence([torch.tensor([5]), torch.tensor([3, 0])], batch_first=True)
    assert torch.equal(one, other)


@pytest.mark.parametrize("lengths", [[4, 2], [1, 6, 3]])
def test_the_mask_marks_the_real_words(lengths):
    words = pad_sequence([torch.ones(n) for n in lengths], batch_first=True)
    real = torch.arange(words.shape[1]) < torch.tensor(lengths)[:, None]
    assert torch.equal(real, words == 1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_the_mean_of_real_places_is_that_of_each_sequence_alone(dtype):
    rows = [torch.tensor([4, 6, 2, 8], dtype=dtype), torch.tensor([4, 6], dtype=dtype)]
    x = pad_sequence(rows, batch_first=True)
    real = torch.tensor([[True] * 4, [True, True, False, False]])
    alone = torch.stack([row.mean() for row in rows])
    assert torch.equal((x * real).sum(1) / real.sum(1), alone)
    assert x.mean(1)[1] == alone[1] / 2


def test_features_and_a_maximum_need_the_mask_as_well():
    rows = [-torch.rand(4, 3) - 1, -torch.rand(2, 3) - 1]
    x = pad_sequence(rows, batch_first=True)
    real = torch.arange(4) < torch.tensor([[4], [2]])
    mean = (x * real[:, :, None]).sum(1) / real.sum(1)[:, None]
    torch.testing.assert_close(mean, torch.stack([row.mean(0) for row in rows]))
    largest = x[..., 0].masked_fill(~real, -torch.inf).amax(1)
    assert torch.equal(largest, torch.stack([row[:, 0].max() for row in rows]))
    assert x[1, :, 0].max() == 0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_only_a_filled_mask_removes_padding_that_is_not_finite(bad):
    x, real = torch.tensor([[2.0, 4, bad]]), torch.tensor([[True, True, False]])
    assert (x * real).sum(1).isnan()
    assert x.masked_fill(~real, 0).sum(1) / real.sum(1) == 3
    x = x[:, :, None].expand(1, 3, 5)
    assert (x.masked_fill(~real[:, :, None], 0).sum(1) == 6).all()


def test_minus_infinity_fits_no_integer():
    real = torch.tensor([[True, False]])
    with pytest.raises(RuntimeError, match="without overflow"):
        torch.tensor([[1, 0]]).masked_fill(~real, -torch.inf)


# Batch first


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_first", [True, False])
def test_only_batch_first_keeps_the_sequences_apart(kind, batch_first):
    x = torch.stack(ragged([5, 5, 5]))
    layer = kind(4, 3, batch_first=batch_first)
    y, alone = layer(x)[0], layer(x[2:])[0][0]
    assert y.shape == (3, 5, 3)
    assert torch.allclose(y[2], alone, atol=1e-6) is batch_first


@pytest.mark.parametrize("batch_first", [True, False])
def test_attention_layers_read_time_first_as_well(batch_first):
    torch.manual_seed(0)
    x = torch.randn(2, 3, 4)
    attention = nn.MultiheadAttention(4, 1, batch_first=batch_first)
    encoder = nn.TransformerEncoderLayer(4, 1, 8, dropout=0, batch_first=batch_first)
    for y, alone in (
        (attention(x, x, x)[0], attention(x[:1], x[:1], x[:1])[0]),
        (encoder(x), encoder(x[:1])),
    ):
        assert torch.allclose(y[:1], alone, atol=1e-6) is batch_first


def test_without_it_sequence_1_goes_on_from_sequence_0():
    x = torch.stack(ragged([5, 5]))
    lstm = nn.LSTM(4, 3)
    y, _ = lstm(x)
    _, state = lstm(x[:1])
    torch.testing.assert_close(y[1], lstm(x[1:], state)[0][0])
    line = printed("sequences/batch_first_forgotten").splitlines()[1]
    assert line.endswith("gap 0.118")


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_keeps_its_shape_with_batch_first(kind):
    layer = kind(4, 3, num_layers=2, batch_first=True)
    assert last_state(layer(torch.ones(5, 7, 4))).shape == (2, 5, 3)


def test_the_functions_for_padding_read_time_first_by_default():
    rows = ragged([5, 2])
    assert pad_sequence(rows).shape == (5, 2, 4)
    packed = pack_padded_sequence(pad_sequence(rows), [5, 2])
    assert pad_packed_sequence(packed)[0].shape == (5, 2, 4)
    first = pack_padded_sequence(pad_sequence(rows, True), [5, 2], True)
    assert torch.equal(packed.data, first.data)
    assert torch.equal(pack_sequence(rows).data, first.data)
    with pytest.raises(TypeError, match="batch_first"):
        pack_sequence(rows, batch_first=True)


def test_two_directions_double_the_layers_of_the_state():
    x = torch.ones(5, 7, 4)
    for batch_first, batch in ((True, 5), (False, 7)):
        layer = nn.LSTM(4, 3, 2, batch_first=batch_first, bidirectional=True)
        assert [one.shape for one in layer(x)[1]] == [(4, batch, 3)] * 2


# The last state


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 2])
def test_the_last_place_is_wrong_where_there_is_padding(kind, layers):
    lengths = torch.tensor([2, 6, 3])
    rows = ragged(lengths)
    layer = kind(4, 3, num_layers=layers, batch_first=True)
    alone = torch.stack([layer(row)[0][-1] for row in rows])
    x = pad_sequence(rows, batch_first=True)
    y, _ = layer(x)
    packed = pack_padded_sequence(x, lengths, True, enforce_sorted=False)
    torch.testing.assert_close(y[torch.arange(3), lengths - 1], alone)
    torch.testing.assert_close(last_state(layer(packed))[-1], alone)
    right = (y[:, -1] - alone).abs().amax(1) < 1e-6
    assert right.tolist() == [False, True, False]


def test_the_gaps_on_the_page():
    assert gaps("last_state_of_padding") == {
        "y[:, -1]": [0, pytest.approx(0.06, abs=0.05)],
        "y at lengths - 1": [0, 0],
        "h[-1], packed": [0, 0],
    }


def test_a_gru_in_the_program_changes_only_the_first_way():
    changes = {"nn.LSTM": "nn.GRU", "_, (h, _)": "_, h"}
    names = names_of("sequences/last_state_of_padding", changes)
    wrong = [
        (last - names["alone"]).abs().max() > 1e-3 for last in names["ways"].values()
    ]
    assert wrong == [True, False, False]


@pytest.mark.parametrize("kind", KINDS)
def test_padding_on_the_left_makes_the_last_state_wrong_as_well(kind):
    rows = ragged([6, 2])
    layer = kind(4, 3, batch_first=True)
    x = pad_sequence(rows, batch_first=True, padding_side="left")
    assert torch.equal(x[1, -2:], rows[1])
    alone = torch.stack([layer(row)[0][-1] for row in rows])
    right = (layer(x)[0][:, -1] - alone).abs().amax(1) < 1e-6
    assert right.tolist() == [True, False]


def test_zeros_still_change_the_state():
    torch.manual_seed(0)
    lstm = nn.LSTM(4, 3)
    _, before = lstm(torch.randn(2, 1, 4))
    _, after = lstm(torch.zeros(1, 1, 4), before)
    assert (before[0] - after[0]).abs().max() > 1e-3
    bare = nn.LSTM(4, 3, bias=False)
    assert (before[0] - bare(torch.zeros(1, 1, 4), before)[1][0]).abs().max() > 1e-3


def test_an_empty_sequence_is_an_error_only_when_packed():
    y, lengths = torch.arange(10).reshape(2, 5), torch.tensor([5, 0])
    assert y[torch.arange(2), lengths - 1].tolist() == [4, 9]
    with pytest.raises(RuntimeError, match="has to be greater than 0"):
        pack_padded_sequence(torch.ones(2, 5, 4), lengths, batch_first=True)


# Packing


@pytest.mark.parametrize("lengths", [[3, 2], [1, 5, 5, 2]])
def test_a_packed_batch_holds_the_real_steps_only(lengths):
    x = pad_sequence(ragged(lengths), batch_first=True)
    packed = pack_padded_sequence(x, torch.tensor(lengths), True, enforce_sorted=False)
    assert len(packed.data) == sum(lengths)
    running = [sum(n > step for n in lengths) for step in range(max(lengths))]
    assert packed.batch_sizes.tolist() == running


def test_results_come_back_in_the_order_of_the_batch():
    lengths = [2, 5, 3]
    rows = ragged(lengths)
    gru = nn.GRU(4, 3, batch_first=True)
    y, h = gru(pack_sequence(rows, enforce_sorted=False))
    out, back = pad_packed_sequence(y, batch_first=True)
    assert back.tolist() == lengths
    for n, row in enumerate(rows):
        alone, last = gru(row)
        torch.testing.assert_close(out[n, : lengths[n]], alone)
        torch.testing.assert_close(h[:, n], last)
        assert not out[n, lengths[n] :].any()


def test_the_time_shrinks_to_the_longest_unless_told():
    packed = pack_padded_sequence(torch.ones(2, 9, 4), [4, 4], batch_first=True)
    assert pad_packed_sequence(packed, batch_first=True)[0].shape == (2, 4, 4)
    out, _ = pad_packed_sequence(packed, batch_first=True, total_length=9)
    assert out.shape == (2, 9, 4) and not out[:, 4:].any()


def test_lengths_must_be_on_the_cpu():
    assert len(pack_padded_sequence(torch.ones(2, 3, 4), [3, 2], True).data) == 5
    lengths = torch.tensor([3, 2], device="meta")
    with pytest.raises(RuntimeError, match="should be a 1D CPU int64 tensor"):
        pack_padded_sequence(torch.ones(2, 3, 4), lengths, batch_first=True)


# Both directions


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 2])
def test_both_directions_need_packing(kind, layers):
    lengths = torch.tensor([6, 2, 3])
    rows = ragged(lengths)
    layer = kind(4, 3, layers, batch_first=True, bidirectional=True)
    alone = torch.stack([torch.cat((*last_state(layer(row))[-2:],)) for row in rows])
    x = pad_sequence(rows, batch_first=True)
    packed = pack_padded_sequence(x, lengths, True, enforce_sorted=False)
    for data, right in ((x, [True, False, False]), (packed, [True] * 3)):
        h = last_state(layer(data))
        last = torch.cat((h[-2], h[-1]), dim=1)
        near = (last - alone).abs().amax(1) < 1e-6
        assert near.tolist() == right


def test_backward_the_last_output_has_read_one_word():
    torch.manual_seed(0)
    lstm = nn.LSTM(4, 3, batch_first=True, bidirectional=True)
    x = torch.randn(1, 5, 4)
    y, (h, _) = lstm(x)
    torch.testing.assert_close(y[:, -1, 3:], lstm(x[:, -1:])[0][:, 0, 3:])
    torch.testing.assert_close(y[:, 0, 3:], h[-1])
    torch.testing.assert_close(y[:, -1, :3], h[-2])


@pytest.mark.parametrize("kind", KINDS)
def test_backward_a_short_sequence_reads_its_padding_first(kind):
    (row,) = ragged([3])
    layer = kind(4, 3, batch_first=True, bidirectional=True)
    x = pad_sequence([row, torch.zeros(6, 4)], batch_first=True)
    one_word = layer(row[None, 2:])[0][0, 0, 3:]
    assert (layer(x)[0][0, 2, 3:] - one_word).abs().max() > 1e-3
    packed, _ = layer(pack_padded_sequence(x, [3, 6], True, enforce_sorted=False))
    out, _ = pad_packed_sequence(packed, batch_first=True)
    torch.testing.assert_close(out[0, 2, 3:], one_word)


def test_both_ways_on_the_page():
    seen = gaps("last_state_both_ways")
    assert [[gap < 0.01 for gap in pair] for pair in seen.values()] == [
        [False, False],
        [True, False],
        [True, True],
    ]


# Embedding and loss


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.AdamW])
def test_training_leaves_the_padding_row_at_zero(optimizer):
    torch.manual_seed(0)
    embedding = nn.Embedding(5, 4, padding_idx=2)
    before = embedding.weight.detach().clone()
    updates = optimizer(embedding.parameters(), lr=0.1)
    for _ in range(3):
        updates.zero_grad()
        embedding(torch.tensor([2, 1, 2])).sum().backward()
        updates.step()
    assert not embedding.weight[2].any()
    assert (embedding.weight[1] != before[1]).all()


def test_a_new_start_overwrites_the_zeros():
    embedding = nn.Embedding(3, 4, padding_idx=0)
    nn.init.normal_(embedding.weight)
    assert embedding.weight[0].all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_given_weight_keeps_its_padding_row(dtype):
    given = torch.ones(4, 2, dtype=dtype)
    embedding = nn.Embedding.from_pretrained(given, freeze=False, padding_idx=3)
    embedding(torch.tensor([0, 3, 3])).sum().backward()
    assert (embedding.weight[3] == 1).all()
    assert embedding.weight.grad.any(1).tolist() == [True, False, False, False]


def test_a_shared_weight_trains_the_padding_row():
    embedding, head = nn.Embedding(3, 4, padding_idx=0), nn.Linear(4, 3, bias=False)
    head.weight = embedding.weight
    y = torch.tensor([1, 2])
    F.cross_entropy(head(embedding(torch.tensor([1, 2]))), y).backward()
    assert embedding.weight.grad[0].any()


def test_padding_idx_tells_the_next_layer_nothing():
    embedding = nn.Embedding(3, 4, padding_idx=0)
    lstm = nn.LSTM(4, 3, batch_first=True)
    y, _ = lstm(embedding(torch.tensor([[1, 0]])))
    assert (y[0, 1] - y[0, 0]).abs().max() > 1e-4


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_ignore_index_is_the_mean_over_the_other_targets(dtype):
    torch.manual_seed(0)
    scores = torch.randn(2, 5, 7, dtype=dtype)  # (batch, classes, time)
    y = torch.randint(1, 5, (2, 7))
    y[0, 3:] = 0
    each = F.cross_entropy(scores, y, reduction="none")
    left = F.cross_entropy(scores, y, ignore_index=0)
    torch.testing.assert_close(left, each[y != 0].mean())
    assert F.cross_entropy(scores, y) == pytest.approx(each.mean().item())
    torch.testing.assert_close(nn.CrossEntropyLoss(ignore_index=0)(scores, y), left)
    logs = scores.log_softmax(1)
    torch.testing.assert_close(nn.NLLLoss(ignore_index=0)(logs, y), left)
    # and every target of 0 is left out, not just those at the end
    y[1, 2] = 0
    left = F.cross_entropy(scores, y, ignore_index=0)
    torch.testing.assert_close(left, each[y != 0].mean())


def test_the_easy_padding_halves_the_loss():
    word = math.log(2 + math.e) - 1
    one, two = printed("sequences/loss_without_padding").splitlines()
    assert two.endswith(f" {word:.3f}") and one.endswith(f" {word / 2:.3f}")


def test_without_a_target_the_loss_is_nan():
    none = torch.zeros(1, 4, dtype=torch.long)
    assert F.cross_entropy(torch.ones(1, 3, 4), none, ignore_index=0).isnan()


def test_the_wrong_order_of_classes_fits_only_where_both_are_equal():
    assert F.cross_entropy(torch.ones(2, 3, 3), torch.zeros(2, 3).long()) > 1
    with pytest.raises(RuntimeError, match="Expected target size"):
        F.cross_entropy(torch.ones(2, 4, 3), torch.zeros(2, 4).long())
    wrong, *right = printed("sequences/classes_come_second").splitlines()
    assert float(wrong.split()[-1]) > 7
    assert [float(line.split()[-1]) for line in right] == [0, 0]


@pytest.mark.parametrize("options", [{}, {"ignore_index": 2}])
def test_swapping_and_flattening_give_the_same_loss(options):
    torch.manual_seed(0)
    scores, y = torch.randn(3, 6, 4), torch.randint(4, (3, 6))
    swapped = F.cross_entropy(scores.transpose(1, 2), y, **options)
    flat = F.cross_entropy(scores.flatten(0, 1), y.flatten(), **options)
    torch.testing.assert_close(swapped, flat)


def test_embedding_lstm_and_linear_learn_to_classify_a_text():
    torch.manual_seed(0)
    embed, lstm = nn.Embedding(12, 8, padding_idx=0), nn.LSTM(8, 16, batch_first=True)
    head = nn.Linear(16, 2)
    layers = nn.ModuleList([embed, lstm, head])
    optimizer = torch.optim.Adam(layers.parameters(), lr=0.01)
    lengths = torch.randint(2, 7, (64,))
    rows = [torch.randint(1, 12, (int(n),)) for n in lengths]
    y = torch.tensor([int((row > 6).sum() * 2 > len(row)) for row in rows])
    words = pad_sequence(rows, batch_first=True)
    for _ in range(80):
        packed = pack_padded_sequence(
            embed(words), lengths, batch_first=True, enforce_sorted=False
        )
        scores = head(lstm(packed)[1][0][-1])
        optimizer.zero_grad()
        F.cross_entropy(scores, y).backward()
        optimizer.step()
    assert scores.shape == (64, 2)
    assert (scores.argmax(1) == y).float().mean() > 0.9


def test_windows_of_a_series_are_cut_as_the_page_says():
    series = torch.arange(30.0)
    windows = series.unfold(0, 11, 1)
    assert windows.shape == (20, 11)
    assert windows[3].tolist() == list(range(3, 14))
    x, y = windows[:, :10, None], windows[:, 10:]
    assert x.shape == (20, 10, 1) and y.shape == (20, 1)
    assert (y[:-1, 0] == x[1:, -1, 0]).all() and y[0] == 10
    state = nn.LSTM(1, 4, batch_first=True)(x)[1][0][-1]
    assert nn.Linear(4, 1)(state).shape == y.shape
    assert set(windows[0].tolist()) & set(windows[1].tolist())  # neighbours share

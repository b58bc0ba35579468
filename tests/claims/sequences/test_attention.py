"""The claims of docs/sequences/attention.md, against attention by hand."""

import json
import math
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import names_of, printed, program

sdpa = F.scaled_dot_product_attention


def by_hand(q, k, v, mask=None):
    """In NumPy's float64, key by key; True in the mask: may attend."""
    q, k, v = (x.double().numpy() for x in (q, k, v))
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores[..., ~mask.numpy()] = -float("inf")
    scores -= scores.max(-1, keepdims=True)
    weights = torch.from_numpy(scores).exp()
    weights /= weights.sum(-1, keepdim=True)
    return weights @ torch.from_numpy(v)


def rows(name):
    lines = printed(f"sequences/{name}").splitlines()
    return dict(line.rsplit(": gap ", 1) for line in lines if ": gap " in line)


def module(width=8, heads=2, seed=0, **options):
    torch.manual_seed(seed)
    return nn.MultiheadAttention(width, heads, batch_first=True, **options)


@pytest.mark.parametrize("batch_first", [True, False])
def test_where_time_comes_first_batch_first_mixes_the_samples(batch_first):
    torch.manual_seed(0)
    module = nn.MultiheadAttention(4, 1, batch_first=batch_first)
    x = torch.randn(5, 3, 4)  # (time, batch, features), as nn.LSTM returns it
    other = x.clone()
    other[:, 2] = 1.0  # another last sample
    before, after = (module(one, one, one)[0][:, :2] for one in (x, other))
    assert torch.allclose(before, after, atol=1e-6) != batch_first


def test_the_map_on_the_page_attends_to_equal_letters():
    x = F.one_hot(torch.tensor([1, 0, 2, 0, 2, 0])).float()
    same = x @ x.T == 1
    weights = (3 * x @ x.T).softmax(1)
    torch.testing.assert_close(weights.sum(1), torch.ones(6))
    assert weights[same].min() > 3 * weights[~same].max()
    causal = (3 * x @ x.T).masked_fill(~torch.ones(6, 6).tril().bool(), -torch.inf)
    assert not causal.softmax(1).triu(1).any()
    file = HERE.recorded / "figures/sequences/attention_map.json"
    assert len(json.loads(file.read_text(encoding="utf-8"))["axes"]) == 2


def test_the_weights_of_each_row_of_the_map_add_up_to_one_and_of_a_column_do_not():
    maps = names_of("sequences/attention_map", upto="\nfig, both")["maps"]
    for weights in maps.values():
        torch.testing.assert_close(weights.sum(1), torch.ones(6))
        assert (weights.sum(0) - 1).abs().max() > 0.1


# Five lines


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("shape", [(3, 4), (2, 7, 16), (2, 3, 5, 8)])
def test_five_lines_equal_the_function(dtype, shape):
    torch.manual_seed(0)
    q, k, v = torch.randn(3, *shape).to(dtype)
    gap = {torch.bfloat16: 0.05, torch.float32: 1e-6, torch.float64: 1e-12}[dtype]
    weights = (q @ k.transpose(-2, -1) / shape[-1] ** 0.5).softmax(-1)
    torch.testing.assert_close(weights @ v, sdpa(q, k, v), atol=gap, rtol=0)
    expected = by_hand(q, k, v).to(dtype)
    torch.testing.assert_close(sdpa(q, k, v), expected, atol=gap, rtol=0)
    assert printed("sequences/attention_in_five_lines").endswith("True\n")


def test_without_the_division_wide_scores_put_the_weight_on_one_key():
    torch.manual_seed(0)
    q, k = torch.randn(2, 50, 256)
    largest = [
        (q @ k.T / scale).softmax(1).amax(1).median().item() for scale in (1, 16)
    ]
    assert largest[0] > 0.9 and largest[1] < 0.3


def test_larger_scores_move_nearly_all_weight_to_one_key(capsys):
    text = program("sequences/attention_in_five_lines")
    line = "weights = scores.softmax"
    assert text.count(line) == 1
    names = {}
    exec(text.replace(line, f"scores = 50 * scores\n{line}"), names)
    assert names["weights"][0].amax(1).min() > 0.95
    assert capsys.readouterr().out.endswith("below 1e-6: False\n")


def test_dropout_p_does_not_know_the_mode():
    q = torch.randn(1, 3, 4)
    shown = torch.eye(3)[None]
    torch.manual_seed(0)
    dropped = [sdpa(q, q, shown, dropout_p=0.5) for _ in range(5)]
    assert any((one == 0).any() for one in dropped)
    assert (sdpa(q, q, shown, dropout_p=0) > 0).all()


# Heads


@pytest.mark.parametrize(("width", "heads"), [(8, 2), (12, 3), (6, 1)])
@pytest.mark.parametrize("bias", [True, False])
def test_heads_by_hand_equal_the_module(width, heads, bias):
    attention = module(width, heads, bias=bias)
    x = torch.randn(3, 5, width)
    qkv = F.linear(x, attention.in_proj_weight, attention.in_proj_bias)
    q, k, v = (
        one.unflatten(-1, (heads, -1)).transpose(1, 2) for one in qkv.chunk(3, -1)
    )
    y = attention.out_proj(sdpa(q, k, v).transpose(1, 2).flatten(2))
    expected, mean = attention(x, x, x)
    torch.testing.assert_close(y, expected, atol=1e-6, rtol=0)
    none, weights = attention(x, x, x, average_attn_weights=False)
    torch.testing.assert_close(weights.mean(1), mean)
    assert attention(x, x, x, need_weights=False)[1] is None


@pytest.mark.parametrize("sizes", [{"kdim": 6}, {"vdim": 4}])
def test_other_widths_of_keys_or_values_take_three_layers(sizes):
    attention = module(8, 2, **sizes)
    assert attention.in_proj_weight is None
    widths = [getattr(attention, f"{one}_proj_weight").shape[1] for one in "qkv"]
    assert widths == [8, sizes.get("kdim", 8), sizes.get("vdim", 8)]


def test_only_without_weights_the_module_calls_the_function(monkeypatch):
    calls, real = [], sdpa

    def spy(*args, **options):
        calls.append(1)
        return real(*args, **options)

    monkeypatch.setattr(F, "scaled_dot_product_attention", spy)
    attention, x = module(), torch.ones(1, 3, 8)
    attention(x, x, x)
    assert not calls
    attention(x, x, x, need_weights=False)
    assert calls


def test_a_reshape_gives_the_first_head_the_first_words():
    x = torch.arange(24).reshape(1, 4, 6)
    wrong, right = x.reshape(1, 2, 4, 3), x.unflatten(-1, (2, 3)).transpose(1, 2)
    assert wrong.shape == right.shape
    assert torch.equal(wrong[0, 0].flatten(), x[0, :2].flatten())
    assert torch.equal(right[0, 0], x[0, :, :3])


# Masks


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_true_allows_in_the_function_and_hides_in_the_module(dtype):
    torch.manual_seed(0)
    x = torch.randn(1, 4, 8, dtype=dtype)
    mask = torch.tensor([[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 1, 0, 1]]).bool()
    shown = torch.eye(4, dtype=dtype)[None]
    weights = sdpa(x, x, shown, attn_mask=mask)
    assert torch.equal(weights[0] > 0, mask)
    for need in (True, False):
        attention = module().to(dtype)
        y, weights = attention(x, x, x, attn_mask=mask, need_weights=need)
        if need:
            assert torch.equal(weights[0] > 0, ~mask)
            expected = y
    torch.testing.assert_close(y, expected)


def test_a_float_mask_means_the_same_to_both():
    x = torch.randn(1, 3, 8)
    later = torch.ones(3, 3).triu(1).bool()
    floats = torch.zeros(3, 3).masked_fill(later, -torch.inf)
    attention = module()
    torch.testing.assert_close(
        attention(x, x, x, attn_mask=floats)[1], attention(x, x, x, attn_mask=later)[1]
    )
    torch.testing.assert_close(
        sdpa(x, x, x, attn_mask=floats), sdpa(x, x, x, attn_mask=~later)
    )


@pytest.mark.parametrize("kind", ["src_mask", "src_key_padding_mask"])
@pytest.mark.parametrize("number", [-torch.inf, -1.0, 2.0])
def test_encoder_layers_can_hide_every_place_that_is_not_zero(kind, number):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    x, hidden = torch.randn(2, 3, 8), torch.ones(3, 3, dtype=torch.bool).triu(1)
    hidden = hidden if kind == "src_mask" else hidden[:2]
    mask = torch.zeros(hidden.shape).masked_fill(hidden, number)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train, fast = layer(x, **{kind: mask}), layer.eval()(x, **{kind: mask})
        as_bool = layer(x, **{kind: hidden})
    torch.testing.assert_close(fast, as_bool)
    assert torch.allclose(fast, train, atol=1e-5) is (number == -torch.inf)


def test_a_float_mask_of_another_dtype_can_raise_an_error():
    x, mask = torch.ones(1, 3, 8), torch.zeros(3, 3)
    with pytest.raises(RuntimeError, match="Expected attn_mask dtype"):
        sdpa(x, x, x, attn_mask=mask.double())
    half = x.bfloat16()
    with pytest.raises(RuntimeError, match="dtypes must be the same"):
        module().bfloat16()(half, half, half, attn_mask=mask)
    module().bfloat16()(half, half, half, attn_mask=mask.bfloat16())


def test_two_masks_of_two_dtypes_warn():
    attention, x = module(), torch.ones(1, 3, 8)
    later, padding = torch.ones(3, 3).triu(1).bool(), torch.zeros(1, 3).bool()
    attention(x, x, x, attn_mask=later, key_padding_mask=padding)
    with pytest.warns(UserWarning, match="mismatched key_padding_mask and attn_mask"):
        attention(x, x, x, attn_mask=later.float(), key_padding_mask=padding)


@pytest.mark.parametrize("name", ["src_mask", "src_key_padding_mask"])
def test_true_hides_in_the_encoder_layers(name):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
    x = torch.randn(1, 4, 8)
    hidden = torch.tensor([False, False, False, True])
    mask = hidden.expand(4, 4) if name == "src_mask" else hidden[None]
    other = x.clone()
    other[0, 3] = 5
    whole = name if name != "src_mask" else "mask"
    for one, word in ((layer, name), (encoder, whole)):
        before, after = (one(data, **{word: mask})[0, :3] for data in (x, other))
        assert torch.equal(before, after)
        shown = (one(data, **{word: ~mask})[0, :3] for data in (x, other))
        assert (next(shown) - next(shown)).abs().max() > 1e-3


@pytest.mark.parametrize("heads", [1, 4])
def test_only_the_opposite_of_real_hides_the_padding(heads):
    attention, x = module(8, heads), torch.randn(2, 6, 8)
    real = torch.arange(6) < torch.tensor([[6], [3]])
    short = x[1:, :3]
    alone = attention(short, short, short)[0][0]
    near = [
        torch.allclose(attention(x, x, x, key_padding_mask=m)[0][1, :3], alone, 0, 1e-6)
        for m in (None, real, ~real)
    ]
    assert near == [False, False, True]
    y, _ = attention(x, x, x, key_padding_mask=~real)
    assert y[1, 3:].any(1).all()


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_most_masks_do_not_hide_nan(bad):
    x = torch.ones(1, 4, 8)
    x[0, 3] = bad
    hidden = torch.tensor([[False, False, False, True]])
    y, _ = module()(x, x, x, key_padding_mask=hidden)
    assert y[0, :3].isnan().all()
    assert sdpa(x, x, x, is_causal=True)[0, :3].isnan().any()
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 1).eval()
    with torch.no_grad():  # here one does, because padded places are left out
        y = encoder(x, src_key_padding_mask=hidden)
    assert y.isfinite().all()
    filled = x.masked_fill(hidden[..., None], 0)
    assert module()(filled, filled, filled, key_padding_mask=hidden)[0].isfinite().all()


def test_the_gaps_of_padding_on_the_page():
    seen = rows("padding_is_ignored")
    assert [float(gap) > 0.1 for gap in seen.values()] == [True, True, False]


# Causal


@pytest.mark.parametrize("place", [1, 3])
def test_a_later_word_changes_only_its_own_and_later_results(place):
    torch.manual_seed(0)
    x = torch.randn(2, 5, 8)
    changed = x.clone()
    changed[:, place] = 9
    a, b = (sdpa(one, one, one, is_causal=True) for one in (x, changed))
    assert (a == b).all(-1)[0].tolist() == [n < place for n in range(5)]
    torch.testing.assert_close(a, by_hand(x, x, x, torch.ones(5, 5).tril() > 0).float())


def test_is_causal_of_the_module_is_a_promise():
    attention, x = module(), torch.randn(1, 4, 8)
    with pytest.raises(RuntimeError, match="Need attn_mask"):
        attention(x, x, x, is_causal=True)
    later = torch.ones(4, 4).triu(1).bool()
    right = attention(x, x, x, attn_mask=later)[0]
    none = torch.zeros(4, 4).bool()
    free = attention(x, x, x)[0]
    assert (free - right).abs().max() > 1e-2
    ways = [
        attention(x, x, x, attn_mask=none, is_causal=True, need_weights=need)[0]
        for need in (True, False)
    ]
    torch.testing.assert_close(ways[0], free)
    torch.testing.assert_close(ways[1], right)


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("need", [True, False])
def test_the_fast_path_ignores_the_hint(heads, need):
    attention, x = module(8, heads).eval(), torch.randn(2, 5, 8)
    options = {"is_causal": True, "need_weights": need}
    with torch.no_grad():
        free = attention(x, x, x)[0]
        if heads == 1:  # odd: it has no fast path
            with pytest.raises(RuntimeError, match="Need attn_mask"):
                attention(x, x, x, **options)
        else:
            torch.testing.assert_close(attention(x, x, x, **options)[0], free)
        later = torch.ones(5, 5).triu(1).bool()
        right = attention(x, x, x, attn_mask=later, **options)[0]
    assert (right - free).abs().max() > 1e-2
    attention.train()
    torch.testing.assert_close(attention(x, x, x, attn_mask=later)[0], right)


# Positions


@pytest.mark.parametrize("order", [[1, 2, 0, 3], [2, 1, 0, 3]])
@pytest.mark.parametrize("causal", [False, True])
def test_without_places_the_last_word_sees_no_order(order, causal):
    attention, x = module(), torch.randn(1, 4, 8)
    mask = torch.ones(4, 4).triu(1).bool() if causal else None
    places = torch.randn(1, 4, 8)

    def last(x):
        return attention(x, x, x, attn_mask=mask)[0][:, -1]

    torch.testing.assert_close(last(x), last(x[:, order]), atol=1e-6, rtol=0)
    assert (last(x + places) - last(x[:, order] + places)).abs().max() > 1e-3


def waves(places, width):
    """Fixed sines and cosines, a pair of columns for each speed."""
    speeds = 100.0 ** -torch.arange(0, 1, 2 / width)
    angles = places[:, None] * speeds
    return torch.stack([angles.sin(), angles.cos()], 2).flatten(1)


@pytest.mark.parametrize("order", [[1, 2, 0, 3, 4], [0, 2, 1, 3, 4]])
@pytest.mark.parametrize("heads, width", [(2, 8), (4, 32)])
def test_fixed_sines_and_cosines_show_the_order(order, heads, width):
    attention, x = module(width, heads), torch.randn(1, 5, width)
    places = waves(torch.arange(5.0), width)
    assert places.unique(dim=0).shape == (5, width)  # each place has its own

    def last(x):
        return attention(x, x, x)[0][:, -1]

    torch.testing.assert_close(last(x), last(x[:, order]), atol=1e-6, rtol=0)
    assert (last(x + places) - last(x[:, order] + places)).abs().max() > 1e-3


def turned(x, places):
    """Each pair of features, turned by an angle that grows with the place."""
    angles = waves(places, x.shape[-1])
    sines, cosines = angles[:, ::2], angles[:, 1::2]
    one, two = x[..., ::2], x[..., 1::2]
    pairs = [one * cosines - two * sines, one * sines + two * cosines]
    return torch.stack(pairs, -1).flatten(-2)


@pytest.mark.parametrize("width, time, moved", [(4, 3, 1), (8, 6, 7), (32, 5, 100)])
def test_scores_after_a_rotation_depend_on_the_distance_alone(width, time, moved):
    q, k = torch.randn(2, time, width, dtype=torch.float64)
    places = torch.arange(time, dtype=torch.float64)

    def scores(places):
        return turned(q, places) @ turned(k, places).T

    torch.testing.assert_close(scores(places), scores(places + moved))
    assert (scores(places) - scores(2 * places)).abs().max() > 1e-2
    same = torch.ones(time, width, dtype=torch.float64)  # one word, again and again
    found = turned(same, places) @ turned(same, places).T
    for distance in range(time):
        assert found.diagonal(distance).std(correction=0) < 1e-9
    torch.testing.assert_close(turned(q, places).norm(dim=1), q.norm(dim=1))


def test_at_one_distance_a_rotation_tells_before_from_after():
    q, k = torch.randn(2, 1, 8, dtype=torch.float64)
    three, five = torch.tensor([[3.0], [5.0]], dtype=torch.float64)
    before = turned(q, three) @ turned(k, five).T
    after = turned(q, five) @ turned(k, three).T
    assert (before - after).abs() > 1e-3


def test_a_rotation_shows_the_order():
    x, order = torch.randn(1, 5, 8), [1, 2, 0, 3, 4]
    places = torch.arange(5.0)

    def last(x, turn):
        q = k = turned(x, places) if turn else x
        return F.scaled_dot_product_attention(q, k, x)[:, -1]

    torch.testing.assert_close(last(x, False), last(x[:, order], False))
    assert (last(x, True) - last(x[:, order], True)).abs().max() > 1e-3


def test_the_gaps_of_positions_on_the_page():
    seen = [float(gap) for gap in rows("order_does_not_matter").values()]
    assert seen[0] == 0 and seen[1] > 0.1


# Pitfalls


@pytest.mark.parametrize("first", [True, False])
def test_padding_first_and_a_causal_mask_give_nan_gradients_without_an_empty_sample(
    first,
):
    torch.manual_seed(0)
    attention, x = module(), torch.randn(1, 4, 8)
    padding = torch.tensor([[True, True, False, False]])
    padding = padding if first else padding.flip(1)
    later = torch.ones(4, 4, dtype=torch.bool).triu(1)
    y, _ = attention(x, x, x, attn_mask=later, key_padding_mask=padding)
    assert y[padding].isnan().any() == first
    loss = y[~padding].sum()  # of the real places only
    assert loss.isfinite()
    loss.backward()
    assert attention.in_proj_weight.grad.isnan().any() == first


@pytest.mark.parametrize("training", [True, False])
def test_an_empty_sample_is_nan_only_with_weights(training):
    attention, x = module().train(training), torch.randn(2, 3, 8)
    padding = torch.tensor([[False, False, True], [True] * 3])
    y, _ = attention(x, x, x, key_padding_mask=padding)
    assert y.isnan().all((1, 2)).tolist() == [False, True]
    assert y.mean().isnan()
    y, _ = attention(x, x, x, key_padding_mask=padding, need_weights=False)
    assert not y.isnan().any()


def test_a_loss_that_skips_an_empty_sample_still_gives_nan_gradients():
    attention, x = module(), torch.randn(2, 3, 8)
    padding = torch.tensor([[False, False, True], [True] * 3])
    y, _ = attention(x, x, x, key_padding_mask=padding)
    labels = torch.tensor([[1, 2, -100], [-100] * 3])
    loss = F.cross_entropy(y.flatten(0, 1), labels.flatten())
    assert loss.isfinite()
    loss.backward()
    assert attention.in_proj_weight.grad.isnan().any()
    attention.zero_grad()
    y, _ = attention(x, x, x, key_padding_mask=padding)
    y[~padding].sum().backward()
    assert attention.in_proj_weight.grad.isnan().any()


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_an_empty_sample_on_the_fast_path_is_nan_even_so(heads):
    attention, x = module(8, heads).eval(), torch.randn(2, 3, 8)
    padding = torch.tensor([[False, False, True], [True] * 3])
    with torch.no_grad():
        y, _ = attention(x, x, x, key_padding_mask=padding, need_weights=False)
    assert y.isnan().all((1, 2)).tolist() == [False, heads > 1]


def test_softmax_of_nothing_but_minus_infinity_is_nan():
    assert torch.full((3,), -torch.inf).softmax(0).isnan().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("as_float", [False, True])
def test_the_function_gives_zeros_for_a_query_without_keys(dtype, as_float):
    x = torch.ones(1, 1, 3, 4, dtype=dtype)
    mask = torch.tensor([[True] * 3, [False] * 3, [True] * 3])
    if as_float:
        mask = torch.zeros(3, 3, dtype=dtype).masked_fill(~mask, -torch.inf)
    y = sdpa(x, x, x, attn_mask=mask)[0, 0]
    assert y.any(1).tolist() == [True, False, True] and not y.isnan().any()


@pytest.mark.parametrize("grad", [True, False])
def test_padded_places_are_zero_on_the_fast_path(grad):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 2)
    x = torch.randn(2, 5, 8)
    real = torch.arange(5) < torch.tensor([[4], [2]])
    with torch.set_grad_enabled(grad), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train = encoder.train()(x, src_key_padding_mask=~real)
        evaluated = encoder.eval()(x, src_key_padding_mask=~real)
    assert train.shape == evaluated.shape
    torch.testing.assert_close(train[real], evaluated[real], atol=1e-5, rtol=0)
    assert train[~real].any(1).all()
    assert evaluated[~real].any().item() is grad
    means = [
        (y * real[..., None]).sum(1) / real.sum(1)[:, None] for y in (train, evaluated)
    ]
    torch.testing.assert_close(*means, atol=1e-5, rtol=0)


def test_without_the_fast_path_eval_equals_train_at_padded_places_too():
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    x = torch.randn(2, 5, 8)
    padding = torch.arange(5) >= torch.tensor([[3], [2]])  # the end in both
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad():
            train = encoder.train()(x, src_key_padding_mask=padding)
            evaluated = encoder.eval()(x, src_key_padding_mask=padding)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    assert evaluated.shape == x.shape
    torch.testing.assert_close(train, evaluated)

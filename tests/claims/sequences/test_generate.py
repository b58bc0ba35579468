"""The claims of docs/sequences/generate.md, against models without a cache."""

import json
import math
import re

import pytest
import torch
import torch.nn.functional as F

from harness.core.tree import HERE
from tests.claims_support import Later, names_of, printed

bias = Later("torch.nn.attention.bias")
LOGITS = torch.tensor([3.0, 2.5, 1.5, 1.0, -1.0])


def numbers(name):
    text = printed(f"sequences/{name}")
    rows = (line.rsplit(":", 1) for line in text.splitlines())
    return {name: [float(n) for n in re.findall(r"[\d.]+", row)] for name, row in rows}


def test_the_figure_shows_four_ways_to_choose():
    file = HERE.recorded / "figures/sequences/next_token_choices.json"
    assert len(json.loads(file.read_text(encoding="utf-8"))["axes"]) == 4


# Greedy


@pytest.fixture(scope="module")
def greedy():
    return names_of("sequences/generate_greedily")


def test_each_token_has_the_largest_logit_after_all_before(greedy):
    tokens, model = greedy["tokens"], greedy["model"]
    assert tokens.shape == (1, 6)
    with torch.no_grad():
        logits = model(tokens)
    assert logits.shape == (1, 6, 10)
    assert torch.equal(logits[0, 1:-1].argmax(1), tokens[0, 2:])
    assert str(tokens.tolist()) == printed("sequences/generate_greedily").split("\n")[3]


def test_the_model_sees_no_later_token(greedy):
    one, other = torch.tensor([[3, 1, 4]]), torch.tensor([[3, 1, 9]])
    with torch.no_grad():
        a, b = greedy["model"](one), greedy["model"](other)
    torch.testing.assert_close(a[:, :2], b[:, :2])
    assert (a[:, 2] - b[:, 2]).abs().max() > 1e-3


def test_more_tokens_than_places_raise_an_error(greedy):
    greedy["model"](torch.zeros(1, 8, dtype=torch.long))
    with pytest.raises(IndexError, match="index out of range in self"):
        greedy["model"](torch.zeros(1, 9, dtype=torch.long))


# Temperature and top-k


@pytest.mark.parametrize("temperature", [0.25, 0.5, 1, 2, 10])
def test_a_temperature_keeps_the_order_of_the_tokens(temperature):
    probabilities = (LOGITS / temperature).softmax(0)
    assert torch.equal(probabilities.argsort(descending=True), torch.arange(5))
    by_hand = [math.exp(n / temperature) for n in LOGITS.tolist()]
    first = by_hand[0] / sum(by_hand)
    assert probabilities[0].item() == pytest.approx(first, rel=1e-5)
    plain = LOGITS.softmax(0)[0]
    assert (first > plain) == (temperature < 1) or temperature == 1


@pytest.mark.parametrize("seed", range(3))
def test_draws_follow_the_probabilities(seed):
    torch.manual_seed(seed)
    probabilities = LOGITS.softmax(0)
    drawn = torch.multinomial(probabilities, 1000, replacement=True)
    assert (drawn.bincount(minlength=5) / 1000 - probabilities).abs().max() < 0.06


def test_near_zero_is_greedy_and_zero_is_an_error():
    assert (LOGITS / 0.01).softmax(0)[0] == 1
    nothing = (LOGITS / 0).softmax(0)
    assert nothing.isnan().any()
    with pytest.raises(RuntimeError, match="nan"):
        torch.multinomial(nothing, 1)


@pytest.mark.parametrize(
    ("dtype", "small"), [(torch.float16, 1e-5), (torch.float32, 1e-39)]
)
def test_very_near_to_zero_is_nan_as_well(dtype, small):
    logits = LOGITS.to(dtype)
    assert (logits / 0.01).softmax(0)[0] == 1
    assert (logits / small).softmax(0).isnan().all()
    with pytest.raises(RuntimeError, match="nan"):
        torch.multinomial((logits / small).softmax(0), 1)
    assert (LOGITS / 1e-5).softmax(0)[0] == 1


def test_k_is_at_most_the_number_of_tokens():
    assert LOGITS.topk(5).indices.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(RuntimeError, match="out of range"):
        LOGITS.topk(6)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_top_k_never_draws_another_token(k):
    torch.manual_seed(0)
    logits = LOGITS.flip(0).repeat(3, 1)  # the best is the last
    values, tokens = logits.topk(k)
    probabilities = values.softmax(1)
    torch.testing.assert_close(probabilities.sum(1), torch.ones(3))
    rest = logits[0].masked_fill(logits[0] < values[0, -1], -torch.inf).softmax(0)
    torch.testing.assert_close(rest[tokens[0]], probabilities[0])
    place = torch.multinomial(probabilities, 50, replacement=True)
    assert set(tokens.gather(1, place).unique().tolist()) == set(range(5 - k, 5))
    assert place.max() < k  # the mistake: a place is no token


# Cache


def test_the_cache_changes_nothing_but_a_forgotten_place_does():
    names = names_of("sequences/cache_equals_no_cache")
    assert max(names["gaps"]) < 1e-6 and names["cache"].shape == (2, 1, 6, 16)
    names = names_of(
        "sequences/cache_equals_no_cache",
        {"embed(tokens[:, n : n + 1], n)": "embed(tokens[:, n : n + 1])"},
    )
    assert max(names["gaps"]) > 0.05 and names["gaps"][0] < 1e-6


@pytest.mark.parametrize("cut", [0, 1])
def test_cached_keys_are_right_only_while_tokens_keep_their_places(cut):
    names = names_of("sequences/cache_equals_no_cache")
    x = names["embed"](names["tokens"][:, cut:])  # without the oldest
    kv = torch.stack(names["to_qkv"](x).chunk(3, dim=-1)[1:])
    gap = (kv - names["cache"][:, :, cut:]).abs().max()
    assert gap > 0.1 if cut else gap < 1e-6


@pytest.mark.parametrize("heads", [1, 4])
@pytest.mark.parametrize("batch", [1, 3])
def test_a_cache_equals_no_cache_with_heads(heads, batch):
    torch.manual_seed(0)
    q, k, v = torch.randn(3, batch, heads, 7, 8)
    whole = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    seen = F.scaled_dot_product_attention(q, k, v)  # each place sees later ones
    for n in range(7):
        past = slice(n + 1)
        y = F.scaled_dot_product_attention(
            q[:, :, n : n + 1], k[:, :, past], v[:, :, past]
        )
        torch.testing.assert_close(y[:, :, 0], whole[:, :, n])
        assert ((y[:, :, 0] - seen[:, :, n]).abs().max() < 1e-5) == (n == 6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_is_causal_with_one_query_sees_the_first_key_only(dtype):
    torch.manual_seed(0)
    q, k = torch.randn(2, 1, 4, dtype=dtype), torch.randn(2, 5, 4, dtype=dtype)
    y = F.scaled_dot_product_attention(q, k, k, is_causal=True)
    torch.testing.assert_close(y, k[:, :1])
    right = F.scaled_dot_product_attention(q, k, k)
    assert (y - right).abs().max() > 0.1


@pytest.mark.parametrize("new", [2, 3])
def test_several_new_tokens_need_a_mask_from_the_last_key(new):
    torch.manual_seed(0)
    q, k = torch.randn(2, 1, 2, 7, 4)  # each (batch, heads, time, features)
    whole = F.scaled_dot_product_attention(q, k, k, is_causal=True)[:, :, -new:]
    q = q[:, :, -new:]
    y = F.scaled_dot_product_attention(q, k, k)
    torch.testing.assert_close(y[:, :, -1], whole[:, :, -1])
    assert (y[:, :, 0] - whole[:, :, 0]).abs().max() > 1e-2
    mask = bias.causal_lower_right(new, 7)
    y = F.scaled_dot_product_attention(q, k, k, attn_mask=mask)
    torch.testing.assert_close(y, whole)


def test_the_wrong_use_on_the_page_is_far_off():
    gap, first = (n for (n,) in numbers("cache_used_wrongly").values())
    assert gap > 1 and first == 0


# The target


@pytest.mark.parametrize("seed", [1, 2])
def test_only_the_shifted_target_with_a_mask_keeps_the_loss_up(seed):
    changes = {"torch.manual_seed(0)": f"torch.manual_seed({seed})"}
    upto = "print(f"
    train = names_of("sequences/target_not_shifted", changes, upto)
    train = train["loss_after_training"]
    assert math.log(10) - 0.05 < train(1, True) < math.log(10) + 0.2
    assert train(0, True) < 0.02
    # The last place sees no answer: an eighth of the loss is left.
    assert math.log(10) / 8 - 0.05 < train(1, False) < 0.7


def test_a_model_that_shifts_its_labels_learns_two_ahead_if_you_shift_them_too():
    """As the models of transformers do."""

    def pairs(inputs, labels):  # which token each place learns to predict
        return list(zip(inputs[:-1], labels[1:], strict=True))

    tokens = list(range(6))
    assert pairs(tokens, tokens) == [(n, n + 1) for n in range(5)]
    assert pairs(tokens[:-1], tokens[1:]) == [(n, n + 2) for n in range(4)]


def test_the_losses_on_the_page():
    right, same, free = (n for (n,) in numbers("target_not_shifted").values())
    assert right >= round(math.log(10), 2) and same == 0 and free < 0.5


@pytest.mark.parametrize("seed", [1, 2])
def test_a_model_learns_to_count_on(seed):
    changes = {"torch.manual_seed(0)": f"torch.manual_seed({seed})"}
    names = names_of("sequences/learns_to_count", changes)
    steps = torch.tensor([[1], [2], [3]])
    assert torch.equal(names["tokens"], (1 + steps * torch.arange(8)) % 10)
    # The first of seven answers is a guess among three.
    assert math.log(3) / 7 - 0.05 < names["loss"].item() < 0.4


def test_the_page_shows_what_was_counted():
    rows = re.findall(r"\[([\d, ]+)\]", printed("sequences/learns_to_count"))
    assert [row.split(", ")[-1] for row in rows] == ["8", "5", "2"]


# Perplexity


@pytest.mark.parametrize("tokens", [2, 10, 1000])
def test_equal_scores_have_a_perplexity_of_their_number(tokens):
    loss = F.cross_entropy(torch.zeros(3, tokens), torch.tensor([0, 1, 1]))
    assert loss.exp().item() == pytest.approx(tokens, rel=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_mean_of_perplexities_is_larger(seed):
    torch.manual_seed(seed)
    losses = torch.rand(8) * 4
    assert losses.exp().mean() > losses.mean().exp()


def test_bfloat16_rounds_the_perplexity():
    scores, y = torch.zeros(1, 50_000), torch.tensor([3])
    whole = F.cross_entropy(scores, y).exp().item()
    rounded = F.cross_entropy(scores.bfloat16(), y).exp().item()
    assert abs(whole - 50_000) < 5 < 100 < abs(rounded - 50_000)


def test_uneven_random_tokens_have_a_lower_loss():
    chances = torch.tensor([0.7] + [0.3 / 9] * 9)
    scores = chances.log().expand(9000, 10)  # all that a model can know
    torch.manual_seed(0)
    y = torch.multinomial(chances, 9000, replacement=True)
    assert F.cross_entropy(scores, y) < 0.7 * math.log(10)
    even = torch.randint(10, (9000,))
    assert F.cross_entropy(torch.zeros(9000, 10), even).item() == pytest.approx(
        math.log(10), rel=1e-5
    )


def test_perplexity_weights_batches_by_their_tokens():
    torch.manual_seed(0)
    scores, y = torch.randn(9, 5), torch.randint(5, (9,))
    each = F.cross_entropy(scores, y, reduction="none")
    parts = each.split(6)
    by_size = sum(part.mean() * len(part) for part in parts) / 9
    torch.testing.assert_close(by_size.exp(), each.mean().exp())
    plain = torch.stack([part.mean() for part in parts]).mean()
    assert (plain - each.mean()).abs() > 1e-3


# Beam search


def by_beam(step, width, length):
    """The search of the program, with any next-token function."""
    tokens, scores = torch.tensor([[0]]), torch.zeros(1)
    for _ in range(length):
        after = step(tokens)
        size = after.shape[1]
        total = (scores[:, None] + after).flatten()
        scores, best = total.topk(min(width, len(total)))
        tokens = torch.cat((tokens[best // size], (best % size)[:, None]), dim=1)
    return tokens[0, 1:].tolist(), scores[0].item()


def by_trying_all(step, size, length):
    texts = torch.cartesian_prod(*[torch.arange(size)] * length)
    texts = torch.cat((torch.zeros(len(texts), 1).long(), texts), dim=1)
    scores = sum(
        step(texts[:, :at]).gather(1, texts[:, at, None])[:, 0]
        for at in range(1, length + 1)
    )
    best = scores.argmax()
    return texts[best, 1:].tolist(), scores[best].item()


def table(seed, size):
    torch.manual_seed(seed)
    rows = (2 * torch.randn(size, size)).log_softmax(dim=1)
    return lambda tokens: rows[tokens[:, -1]]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("size", "length"), [(3, 5), (4, 4), (5, 3)])
def test_a_wide_beam_equals_trying_all_and_width_1_is_greedy(seed, size, length):
    step = table(seed, size)
    best, score = by_trying_all(step, size, length)
    wide = by_beam(step, size**length, length)
    assert wide[0] == best and wide[1] == pytest.approx(score, abs=1e-5)
    greedy = torch.tensor([[0]])
    for _ in range(length):
        greedy = torch.cat((greedy, step(greedy).argmax(dim=1, keepdim=True)), dim=1)
    assert by_beam(step, 1, length)[0] == greedy[0, 1:].tolist()


def test_the_program_is_this_search_and_a_narrow_beam_misses_the_best():
    names = names_of("sequences/beam_search")
    rows = names["step"]
    best, score = by_trying_all(lambda tokens: rows[tokens[:, -1]], 4, 4)
    found = {width: names["beam_search"](width) for width in (1, 2, 3, 64)}
    assert found[3][0] == found[64][0] == best
    assert found[64][1] == pytest.approx(math.exp(score))
    assert found[1][1] < found[2][1] < 0.9 * found[3][1]


def test_a_beam_works_with_a_model_that_reads_all_tokens(greedy):
    def step(tokens):
        with torch.no_grad():
            return greedy["model"](tokens)[:, -1].log_softmax(dim=1)

    best, score = by_trying_all(step, 10, 3)
    wide = by_beam(step, 1000, 3)
    assert wide[0] == best and wide[1] == pytest.approx(score, abs=1e-4)


def test_a_product_of_many_probabilities_becomes_zero_and_a_sum_of_logs_does_not():
    chances = torch.full((400,), 0.5)
    assert chances.prod() == 0
    assert chances.log().sum().item() == pytest.approx(400 * math.log(0.5))


def test_each_token_makes_a_sequence_less_probable():
    scores = [by_beam(table(3, 4), 4, length)[1] for length in range(1, 6)]
    assert scores == sorted(scores, reverse=True) and scores[0] < 0


@pytest.mark.parametrize("least", [0.1, 0.5, 0.9, 0.999])
def test_top_p_keeps_the_fewest_tokens_that_reach_p(least):
    torch.manual_seed(0)
    logits = 3 * torch.randn(20, 8)
    chances, (p, tokens) = logits.softmax(-1), logits.softmax(-1).sort(descending=True)
    p[p.cumsum(-1) - p >= least] = 0
    for row, kept, order in zip(chances, p, tokens, strict=True):
        count = int((kept > 0).sum())
        assert row[order[:count]].sum() >= least - 1e-6
        assert row[order[: count - 1]].sum() < least + 1e-6
        assert set(order[:count].tolist()) == set(row.topk(count).indices.tolist())
    drawn = torch.cat([tokens.gather(-1, p.multinomial(1)) for _ in range(200)], 1)
    for row, kept, order in zip(drawn, p, tokens, strict=True):
        assert set(row.tolist()) <= set(order[kept > 0].tolist())


def test_top_p_keeps_few_tokens_where_the_model_is_sure():
    sure, unsure = torch.tensor([9.0, 0, 0, 0]), torch.tensor([0.1, 0, 0, 0])
    counts = []
    for logits in (sure, unsure):
        p, _ = logits.softmax(-1).sort(descending=True)
        counts.append(int((p.cumsum(-1) - p < 0.9).sum()))
    assert counts == [1, 4]


def test_the_page_says_top_p_as_it_is_tested():
    page = (HERE.root / "docs/sequences/generate.md").read_text(encoding="utf-8")
    assert "`probs, tokens = logits.softmax(-1).sort(descending=True)`" in page
    assert "`probs[probs.cumsum(-1) - probs >= 0.9] = 0`" in page
    assert "`tokens.gather(-1, probs.multinomial(1))`" in page

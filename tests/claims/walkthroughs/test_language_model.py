"""The text, the tokens and the GPT of the lesson, beyond what its cells assert."""

import hashlib
import json
import math
import re
from collections import Counter
from itertools import pairwise

import pytest
import torch

from harness.core.tree import HERE
from lab.train import weights
from lab.train.tokens import PIECE, clean, encode, learn, merged, vocabulary
from tests.claims.walkthroughs.walkthrough import program, run
from tests.claims_support import Later

language_model = Later("lab.train.language_model")
TEXT = HERE.docs / "assets" / "text"


@pytest.fixture(scope="module")
def book():
    return clean((TEXT / "alice.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def merges(book):
    return learn(book)


def small(blocks=1, context=12, **sizes):
    torch.manual_seed(0)
    return language_model.GPT(
        blocks=blocks, context=context, width=16, heads=2, **sizes
    ).eval()


# The text


def test_the_book_is_the_file_of_the_package_with_other_line_ends():
    about = json.loads((TEXT / "alice.json").read_text(encoding="utf-8"))
    content = (TEXT / about["file"]).read_bytes()
    assert about["year"] == 1865 and about["from"]["version"] == "1.2.1"
    assert len(content) == about["bytes"]
    assert hashlib.sha256(content).hexdigest() == about["sha256"] == weights.ALICE
    before = content.replace(b"\n", b"\r\n") + b"\x1a"
    assert hashlib.sha256(before).hexdigest() == about["from"]["sha256"]


def test_a_clean_text_has_a_paragraph_a_line():
    text = " A line\n  and  another.\n\n   *   *   *\n\nThe end.\n"
    assert clean(text) == "A line and another.\nThe end."


# Tokens


def plainly(text, size):
    """All pairs, counted anew before each merge, and how often the first one occurs."""
    counts = Counter(PIECE.findall(text))
    pieces = {piece: list(piece.encode()) for piece in counts}
    for new in range(256, size):
        pairs = Counter()
        for piece, ids in pieces.items():
            for pair in pairwise(ids):
                pairs[pair] += counts[piece]
        most = max(pairs.values())
        best = yield pairs, most
        pieces = {key: merged(ids, best, new) for key, ids in pieces.items()}


def test_each_merge_is_of_a_pair_that_is_most_frequent_then(book):
    text = book[:20_000]
    found = learn(text, 300)
    steps = plainly(text, 300)
    pairs, most = next(steps)
    for pair, new in found.items():
        assert pairs[pair] == most
        if new < 299:
            pairs, most = steps.send(pair)


@pytest.mark.parametrize(
    ("ids", "out"),
    [
        ([1, 1, 1], [9, 1]),
        ([1, 1, 1, 1], [9, 9]),
        ([2, 1, 1], [2, 9]),
        ([], []),
        ([1], [1]),
    ],
)
def test_a_pair_is_merged_from_the_left(ids, out):
    assert merged(ids, (1, 1), 9) == out


@pytest.mark.parametrize(
    "text", ["", "Alice", "  two  spaces\n\n", "naïve 猫 🐈‍⬛", "\x00\t\r", "a1b2_c"]
)
def test_every_text_survives_encoding(text, merges):
    tokens = vocabulary(merges)
    assert b"".join(tokens[one] for one in encode(text, merges)).decode() == text


def test_tokens_are_those_of_the_merges_one_after_the_other(book, merges):
    for piece in set(PIECE.findall(book[:10_000])):
        ids = list(piece.encode())
        for pair, new in merges.items():
            ids = merged(ids, pair, new)
        assert encode(piece, merges) == ids


def test_no_token_reaches_across_two_words(merges):
    tokens = vocabulary(merges)
    assert len(set(tokens)) == len(tokens) == 512
    assert not [one for one in tokens if b" " in one[1:]]


# What the lesson's own functions do


@pytest.fixture(scope="module")
def lesson(merges):
    """Its functions that write, for the untrained model."""
    text = program(HERE.docs / "walkthroughs" / "language-model.py")
    found = re.findall(r"^def (?:\w+)\(.*?\):\n(?:(?:[ ].*)?\n)+", text, re.M)
    wanted = ("def decode", "def write", "def sampled", "def longest_copy")
    names = run("".join(one for one in found if one.startswith(wanted)))
    names |= {"tokens": vocabulary(merges), "merges": merges, "encode": encode}
    return names


def test_the_longest_copy_is_found(lesson):
    lesson["text"] = "the cat sat on the mat"
    assert lesson["longest_copy"]("a cat sat in") == " cat sat "
    assert lesson["longest_copy"]("xyz") == ""


def test_it_writes_as_many_tokens_as_asked_and_reads_no_more_than_it_can(lesson):
    text = lesson["write"](small(), "Alice", 30, torch.argmax)
    again = lesson["write"](small(), "Alice", 30, torch.argmax)
    assert text == again and text.startswith("Alice")


def test_top_1_and_a_small_temperature_are_greedy(lesson):
    logits = torch.randn(512, generator=torch.Generator().manual_seed(3))
    best = logits.argmax()
    assert lesson["sampled"](k=1)(logits) == best
    assert {int(lesson["sampled"](0.001)(logits)) for _ in range(20)} == {int(best)}


@pytest.mark.parametrize(("temperature", "k"), [(1.0, 4), (0.5, 4), (2.0, 2)])
def test_tokens_are_drawn_by_their_probabilities(lesson, temperature, k):
    torch.manual_seed(0)
    logits = torch.tensor([1.0, 3.0, 2.0, 0.0])
    choose = lesson["sampled"](temperature, k)
    drawn = torch.tensor([int(choose(logits)) for _ in range(2000)])
    kept = torch.where(logits >= logits.topk(k).values[-1], logits, -math.inf)
    shares = (kept / temperature).softmax(0)
    assert (drawn.bincount(minlength=4) / 2000 - shares).abs().max() < 0.04


def test_a_low_temperature_favours_what_is_probable():
    logits = torch.tensor([1.0, 3.0, 2.0])
    low, one, high = ((logits / t).softmax(0)[1] for t in (0.5, 1.0, 2.0))
    assert low > one > high > 1 / 3


# The model


def test_no_place_sees_a_later_one():
    model = small(blocks=3)
    ids = torch.randint(512, (2, 12))
    for place in (1, 6, 11):
        other = ids.clone()
        other[:, place] = (other[:, place] + 1) % 512
        with torch.no_grad():
            changed = (model(ids) - model(other)).abs().amax((0, 2)) > 0
        assert not changed[:place].any() and changed[place:].all()


def test_the_embedding_is_also_the_last_layer():
    model = small()
    ids = torch.randint(512, (1, 5))
    model(ids).sum().backward()
    assert not [name for name in model.state_dict() if name.startswith("head")]
    # Tokens that were not read have a gradient, too.
    assert (model.token.weight.grad.abs().amax(1) > 0).all()


@pytest.mark.parametrize("tokens", [64, 512, 2000])
def test_an_untrained_model_is_as_good_as_guessing(tokens):
    model = small(tokens=tokens)
    rows = torch.randint(tokens, (8, 13))
    with torch.no_grad():
        loss = language_model.loss_of(model, rows)
    assert loss.item() == pytest.approx(math.log(tokens), abs=0.1)


def test_a_passage_is_one_exercise_for_each_of_its_tokens():
    model, rows = small(), torch.randint(512, (2, 13))
    with torch.no_grad():
        shares = model(rows[:, :-1]).log_softmax(2)
        loss = language_model.loss_of(model, rows)
    each = [
        -shares[row, place, rows[row, place + 1]]
        for row in range(2)
        for place in range(12)
    ]
    assert loss.item() == pytest.approx(torch.stack(each).mean().item(), abs=1e-5)


def test_a_longer_text_than_its_places_is_refused():
    with pytest.raises(IndexError, match="index out of range"):
        small()(torch.zeros(1, 13, dtype=torch.long))


def test_training_lowers_the_loss_and_is_the_same_for_the_same_seed():
    ids = torch.arange(40).repeat(5)
    runs = []
    for _ in range(2):
        model = small()
        torch.manual_seed(1)
        runs.append(language_model.fit(model, ids, steps=25, batch=8))
    assert runs[0] == runs[1]
    assert runs[0][-1] < runs[0][0] - 1


@pytest.mark.weekly
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_seconds_of_training_reach_the_band_of_the_lesson(seed):
    ids, held_out, _ = language_model.book()
    torch.manual_seed(seed)
    model = language_model.GPT(blocks=2, dropout=0.0)
    language_model.fit(model, ids, steps=300, batch=16)
    with torch.no_grad():
        loss = language_model.loss_of(model.eval(), held_out.unfold(0, 65, 64))
    assert 4.0 < loss.item() < 4.6

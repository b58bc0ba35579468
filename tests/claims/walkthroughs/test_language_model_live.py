"""What the page says about the model that writes in the browser."""

import json
import re

import pytest
import torch

from harness.core.tree import HERE
from lab.train import card, export
from lab.train.tokens import PIECE, encode
from tests.claims_support import Later, names_of, printed, program

language_model = Later("lab.train.language_model")
PAGE = HERE.docs / "walkthroughs" / "language-model-live.md"
ASSETS = HERE.docs / "assets"
START = "Alice looked"
LORA = "walkthroughs/lora_on_the_gpt_equals_peft"
NAMES = {  # of GPT-2, for the lesson's
    "token": "wte",
    "position": "wpe",
    "norm": "ln_f",
    "norm_1": "ln_1",
    "norm_2": "ln_2",
    "attention.qkv": "attn.c_attn",
    "attention.out": "attn.c_proj",
    "up": "mlp.c_fc",
    "down": "mlp.c_proj",
}


@pytest.fixture(scope="module")
def model():
    return export.load(HERE, "language-model")


@pytest.fixture(scope="module")
def book():
    return language_model.book()


@pytest.fixture(scope="module")
def by_hand(model):
    """The program's GPT with the published weights, named and laid out as GPT-2's."""
    text = program("walkthroughs/gpt_equals_gpt2")
    steps = text[text.index("# Conv1D") : text.index("ids = ")]
    kept = {}
    for key, values in model.state_dict().items():
        before, block, name = re.fullmatch(r"(blocks\.(\d+)\.)?(.*)", key).groups()
        name, kind = name.rsplit(".", 1)
        turned = kind == "weight" and before and values.dim() == 2
        name = f"h.{block}.{NAMES[name]}" if before else NAMES[name]
        kept[f"{name}.{kind}"] = values.T if turned else values
    names = {"weights": kept}
    exec("import torch\nfrom torch.nn import functional as F\n" + steps, names)
    return names["gpt"]


@pytest.mark.parametrize("length", [1, 7, 64])
def test_the_lesson_s_model_computes_what_the_program_computes(model, by_hand, length):
    ids = torch.randint(512, (3, length), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        mine, right = model(ids), by_hand(ids)
    assert right.std() > 0.5
    assert (mine - right).abs().max() <= 1e-5


def test_gpt2_computes_what_the_program_computes():
    said = printed("walkthroughs/gpt_equals_gpt2")
    largest, difference = map(float, re.findall(r"[\d.]+", said))
    assert largest > 1 and difference <= 1e-5


def test_lora_by_hand_equals_peft_merged_or_not():
    said = printed(LORA).splitlines()
    gaps = dict(line.split(" gap ") for line in said if " gap " in line)
    names = ("own", "own, merged", "peft, merged")
    assert [gaps[f"{name:12}"] for name in names] == ["0.0000"] * 3
    trained, everything = (int(n.replace(",", "")) for n in said[0].split()[2::4][:2])
    assert trained == 3 * 4 * (64 + 192) and everything == trained + 186_944


@pytest.mark.parametrize("way", ["the class", "the hook", "merged"])
def test_the_lesson_s_adapter_changes_its_model_as_peft_s_does(way):
    """By as much as peft's changed what the program took for the same model."""
    model = export.load(HERE, "language-model")
    lesson = (PAGE.parent / "language-model.py").read_text(encoding="utf-8")
    lesson = lesson[lesson.index("class LoRA") : lesson.index("\n\ndef tune")]
    text = program(LORA)
    names = {"torch": torch, "nn": torch.nn}
    exec(lesson + text[text.index("def lora") : text.index("sizes =")], names)
    torch.manual_seed(0)
    ids = torch.randint(512, (4, 64))
    shapes = ((4, 64), (192, 4)) * 3
    AB = [torch.empty(shape).normal_(std=0.1) for shape in shapes]
    with torch.no_grad():
        base = model(ids)
        for block, A, B in zip(model.blocks, AB[::2], AB[1::2], strict=True):
            plain = block.attention.qkv
            if way == "the class":
                tuned = block.attention.qkv = names["LoRA"](plain, 4)
                tuned.A.copy_(A), tuned.B.copy_(B)
            elif way == "the hook":
                plain.register_forward_hook(names["lora"](A, B))
            else:
                plain.weight += 2 * (B @ A)
        gap = (model(ids) - base).abs().max().item()
    (said,) = re.findall(r"base +gap (.*)", printed(LORA))
    assert gap == pytest.approx(float(said), abs=1e-4)


def test_the_tokens_are_those_of_the_library():
    assert printed("walkthroughs/tokens_equal_the_library").endswith("equal: True\n")


def test_the_lesson_encodes_as_the_program_does():
    library = "# The library merges"
    changes = {"from tokenizers import Regex, Tokenizer, models, pre_tokenizers\n": ""}
    found = names_of("walkthroughs/tokens_equal_the_library", changes, upto=library)
    number = {token: place for place, token in enumerate(found["tokens"])}
    pairs = [[one.encode("latin-1") for one in pair] for pair in found["merges"]]
    merges = {(number[a], number[b]): number[a + b] for a, b in pairs}
    assert len(merges) == 24 and found["PIECE"] == PIECE.pattern
    assert encode(found["text"], merges) == found["by_hand"]


def test_the_library_encodes_the_whole_book_as_the_lesson_does(book):
    found = by_replacing()
    assert [tuple(pair) for pair in found["merges"]] == list(book[-1])
    text = language_model.BOOK.read_text(encoding="utf-8")
    assert found["by_hand"] == encode(text, book[-1])
    said = printed("walkthroughs/book_encoded_twice")
    assert len(found["merges"]) == 256 and f"{len(text.encode())} bytes" in said
    count = len(found["by_hand"])
    assert said.endswith(f"\n{count} of {count} tokens are equal\n")


@pytest.mark.parametrize("text", ["", "thethethe the", "naïve 猫\n\n  the 1865!?"])
def test_other_texts_encode_by_replacing_too(text, book):
    assert by_replacing(text)["by_hand"] == encode(text, book[-1])


def by_replacing(text=None):
    """What the program has before it asks the library, for another text."""
    changes = {"from tokenizers import Regex, Tokenizer, models, pre_tokenizers\n": ""}
    assets = f"from pathlib import Path; files = Path({str(ASSETS)!r}).joinpath"
    changes["from importlib.resources import files"] = assets
    if text is not None:
        changes["\nline ="] = f"\nbook = {text!r}.encode().decode('latin-1')\nline ="
    return names_of("walkthroughs/book_encoded_twice", changes, upto="numbers =")


def test_the_example_is_what_the_model_may_write(model, book):
    text = PAGE.read_text(encoding="utf-8")
    (written,) = re.findall(r"\n\n([^{]*)\n{ \.live-text }", text)
    written = written.rpartition("\n\n")[2].replace("\\`", "`")
    merges = book[-1]
    ids = encode(written, merges)
    first = len(encode(START, merges))
    assert written.startswith(START) and len(ids) > first + 40
    for place in range(first, len(ids)):
        seen = torch.tensor([ids[max(0, place - 64) : place]])
        with torch.no_grad():
            best = model(seen)[0, -1].topk(40).indices
        assert ids[place] in best


@pytest.mark.parametrize("start", [START, "computers"])
def test_greedy_text_repeats_itself(model, book, start):
    ids = encode(start, book[-1])
    with torch.no_grad():
        for _ in range(120):
            ids.append(int(model(torch.tensor([ids[-64:]]))[0, -1].argmax()))
    last = ids[-8:]
    assert any(ids[at : at + 8] == last for at in range(len(ids) - 8))


def test_high_temperatures_often_draw_what_is_improbable(model, book):
    """Beyond the 10 most probable of 100: rarely when cold, often when hot."""
    ids = book[1][:512].reshape(8, 64)
    with torch.no_grad():
        best = model(ids).topk(100).values
    beyond = {t: (best / t).softmax(2)[..., 10:].sum(2).mean() for t in (0.3, 1, 2)}
    assert beyond[0.3] < 0.05 and beyond[1] < 0.4 and beyond[2] > 0.55


def test_what_stands_earlier_than_64_tokens_is_not_seen(model):
    assert model.position.weight.shape[0] == 64
    assert card.read(HERE, "language-model")["parameters"] == 186_944


def test_the_file_of_the_browser_has_weights_and_merges(model, book):
    content = export.safetensors(HERE)
    file = card.weights(HERE, "language-model").with_suffix(".safetensors")
    assert file.read_bytes() == content, "run: python -m lab train --export"
    first = 8 + int.from_bytes(content[:8], "little")
    head = json.loads(content[8:first])
    about = head.pop("__metadata__")
    assert json.loads(about["merges"]) == list(map(list, book[-1]))
    assert about["heads"] == "4"
    state = model.state_dict()
    assert head.keys() == state.keys()
    for name, one in head.items():
        start, end = (first + place for place in one["data_offsets"])
        values = torch.frombuffer(bytearray(content[start:end]), dtype=torch.float16)
        assert one["dtype"] == "F16"
        assert torch.equal(values.reshape(one["shape"]).float(), state[name])


def test_the_page_computes_all_tokens_anew_for_each_one():
    script = HERE.docs / "assets" / "javascripts" / "live" / "gpt.js"
    text = script.read_text(encoding="utf-8")
    assert "ids.slice(-context).map(" in text and "cache" not in text

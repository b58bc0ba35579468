"""The claims of docs/training/load-from-hugging-face.md, as far as torch alone can."""

import ast
import re

import pytest
import torch
from torch import nn

from tests.claims_support import drawn, printed, program


def gaps(name):
    return [float(n) for n in re.findall(r"gap (\d+\.\d+)", printed(name))]


def test_the_arrows_join_equal_shapes_or_say_transpose():
    texts = [text for text, *_ in drawn("training/names_in_the_file") if text]
    assert texts.count("transpose") == 2
    rest = [text for text in texts if text != "transpose" and " model" not in text]
    rows = [rest[n : n + 4] for n in range(0, 20, 4)]
    turned = 0
    for old, shape, new, wanted in rows:
        assert old.rsplit(".", 1)[1] == new.rsplit(".", 1)[1]
        if shape != wanted:
            turned += 1
            assert shape.split(" x ") == wanted.split(" x ")[::-1]
            assert ".c_" in old and old.endswith("weight")
    assert turned == 2


# The file


def test_safe_open_and_load_file_see_the_weights_of_the_model():
    lines = printed("training/safetensors_file").splitlines()
    shapes = dict(line.split(" F32 ") for line in lines[:2])
    model = nn.Linear(4, 2)
    for name, value in model.state_dict().items():
        assert shapes[name] == str(list(value.shape))
    assert lines[2:] == [str(model.load_state_dict(model.state_dict())), "equal: True"]


def test_the_header_counts_the_bytes_of_each_tensor():
    *rows, numbers = printed("training/safetensors_header").splitlines()
    end = 0
    for row in rows:
        name, _, text = row.partition(" ")
        entry = ast.literal_eval(text)
        start, stop = entry["data_offsets"]
        assert start == end and entry["dtype"] == "F32"
        assert stop - start == torch.empty(entry["shape"]).numel() * 4
        end = stop
    assert numbers == str(torch.tensor([1.0, 2.0]))


# Names


class Conv1D(nn.Module):
    """As in Transformers: the weight is (inputs, outputs)."""

    def __init__(self, outputs, inputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs))
        self.bias = nn.Parameter(torch.randn(outputs))

    def forward(self, x):
        return x @ self.weight + self.bias


def test_the_translated_part_of_gpt_2_computes_the_same():
    assert "<All keys matched successfully>" in printed("training/names_of_gpt2")
    assert max(gaps("training/names_of_gpt2")) <= 1e-6


@pytest.mark.parametrize("strict", [True, False])
def test_without_the_transpose_only_a_square_weight_fits(strict):
    torch.manual_seed(0)
    for outputs, square in ((5, False), (3, True)):
        theirs, own, x = Conv1D(outputs, 3), nn.Linear(3, outputs), torch.randn(4, 3)
        saved = theirs.state_dict()
        turned = saved | {"weight": saved["weight"].T}
        own.load_state_dict(turned, strict=strict)
        torch.testing.assert_close(own(x), theirs(x))
        if square:
            own.load_state_dict(saved, strict=strict)
            assert (own(x) - theirs(x)).abs().max() > 0.1
        else:
            with pytest.raises(RuntimeError, match="size mismatch for weight"):
                own.load_state_dict(saved, strict=strict)
    right, wrong = gaps("training/square_weight_of_gpt2")
    assert right < 1e-4 and wrong > 0.05
    assert printed("training/square_weight_of_gpt2").startswith("Conv1D (8, 8)")


@pytest.mark.parametrize("prefix", ["model.", "transformer.", "module."])
def test_with_strict_false_a_wrong_prefix_loads_nothing(prefix):
    trained, new = (nn.Sequential(nn.Linear(2, 3), nn.ReLU()) for _ in range(2))
    before = {name: value.clone() for name, value in new.state_dict().items()}
    saved = {prefix + name: value for name, value in trained.state_dict().items()}
    report = new.load_state_dict(saved, strict=False)
    assert report.missing_keys == list(before)
    assert report.unexpected_keys == list(saved)
    for name, value in new.state_dict().items():
        assert torch.equal(value, before[name])
    with pytest.raises(RuntimeError, match="Missing key"):
        new.load_state_dict(saved)


# Tied weights


def model_with_head(tied):
    model = nn.Sequential(nn.Embedding(6, 3), nn.Linear(3, 6, bias=False))
    if tied:
        model[1].weight = model[0].weight
    return model


@pytest.mark.parametrize("tie", ["before", "after", "never"])
def test_the_report_is_the_same_whether_the_head_is_tied_or_random(tie):
    torch.manual_seed(0)
    model, tokens = model_with_head(True), torch.arange(6)
    saved = dict(model.state_dict())
    del saved["1.weight"]
    new = model_with_head(tie == "before")
    report = new.load_state_dict(saved, strict=False)
    assert (report.missing_keys, report.unexpected_keys) == (["1.weight"], [])
    if tie == "after":
        new[1].weight = new[0].weight
    assert torch.equal(new(tokens), model(tokens)) is (tie != "never")


def test_safetensors_refuses_and_the_page_shows_how_wrong_untied_is():
    assert printed("training/tied_weights_refused").startswith(
        "Some tensors share memory, this will lead to duplicate memory on disk"
    )
    tied, untied = gaps("training/tied_weights_saved_once")
    assert tied == 0 and untied > 1


def test_save_model_and_load_model_take_care_of_the_tie():
    names, equal, *error = printed("training/tied_weights_by_save_model").splitlines()
    assert names == "in the file: ['0.weight']" and equal == "equal: True"
    assert error[-1].strip() == 'Missing key(s) in state_dict: "1.weight"'


# Dtype


@pytest.mark.parametrize("stored", [torch.bfloat16, torch.float16, torch.float64])
@pytest.mark.parametrize("wanted", [torch.float32, torch.float64])
def test_the_model_keeps_its_dtype_unless_it_takes_the_tensors(stored, wanted):
    torch.manual_seed(0)
    trained = nn.Linear(3, 4)
    saved = {name: v.detach().to(stored) for name, v in trained.state_dict().items()}
    new = nn.Linear(3, 4).to(wanted)
    new.load_state_dict(saved)
    assert new.weight.dtype == wanted
    torch.testing.assert_close(new.weight, saved["weight"].to(wanted))
    rounded = not torch.equal(new.weight.double(), trained.weight.double())
    assert rounded is (stored.itemsize < 4)
    new.load_state_dict(saved, assign=True)
    assert new.weight.dtype == stored
    assert new.weight.data_ptr() == saved["weight"].data_ptr()


@pytest.mark.parametrize("names", [["0.weight"], ["0.weight", "1.weight"]])
@pytest.mark.parametrize("assign", [False, True])
def test_assign_unties_weights_that_were_tied_before(names, assign):
    torch.manual_seed(0)
    model, tokens = model_with_head(True), torch.arange(6)
    saved = {name: model.state_dict()[name] for name in names}
    new = model_with_head(True)
    new.load_state_dict(saved, strict=len(names) > 1, assign=assign)
    assert (new[1].weight is new[0].weight) is not assign
    right = not assign or len(names) > 1
    assert torch.equal(new(tokens), model(tokens)) is right
    new[1].weight = new[0].weight
    assert torch.equal(new(tokens), model(tokens))


def test_bfloat16_takes_half_of_the_memory():
    assert torch.bfloat16.itemsize * 2 == torch.float32.itemsize


# from_pretrained, as recorded where Transformers is installed


def test_a_loaded_model_is_in_eval_mode():
    lines = printed("training/model_from_a_folder").splitlines()
    assert {"config.json", "model.safetensors"} < set(ast.literal_eval(lines[0]))
    assert lines[2] == "training: True loaded: False"
    assert [line.split(": ")[1] for line in lines[3:]] == ["False", "True"]


def test_the_dtype_is_that_of_config_json_unless_it_is_chosen():
    assert printed("training/dtype_of_the_file").split() == [
        *("torch.bfloat16", "torch.float32", "torch.float16"),
    ]
    assert '{"dtype": "float16"}' in program("training/dtype_of_the_file")


def test_no_key_is_missing_where_a_head_is_tied_or_has_another_size():
    missing, tied, also, other = (
        line.split(": ")[1]
        for line in printed("training/heads_that_are_not_missing").splitlines()
    )
    assert missing == also == "set()" and tied == "True"
    assert other == "('score.weight', torch.Size([2, 8]), torch.Size([3, 8]))"
    # The library reports the mismatch as a warning, which only this program hides.
    hides = 'logging.getLogger("transformers").setLevel(logging.ERROR)'
    assert hides in program("training/heads_that_are_not_missing")
    assert "setLevel" not in program("training/head_newly_initialized")


@pytest.mark.parametrize("strict", [True, False])
def test_a_head_of_another_size_is_an_error_in_torch_too(strict):
    model, saved = nn.Linear(8, 3), nn.Linear(8, 2).state_dict()
    with pytest.raises(RuntimeError, match="size mismatch"):
        model.load_state_dict(saved, strict=strict)


def test_a_new_head_is_another_one_in_each_load():
    one, other, missing, said = printed("training/head_newly_initialized").splitlines()
    assert ast.literal_eval(one) != ast.literal_eval(other)
    assert ast.literal_eval(missing) == {"score.weight"}
    assert "MISSING" in said and "newly initialized" in said


def test_one_of_several_files_holds_a_part_of_the_weights():
    *files, report = printed("training/weights_in_several_files").splitlines()
    counts = [[int(n) for n in re.findall(r"\d+$|holds (\d+)", f) if n] for f in files]
    total = int(files[0].split()[-1])
    assert len(files) > 1 and sum(count[0] for count in counts) == total
    assert report == "<All keys matched successfully>"


def test_with_one_part_alone_strict_false_raises_nothing():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    part = {k: v for k, v in model.state_dict().items() if k.startswith("0.")}
    model.load_state_dict(part, strict=False)
    with pytest.raises(RuntimeError, match="Missing key"):
        model.load_state_dict(part)


def test_a_file_that_holds_a_tied_weight_once_misses_a_name():
    model = nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 9, bias=False))
    model[1].weight = model[0].weight
    with pytest.raises(RuntimeError, match='Missing key.*"1.weight"'):
        model.load_state_dict({"0.weight": torch.ones(9, 4)})
    assert model[1].weight.eq(1).all()


def test_offline_the_library_says_that_it_found_no_copy():
    said = printed("training/offline_without_a_copy")
    assert said.startswith("OSError: ")
    assert "couldn't find them in the cached files" in said

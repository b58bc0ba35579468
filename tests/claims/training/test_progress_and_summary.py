"""The claims of docs/training/progress-and-summary.md, against plain PyTorch.

The libraries are not installed here: what they printed was recorded.
"""

import ast
import csv
import importlib.util
import io
import json
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from harness.core.tree import HERE
from tests.claims_support import printed, program

WRONG = "0.5602"  # the second loss, divided by the number of batches


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def test_the_means_in_the_picture_fall_and_the_batches_jump():
    file = HERE.recorded / "figures/training/batch_losses_and_means.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    batches, means = (np.reshape(line, (-1, 2))[:, 1] for line in axes["lines"][:2])
    assert (np.diff(means) < 0).all() and len(means) == 12
    assert 0.4 < (np.diff(batches) > 0).mean() < 0.6


def test_the_bar_shows_the_mean_over_samples(capsys):
    lines = printed("training/progress_bar").splitlines()
    assert all("100%" in line and "4/4" in line for line in lines)
    exec(program("keras/train_by_a_loop"), {})
    by_hand = numbers(capsys.readouterr().out)
    assert [numbers(line)[-1] for line in lines] == by_hand


def test_divided_by_the_number_of_batches_the_losses_are_others(capsys):
    text = program("keras/train_by_a_loop")
    for before, after in ((" * len(labels)", ""), ("len(x):.4f", "4:.4f")):
        assert text.count(before) == 1
        text = text.replace(before, after)
    exec(text, {})
    found = numbers(capsys.readouterr().out)
    assert f"{found[1]:.4f}" == WRONG
    right = [
        numbers(line)[-1] for line in printed("training/progress_bar").split("\n")[:3]
    ]
    assert all(abs(a - b) > 0.002 for a, b in zip(found, right, strict=True))


def test_the_last_batch_has_four_samples():
    assert 100 % 32 == 4 and "randn(100, 2)" in program("training/progress_bar")


def test_the_log_is_read_back_and_the_tensor_is_text():
    rows = list(csv.reader(printed("training/log_to_csv").splitlines()[:-1]))
    assert rows[0][:2] == ["epoch", "loss"] and len(rows) == 4
    assert rows[1][2] == "tensor(4., grad_fn=<PowBackward0>)"
    w, losses = 0.0, []
    for _ in range(3):
        losses.append(round((w - 2) ** 2, 4))
        w -= 0.1 * 2 * (w - 2)
    last = printed("training/log_to_csv").splitlines()[-1]
    assert ast.literal_eval(last.split(":")[1].strip()) == pytest.approx(losses)


@pytest.mark.parametrize("buffering", [1, -1])
def test_with_a_buffer_of_one_line_a_crash_loses_nothing(buffering):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.csv")
        with path.open("w", newline="", buffering=buffering) as file:
            csv.writer(file).writerow([1, 0.5])
            seen = path.read_text()
        assert seen == ("1,0.5\n" if buffering == 1 else "")


def test_json_refuses_a_tensor():
    with pytest.raises(TypeError, match="Object of type Tensor is not JSON serial"):
        json.dumps({"loss": torch.tensor(1.0)})
    assert json.dumps({"loss": torch.tensor(1.0).item()}) == '{"loss": 1.0}'


def test_csv_writes_any_object_as_text():
    file = io.StringIO()
    csv.writer(file).writerow([torch.ones(2), None])
    assert file.getvalue() == '"tensor([1., 1.])",\r\n'


def test_tensorboard_gives_back_the_losses():
    text = printed("training/scalars_in_tensorboard")
    assert numbers(text) == [4, 2.56, 1.6384]
    assert text.splitlines()[-1] == "no step: [0, 0, 0]"
    log = printed("training/log_to_csv").splitlines()[-1]
    assert numbers(log) == [4, 2.56, 1.6384]  # of the same training


def test_flushed_numbers_are_in_the_file_and_a_second_run_is_appended():
    lines = printed("training/two_runs_in_one_folder").splitlines()
    flushed, second = (line.split(":")[1].strip() for line in lines)
    first = [(step, 0.5**step) for step in range(3)]
    assert ast.literal_eval(flushed) == first
    assert ast.literal_eval(second) == [*first, (0, 4.0), (1, 4.0)]
    text = program("training/two_runs_in_one_folder")
    assert text.index(".flush()") < text.index("first run: ") < text.index(".close()")


def test_the_summary_counts_as_we_do_until_weights_are_tied():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(5408, 10)
    )
    lines = printed("training/summary_of_torchinfo").splitlines()
    x = torch.zeros(4, 1, 28, 28)
    for layer, line in zip(model, lines, strict=False):
        x = layer(x)
        count = sum(p.numel() for p in layer.parameters())
        assert line.split(maxsplit=1)[0] == type(layer).__name__
        assert str(list(x.shape)) in line and line.endswith(f" {count}")
    counts = [int(line.split()[-1]) for line in lines[4:8]]
    assert counts[0] == counts[1] == sum(p.numel() for p in model.parameters())
    tied = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    tied[1].weight = tied[0].weight
    assert counts[3] == sum(p.numel() for p in tied.parameters()) == 24
    assert counts[2] == sum(sum(p.numel() for p in part.parameters()) for part in tied)


def test_the_summary_draws_from_the_generator():
    before, after, with_data, in_train = (
        ast.literal_eval(line[line.index("[") :])
        for line in printed("training/summary_of_torchinfo").splitlines()[-4:]
    )
    assert before == with_data
    torch.manual_seed(0)
    assert torch.randperm(6).tolist() == before != after
    torch.manual_seed(0)
    torch.rand(1, 4)  # its input
    assert torch.randperm(6).tolist() == after
    torch.manual_seed(0)
    nn.Dropout()(torch.ones(1, 4))
    assert torch.randperm(6).tolist() == in_train


@pytest.mark.parametrize("training", [True, False])
def test_a_call_in_train_mode_draws_and_changes_the_averages(training):
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout()).train(training)
    random, mean = torch.get_rng_state(), model[0].running_mean.clone()
    model(torch.arange(12.0).reshape(4, 3))
    assert torch.equal(torch.get_rng_state(), random) is not training
    assert torch.equal(model[0].running_mean, mean) is not training


def test_macro_is_the_mean_of_the_classes_and_micro_the_share_that_is_right():
    guess, truth = torch.zeros(8, dtype=torch.long), torch.tensor([0] * 6 + [1, 2])
    right = guess == truth
    assert right.sum() == 6
    by_class = torch.stack([right[truth == c].float().mean() for c in range(3)])
    found = numbers(printed("training/accuracy_by_torchmetrics"))
    assert found[:4] == pytest.approx(
        [6 / 8, 6 / 8, by_class.mean().item(), 6 / 8], abs=6e-4
    )
    assert by_class.tolist() == [1, 0, 0]
    assert found[4:] == [6 / 10, 0]  # 6 right ones, and two more answers


def loader(values):
    class Stream(torch.utils.data.IterableDataset):
        def __iter__(self):
            return iter(values)

    return torch.utils.data.DataLoader(Stream())


@pytest.mark.skipif(
    bool(importlib.util.find_spec("tensorboard")), reason="tensorboard is installed"
)
def test_the_writer_needs_the_package_tensorboard():
    with pytest.raises(ModuleNotFoundError, match="No module named 'tensorboard'"):
        importlib.import_module("torch.utils.tensorboard")


@pytest.mark.parametrize(
    "wrap", [enumerate, lambda each: zip(each, strict=True), iter, loader]
)
def test_what_has_no_length_gives_the_bar_no_end(wrap):
    with pytest.raises(TypeError, match="has no len"):
        len(wrap([1, 2]))
    lines = printed("training/progress_bar_without_an_end").splitlines()
    assert lines[0].endswith(" 4/?") and lines[1].endswith(" 4/4")


def test_a_tensor_in_the_bar_shows_its_graph():
    loss = torch.tensor(0.5, requires_grad=True) * 3
    lines = printed("training/progress_bar_without_an_end").splitlines()
    assert lines[2:] == [f"loss={loss!s}", f"loss={loss.item()}"]
    assert "grad_fn" in lines[2]


def test_a_log_that_is_opened_again_to_write_is_empty(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("epoch,loss\n1,4.0\n")
    with log.open("a", newline="", buffering=1) as file:
        csv.writer(file).writerow([2, 2.56])
    assert len(log.read_text().split()) == 3
    log.open("w", newline="", buffering=1).close()
    assert log.read_text() == ""


def test_training_changes_the_averages_of_batch_norm_too():
    model = nn.BatchNorm1d(8)
    before = {name: value.clone() for name, value in model.named_buffers()}
    model(torch.randn(4, 8) + 1)
    moved = [
        name for name, value in model.named_buffers() if value.ne(before[name]).any()
    ]
    assert moved == ["running_mean", "running_var", "num_batches_tracked"]


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.norm = nn.Embedding(10, 4), nn.BatchNorm1d(3)

    def forward(self, ids, x):
        return self.norm(self.words(ids) + x)


def test_a_summary_needs_a_dtype_for_each_input():
    torchinfo = pytest.importorskip("torchinfo")
    sizes = [(2, 3), (2, 3, 4)]
    with pytest.raises(RuntimeError):
        torchinfo.summary(TwoInputs(), sizes, dtypes=[torch.long], verbose=0)
    both = [torch.long, torch.float]
    assert torchinfo.summary(TwoInputs(), sizes, dtypes=both, verbose=0).total_params


def test_a_summary_ends_the_eval_mode_of_a_frozen_layer():
    torchinfo = pytest.importorskip("torchinfo")
    model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))
    model[1].eval()
    torchinfo.summary(model, (2, 4), verbose=0)
    assert model[1].training


def test_some_metrics_keep_all_scores_and_not_counts():
    classification = pytest.importorskip("torchmetrics.classification")
    metric = classification.BinaryAUROC()
    for _ in range(2):
        metric.update(torch.rand(100), torch.arange(100) % 2)
    assert sum(map(len, metric.preds)) == 200

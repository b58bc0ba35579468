"""The claims of docs/training/metrics.md: against scikit-learn and by brute force."""

import json
import math
import re

import numpy as np
import pytest
import torch

from harness.core.tree import HERE
from tests.claims_support import Later, names_of, output, printed, program

sklearn = Later("sklearn.metrics")
SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def numbers_of(name):
    return numbers(printed(name))


def function(topic, name, upto):
    return names_of(f"training/{topic}", upto=upto)[name]


def by_pairs(scores, y):
    """The ROC AUC, pair by pair."""
    ones = [s for s, label in zip(scores.tolist(), y.tolist(), strict=True) if label]
    zeros = [
        s for s, label in zip(scores.tolist(), y.tolist(), strict=True) if not label
    ]
    wins = [(one > zero) + (one == zero) / 2 for one in ones for zero in zeros]
    return sum(wins) / len(wins)


# From a model and a loader


@SEEDS
@pytest.mark.parametrize(("size", "bias"), [(64, -7.5), (2000, -5.0), (333, -9.0)])
def test_a_model_and_a_loader_give_scores_and_labels(seed, size, bias):
    changes = {"manual_seed(0)": f"manual_seed({seed})", "-7.5": str(bias)}
    changes["batch_size=64"] = f"batch_size={size}"
    changes["nn.Linear(2, 1)"] = "nn.Sequential(nn.Dropout(), nn.Linear(2, 1))"
    changes["model.weight"], changes["model.bias"] = "model[1].weight", "model[1].bias"
    names = names_of("training/scores_of_a_loader", changes)
    (x, y), scores = names["loader"].dataset.tensors, names["scores"]
    assert torch.equal(names["y"], y) and scores.shape == (2000,)
    assert not scores.requires_grad and not names["model"].training
    torch.testing.assert_close(scores, 2 * x.sum(1) + bias)
    alarm = scores.sigmoid() > 0.5
    assert torch.equal(alarm, names["alarm"])
    found = names["hits"] / alarm.sum(), names["hits"] / y.sum()
    wanted = sklearn.precision_score(y, alarm), sklearn.recall_score(y, alarm)
    assert torch.stack(found).tolist() == pytest.approx(wanted)


@SEEDS
@pytest.mark.parametrize(
    ("taken", "fits"), [("logits[:, 1] - logits[:, 0]", True), ("logits[:, 0]", False)]
)
def test_two_outputs_answer_as_argmax_by_the_line_of_the_comment(seed, taken, fits):
    name = "training/scores_of_a_loader"
    assert "take logits[:, 1] - logits[:, 0];" in program(name)
    changes = {"scores.append(logits[:, 0])": f"scores.append({taken})"}
    changes["nn.Linear(2, 1)"] = "nn.Linear(2, 2)"
    changes["weight.fill_(2.0)"] = "weight.copy_(torch.tensor([[-1.0, -1], [1, 1]]))"
    changes["bias.fill_(-7.5)"] = f"bias.copy_(torch.tensor([3.0, {seed} - 3.5]))"
    names = names_of(name, changes)
    (x, _), alarm = names["loader"].dataset.tensors, names["alarm"]
    assert torch.equal(alarm, names["model"](x).argmax(1) == 1) is fits


def test_the_batches_go_to_the_device_of_the_model():
    """A model on a device without numbers gets them there, and fails only at cpu()."""
    name, seen = "training/scores_of_a_loader", []
    names = names_of(name, upto="model.eval()")
    model = names["model"].to("meta")
    model.register_forward_pre_hook(lambda _, given: seen.append(given[0].device.type))
    rest = program(name).partition("model.eval()\n")[2]
    with pytest.raises(NotImplementedError, match="meta"):
        exec(rest, names)
    assert seen == ["meta"]


def test_with_a_rare_class_always_0_is_almost_as_accurate():
    accuracy, zero, _, recall = numbers_of("training/scores_of_a_loader")
    assert 0 < accuracy - zero < 0.015 and recall < 0.5


# The confusion matrix


@SEEDS
@pytest.mark.parametrize("batch", [1, 7, 100])
def test_the_counts_are_those_of_scikit_learn(seed, batch):
    g = torch.Generator().manual_seed(seed)
    truth, guess = torch.randint(5, (2, 100), generator=g)
    matrix = sum(
        (y * 5 + p).bincount(minlength=25).reshape(5, 5)
        for y, p in zip(truth.split(batch), guess.split(batch), strict=True)
    )
    assert matrix.tolist() == sklearn.confusion_matrix(truth, guess).tolist()
    hits, guessed, true = matrix.diag(), matrix.sum(0), matrix.sum(1)
    f1 = 2 * hits / (guessed + true)
    for average, found in [("macro", f1.mean()), ("micro", hits.sum() / 100)]:
        wanted = sklearn.f1_score(truth, guess, average=average)
        assert found.item() == pytest.approx(wanted)
    precision, recall = hits / guessed, hits / true
    torch.testing.assert_close(f1, 2 / (1 / precision + 1 / recall))


def test_a_class_that_nobody_guesses():
    names = names_of("training/confusion_matrix")
    matrix, f1 = names["matrix"], names["f1"]
    assert matrix[0].tolist() == [5, 1, 0] and matrix[2].tolist() == [0, 1, 0]
    assert (names["hits"] / names["guessed"])[2].isnan() and f1[2] == 0
    micro = 2 * names["hits"].sum() / (names["guessed"] + names["true"]).sum()
    assert micro == (names["truth"] == names["guess"]).float().mean()


def test_a_class_neither_guessed_nor_present_has_no_f1():
    matrix = torch.tensor([[5, 1, 0], [1, 2, 0], [0, 0, 0]])
    f1 = 2 * matrix.diag() / (matrix.sum(0) + matrix.sum(1))
    assert f1.isnan().tolist() == [False, False, True]


@pytest.mark.parametrize(("classes", "wrong"), [(16, False), (17, True), (20, True)])
def test_labels_in_uint8_are_silently_miscounted(classes, wrong):
    y = torch.arange(classes, dtype=torch.uint8)
    size = classes * classes
    pairs = (y * classes + y).bincount(minlength=size)
    right = (y.long() * classes + y).bincount(minlength=size)
    assert right.reshape(classes, classes).equal(torch.eye(classes).long())
    assert pairs.equal(right) is not wrong


def test_with_several_labels_micro_f1_is_not_the_accuracy():
    y = torch.tensor([[1, 1, 0], [0, 0, 1]])
    p = torch.tensor([[1, 0, 0], [0, 1, 1]])
    micro = sklearn.f1_score(y, p, average="micro")
    assert micro == pytest.approx(4 / 6) and (y == p).float().mean() == 4 / 6
    p[0, 2] = 1  # one false alarm more
    assert sklearn.f1_score(y, p, average="micro") == pytest.approx(4 / 7)
    assert (y == p).float().mean() == 3 / 6


@SEEDS
def test_what_guessing_gives(seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.rand(40_000, generator=g) < 0.1
    alarm = torch.rand(40_000, generator=g) < 0.3
    assert (alarm & y).sum() / alarm.sum() == pytest.approx(0.1, abs=0.01)
    assert (alarm & y).sum() / y.sum() == pytest.approx(0.3, abs=0.03)
    balanced = ((alarm & y).sum() / y.sum() + (~alarm & ~y).sum() / (~y).sum()) / 2
    assert balanced == pytest.approx(1 / 2, abs=0.03)
    assert (alarm == y).float().mean() < 0.9
    share = y.float().mean().item()
    every = sklearn.f1_score(y, torch.ones_like(y))
    assert every == pytest.approx(2 * share / (1 + share))
    found = [
        sklearn.average_precision_score(y[:n], torch.rand(n, generator=g))
        for n in [40_000] + [200] * 20
    ]
    assert found[0] == pytest.approx(0.1, abs=0.01)
    few = sum(found[1:]) / 20
    assert few > y[:200].float().mean() * 1.05
    z = torch.randn(50, generator=g)
    spread = sklearn.root_mean_squared_error(z, z.mean().expand(50))
    assert spread == pytest.approx(z.std(correction=0).item())


@SEEDS
def test_the_f1_of_small_batches_is_wrong_and_can_be_nan(seed):
    out = output(
        "training/mean_of_batch_f1", {"manual_seed(0)": f"manual_seed({seed})"}
    )
    whole, large = numbers(out)[:2]
    five = out.partition("batches of   5:")[2]
    assert "nan" in five
    assert abs(numbers(five)[0] - whole) > 0.04
    assert abs(large - whole) < 0.02


def test_equal_batches_are_enough_for_a_wrong_f1():
    assert numbers_of("training/mean_of_batch_f1")[0] != pytest.approx(
        numbers_of("training/mean_of_batch_f1")[2], abs=1e-3
    )
    assert 400 % 20 == 400 % 5 == 0


# ROC AUC


@SEEDS
@pytest.mark.parametrize("levels", [1, 2, 5, 1000])
def test_ranks_give_the_auc_of_all_pairs(seed, levels):
    roc_auc = function("roc_auc_by_ranks", "roc_auc", "\n\ny = ")
    g = torch.Generator().manual_seed(seed)
    y = (torch.arange(60) < 13).long()[torch.randperm(60, generator=g)]
    scores = torch.randint(levels, (60,), generator=g) + y
    found = roc_auc(scores, y).item()
    assert found == pytest.approx(by_pairs(scores, y))
    assert found == pytest.approx(sklearn.roc_auc_score(y, scores))
    assert roc_auc(torch.ones(60), y) == 0.5


def test_forgotten_ties_depend_on_the_order_of_the_data():
    changes = {"[0, 0, 0, 0, 1, 1]": "[1, 1, 0, 0, 0, 0]"}
    last = output("training/roc_auc_by_ranks", changes).splitlines()[-1]
    equal = torch.zeros(100)
    assert torch.equal(equal.argsort(stable=True), torch.arange(100))
    assert not torch.equal(equal.argsort(), torch.arange(100))
    assert numbers(last) == [0.5, 0.0]
    assert numbers(printed("training/roc_auc_by_ranks").splitlines()[-1]) == [0.5, 1.0]


def test_one_class_alone_has_no_auc():
    roc_auc = function("roc_auc_by_ranks", "roc_auc", "\n\ny = ")
    assert roc_auc(torch.rand(4), torch.ones(4)).isnan()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_sigmoid_makes_ties_far_from_zero(dtype):
    logits = torch.tensor([20.0, 30.0], dtype=dtype)
    assert logits[0] < logits[1] and logits.sigmoid().tolist() == [1, 1]


def test_the_dot_of_the_figure_is_at_the_threshold():
    names = names_of("training/scores_and_roc", upto="\nfig, ")
    alarm, y, at = names["scores"] > 0.5, names["y"], names["at"]
    assert names["hits"][at] == (alarm & (y == 1)).sum() / 400
    assert names["false"][at] == (alarm & (y == 0)).sum() / 400
    file = HERE.recorded / "figures/training/scores_and_roc.json"
    left, right = json.loads(file.read_text(encoding="utf-8"))["axes"]
    x, up = np.reshape(right["lines"][0], (-1, 2)).T
    area = np.trapezoid(up, x)
    auc = sklearn.roc_auc_score(y, names["scores"])
    assert area == pytest.approx(auc, abs=0.01) and auc > 0.8


def test_without_a_case_both_are_nan_and_sigmoid_makes_ties():
    names = names_of("training/auc_of_a_rare_class", upto="\n\ntorch.manual")
    roc_auc, ap = names["roc_auc"], names["average_precision"]
    scores, none = torch.rand(5), torch.zeros(5).long()
    assert roc_auc(scores, none).isnan() and ap(scores, none).isnan()
    logits, y = torch.tensor([20.0, 30, 40, 10]), torch.tensor([0, 1, 1, 0])
    assert roc_auc(logits, y) == 1 and roc_auc(logits.sigmoid(), y) == 0.75
    assert ap(logits, y) == 1 and ap(logits.sigmoid(), y) < 1


# Average precision, thresholds


@SEEDS
@pytest.mark.parametrize("levels", [2, 5, 1000])
def test_the_average_precision_is_that_of_scikit_learn(seed, levels):
    ap = function("auc_of_a_rare_class", "average_precision", "\n\ndef roc_auc")
    g = torch.Generator().manual_seed(seed)
    y = (torch.rand(80, generator=g) < 0.3).long()
    scores = torch.randint(levels, (80,), generator=g)
    wanted = sklearn.average_precision_score(y, scores)
    assert ap(scores, y).item() == pytest.approx(wanted)


def test_without_ties_it_is_the_mean_precision_at_each_found_case():
    ap = function("auc_of_a_rare_class", "average_precision", "\n\ndef roc_auc")
    y = torch.tensor([0, 1, 1, 0, 1])
    scores = torch.tensor([1, 2, 5, 4, 3])  # in order: 1, 0, 1, 1, 0
    assert ap(scores, y).item() == pytest.approx((1 / 1 + 2 / 3 + 3 / 4) / 3)


@SEEDS
def test_a_rarer_class_lowers_the_average_precision_and_not_the_auc(seed):
    out = output(
        "training/auc_of_a_rare_class", {"manual_seed(0)": f"manual_seed({seed})"}
    )
    rows = [numbers(line) for line in out.splitlines()]
    aucs, aps, noises = zip(*rows, strict=True)
    assert min(aucs) > 0.82 and aps[0] > 0.88
    assert aps[0] > aps[1] + 0.2 > aps[2] + 0.2
    for noise, share in zip(noises, (0.5, 0.05, 0.005), strict=True):
        assert share - 0.05 < noise < share + 0.06


@SEEDS
def test_chosen_thresholds_are_better_on_new_data_than_a_half(seed):
    out = output(
        "training/choose_a_threshold", {"manual_seed(0)": f"manual_seed({seed})"}
    )
    half, f1, cost = (numbers(line)[-1] for line in out.splitlines())
    costs = [int(n) for n in re.findall(r"cost (\d+)", out)]
    assert f1 > half + 0.1 and costs[2] == min(costs) < costs[0] / 2
    assert f1 > cost


# Top-k, regression


@SEEDS
@pytest.mark.parametrize("k", [1, 2, 4])
def test_top_k_is_that_of_scikit_learn(seed, k):
    top_k = function("top_k_accuracy", "top_k", "\n\ntorch.manual")
    g = torch.Generator().manual_seed(seed)
    y, logits = torch.arange(60) % 6, torch.randn(60, 6, generator=g)
    wanted = sklearn.top_k_accuracy_score(y, logits, k=k)
    assert top_k(logits, y, k).item() == pytest.approx(wanted)
    assert top_k(logits, y, 1) == (logits.argmax(1) == y).float().mean()
    many = torch.randn(6000, 6, generator=g)
    assert top_k(many, torch.arange(6000) % 6, k) == pytest.approx(k / 6, abs=0.03)


def test_a_constant_answer_reaches_the_share_of_the_k_most_frequent_classes():
    top_k = function("top_k_accuracy", "top_k", "\n\ntorch.manual")
    y = torch.tensor([0] * 6 + [1] * 2 + [2, 3])
    always = torch.tensor([4.0, 3.0, 2.0, 1.0]).expand(10, 4)
    shares = [top_k(always, y, k).item() for k in (1, 2)]
    assert shares == pytest.approx([0.6, 0.8])  # more than 1 / 4 and 2 / 4


def test_the_errors_of_a_regression_are_those_of_scikit_learn():
    names = names_of("training/errors_of_a_regression")
    y, good = names["y"], names["good"]
    for pred, line in zip(
        (good, y.mean().expand(6), torch.zeros(6)),
        printed("training/errors_of_a_regression").splitlines(),
        strict=False,
    ):
        wanted = [
            sklearn.mean_absolute_error(y, pred),
            sklearn.root_mean_squared_error(y, pred),
            sklearn.r2_score(y, pred),
        ]
        found = numbers(line)[-3:]
        assert found == pytest.approx(wanted, abs=0.006)


@SEEDS
def test_a_column_and_a_row_make_a_wrong_r2_without_a_warning(seed, recwarn):
    g = torch.Generator().manual_seed(seed)
    y = torch.randn(8, generator=g)
    pred = y[:, None]  # perfect
    total = (y - y.mean()).square().sum()
    assert 1 - (pred[:, 0] - y).square().sum() / total == 1
    assert 1 - (pred - y).square().sum() / total < -5
    assert not recwarn.list


def test_the_mean_of_two_rmse_is_not_the_rmse():
    good, *_, parts = printed("training/errors_of_a_regression").splitlines()
    assert numbers(good)[1] != numbers(parts)[0]


def test_equal_batches_can_have_another_rmse_too():
    error = torch.tensor([[1.0, 1], [3, 3]])  # two batches of two
    each, whole = error.square().mean(1).sqrt(), error.square().mean().sqrt()
    assert each.mean() == 2 and whole == pytest.approx(math.sqrt(5))
    same = torch.tensor([[1.0, -1], [-1, 1]])
    assert same.square().mean(1).sqrt().mean() == same.square().mean().sqrt() == 1


def test_r2_over_two_columns_at_once_praises_the_mean_of_each(capsys):
    report = names_of("training/errors_of_a_regression")["report"]
    capsys.readouterr()
    torch.manual_seed(0)
    y = torch.randn(500, 2) + torch.tensor([0.0, 100.0])
    pred = y.mean(0).expand(500, 2)
    report("both", pred, y)
    report("one", pred[:, 1], y[:, 1])
    both, one = (float(x.split()[-1]) for x in capsys.readouterr().out.splitlines())
    assert both > 0.99 and one == 0


def test_the_mean_of_other_targets_has_an_r2_below_zero():
    train, y = torch.arange(4.0), torch.arange(4.0) + 1
    error = train.mean() - y
    assert 1 - error.square().sum() / (y - y.mean()).square().sum() < -0.5


def test_r2_of_equal_targets_divides_by_zero():
    y = torch.ones(5)
    total = (y - y.mean()).square().sum()
    assert (1 - (y - y).square().sum() / total).isnan()
    assert (1 - (y - 2).square().sum() / total) == -math.inf


@pytest.mark.parametrize("words", [5, 100])
def test_guessing_has_the_perplexity_of_all_words(words):
    loss = torch.nn.functional.cross_entropy(torch.zeros(3, words), torch.arange(3))
    assert (
        loss.exp().item()
        == pytest.approx(words)
        == pytest.approx(math.exp(loss.item()))
    )


# Libraries


def test_the_libraries_agree_with_the_programs():
    own = [
        *numbers_of("training/confusion_matrix")[-2:],
        numbers(printed("training/roc_auc_by_ranks").splitlines()[1])[0],
        0.75,
    ]
    assert numbers_of("training/metrics_by_sklearn") == pytest.approx(own)
    ap = function("auc_of_a_rare_class", "average_precision", "\n\ndef roc_auc")
    names = names_of("training/metrics_by_sklearn")
    assert ap(names["scores"], names["y"]) == 0.75


@pytest.mark.filterwarnings("ignore")
def test_where_the_programs_say_nan_scikit_learn_does_not():
    ap = function("auc_of_a_rare_class", "average_precision", "\n\ndef roc_auc")
    scores, none = torch.rand(5), torch.zeros(5, dtype=torch.long)
    assert ap(scores, none).isnan()
    assert sklearn.average_precision_score(none, scores) == 0
    y, p = torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1])  # no class 2
    counts = (3 * y + p).bincount(minlength=9).reshape(3, 3)
    f1 = 2 * counts.diag() / (counts.sum(0) + counts.sum(1))
    assert f1[2].isnan()
    own = f1[:2].mean().item()
    assert sklearn.f1_score(y, p, average="macro") == pytest.approx(own)


def test_scikit_learn_takes_the_truth_first():
    y, p = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 0, 0, 1])
    assert sklearn.recall_score(y, p) == 0.5 and sklearn.recall_score(p, y) == 1
    for scores in (p.float().requires_grad_(), p.bfloat16()):
        with pytest.raises((RuntimeError, TypeError)):
            sklearn.roc_auc_score(y, scores)
        assert sklearn.roc_auc_score(y, scores.detach().float()) == 0.75


@pytest.mark.parametrize("rare", [1, 10])
def test_always_no_is_accurate_for_a_rare_class_and_finds_nothing(rare):
    y, answers = np.arange(1000) < rare, np.zeros(1000)
    assert sklearn.accuracy_score(y, answers) == 1 - rare / 1000 >= 0.99
    assert sklearn.recall_score(y, answers) == 0
    assert sklearn.average_precision_score(y, answers) == rare / 1000

"""The claims of docs/training/losses.md, with other sizes, seeds and options."""

import itertools
import math
import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.claims_support import (
    READS_TENSORS,
    losses,
    names_of,
    output,
    printed,
    program,
)

SEEDS = pytest.mark.parametrize("seed", [1, 2])
cross, binary = F.cross_entropy, F.binary_cross_entropy_with_logits


def same(a, b):
    torch.testing.assert_close(torch.as_tensor(a), torch.as_tensor(b))


def divisor(loss, *args, **options):
    return (loss(*args, reduction="sum", **options) / loss(*args, **options)).item()


# The table and the first loss


@pytest.mark.parametrize("classes", [2, 7])
def test_guessing_costs_what_the_table_says(classes):
    y = torch.randint(classes, (12,))
    log = math.log(classes)
    for places in ((), (5,), (3, 4)):
        logits = torch.zeros(12, classes, *places)
        same(cross(logits, y.reshape(-1, *[1] * len(places)).expand(12, *places)), log)
    for shape in ((12,), (12, classes)):
        same(binary(torch.zeros(shape), torch.randint(2, shape).float()), math.log(2))
    z = torch.randn(50) * 3 + 8
    same(F.mse_loss(z.mean().expand(50), z), z.var(correction=0))
    zero, one = torch.zeros(4), torch.ones(4)
    same(F.margin_ranking_loss(zero, zero, one, margin=0.3), 0.3)
    assert F.margin_ranking_loss(zero, zero, one) == 0  # nothing left to learn
    x = torch.ones(4, 3)
    same(F.triplet_margin_loss(x, x, x, margin=0.3), 0.3)


def test_with_a_pos_weight_guessing_costs_another_number():
    y = torch.tensor([1.0, 0.0, 0.0, 0.0])
    cost = binary(torch.zeros(4), y, pos_weight=torch.tensor(3.0))
    same(cost, 1.5 * math.log(2))


def test_the_modules_compute_the_same_with_their_options():
    x, y, w = torch.randn(5, 3), torch.tensor([0, 1, 2, 2, 1]), torch.rand(3)
    same(nn.CrossEntropyLoss(weight=w)(x, y), cross(x, y, weight=w))
    z = torch.rand(5, 3).round()
    same(nn.BCEWithLogitsLoss(pos_weight=w)(x, z), binary(x, z, pos_weight=w))
    same(nn.HuberLoss(delta=2)(x, z), F.huber_loss(x, z, delta=2))


@SEEDS
def test_a_new_network_starts_a_little_above_and_unscaled_inputs_far(seed):
    out = output(
        "training/loss_when_guessing", {"manual_seed(0)": f"manual_seed({seed})"}
    )
    new, unscaled = map(float, re.findall(r"(?:network|100): +(\S+)", out))
    assert math.log(10) < new < 2.8 and unscaled > 40


def test_a_softmax_too_many_is_not_found_by_the_first_loss():
    y = torch.randint(10, (32,))
    same(cross(torch.zeros(32, 10).softmax(1), y), math.log(10))


def test_one_output_needs_a_squeeze():
    x, y = torch.randn(5, 1), torch.randint(2, (5,)).float()
    with pytest.raises(ValueError, match="same as input size"):
        binary(x, y)
    same(binary(x.squeeze(1), y), binary(x[:, 0], y))


# Weights


def test_the_losses_of_pixels_are_flattened_before_they_are_weighed():
    x, y, w = torch.randn(4, 3, 5, 4), torch.randint(3, (4, 5, 4)), torch.rand(4)
    each = cross(x, y, reduction="none")
    wanted = sum(w[i] * cross(x[i : i + 1], y[i : i + 1]) for i in range(4)) / 4
    same((each.flatten(1).mean(1) * w).mean(), wanted)
    assert not torch.isclose((each.mean(1) * w).mean(), wanted)  # and no error


@pytest.mark.parametrize("labels", [3, 4])
def test_the_losses_before_the_mean_are_not_always_one_for_each_sample(labels):
    x, y, w = torch.randn(4, labels), torch.rand(4, labels).round(), torch.rand(4)
    for loss in (binary, F.mse_loss, F.l1_loss):
        each = loss(x, y, reduction="none")
        assert each.shape == (4, labels)
        wanted = sum(w[i] * loss(x[i], y[i]) for i in range(4)) / 4
        same((each.flatten(1).mean(1) * w).mean(), wanted)
        if labels == 4:  # no error, and each weight meets a column
            assert not torch.isclose((each * w).mean(), wanted)
        else:
            with pytest.raises(RuntimeError, match="must match the size"):
                each * w
    assert cross(x, y.argmax(1), reduction="none").shape == (4,)
    words = torch.randn(4, labels, 6), torch.randint(labels, (4, 6))
    assert cross(*words, reduction="none").shape == (4, 6)


def test_if_no_sample_is_left_the_loss_is_nan():
    x = torch.randn(4, 3)
    assert cross(x, torch.zeros(4).long(), ignore_index=0).isnan()
    assert cross(x[:0], torch.zeros(0).long()).isnan()
    assert cross(x, torch.tensor([0, 0, 0, 1]), ignore_index=0).isfinite()


@SEEDS
def test_what_the_mean_divides_by(seed):
    torch.manual_seed(seed)
    x, y = torch.randn(9, 4), torch.randint(1, 4, (9,))
    y[:3] = 0
    hot, w = F.one_hot(y, 4).float(), torch.rand(4) + 0.5
    each = torch.rand(9, 4) + 0.5
    for found, wanted in [
        (divisor(cross, x, y), 9),
        (divisor(cross, x, y, weight=w), w[y].sum()),
        (divisor(cross, x, y, weight=w, label_smoothing=0.1), w[y].sum()),
        (divisor(cross, x, hot, weight=w), 9),
        (divisor(cross, x, y, ignore_index=0), 6),
        (divisor(cross, x, y, ignore_index=0, weight=w), w[y][y > 0].sum()),
        (divisor(binary, x, hot, pos_weight=w), 36),
        (divisor(binary, x, hot, weight=w), 36),
        (divisor(F.mse_loss, x, hot, weight=each), each.sum()),
        (divisor(F.l1_loss, x, hot, weight=each), each.sum()),
        (divisor(F.huber_loss, x, hot, weight=each), 36),
    ]:
        assert found == pytest.approx(float(wanted), rel=1e-4)


def test_one_hot_labels_give_four_times_the_gradients():
    names = names_of("training/what_mean_divides_by")
    w, y, hot = names["w"], names["y"], names["one_hot"]
    x = names["logits"].requires_grad_()
    loss, rows = cross(x, y, weight=w), cross(x, hot, weight=w)
    same(4 * loss, rows)
    (few,), (many,) = torch.autograd.grad(loss, x), torch.autograd.grad(rows, x)
    same(4 * few, many)


def test_pos_weight_multiplies_only_the_ones():
    x, w = torch.randn(6, 2), torch.tensor([3.0, 7.0])
    y = torch.tensor([[1.0, 0], [0, 1], [1, 1], [0, 0], [1, 0], [0, 0]])
    plain = binary(x, y, reduction="none")
    weighed = binary(x, y, reduction="none", pos_weight=w)
    same(weighed, torch.where(y == 1, plain * w, plain))
    weight = (y == 0).sum(0) / (y == 1).sum(0)  # then both sides weigh the same
    assert weight.tolist() == [1, 2]
    same((weight * y).sum(0), (1 - y).sum(0))


@READS_TENSORS
@pytest.mark.usefixtures("on_the_cpu")
def test_sample_weight_of_keras_is_the_mean_of_the_weighed_losses():
    x, y, w = torch.randn(7, 3), torch.randint(3, (7,)), torch.rand(7)
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    found = loss(y, x, sample_weight=w)
    same(found, (cross(x, y, reduction="none") * w).mean())


# Label smoothing, regression


@pytest.mark.parametrize(("classes", "smooth"), [(4, 0.1), (10, 0.2)])
def test_smoothing_is_cross_entropy_with_another_target(classes, smooth):
    x, y = torch.randn(6, classes), torch.randint(classes, (6,))
    target = (1 - smooth) * F.one_hot(y, classes) + smooth / classes
    found = cross(x, y, label_smoothing=smooth)
    same(found, cross(x, target))
    least = torch.special.entr(target).sum(1).mean()
    same(cross(target.log(), y, label_smoothing=smooth), least)
    assert found > least
    sure = 30 * F.one_hot(y, classes).float()
    assert cross(sure, y) < 1e-6 and cross(sure, y, label_smoothing=smooth) > 2 * least


def test_mse_aims_at_the_mean_and_l1_at_the_median():
    y = torch.tensor([1.0, 2, 3, 4, 100])
    assert "1.0, 2.0, 3.0, 4.0, 100.0" in program("training/what_each_loss_aims_at")
    out = printed("training/what_each_loss_aims_at")
    best = [float(n) for n in re.findall(r"answer +(\S+),", out)]
    assert best[:2] == [y.mean(), y.median()] and best[2] == best[3]


@SEEDS
@pytest.mark.parametrize("delta", [0.5, 1.0, 10.0])
def test_huber_is_delta_times_smooth_l1(seed, delta):
    torch.manual_seed(seed)
    x, y = 9 * torch.randn(30), torch.randn(30)
    x.requires_grad_()
    huber = F.huber_loss(x, y, delta=delta)
    smooth = F.smooth_l1_loss(x, y, beta=delta)
    same(huber, delta * smooth)
    (a,), (b,) = torch.autograd.grad(huber, x), torch.autograd.grad(smooth, x)
    same(a, delta * b)
    error = (x - y).abs()
    by_hand = torch.where(
        error < delta, error.square() / 2, delta * (error - delta / 2)
    )
    same(huber, by_hand.mean())


# Focal loss


@SEEDS
def test_focal_loss_without_gamma_is_cross_entropy(seed):
    focal = names_of("training/focal_loss", upto="\ntorch.manual")["focal_loss"]
    torch.manual_seed(seed)
    x, y = 3 * torch.randn(50, 5), torch.randint(5, (50,))
    x.requires_grad_()
    plain = cross(x, y, reduction="none").mean()
    found = focal(x, y, gamma=0)
    assert torch.equal(found, plain)
    same(found, cross(x, y))
    (a,), (b,) = torch.autograd.grad(found, x), torch.autograd.grad(plain, x)
    same(a, b)
    p = x.softmax(1)[torch.arange(50), y]
    same(focal(x, y, gamma=2), ((1 - p) ** 2 * -p.log()).mean())


def test_focal_loss_without_gamma_rounds_its_mean_in_another_way():
    focal = names_of("training/focal_loss", upto="\ntorch.manual")["focal_loss"]
    torch.manual_seed(0)
    pairs = [(9 * torch.randn(50, 5), torch.randint(5, (50,))) for _ in range(50)]
    assert not all(torch.equal(focal(*pair, gamma=0), cross(*pair)) for pair in pairs)


def test_with_gamma_two_the_easy_sample_costs_a_thousandth():
    out = printed("training/focal_loss")
    (easy, hard), (less, same_hard) = re.findall(r"easy (\S+), hard (\S+)", out)
    factor = float(less) / float(easy)
    assert 0.0005 < factor < 0.002  # easier by a thousandth
    assert float(same_hard) > 0.9 * float(hard)


def test_with_class_weights_the_exponential_is_no_probability():
    x, y, w = torch.randn(4, 3), torch.tensor([0, 1, 2, 1]), torch.tensor([1.0, 2, 5])
    p = x.softmax(1)[torch.arange(4), y]
    same(torch.exp(-cross(x, y, reduction="none")), p)
    same(torch.exp(-cross(x, y, w, reduction="none")), p ** w[y])


@pytest.mark.parametrize(("gamma", "bad"), [(0.5, True), (0, False), (1, False)])
def test_the_gradient_of_a_small_gamma_is_nan_if_certain(gamma, bad):
    focal = names_of("training/focal_loss", upto="\ntorch.manual")["focal_loss"]
    x = torch.tensor([[200.0, 0.0, 0.0]], requires_grad=True)
    focal(x, torch.tensor([0]), gamma).backward()
    assert x.grad.isnan().any().item() is bad


# Dice, embeddings


@SEEDS
def test_dice_and_iou_of_sets(seed):
    overlap = names_of("training/dice_of_a_rare_object", upto="\n\ny = ")["overlap"]
    g = torch.Generator().manual_seed(seed)
    a, b = (torch.randint(2, (5, 6), generator=g).float() for _ in range(2))
    one, two = (set(map(tuple, m.nonzero().tolist())) for m in (a, b))
    dice, iou = overlap(a, b)
    same(dice, 2 * len(one & two) / (len(one) + len(two)))
    same(iou, len(one & two) / len(one | two))
    same(iou, dice / (2 - dice))
    assert overlap(0 * a, 0 * a)[0].isnan()


@pytest.mark.parametrize("logit", [-9.0, -2.0, 3.0])
def test_without_the_object_dice_has_no_gradient_unless_one_is_added(logit):
    overlap = names_of("training/dice_of_a_rare_object", upto="\n\ny = ")["overlap"]
    x, y = torch.full((64, 64), logit, requires_grad=True), torch.zeros(64, 64)

    def gradient(loss):
        (found,) = torch.autograd.grad(loss, x)
        return found.sum().item()

    dice, _ = overlap(x.sigmoid(), y)
    assert dice == 0 and gradient(1 - dice) == 0
    assert overlap(0 * x, y)[0].isnan()  # each probability is exactly 0

    def with_added(number):
        p = x.sigmoid()
        return 1 - (2 * (p * y).sum() + number) / (p.sum() + y.sum() + number)

    assert gradient(with_added(1)) > 1000 * gradient(with_added(1e-6)) > 0
    if logit == -9:
        assert with_added(1) < 0.4 and with_added(1e-6) > 0.999


def test_who_finds_nothing_has_a_small_cross_entropy_and_a_large_dice_loss():
    out = printed("training/dice_of_a_rare_object")
    nothing, half = re.findall(r"entropy (\S+)\s+1 - Dice (\S+),", out)
    assert float(nothing[0]) < 0.1 and float(nothing[1]) > 0.99
    assert float(half[1]) < 0.5


def test_the_triplet_loss_is_zero_once_the_margin_is_kept():
    a, close, far = torch.tensor([[0.0]]), torch.tensor([[1.0]]), torch.tensor([[1.9]])
    same(F.triplet_margin_loss(a, close, far, margin=1.0), 0.1)
    assert F.triplet_margin_loss(a, close, far, margin=0.8) == 0


@pytest.mark.parametrize("batch", [3, 20])
def test_collapsed_embeddings_cost_log_n(batch):
    names = names_of("training/triplet_and_contrastive", upto="\n\ntorch.manual")
    x = F.normalize(torch.randn(1, 5), dim=1).expand(batch, 5)
    same(names["contrastive"](x, x), math.log(batch))
    a = F.normalize(torch.randn(batch, 5), dim=1)
    rows = [-((a[i] @ a.T) / 0.1).softmax(0)[i].log() for i in range(batch)]
    same(names["contrastive"](a, a), torch.stack(rows).mean())


# CTC

CTC = "training/ctc_counts_alignments"


def read(path):
    """What a path of letters and blanks spells."""
    return [k for k, _ in itertools.groupby(path) if k]


def all_alignments(log_probs, target):
    steps, classes = log_probs.shape
    paths = itertools.product(range(classes), repeat=steps)
    fitting = [path for path in paths if read(path) == target]
    total = sum(
        math.exp(sum(log_probs[t, k].item() for t, k in enumerate(path)))
        for path in fitting
    )
    return len(fitting), -math.log(total) if fitting else math.inf


@pytest.mark.parametrize("target", [[1, 1, 2], [1, 2], [2], [2, 2]])
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_ctc_sums_over_all_alignments(steps, target):
    torch.manual_seed(steps)
    scores = torch.randn(steps, 1, 3).double().log_softmax(2)
    found = F.ctc_loss(
        scores, torch.tensor([target]), [steps], [len(target)], reduction="sum"
    )
    ways, wanted = all_alignments(scores[:, 0], target)
    assert found.item() == pytest.approx(wanted)
    needed = len(target) + sum(a == b for a, b in itertools.pairwise(target))
    assert (ways > 0) is (steps >= needed) is bool(found.isfinite())


def test_the_program_of_ctc_prints_the_number_of_ways():
    out = re.findall(r"(\d) steps: loss \S+, (\d+) ways", printed(CTC))
    for steps, ways in out:
        uniform = torch.zeros(int(steps), 3).log_softmax(1)
        assert all_alignments(uniform, [1, 1, 2])[0] == int(ways)
    assert len(out) == 3


@pytest.mark.parametrize("zero", [True, False])
def test_zero_infinity_hides_a_target_that_is_too_long(zero):
    scores = torch.zeros(3, 1, 3, requires_grad=True)
    loss = F.ctc_loss(
        scores.log_softmax(2), torch.tensor([[1, 1, 2]]), [3], [3], zero_infinity=zero
    )
    loss.backward()
    assert loss == (0 if zero else math.inf)
    assert (scores.grad == 0).all() if zero else scores.grad.isnan().any()


def test_the_mean_of_ctc_divides_by_the_length_of_each_target():
    scores = torch.randn(6, 2, 4).log_softmax(2)
    y, args = torch.tensor([[1, 2, 3], [1, 0, 0]]), ([6, 5], [3, 1])
    each = F.ctc_loss(scores, y, *args, reduction="none")
    same(F.ctc_loss(scores, y, *args), (each / torch.tensor([3, 1])).mean())


@pytest.mark.parametrize("lengths", [{}, {"input_lengths": [6]}])
def test_ctc_needs_both_lengths(lengths):
    scores = torch.randn(6, 1, 4).log_softmax(2)
    with pytest.raises(TypeError, match="'target_lengths'"):
        F.ctc_loss(scores, torch.tensor([[1, 2]]), **lengths)


def test_raw_scores_can_make_the_loss_of_ctc_negative():
    raw = torch.full((6, 1, 4), 3.0)
    assert F.ctc_loss(raw, torch.tensor([[1, 2]]), [6], [2]) < 0


def test_a_letter_with_the_number_of_the_blank_raises_no_error():
    scores = torch.zeros(4, 1, 3).log_softmax(2)
    assert F.ctc_loss(scores, torch.tensor([[0, 1]]), [4], [2]).isfinite()
    last = F.ctc_loss(scores, torch.tensor([[0, 1]]), [4], [2], blank=2)
    same(last, F.ctc_loss(scores, torch.tensor([[1, 2]]), [4], [2]))


def test_equal_letters_that_do_not_meet_need_no_blank():
    out = output(CTC, {"[[1, 1, 2]]": "[[1, 2, 1]]"})
    assert "3 steps: loss 3.296, 1 ways" in out


# Pitfalls


@pytest.mark.parametrize("classes", [3, 10])
def test_a_second_softmax_keeps_the_loss_up(classes):
    y = torch.arange(classes)
    x = 50.0 * torch.eye(classes)
    floor = math.log(math.e + classes - 1) - 1
    same(cross(x.softmax(1), y), floor)
    wild = 9 * torch.randn(100, classes)
    assert cross(wild.softmax(1), wild.argmax(1)) >= floor


def test_a_second_sigmoid_keeps_the_loss_up():
    one, zero = torch.ones(1), torch.zeros(1)
    x = torch.tensor([60.0])
    same(binary(x.sigmoid(), one), math.log(1 + math.exp(-1)))
    same(binary((-x).sigmoid(), zero), math.log(2))


def test_a_column_minus_a_row_is_a_table():
    x, y = torch.randn(5, 1), torch.randn(5)
    with pytest.warns(UserWarning, match="target size"):
        found = F.mse_loss(x, y)
    same(found, torch.stack([(a - b) ** 2 for a in x[:, 0] for b in y]).mean())


@pytest.mark.parametrize(("logit", "rounds"), [(16.0, False), (17.0, True), (90, True)])
def test_sigmoid_rounds_to_one_and_the_gradient_is_zero(logit, rounds):
    x, no = torch.tensor([float(logit)], requires_grad=True), torch.zeros(1)
    loss = F.binary_cross_entropy(x.sigmoid(), no)
    loss.backward()
    assert bool(loss == 100) is bool(x.grad == 0) is rounds
    same(binary(x, no), float(logit))
    p = x.detach().sigmoid().requires_grad_()  # its own gradient is huge
    F.binary_cross_entropy(p, no).backward()
    assert p.grad > 1e6


def test_only_one_side_of_the_sigmoid_is_cut_off():
    yes = torch.tensor([1.0, 0.0])
    each = F.binary_cross_entropy(
        torch.tensor([-20.0, 20.0]).sigmoid(), yes, reduction="none"
    )
    same(each, torch.tensor([20.0, 100.0]))
    same(each.mean(), 60.0)
    double = torch.tensor([20.0]).double().sigmoid()  # float64 rounds later
    assert double < 1
    same(F.binary_cross_entropy(double, yes[1:].double()).float(), 20.0)


@pytest.mark.parametrize("logit", [-0.1, 1.1, 0.9])
def test_logits_in_the_loss_of_probabilities_raise_only_outside(logit):
    x, y = torch.tensor([logit]), torch.ones(1)
    if 0 <= logit <= 1:
        same(F.binary_cross_entropy(x, y), -math.log(logit))
    else:
        with pytest.raises(RuntimeError, match="between 0 and 1"):
            F.binary_cross_entropy(x, y)


@pytest.mark.parametrize("start", [3.0, -2.0])
def test_a_number_has_no_gradient(start):
    out = output("training/item_cuts_a_part", {"[3.0]": f"[{start}]"})
    (loss, tensor), (again, number) = re.findall(r"loss (\S+), gradient (\S+)", out)
    assert loss == again
    assert float(tensor) == 2 * (start - 1) + 2 * start
    assert float(number) == 2 * (start - 1)


@pytest.mark.parametrize("samples", [1, 3])
def test_one_output_has_class_0_alone(samples):
    """A hint of the exercise."""
    logits = torch.randn(samples, 1)
    with pytest.raises(IndexError, match="Target 1 is out of bounds"):
        F.cross_entropy(logits, torch.ones(samples, dtype=torch.long))
    assert F.cross_entropy(logits, torch.zeros(samples, dtype=torch.long)) == 0


def test_one_output_fails_for_a_label_of_1_and_is_0_for_decimal_columns():
    scores = torch.randn(4, 1)
    with pytest.raises(IndexError, match="Target 1 is out of bounds"):
        F.cross_entropy(scores, torch.tensor([0, 1, 1, 0]))
    assert F.cross_entropy(scores, torch.tensor([[0.0], [1.0], [1.0], [0.0]])) == 0

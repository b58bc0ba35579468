"""What the page of errors of losses claims beyond what its programs print."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.claims_support import printed


def log_softmax(scores):
    scores = np.asarray(scores, dtype=np.float64)
    return scores - np.log(np.exp(scores).sum(1, keepdims=True))


@pytest.fixture
def scores():
    return torch.tensor([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])


@pytest.mark.parametrize("dtype", [torch.float32, torch.int32, torch.float64])
def test_class_numbers_are_neither_floats_nor_int32(scores, dtype):
    y = torch.tensor([0, 2])
    expected = -log_softmax(scores)[[0, 1], [0, 2]].mean()
    assert F.cross_entropy(scores, y).item() == pytest.approx(expected)
    with pytest.raises(RuntimeError, match="expected target dtype to be Long or Byte"):
        F.cross_entropy(scores, y.to(dtype))


def test_targets_shaped_like_the_scores_count_as_probabilities(scores):
    p = torch.tensor([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]])
    expected = -(p.numpy() * log_softmax(scores)).sum(1).mean()
    assert F.cross_entropy(scores, p).item() == pytest.approx(expected)


def test_minus_one_hides_a_reshape_that_loses_the_batch():
    images = torch.zeros(4, 1, 6, 6)
    assert images.reshape(-1, 18).shape == (8, 18)
    assert images.flatten(1).shape == (4, 36)
    with pytest.raises(RuntimeError, match="is invalid for input of size"):
        images.reshape(4, 18)


def test_dimension_one_holds_the_classes():
    x = torch.arange(30.0).reshape(2, 5, 3).sin()
    y = torch.arange(10).reshape(2, 5) % 3
    expected = -log_softmax(x.reshape(10, 3))[range(10), y.reshape(10)].mean()
    assert F.cross_entropy(x.transpose(1, 2), y).item() == pytest.approx(expected)


def test_a_weight_is_needed_for_a_class_that_is_not_in_the_batch(scores):
    y = torch.tensor([0, 1])
    weight = np.array([1.0, 9.0, 5.0])
    picked = -log_softmax(scores)[[0, 1], [0, 1]]
    expected = (picked * weight[:2]).sum() / weight[:2].sum()
    ours = F.cross_entropy(scores, y, torch.tensor(weight, dtype=torch.float32))
    assert ours.item() == pytest.approx(expected)
    with pytest.raises(RuntimeError, match="either for all 3 classes or no classes"):
        F.cross_entropy(scores, y, torch.tensor([1.0, 9.0]))


def test_the_loss_with_logits_applies_the_sigmoid_itself():
    x, y = np.array([-1.0, 2.0]), np.array([0.0, 1.0])
    p = 1 / (1 + np.exp(-x))
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    ours = F.binary_cross_entropy_with_logits(torch.tensor(x), torch.tensor(y))
    assert ours.item() == pytest.approx(expected)


def test_mean_squares_of_a_column_and_a_row_stay_wrong():
    prediction, y = torch.tensor([[0.0], [3.0]]), torch.tensor([0.0, 3.0])
    with pytest.warns(UserWarning, match="Using a target size"):
        assert F.mse_loss(prediction, y).item() == 4.5
    assert F.mse_loss(prediction.squeeze(1), y).item() == 0


def test_the_default_divergence_is_a_mean_over_all_elements():
    p, q = np.array([[0.5, 0.25, 0.25]]), np.array([[0.25, 0.5, 0.25]])
    divergence = (p * np.log(p / q)).sum()
    log_q = torch.tensor(np.log(q))
    with pytest.warns(UserWarning, match="reduction: 'mean' divides"):
        mean = F.kl_div(log_q, torch.tensor(p))
    assert mean.item() == pytest.approx(divergence / 3)
    batch = F.kl_div(log_q, torch.tensor(p), reduction="batchmean")
    assert batch.item() == pytest.approx(divergence)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.bool, torch.int32])
def test_small_integers_become_class_numbers_by_long(scores, dtype):
    y = torch.tensor([0, 1]).to(dtype)
    expected = F.cross_entropy(scores, y.long())
    if dtype is torch.uint8:
        assert F.cross_entropy(scores, y) == expected
    else:
        with pytest.raises(RuntimeError, match="to be Long or Byte"):
            F.cross_entropy(scores, y)


def test_cross_entropy_of_one_output_is_always_zero():
    scores, y = torch.randn(4, 1), torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    assert F.cross_entropy(scores, y).item() == 0  # stays wrong
    assert F.binary_cross_entropy_with_logits(scores, y).item() > 0


@pytest.mark.parametrize("shape", [(2, 1, 4, 4), (2, 4, 4, 3)])
def test_masks_have_three_dimensions(shape):
    scores, y = torch.zeros(2, 3, 4, 4), torch.zeros(shape, dtype=torch.long)
    with pytest.raises(RuntimeError, match="only batches of spatial targets supported"):
        F.cross_entropy(scores, y)
    channel = y.shape.index(shape[1] if shape[1] == 1 else 3)
    assert F.cross_entropy(scores, y.select(channel, 0)).isfinite()


def test_squeeze_keeps_a_colour_mask_and_numbers_for_colours_replace_it():
    scores, colours = torch.zeros(2, 2, 4, 4), torch.zeros(2, 3, 4, 4).long()
    colours[:, 1, :, 2:] = 255  # the right half is green
    with pytest.raises(RuntimeError, match="only batches of spatial targets supported"):
        F.cross_entropy(scores, colours.squeeze(1))
    numbers = torch.zeros(2, 4, 4).long()
    numbers[(colours == torch.tensor([0, 255, 0]).view(1, 3, 1, 1)).all(1)] = 1
    assert F.cross_entropy(scores, numbers).isfinite()
    assert numbers.sum(2).eq(2).all()


def test_a_mask_with_one_number_a_class_becomes_class_numbers_by_argmax():
    numbers = torch.tensor([[[0, 2], [1, 1]]])
    mask = F.one_hot(numbers, 3).movedim(-1, 1)  # three classes, for four scores
    scores = torch.zeros(1, 4, 2, 2)
    with pytest.raises(RuntimeError, match="only batches of spatial targets supported"):
        F.cross_entropy(scores, mask.squeeze(1))
    assert torch.equal(mask.argmax(1), numbers)
    assert F.cross_entropy(scores, mask.argmax(1)).isfinite()


def test_nan_counts_as_an_input_outside_of_0_and_1():
    with pytest.raises(RuntimeError, match="elements of input should be between 0"):
        F.binary_cross_entropy(torch.tensor([torch.nan]), torch.ones(1))


def test_double_targets_fail_at_once_or_only_in_backward():
    x, y = torch.tensor([0.5], requires_grad=True), torch.ones(1, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="Found dtype Double but expected Float"):
        F.binary_cross_entropy(x, y)
    value = F.huber_loss(x, y)
    with pytest.raises(RuntimeError, match="Found dtype Double but expected Float"):
        value.backward()


@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, F.smooth_l1_loss])
def test_other_losses_take_double_targets(loss):
    x = torch.tensor([0.5], requires_grad=True)
    loss(x, torch.ones(1, dtype=torch.float64)).backward()
    assert x.grad.dtype == torch.float32


def test_a_target_above_one_is_seen_by_one_binary_loss_alone():
    x, y = torch.tensor([5.0]), torch.tensor([255.0])
    with pytest.raises(RuntimeError, match="elements of target should be between 0"):
        F.binary_cross_entropy(x.sigmoid(), y)
    low, high = (F.binary_cross_entropy_with_logits(k * x, y) for k in (1, 2))
    assert high < low < 0  # stays wrong


def test_a_batch_without_labels_that_count_gives_nan_and_no_gradient(scores):
    x = scores.clone().requires_grad_()
    loss = F.cross_entropy(x, torch.tensor([7, 7]), ignore_index=7)
    loss.backward()
    assert loss.isnan() and x.grad.abs().sum() == 0
    one = F.cross_entropy(scores, torch.tensor([7, 0]), ignore_index=7)
    assert one.item() == pytest.approx(-log_softmax(scores)[1, 0])


@pytest.mark.parametrize("ignore", [-100, 0, 7])
def test_labels_that_count_are_those_that_are_not_ignored(scores, ignore):
    mixed = torch.tensor([ignore, 1])
    for y in mixed, torch.tensor([ignore] * 2):
        total = F.cross_entropy(scores, y, ignore_index=ignore, reduction="sum")
        mean = total / max((y != ignore).sum(), 1)
        wanted = F.cross_entropy(scores, y, ignore_index=ignore).nan_to_num(0)
        torch.testing.assert_close(mean, wanted)
    assert ((mixed >= 0).sum() == 1) == (ignore == -100)


def test_classes_last_fit_by_accident_if_words_and_classes_are_as_many():
    y = torch.tensor([[0, 1, 2, 0]])
    scores = 20.0 * F.one_hot(y, 4)
    assert F.cross_entropy(scores, y) > 0.5  # stays wrong
    assert F.cross_entropy(scores.mT, y) < 0.001


def test_a_target_above_one_makes_a_negative_loss_of_a_high_score_only():
    y = torch.tensor([2.0])
    low, high = torch.tensor([-3.0]), torch.tensor([3.0])
    assert F.binary_cross_entropy_with_logits(low, y) > 0
    assert F.binary_cross_entropy_with_logits(high, y) < 0  # stays wrong


@pytest.mark.parametrize("y", [[1.0, 2.0], [-1.0, 1.0], [0.0, 255.0]])
def test_unique_targets_tell_how_to_bring_them_between_0_and_1(y):
    y = torch.tensor(y)
    mended = {2: y - 1, 1: (y + 1) / 2, 255: y / y.max()}[int(y.unique().max())]
    assert mended.tolist() == [0, 1]
    assert F.binary_cross_entropy_with_logits(torch.tensor([-9.0, 9.0]), mended) > 0


@pytest.mark.parametrize("target", [-1.0, 1.5, float("nan")])
def test_all_targets_outside_of_0_and_1_are_refused(target):
    with pytest.raises(RuntimeError, match="elements of target should be between 0"):
        F.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([target]))


def test_huber_loss_of_integers_fails_in_backward_only():
    x = torch.tensor([0.5, 0.5], requires_grad=True)
    loss = F.huber_loss(x, torch.tensor([0, 1]))
    with pytest.raises(RuntimeError, match="Found dtype Long but expected Float"):
        loss.backward()


def test_targets_of_several_columns_are_as_wide_as_the_scores(scores):
    with pytest.raises(RuntimeError, match="multi-target not supported"):
        F.cross_entropy(scores, torch.zeros(2, 4))
    assert F.cross_entropy(scores, torch.full((2, 3), 1 / 3)).isfinite()


def test_two_outputs_for_two_classes_want_cross_entropy():
    scores, y = torch.rand(6, 2), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="must be the same as input size"):
        F.binary_cross_entropy_with_logits(scores, y)
    gap = scores[:, 1] - scores[:, 0]
    expected = F.binary_cross_entropy_with_logits(gap, y)
    torch.testing.assert_close(F.cross_entropy(scores, y.long()), expected)


@pytest.mark.parametrize(
    ("dtype", "name"), [(torch.float64, "Double"), (torch.float16, "Half")]
)
def test_class_numbers_of_any_float_type_are_refused(scores, dtype, name):
    with pytest.raises(RuntimeError, match=f"but got {name}$"):
        F.cross_entropy(scores, torch.tensor([0, 2], dtype=dtype))


def test_bool_targets_are_a_subtraction_for_the_loss_with_logits():
    y = torch.tensor([True, False])
    with pytest.raises(RuntimeError, match="^Subtraction, the"):
        F.binary_cross_entropy_with_logits(torch.zeros(2), y)
    F.binary_cross_entropy_with_logits(torch.zeros(2), y.float())


def test_several_right_classes_are_for_the_binary_loss():
    y = torch.tensor([[1.0, 1.0, 0.0]])
    loss = F.binary_cross_entropy_with_logits(torch.zeros(1, 3), y)
    assert loss.item() == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    ("target", "name"), [([0], "list"), (0, "int"), (np.array([0]), "numpy.ndarray")]
)
def test_a_loss_names_what_is_no_tensor(target, name):
    with pytest.raises(TypeError, match=f"'target' .* must be Tensor, not {name}$"):
        nn.CrossEntropyLoss()(torch.zeros(1, 3), target)
    with pytest.raises(
        TypeError, match=r"'input' \(position 1\) must be Tensor, not tup"
    ):
        nn.CrossEntropyLoss()((torch.zeros(1, 3), None), torch.tensor([0]))


@pytest.mark.parametrize("loss", [nn.MSELoss, nn.L1Loss, nn.BCEWithLogitsLoss])
def test_no_loss_function_has_backward(loss):
    assert not hasattr(loss(), "backward")


@pytest.mark.parametrize(("discount", "steps"), [(0.9, 10), (0.5, 4), (0.99, 100)])
def test_a_time_limit_that_counts_as_the_end_lowers_the_value(discount, steps):
    """One state with a reward of 1 in each step, for ever."""
    for ends, expected in (
        (1, 1 / (1 - discount * (steps - 1) / steps)),
        (0, 1 / (1 - discount)),
    ):
        end, value = torch.zeros(steps), torch.zeros(1)
        end[-1] = ends
        for _ in range(3000):
            value = (1 + discount * (1 - end) * value).mean()
        assert value.item() == pytest.approx(expected, rel=1e-3)
    said = printed("errors/training/time_limit_as_an_end").splitlines()
    assert [row.split()[-1] for row in said] == ["5.26", "10.00", "10.00"]
    assert 1 / (1 - 0.9 * 9 / 10) == pytest.approx(5.26, abs=0.005)


def test_one_output_may_be_a_quantity():
    y = torch.tensor([3.7, 2.0, 1.0, 9.0])
    with pytest.raises(RuntimeError, match="Long or Byte, but got Float"):
        F.cross_entropy(torch.zeros(4, 1), y)
    assert F.binary_cross_entropy_with_logits(torch.full((4,), 5.0), y) < 0
    assert F.mse_loss(torch.zeros(4), y) > 0


def test_with_one_column_the_loss_is_always_0():
    scores, y = torch.randn(4, 1), torch.tensor([[0], [1], [1], [0]])
    with pytest.raises(RuntimeError, match="target with class probabilities, got Lon"):
        F.cross_entropy(scores, y)
    assert F.cross_entropy(scores, y.float()) == 0
    assert F.cross_entropy(scores, y.argmax(1)) == 0
    assert F.binary_cross_entropy_with_logits(scores, y.float()) > 0


def test_words_are_flattened_on_both_sides():
    scores, y = torch.randn(2, 5, 3), torch.tensor([[0, 1, 2, 0, 1], [2, 2, 0, 1, 0]])
    flat = scores.flatten(0, 1)
    with pytest.raises(
        ValueError, match="batch_size \\(10\\) to match target batch_siz"
    ):
        F.cross_entropy(flat, y)
    expected = F.cross_entropy(scores.transpose(1, 2), y)
    torch.testing.assert_close(F.cross_entropy(flat, y.flatten()), expected)


def test_two_lengths_of_a_sequence_print_the_same_as_classes_that_come_last():
    scores, y = torch.zeros(2, 3, 4), torch.zeros(2, 5, dtype=torch.long)
    for x in scores, scores.transpose(1, 2):
        with pytest.raises(RuntimeError, match="Expected target size \\[2, "):
            F.cross_entropy(x, y)


@pytest.mark.parametrize("size", [1, 7])
def test_labels_of_images_want_scores_without_height_and_width(size):
    scores, y = torch.randn(4, 3, size, size), torch.tensor([0, 1, 2, 0])
    with pytest.raises(RuntimeError, match="got targets of dimension: 1"):
        F.cross_entropy(scores, y)
    assert F.cross_entropy(scores.mean((2, 3)), y).isfinite()


def test_a_second_sigmoid_changes_the_loss_without_an_error():
    p, y = torch.tensor([0.9, 0.1]), torch.tensor([1.0, 0.0])
    twice = F.binary_cross_entropy(p.sigmoid(), y)
    assert twice > 2 * F.binary_cross_entropy(p, y)


def test_a_divergence_without_a_batch_is_the_sum():
    p, q = torch.tensor([0.5, 0.25, 0.25]), torch.tensor([0.25, 0.5, 0.25])
    expected = (p * (p / q).log()).sum()
    torch.testing.assert_close(F.kl_div(q.log(), p, reduction="sum"), expected)
    third = F.kl_div(q.log(), p, reduction="batchmean")
    torch.testing.assert_close(third, expected / 3)


@pytest.mark.parametrize(
    ("old", "word"),
    [({"size_average": True}, "mean"), ({"reduce": False}, "none")],
)
def test_the_message_names_the_word(old, word):
    with pytest.warns(UserWarning, match=f"please use reduction='{word}' instead"):
        assert nn.MSELoss(**old).reduction == word


@pytest.mark.parametrize("first", [True, False])
def test_the_last_word_stands_where_batch_first_says(first):
    model = nn.LSTM(4, 3, batch_first=first)
    words, _ = model(torch.ones(2, 7, 4) if first else torch.ones(7, 2, 4))
    y = torch.tensor([0, 2])
    right, wrong = (words[:, -1], words[-1]) if first else (words[-1], words[:, -1])
    assert F.cross_entropy(right, y).isfinite()
    with pytest.raises(
        ValueError, match="batch_size \\(7\\) to match target batch_size"
    ):
        F.cross_entropy(wrong, y)

"""What the page of errors of losses claims beyond what its programs print."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F


def log_softmax(scores):
    scores = np.asarray(scores, dtype=np.float64)
    return scores - np.log(np.exp(scores).sum(1, keepdims=True))


@pytest.fixture
def scores():
    return torch.tensor([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])


@pytest.mark.parametrize("dtype", [torch.float32, torch.int32, torch.float64])
def test_class_numbers_are_int64_and_no_other_type(scores, dtype):
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

"""What the page of errors in training claims beyond what its programs print."""

import io
import warnings
import zipfile

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence
from torch.optim.lr_scheduler import StepLR
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, Dataset
from torch.version import __version__ as version


def log_softmax(scores):
    scores = np.asarray(scores, dtype=np.float64)
    return scores - np.log(np.exp(scores).sum(1, keepdims=True))


@pytest.fixture
def scores():
    return torch.tensor([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])


# Loss


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


# Layers


@pytest.mark.parametrize(("size", "sizes"), [(6, [3, 1, 0]), (8, [4, 2, 1])])
def test_each_pooling_halves_and_rounds_down(size, sizes):
    x = torch.ones(1, 1, size, size)
    for expected in sizes:
        if expected == 0:
            with pytest.raises(RuntimeError, match="Output size is too small"):
                F.max_pool2d(x, 2)
            break
        x = F.max_pool2d(x, 2)
        assert x.shape[-1] == expected


def test_keras_pads_a_strided_convolution_right_and_below():
    keras = pytest.importorskip("keras")
    x = torch.arange(36.0).reshape(1, 1, 6, 6)
    ours = nn.Conv2d(1, 2, 3, stride=2, padding=1)
    theirs = keras.layers.Conv2D(2, 3, strides=2, padding="same")
    theirs.build((None, 6, 6, 1))
    kernel = ours.weight.detach().numpy().transpose(2, 3, 1, 0)
    theirs.set_weights([kernel, ours.bias.detach().numpy()])
    with torch.no_grad():
        keras_says = theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        padded = F.conv2d(F.pad(x, (0, 1, 0, 1)), ours.weight, ours.bias, stride=2)
        assert ours(x).shape == keras_says.shape
        assert not torch.allclose(ours(x), keras_says, atol=0.01)
        torch.testing.assert_close(padded, keras_says)


def test_one_example_passes_batch_norm_after_eval_only():
    layer = nn.BatchNorm1d(4)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        layer(torch.ones(1, 4))
    assert layer.eval()(torch.ones(1, 4)).shape == (1, 4)


def test_a_loader_keeps_a_rest_of_one_unless_it_is_told_to_drop_it():
    sizes = [len(x) for x in DataLoader(torch.ones(5, 4), batch_size=2)]
    assert sizes == [2, 2, 1]


def test_layer_norm_works_on_the_last_dimension():
    x = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 3.0]])
    expected = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    layer = nn.LayerNorm(3, dtype=torch.float64)
    assert layer.weight.shape == (3,)
    with torch.no_grad():
        np.testing.assert_allclose(layer(torch.tensor(x)), expected, atol=1e-12)


def test_an_lstm_says_hidden_0():
    start = (torch.zeros(1, 5, 3), torch.zeros(1, 5, 3))
    with pytest.raises(RuntimeError, match=r"Expected hidden\[0\] size \(1, 2, 3\)"):
        nn.LSTM(4, 3)(torch.ones(5, 2, 4), start)


@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers_return_two_things(layer):
    result = layer(4, 3)(torch.ones(5, 2, 4))
    assert type(result) is tuple and len(result) == 2


@pytest.mark.parametrize(("layers", "same"), [(1, True), (2, False)])
@pytest.mark.filterwarnings("ignore:dropout option adds dropout")
def test_dropout_acts_only_between_recurrent_layers(layers, same):
    torch.manual_seed(0)
    model = nn.LSTM(4, 3, num_layers=layers, dropout=0.5)
    x = torch.ones(5, 2, 4)
    assert torch.equal(model(x)[0], model(x)[0]) is same


@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_an_encoder_with_the_batch_second_is_right_too():
    torch.manual_seed(0)
    slow = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1).eval()
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    fast = nn.TransformerEncoder(layer, 1).eval()
    fast.load_state_dict(slow.state_dict())
    x = torch.randn(5, 7, 4)
    with torch.no_grad():
        torch.testing.assert_close(slow(x.transpose(0, 1)).transpose(0, 1), fast(x))


def test_packing_sorts_by_itself_and_counts_the_examples_at_each_step():
    lengths = np.array([1, 3])
    x = torch.ones(2, 3, 1)
    packed = pack_padded_sequence(
        x, torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    expected = [(lengths > step).sum() for step in range(3)]
    assert packed.batch_sizes.tolist() == expected
    longest_first = pack_padded_sequence(x, [3, 1], batch_first=True)
    assert longest_first.batch_sizes.tolist() == expected


# Modules


def test_sequential_calls_layers_one_by_one():
    layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
    x = y = torch.tensor([[1.0, -2.0]])
    for layer in nn.ModuleList(layers):
        y = layer(y)
    assert torch.equal(nn.Sequential(*layers)(x), y)


def test_a_module_remembers_its_mode():
    model = nn.Dropout(0.5)
    assert model.training and not model.eval().training and model.train().training


# Optimizer


def test_adams_first_beta_is_its_momentum():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1, betas=(0.8, 0.999))
    momentum = 0.0
    for slope in (2.0, -1.0, 3.0):
        w.grad = torch.tensor([slope])
        optimizer.step()
        momentum = 0.8 * momentum + (1 - 0.8) * slope
        assert optimizer.state[w]["exp_avg"].item() == pytest.approx(momentum)


def test_lbfgs_computes_the_loss_several_times_in_a_step():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([w])
    calls = []

    def closure():
        optimizer.zero_grad()
        loss = (w - 3) ** 2
        loss.backward()
        calls.append(loss.item())
        return loss

    optimizer.step(closure)
    assert len(calls) > 1 and w.item() == pytest.approx(3)


def test_no_factor_makes_an_infinite_gradient_small():
    w = torch.zeros(1, requires_grad=True)
    w.sqrt().backward()
    nn.utils.clip_grad_norm_([w], 1.0)
    assert not w.grad.isfinite()  # stays wrong without error_if_nonfinite


def test_get_lr_stays_wrong_after_a_step():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    optimizer.step()
    scheduler.step()
    with pytest.warns(UserWarning, match="get_last_lr"):
        assert scheduler.get_lr() == [0.125]
    assert optimizer.param_groups[0]["lr"] == 0.5 * 0.5 == 0.25


# Data


def test_without_shuffling_a_missing_length_is_noticed_later():
    class Prices(Dataset):
        def __getitem__(self, index):
            return (3.0, 4.0)[index]

    loader = DataLoader(Prices())
    with pytest.raises(TypeError, match="has no len()"):
        next(iter(loader))


def test_iter_begins_an_epoch_again():
    loader = DataLoader([1, 2, 3, 4], batch_size=2)
    assert next(iter(loader)).tolist() == next(iter(loader)).tolist() == [1, 2]


# Files


def test_strict_false_forgives_names_and_not_sizes():
    model = nn.Linear(4, 3)
    model.load_state_dict({"other": torch.ones(1)}, strict=False)
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        model.load_state_dict(nn.Linear(4, 10).state_dict(), strict=False)


def test_a_saved_file_is_a_zip_archive_and_half_of_it_is_not():
    file = io.BytesIO()
    torch.save(torch.ones(100), file)
    assert zipfile.is_zipfile(file)
    assert not zipfile.is_zipfile(io.BytesIO(file.getvalue()[:500]))


def test_the_old_checkpoint_loses_the_gradient_if_only_weights_need_it():
    assert version.split("+")[0] == "2.13.0"  # the page names it
    layer, x = nn.Linear(2, 1), torch.ones(1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not checkpoint(layer, x, use_reentrant=True).requires_grad
    checkpoint(layer, x, use_reentrant=False).backward()
    assert layer.weight.grad.tolist() == x.tolist()

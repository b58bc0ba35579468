"""What the page of errors of layers claims beyond what its programs print."""

import copy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

from tests.claims_support import printed


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


@pytest.mark.parametrize("size", [7, 9, 8])
def test_a_padding_of_one_is_that_of_keras_for_odd_sizes_alone(size):
    keras = pytest.importorskip("keras")
    x = torch.arange(float(size**2)).reshape(1, 1, size, size)
    ours = nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False)
    theirs = keras.layers.Conv2D(1, 3, strides=2, padding="same", use_bias=False)
    theirs.build((None, size, size, 1))
    theirs.set_weights([ours.weight.detach().numpy().transpose(2, 3, 1, 0)])
    with torch.no_grad():
        keras_says = theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        same = torch.allclose(ours(x), keras_says, atol=1e-3)
    assert ours(x).shape[-1] == -(-size // 2) and same is (size % 2 == 1)


def test_one_image_of_several_pixels_passes_batch_norm():
    layer = nn.BatchNorm2d(4)
    assert layer(torch.rand(1, 4, 2, 2)).shape == (1, 4, 2, 2)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        layer(torch.ones(1, 4, 1, 1))


def test_layer_norm_of_two_dimensions():
    x = torch.rand(2, 3, 4)
    y = nn.LayerNorm([3, 4])(x)
    torch.testing.assert_close(y.mean((1, 2)), torch.zeros(2), atol=1e-6, rtol=0)
    with pytest.raises(RuntimeError, match=r"expected input with shape \[\*, 3, 4\]"):
        nn.LayerNorm([3, 4])(x.mT)


@pytest.mark.parametrize(
    "layer", [nn.LayerNorm(3), nn.GroupNorm(1, 3), nn.BatchNorm1d(3)]
)
def test_norms_want_the_type_of_their_weights(layer):
    x = torch.rand(4, 3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="mixed dtype .CPU.: all inputs must share"):
        layer(x)
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        assert layer(x.to(dtype)).dtype == dtype


@pytest.mark.parametrize(
    "layer", [nn.LayerNorm(3), nn.GroupNorm(1, 3), nn.BatchNorm1d(3)]
)
def test_norms_with_weights_that_are_not_float32_say_so(layer):
    for weights, inputs in (
        ("double", "float"),
        ("double", "half"),
        ("half", "double"),
    ):
        x = getattr(torch.rand(4, 3), inputs)()
        with pytest.raises(RuntimeError, match="CPU.: expect parameter to have scalar"):
            getattr(copy.deepcopy(layer), weights)()(x)


def test_functional_dropout_drops_in_eval_unless_it_is_told():
    x = torch.ones(200)
    assert not torch.equal(F.dropout(x, 0.3), x)  # stays wrong after eval()
    assert torch.equal(F.dropout(x, 0.3, training=False), x)
    assert torch.equal(nn.Dropout(0.3).eval()(x), x)


class Drops(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.how, self.dropout = how, nn.Dropout(0.5)

    def forward(self, x):
        attention = F.scaled_dot_product_attention
        if self.how == "attention":
            return attention(x, x, x, dropout_p=0.5)
        if self.how == "attention that is told":
            return attention(x, x, x, dropout_p=0.5 if self.training else 0.0)
        return (nn.Dropout(0.5) if self.how == "made here" else self.dropout)(x)


@pytest.mark.parametrize(
    ("how", "same"),
    [
        ("attention", False),
        ("attention that is told", True),
        ("made here", False),
        ("made in __init__", True),
    ],
)
def test_two_calls_in_eval_tell_who_goes_on_dropping(how, same):
    model, x = Drops(how), torch.randn(1, 2, 32, 8)
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x)) is same


@pytest.mark.parametrize("sizes", [(4 / 2, 1), (1, 6 / 3)])
def test_a_width_is_an_integer(sizes):
    with pytest.raises(TypeError, match="must be tuple of ints, ?but.*float"):
        nn.Linear(*sizes)
    assert nn.Linear(*map(int, sizes)).in_features == int(sizes[0])
    with pytest.raises(TypeError, match=r"empty\(\): argument 'size'"):
        nn.Linear(6.0 // 2, 1)
    page = Path(__file__).parents[3] / "docs" / "errors" / "layers.md"
    assert "Divide integers by `//`, not by `/`" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("pixels", [1, 2])
def test_batch_norm_of_one_image_needs_more_than_one_pixel(pixels):
    model, x = nn.BatchNorm2d(5), torch.rand(1, 5, pixels, 1)
    if pixels == 1:
        with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
            model(x)
    else:
        assert model(x).shape == x.shape


def test_one_image_needs_a_batch_for_batch_norm():
    x = torch.rand(3, 5, 5)
    with pytest.raises(ValueError, match=r"expected 4D input \(got 3D input\)"):
        nn.BatchNorm2d(3)(x)
    assert nn.BatchNorm2d(3)(x[None]).shape == (1, 3, 5, 5)


@pytest.mark.parametrize("shape", [(1, 4, 1, 1), (1, 4, 1, 1, 1)])
def test_batch_norm_refuses_one_value_of_any_number_of_dimensions(shape):
    layer = {4: nn.BatchNorm2d, 5: nn.BatchNorm3d}[len(shape)](4)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        layer(torch.ones(shape))


def test_batch_norm_without_statistics_names_its_weight():
    layer = nn.BatchNorm2d(4, track_running_stats=False)
    with pytest.raises(RuntimeError, match="^weight should contain 3 elements not 4"):
        layer(torch.ones(2, 3, 5, 5))


def test_batch_norm_of_rows_names_two_numbers_of_dimensions():
    with pytest.raises(ValueError, match="expected 2D or 3D input .got 4D input"):
        nn.BatchNorm1d(4)(torch.ones(2, 4, 3, 3))


@pytest.mark.parametrize("norm", [nn.LayerNorm(4), nn.BatchNorm1d(4)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_a_float_meets_the_weights_of_another_type(norm, dtype):
    with pytest.raises(RuntimeError, match="expect parameter to have scalar type of F"):
        copy.deepcopy(norm).to(dtype)(torch.ones(2, 4))


def test_layer_norm_says_the_same_of_integers():
    with pytest.raises(RuntimeError, match="all inputs must share same datatype"):
        nn.LayerNorm(4)(torch.ones(2, 4, dtype=torch.int64))


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_an_image_is_resized_in_a_batch(mode):
    image = torch.rand(3, 4, 6)
    with pytest.raises(ValueError, match="must have the same number of spatial dimens"):
        nn.Upsample(size=(8, 8), mode=mode)(image)
    assert nn.Upsample(size=(8, 8), mode=mode)(image[None]).shape == (1, 3, 8, 8)


@pytest.mark.parametrize("name", ["relu", "softmax", "cross_entropy"])
def test_functions_are_in_functional_and_some_in_torch(name):
    assert not hasattr(nn, name) and hasattr(nn.functional, name)
    assert hasattr(torch, name) == (name != "cross_entropy")


@pytest.mark.parametrize(
    "p",
    [
        nn.Linear(2, 1).bias,
        nn.BatchNorm2d(3).weight,
        nn.LayerNorm(3).weight,
        nn.LayerNorm([2, 3]).weight,
    ],
    ids=["bias", "batch", "layer", "two"],
)
@pytest.mark.parametrize("fill", [nn.init.xavier_uniform_, nn.init.kaiming_normal_])
def test_fans_need_two_dimensions(p, fill):
    if p.dim() == 2:
        assert fill(p) is p
    else:
        with pytest.raises(ValueError, match="^Fan in and fan out can not be computed"):
            fill(p)
    assert torch.equal(nn.BatchNorm2d(3).weight, torch.ones(3))


@pytest.mark.parametrize(
    ("make", "shape"), [(nn.BatchNorm1d, ()), (nn.BatchNorm2d, (5, 5))]
)
@pytest.mark.parametrize("mean", [-4.0, 10.0])
def test_batch_norm_is_far_off_after_three_batches_and_not_with_a_plain_mean(
    make, shape, mean
):
    x = torch.randn(96, 2, *shape) + mean
    slow, plain = make(2), make(2, momentum=None)
    for batch in x.split(32):
        assert slow(batch).mean().abs() < 1e-5
        plain(batch)
    assert slow.eval()(x).mean() / mean > 0.5
    assert plain.eval()(x).mean().abs() < 1e-3
    for _ in range(60):
        slow.train()(x)
    assert slow.eval()(x).mean().abs() < 0.1


def test_without_a_momentum_each_batch_counts_alike_however_small():
    norm = nn.BatchNorm1d(1, momentum=None)
    small, large = torch.full((2, 1), 10.0), torch.full((32, 1), 20.0)
    norm(small), norm(large)
    assert norm.running_mean.item() == pytest.approx(15)
    without = nn.BatchNorm1d(1, track_running_stats=False).eval()
    assert without(torch.randn(8, 1) + 10).mean().abs() < 1e-5


@pytest.mark.parametrize(
    ("make", "shape", "over"),
    [(nn.BatchNorm1d, (), 0), (nn.BatchNorm2d, (5, 5), (0, 2, 3))],
)
def test_the_running_mean_of_a_trained_model_is_computed_anew(make, shape, over):
    x, bn = torch.randn(96, 2, *shape) + 10, make(2)
    for batch in x.split(32):
        bn(batch)
    assert (bn.running_mean - x.mean(over)).abs().min() > 5
    bn.reset_running_stats()
    bn.momentum = None
    for batch in x.split(32):
        bn(batch)
    torch.testing.assert_close(bn.running_mean, x.mean(over))
    assert bn.eval()(x).mean().abs() < 1e-3


def test_python_guesses_the_layer(capsys):
    assert printed("errors/training/function_of_nn").strip().endswith("'ReLU'?")
    with pytest.raises(AttributeError) as raised:
        nn.softmax  # noqa: B018
    sys.__excepthook__(raised.type, raised.value, None)
    assert capsys.readouterr().err.strip().endswith("Did you mean: 'Softmax'?")


def test_rows_of_pixels_become_images_by_view_and_not_by_none():
    model, x = nn.Conv2d(1, 8, 3), torch.rand(64, 784)
    with pytest.raises(RuntimeError, match=r"but got input of size: \[64, 784\]"):
        model(x)
    assert model(x[None, None]).shape[0] == 1  # no error: all are one image
    assert model(x.view(-1, 1, 28, 28)).shape == (64, 8, 26, 26)


def test_batch_norm_of_a_sequence_takes_the_second_dimension_for_the_features():
    norm, x = nn.BatchNorm1d(64), torch.randn(8, 10, 64) + torch.arange(64.0)
    with pytest.raises(RuntimeError, match="running_mean should contain 10 elements n"):
        norm(x)
    y = norm(x.mT).mT
    assert y.shape == x.shape and y.mean((0, 1)).abs().max() < 1e-4
    assert nn.BatchNorm1d(10)(x).mean((0, 1)).abs().max() > 1  # of the steps


@pytest.mark.parametrize(
    ("norm", "shape"),
    [
        (nn.BatchNorm1d(4, track_running_stats=False), (1, 4)),
        (nn.GroupNorm(32, 32), (1, 32, 1, 1)),
    ],
)
def test_norms_without_statistics_refuse_one_value_in_eval_too(norm, shape):
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        norm.eval()(torch.ones(shape))
    assert nn.GroupNorm(8, 32)(torch.ones(1, 32, 1, 1)).shape == (1, 32, 1, 1)


def test_layer_norm_of_the_channels_of_images_wants_them_last():
    norm, x = nn.LayerNorm(6), torch.randn(2, 6, 5, 5) + 3
    with pytest.raises(RuntimeError, match=r"expected input with shape \[\*, 6\]"):
        norm(x)
    y = norm(x.movedim(1, -1)).movedim(-1, 1)
    assert y.shape == x.shape and y.mean(1).abs().max() < 1e-5
    assert nn.LayerNorm(x.shape[-1])(x).mean(1).abs().max() > 1e-2  # of the rows


def test_batches_of_one_are_not_dropped():
    loader = DataLoader(torch.ones(3, 4), batch_size=1, drop_last=True)
    assert len(loader) == 3
    for x in loader:
        with pytest.raises(ValueError, match="more than 1 value per channel"):
            nn.BatchNorm1d(4)(x)


def test_a_width_times_a_float_is_converted_by_int():
    width, ratio = 6, 0.5
    with pytest.raises(TypeError, match="ints,but got float"):
        nn.Linear(width * ratio, 1)
    assert nn.Linear(int(width * ratio), 1).in_features == 3


def test_five_dimensions_become_one_batch_of_images():
    films = torch.ones(2, 5, 3, 28, 28)  # (batch, frames, channels, height, width)
    with pytest.raises(RuntimeError, match="to conv2d, but got input of size: \\[2, 5"):
        nn.Conv2d(3, 8, kernel_size=3)(films)
    assert nn.Conv2d(3, 8, kernel_size=3)(films.flatten(0, 1)).shape[0] == 2 * 5


def test_a_mask_without_channels_needs_two_dimensions_more():
    mask = torch.ones(4, 4)
    for x in mask, mask[None]:
        with pytest.raises(ValueError, match="same number of spatial dimensions"):
            F.interpolate(x, size=(8, 8))
    for dtype in torch.float32, torch.int64, torch.bool:
        x = mask.to(dtype)[None, None].float()
        assert F.interpolate(x, size=(8, 8)).shape == (1, 1, 8, 8)


def test_channels_that_come_last_are_moved():
    x = torch.ones(1, 28, 28, 1)
    with pytest.raises(RuntimeError, match="size: \\(28x28x1\\).* too small"):
        nn.MaxPool2d(2)(x)
    assert nn.MaxPool2d(2)(x.movedim(-1, -3)).shape == (1, 1, 14, 14)
    assert nn.MaxPool2d(2)(x[0].movedim(-1, -3)).shape == (1, 14, 14)
    x = torch.ones(2, 100, 3)  # (batch, time, channels)
    with pytest.raises(RuntimeError, match="Kernel size can't be greater than actual"):
        nn.Conv1d(100, 8, kernel_size=5)(x)
    assert nn.Conv1d(3, 8, kernel_size=5)(x.movedim(-1, 1)).shape == (2, 8, 96)


def test_zeros_as_the_weights_of_a_norm_return_zeros():
    norm = nn.BatchNorm1d(3)
    assert norm.weight.dim() == 1 and (norm.weight == 1).all()
    nn.init.zeros_(norm.weight)
    assert not norm(torch.randn(4, 3)).any()


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("kind", ["rows", "a sequence", "images", "an LSTM"])
def test_the_width_of_the_layer_before_tells_what_batch_norm_got(kind, cause):
    if kind == "images":
        layer, norm = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8 if cause == 2 else 6)
        x, width = layer(torch.ones(2, 3, 8, 8)), layer.out_channels
        right = x
        x = x.permute(0, 2, 3, 1) if cause == 2 else x
    elif kind == "an LSTM":
        layer = nn.LSTM(3, 5, batch_first=True)
        norm, width = nn.BatchNorm1d(5 if cause == 2 else 4), layer.hidden_size
        x = layer(torch.ones(2, 7, 3))[0]
        right = x.mT
        x = x if cause == 2 else right
    else:
        layer = nn.Linear(3, 5)
        norm, width = nn.BatchNorm1d(5 if cause == 2 else 4), layer.out_features
        if kind == "rows" and cause == 2:
            return  # rows have no other dimension
        x = layer(torch.ones((2, 3) if kind == "rows" else (2, 4, 3)))
        right = x if kind == "rows" else x.mT
        x = x if cause == 2 else right
    with pytest.raises(RuntimeError, match="running_mean should contain"):
        norm(x)
    assert (width == norm.num_features) == (cause == 2)
    if cause == 2:
        y = norm(x.movedim(-1, 1)).movedim(1, -1)
        assert y.movedim(-1, 1).equal(norm(right))


@pytest.mark.parametrize(
    "layer",
    [
        nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten()),  # 4 channels, 36 numbers
        lambda x: nn.LSTM(5, 4, bidirectional=True)(x[0])[0][-1],
    ],
)
def test_two_dimensions_of_another_width_come_from_the_layer_before(layer):
    x = layer(torch.ones(3, 1, 5, 5))
    assert x.dim() == 2 and x.shape[1] != 4
    with pytest.raises(RuntimeError, match="running_mean should contain"):
        nn.BatchNorm1d(4)(x)
    nn.BatchNorm1d(x.shape[1])(torch.randn(3, x.shape[1]))


@pytest.mark.parametrize(
    ("size", "dilation", "span"), [(4, 2, 7), (3, 3, 7), (5, 1, 5)]
)
def test_the_text_counts_the_gaps_of_a_dilated_kernel(size, dilation, span):
    layer = nn.Conv2d(1, 1, size, dilation=dilation)
    with pytest.raises(RuntimeError) as error:
        layer(torch.ones(1, 1, 4, 4))
    assert f"Kernel size: ({span} x {span})." in str(error.value)
    assert layer(torch.ones(1, 1, span, span)).shape[2:] == (1, 1)

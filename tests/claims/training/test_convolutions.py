"""The claims of docs/training/convolutions.md, against NumPy, formulas and Keras."""

import json
import math
import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from harness.core.tree import HERE
from tests.claims_support import KERAS, layers, names_of, printed

pytestmark = KERAS


def count(layer: nn.Module) -> int:
    return sum(p.numel() for p in layer.parameters())


def lines(name: str) -> list[str]:
    return printed(f"training/{name}").splitlines()


# What a convolution computes


def test_the_picture_has_the_sums_of_products():
    file = HERE.recorded / "figures/training/kernel_slides.json"
    panels = json.loads(file.read_text(encoding="utf-8"))["axes"]
    image, kernel, result = (
        np.array([float(text) for text, *_ in panel["texts"]]).reshape(size, size)
        for panel, size in zip(panels, (5, 3, 3), strict=True)
    )
    by_hand = [
        [(image[i : i + 3, j : j + 3] * kernel).sum() for j in range(3)]
        for i in range(3)
    ]
    assert result.tolist() == by_hand
    assert result[0, 0] == 0 and result[2, 2] == 3


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("groups", [1, 2])
def test_each_output_is_the_sum_over_its_window_plus_the_bias(dtype, groups):
    layer = nn.Conv2d(4, 6, (3, 2), stride=2, groups=groups, dtype=dtype)
    x = torch.randn(2, 4, 9, 8, dtype=dtype)
    out = layer(x)
    for batch, to, row, column in [(0, 0, 0, 0), (1, 5, 3, 2), (0, 3, 2, 1)]:
        per_group = 4 // groups
        first = to // (6 // groups) * per_group
        at = slice(2 * row, 2 * row + 3), slice(2 * column, 2 * column + 2)
        window = x[batch, first : first + per_group, *at]
        by_hand = (window * layer.weight[to]).sum() + layer.bias[to]
        torch.testing.assert_close(out[batch, to, row, column], by_hand)


def test_two_dimensions_are_not_flipped_either():
    torch.manual_seed(0)
    x, kernel = torch.randn(6, 6), torch.randn(3, 3)
    ours = F.conv2d(x[None, None], kernel[None, None])[0, 0]
    windows = np.lib.stride_tricks.sliding_window_view(x.numpy(), (3, 3))
    as_is = (windows * kernel.numpy()).sum((2, 3))
    turned = (windows * kernel.numpy()[::-1, ::-1]).sum((2, 3))
    np.testing.assert_allclose(ours, as_is, atol=1e-5)
    assert np.abs(ours.numpy() - turned).max() > 0.1


# Sizes


def reach_of(kernel, dilation):
    return dilation * (kernel - 1) + 1


def convolved(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - reach_of(kernel, dilation)) // stride + 1


def pooled_up(size, kernel, stride, padding, dilation):
    free = size + 2 * padding - reach_of(kernel, dilation)
    out = math.ceil(free / stride) + 1
    return out - 1 if (out - 1) * stride >= size + padding else out


def random_settings(seed, number):
    """Settings that fit: at least one window, and a padding that pools accept."""
    draw = random.Random(seed)
    while number:
        kernel, dilation = draw.randint(1, 5), draw.randint(1, 3)
        padding = draw.randint(0, kernel // 2)
        size = draw.randint(1, 20)
        if size + 2 * padding < reach_of(kernel, dilation):
            continue
        yield size, kernel, draw.randint(1, 4), padding, dilation
        number -= 1


@pytest.mark.parametrize("dim", [1, 2])
def test_the_formulas_hold_for_600_random_settings(dim):
    conv, pool, mean, up = (
        getattr(nn, f"{name}{dim}d")
        for name in ("Conv", "MaxPool", "AvgPool", "ConvTranspose")
    )
    seen = set()
    for setting in random_settings(dim, 300):
        size, kernel, stride, padding, dilation = setting
        x = torch.ones(1, 1, *[4] * (dim - 1), size)
        sides = [1] * (dim - 1)  # the other dimension stays as it is
        none = [0] * (dim - 1)
        grid = {"stride": (*sides, stride), "padding": (*none, padding)}
        wide = grid | {"dilation": (*sides, dilation)}
        kernel_size = (*sides, kernel)

        floor = convolved(*setting)
        assert conv(1, 1, kernel_size, **wide)(x).shape[-1] == floor
        assert pool(kernel_size, **wide)(x).shape[-1] == floor
        ceil = pooled_up(*setting)
        assert pool(kernel_size, **wide, ceil_mode=True)(x).shape[-1] == ceil
        seen.add(ceil - floor)
        if dilation == 1:  # AvgPool has no dilation
            assert mean(kernel_size, **grid)(x).shape[-1] == floor
            assert mean(kernel_size, **grid, ceil_mode=True)(x).shape[-1] == ceil

        extra = random.Random(size).randrange(max(stride, dilation))
        back = (size - 1) * stride - 2 * padding + reach_of(kernel, dilation) + extra
        if back > 0:
            layer = up(1, 1, kernel_size, **wide, output_padding=(*none, extra))
            assert layer(x).shape[-1] == back
    assert seen == {0, 1}


def test_rounding_up_alone_is_one_too_many_where_the_window_starts_behind():
    size, kernel, stride, padding, dilation = setting = (4, 2, 3, 1, 1)
    free = size + 2 * padding - reach_of(kernel, dilation)
    assert math.ceil(free / stride) + 1 == 3
    pool = nn.MaxPool1d(kernel, stride, padding, dilation, ceil_mode=True)
    assert pool(torch.ones(1, 1, size)).shape[-1] == pooled_up(*setting) == 2


@pytest.mark.parametrize("size", [1, 5, 8])
def test_adaptive_pools_and_upsample_have_the_size_of_the_table(size):
    x = torch.ones(1, 1, 7, 7)
    for pool in (nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d):
        assert pool(size)(x).shape == (1, 1, size, size)
    for factor in (2, 1.5, 0.4):
        out = nn.Upsample(scale_factor=factor)(torch.ones(1, 1, size + 2))
        assert out.shape[-1] == math.floor((size + 2) * factor)


def test_the_program_of_the_formula_agrees_with_its_layers():
    rows = [line.split()[:2] for line in lines("sizes_by_formula")]
    assert len(rows) == 5 and all(a == b for a, b in rows)


def test_an_odd_height_loses_its_last_row():
    x = torch.zeros(1, 1, 5, 5)
    x[..., 4, :] = 9
    assert nn.MaxPool2d(2)(x).max() == 0
    assert nn.MaxPool2d(2, ceil_mode=True)(x).max() == 9


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_max_pools_pad_with_less_than_any_number_and_convolutions_with_zeros(dim):
    x = torch.full((1, 1, *[3] * dim), -5.0)
    pool = getattr(nn, f"MaxPool{dim}d")(3, 1, padding=1)
    assert torch.equal(pool(x), x)
    conv = getattr(nn, f"Conv{dim}d")(1, 1, 3, padding=1, bias=False)
    nn.init.ones_(conv.weight)
    assert conv(x).flatten()[0] == -5 * 2**dim  # the other numbers are zeros


def test_a_stride_undoes_what_padding_1_keeps():
    x = torch.ones(1, 1, 9, 9)
    sizes = [nn.Conv2d(1, 1, 3, s, padding=1)(x).shape[-1] for s in (1, 2)]
    assert sizes == [9, 5]


# padding="same"


@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
@pytest.mark.parametrize("kernel", range(1, 7))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_keeps_the_size_and_pads_more_at_the_end(kernel, dilation):
    x = torch.randn(1, 1, 9, 11)
    layer = nn.Conv2d(1, 1, kernel, padding="same", dilation=dilation)
    assert layer(x).shape == x.shape
    total = dilation * (kernel - 1)
    before, after = total // 2, total - total // 2
    padded = F.pad(x, (before, after, before, after))
    by_hand = F.conv2d(padded, layer.weight, layer.bias, dilation=dilation)
    torch.testing.assert_close(layer(x), by_hand)
    uneven = kernel % 2 == 0 and dilation % 2 == 1
    assert (after == before + 1) is uneven and after - before in (0, 1)
    half = nn.Conv2d(1, 1, kernel, padding=kernel // 2)
    assert (half(x).shape == x.shape) is (kernel % 2 == 1)
    if kernel in (3, 5) and dilation > 1:
        spread = nn.Conv2d(1, 1, kernel, padding=kernel // 2, dilation=dilation)
        assert spread(x).shape != x.shape


def test_same_refuses_a_stride_and_keras_pads_right_and_below():
    with pytest.raises(ValueError, match="not supported for strided convolutions"):
        nn.Conv2d(1, 1, 3, stride=2, padding="same")
    theirs = layers.Conv2D(1, 3, strides=2, padding="same")
    x = torch.randn(1, 1, 8, 8)
    out = theirs(x.permute(0, 2, 3, 1)).cpu()
    weight = torch.as_tensor(np.array(theirs.get_weights()[0])).permute(3, 2, 0, 1)
    below = F.conv2d(F.pad(x, (0, 1, 0, 1)), weight, stride=2)
    around = F.conv2d(x, weight, stride=2, padding=1)
    assert out.shape[1:3] == below.shape[2:] == around.shape[2:] == (4, 4)
    torch.testing.assert_close(out[..., 0].detach(), below[:, 0], atol=1e-5, rtol=0)
    assert (below - around).abs().max() > 0.1


@pytest.mark.parametrize("size, stride, total", [(7, 2, 2), (8, 2, 1), (10, 3, 2)])
def test_keras_pads_evenly_where_the_zeros_divide(size, stride, total):
    theirs = layers.Conv2D(1, 3, strides=stride, padding="same", use_bias=False)
    x = torch.randn(1, 1, size, size)
    out = theirs(x.permute(0, 2, 3, 1)).detach().cpu()
    weight = torch.as_tensor(np.array(theirs.get_weights()[0])).permute(3, 2, 0, 1)
    first, last = total // 2, total - total // 2
    ours = F.conv2d(F.pad(x, (first, last) * 2), weight, stride=stride)
    torch.testing.assert_close(out[..., 0], ours[:, 0], atol=1e-5, rtol=0)


# Kinds


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("dilation", [1, 3])
def test_the_count_is_that_of_the_formula(groups, dilation):
    layer = nn.Conv2d(6, 12, (3, 5), groups=groups, dilation=dilation)
    assert count(layer) == 12 * (6 // groups) * 3 * 5 + 12
    bare = nn.Conv2d(6, 12, (3, 5), groups=groups, bias=False)
    assert count(layer) - count(bare) == 12


def test_the_counts_of_the_page_are_those_of_the_formula():
    shown = {
        row.rpartition("[")[0][:10].strip(): row.rpartition("[")[0][10:].strip()
        for row in lines("kinds_of_convolution")
    }
    expected = {
        "plain": 128 * 64 * 9 + 128,
        "dilated": 128 * 64 * 9 + 128,
        "4 groups": 128 * 16 * 9 + 128,
        "1 x 1": 128 * 64 + 128,
        "separable": 64 * 9 + 64 + 128 * 64 + 128,
    }
    assert shown == {name: f"{number:,}" for name, number in expected.items()}


def test_a_quarter_of_the_outputs_sees_a_quarter_of_the_inputs():
    layer = nn.Conv2d(8, 4, 3, groups=4)
    x = torch.randn(1, 8, 5, 5, requires_grad=True)
    layer(x)[0, 2].sum().backward()
    seen = x.grad[0].abs().sum((1, 2)) > 0
    assert seen.nonzero().flatten().tolist() == [4, 5]


def test_one_by_one_is_linear_over_the_channels():
    conv, linear = nn.Conv2d(3, 5, 1), nn.Linear(3, 5)
    linear.load_state_dict(
        {"weight": conv.weight[:, :, 0, 0].detach(), "bias": conv.bias.detach()}
    )
    x = torch.randn(2, 3, 4, 6)
    by_linear = linear(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    torch.testing.assert_close(conv(x), by_linear)


def test_separable_is_a_plain_convolution_with_a_kernel_of_rank_one():
    """What the two together can express: one kernel a channel, times a number."""
    depth = nn.Conv2d(3, 3, 3, groups=3, bias=False)
    mix = nn.Conv2d(3, 4, 1, bias=False)
    x = torch.randn(2, 3, 6, 6)
    weight = mix.weight * depth.weight.permute(1, 0, 2, 3)  # (4, 3, 3, 3)
    torch.testing.assert_close(mix(depth(x)), F.conv2d(x, weight))
    assert count(nn.Sequential(depth, mix)) < weight.numel()


# Pools


@pytest.mark.parametrize("pool", [nn.MaxPool2d, nn.AvgPool2d])
def test_the_stride_of_a_pool_is_its_kernel_size(pool):
    assert count(pool(3)) == 0
    x = torch.randn(1, 2, 9, 9)
    assert torch.equal(pool(3)(x), pool(3, stride=3)(x))
    assert pool(3, stride=1)(x).shape == (1, 2, 7, 7)


def test_global_pooling_is_that_of_keras():
    x = torch.randn(2, 8, 5, 7)
    last = x.permute(0, 2, 3, 1)
    mean = layers.GlobalAveragePooling2D()(last).cpu()
    highest = layers.GlobalMaxPooling2D()(last).cpu()
    torch.testing.assert_close(x.mean(dim=(2, 3)), mean)
    assert torch.equal(x.amax(dim=(2, 3)), highest)
    kept = layers.GlobalAveragePooling2D(keepdims=True)(last).shape
    assert kept == (2, 1, 1, 8) and nn.AdaptiveAvgPool2d(1)(x).shape == (2, 8, 1, 1)


# Other dimensions


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_the_formula_holds_for_each_dimension_on_its_own(dim):
    kernel, stride, sizes = (2, 3, 4)[:dim], (1, 2, 3)[:dim], (7, 8, 9)[:dim]
    conv = getattr(nn, f"Conv{dim}d")(1, 2, kernel, stride=stride)
    expected = [
        convolved(n, k, s, 0, 1) for n, k, s in zip(sizes, kernel, stride, strict=True)
    ]
    assert list(conv(torch.ones(3, 1, *sizes)).shape) == [3, 2, *expected]


def test_series_of_keras_have_their_channels_last():
    x = torch.randn(2, 10, 3)
    theirs = layers.Conv1D(4, 3)
    out = theirs(x).cpu()
    kernel, bias = map(torch.tensor, theirs.get_weights())
    ours = F.conv1d(x.transpose(1, 2), kernel.permute(2, 1, 0), bias)
    torch.testing.assert_close(ours.transpose(1, 2), out.detach(), atol=1e-5, rtol=1e-5)


# Larger images


@pytest.mark.parametrize("kernel, stride, padding", [(3, 2, 1), (4, 3, 0), (5, 4, 2)])
def test_as_many_sizes_as_the_stride_become_one(kernel, stride, padding):
    sizes = [n for n in range(5, 40) if convolved(n, kernel, stride, padding, 1) == 4]
    assert len(sizes) == stride
    up = nn.ConvTranspose2d(1, 1, kernel, stride, padding)
    x = torch.ones(1, 1, 4, 4)
    assert up(x).shape[-1] == sizes[0]
    for extra, size in enumerate(sizes):
        assert up(x, output_size=(size, size)).shape[-1] == size
        more = nn.ConvTranspose2d(1, 1, kernel, stride, padding, output_padding=extra)
        assert more(x).shape[-1] == size
    with pytest.raises(ValueError, match="valid sizes range"):
        up(x, output_size=(sizes[-1] + 1,) * 2)


def test_output_padding_must_stay_below_stride_or_dilation():
    x = torch.ones(1, 1, 4, 4)
    with pytest.raises(RuntimeError, match="smaller than either stride or dilation"):
        nn.ConvTranspose2d(1, 1, 3, stride=2, output_padding=2)(x)
    dilated = nn.ConvTranspose2d(1, 1, 3, stride=2, dilation=3, output_padding=2)
    assert dilated(x).shape[-1] == 3 * 2 + 7 + 2


def test_output_padding_adds_a_row_and_a_column_at_the_end():
    up = nn.ConvTranspose2d(1, 1, 3, stride=2)
    x = torch.randn(1, 1, 4, 4)
    longer = up(x, output_size=(10, 10))
    torch.testing.assert_close(longer[..., :9, :9], up(x))


def test_each_input_puts_a_whole_kernel_into_the_output():
    up = nn.ConvTranspose2d(1, 1, 3, stride=2, bias=False)
    x = torch.zeros(1, 1, 3, 3)
    x[..., 1, 2] = 5
    expected = torch.zeros(7, 7)
    expected[2:5, 4:7] = 5 * up.weight[0, 0]
    torch.testing.assert_close(up(x)[0, 0], expected)
    cut = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, bias=False)
    cut.load_state_dict(up.state_dict())
    torch.testing.assert_close(cut(x)[0, 0], expected[1:-1, 1:-1])


@pytest.mark.parametrize("stride", [2, 3])
@pytest.mark.parametrize("kernel", [3, 4, 5, 6, 9])
def test_windows_overlap_evenly_where_the_stride_divides_the_kernel(kernel, stride):
    up = nn.ConvTranspose1d(1, 1, kernel, stride, bias=False)
    nn.init.ones_(up.weight)
    inner = up(torch.ones(1, 1, 12)).flatten()[kernel:-kernel]
    assert (inner.unique().numel() == 1) is (kernel % stride == 0)


def test_upsample_repeats_or_blends():
    x = torch.tensor([[[[0.0, 4.0]]]])
    assert nn.Upsample(scale_factor=(1, 2))(x).flatten().tolist() == [0, 0, 4, 4]
    blended = nn.Upsample(scale_factor=(1, 2), mode="bilinear")(x).flatten()
    assert blended.tolist() == [0, 1, 3, 4]
    with pytest.raises(NotImplementedError, match="bilinear mode needs 4D input"):
        nn.Upsample(scale_factor=2, mode="bilinear")(x[0])


def test_upsample_reads_a_single_image_as_a_batch_of_series():
    image = torch.rand(3, 8, 5)
    wide = nn.Upsample(scale_factor=2)(image)
    assert wide.shape == (3, 8, 10) and torch.equal(wide[..., ::2], image)
    assert nn.Upsample(scale_factor=2)(image[None]).shape == (1, 3, 16, 10)


# To Linear


def test_a_dry_run_and_a_lazy_layer_find_the_same_size():
    found = names_of("training/dry_run_for_linear")
    body, features = found["body"], found["features"]
    lazy = nn.Sequential(body, nn.LazyLinear(10))
    lazy(torch.zeros(2, 3, 32, 32))
    assert lazy[1].in_features == features == 16 * 15 * 15
    assert found["model"](torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert found["model"](torch.zeros(2, 3, 33, 33)).shape == (2, 10)
    for size in (31, 34, 50):
        with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be mul"):
            found["model"](torch.zeros(2, 3, size, size))
    assert found["pooled"](torch.zeros(2, 3, 17, 90)).shape == (2, 10)
    assert found["pooled"](torch.zeros(2, 3, 4, 4)).shape == (2, 10)
    with pytest.raises(RuntimeError, match="Output size is too small"):
        found["pooled"](torch.zeros(2, 3, 3, 3))


def test_linear_reads_only_the_last_dimension():
    assert nn.Linear(15, 10)(torch.zeros(1, 16, 15, 15)).shape == (1, 16, 15, 10)


@pytest.mark.parametrize("training", [True, False])
def test_a_dry_run_moves_batch_norm_unless_it_evaluates(training):
    body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).train(training)
    before = body[1].running_mean.clone()
    with torch.no_grad():
        body(torch.zeros(1, 3, 8, 8))
    assert torch.equal(body[1].running_mean, before) is not training


# Receptive field


def test_the_field_grows_by_reach_minus_one_times_the_strides_before():
    found = names_of("training/receptive_field", upto='print("3')
    draw = random.Random(0)
    for _ in range(5):
        field, step, stack = 1, 1, []
        for _ in range(3):
            stride, dilation = draw.choice([(1, 1), (2, 1), (1, 2), (2, 3)])
            stack.append(found["conv"](stride=stride, dilation=dilation))
            field += dilation * 2 * step
            step *= stride
        assert found["field"](*stack) == field


def test_a_max_pool_shows_autograd_one_pixel_only():
    found = names_of("training/receptive_field", upto='print("3')
    conv, field = found["conv"], found["field"]
    assert field(conv(), nn.AvgPool2d(2)) == 4
    assert field(conv(), nn.MaxPool2d(2)) == 3


def test_a_batch_norm_in_train_mode_mixes_all_pixels_and_in_eval_mode_none():
    found = names_of("training/receptive_field", upto='print("3')
    conv, field = found["conv"], found["field"]
    assert field(conv(padding=1), nn.BatchNorm2d(1), conv(padding=1)) == 65
    layers = conv(padding=1), nn.BatchNorm2d(1).eval(), nn.Dropout(0.9).eval()
    assert field(*layers, conv(padding=1)) == 5


def test_behind_a_relu_a_negative_image_shows_autograd_no_pixel():
    conv = nn.Conv2d(1, 1, 3, bias=False)
    nn.init.ones_(conv.weight)
    for pixel, seen in (1.0, 3), (-1.0, 0):
        image = torch.full((1, 1, 9, 9), pixel, requires_grad=True)
        conv(image).relu()[0, 0, 3, 3].backward()
        assert int(image.grad[0, 0].any(dim=0).sum()) == seen


def test_behind_an_upsampling_a_layer_adds_less():
    found = names_of("training/receptive_field", upto='print("3')
    conv, field = found["conv"], found["field"]
    assert (
        field(conv(), nn.Upsample(scale_factor=2), conv()) == 4 < field(conv(), conv())
    )


# Pitfalls


def test_lazy_layers_and_pools_take_channels_last_and_conv_does_not():
    photos = torch.rand(2, 12, 12, 3)
    assert nn.LazyConv2d(8, 3)(photos).shape == (2, 8, 10, 1)
    assert nn.AdaptiveAvgPool2d(1)(photos).shape == (2, 12, 1, 1)
    with pytest.raises(RuntimeError, match="to have 3 channels, but got 12 channels"):
        nn.Conv2d(3, 8, 3)(photos)
    nn.Conv2d(12, 8, 3)(photos)  # as many rows as channels: no error


def test_three_grey_images_are_read_as_one_in_colour():
    conv, grey = nn.Conv2d(3, 8, 3), torch.rand(3, 9, 9)
    torch.testing.assert_close(conv(grey), conv(grey[None])[0])
    with pytest.raises(RuntimeError, match="channels"):
        conv(torch.rand(4, 9, 9))


def test_the_2d_pool_averages_over_the_channels_of_a_series():
    features = torch.rand(2, 8, 20)
    wrong = nn.AdaptiveAvgPool2d(1)(features)
    torch.testing.assert_close(wrong.flatten(), features.mean(dim=(1, 2)))
    right = nn.AdaptiveAvgPool1d(1)(features)
    torch.testing.assert_close(right[..., 0], features.mean(dim=2))


@pytest.mark.parametrize("sizes, side", [((3, 8), "in"), ((8, 3), "out")])
def test_groups_must_divide_both_numbers_of_channels(sizes, side):
    with pytest.raises(ValueError, match=f"^{side}_channels must be divisible by gr"):
        nn.Conv2d(*sizes, 3, groups=2)


def test_average_pooling_counts_the_padding_and_keras_does_not():
    x = torch.ones(1, 1, 5)
    low = nn.AvgPool1d(3, 1, padding=1)(x)
    np.testing.assert_allclose(low[0, 0], [2 / 3, 1, 1, 1, 2 / 3], rtol=1e-6)
    same = nn.AvgPool1d(3, 1, padding=1, count_include_pad=False)(x)
    theirs = layers.AveragePooling1D(3, 1, padding="same")(x.transpose(1, 2)).cpu()
    assert torch.equal(same.flatten(), torch.ones(5))
    assert torch.equal(theirs.flatten(), torch.ones(5))
    assert nn.MaxPool1d(3, 1, padding=1)(-x).max() == -1  # no zeros there


@pytest.mark.parametrize("seed", [1, 2])
def test_only_max_pooling_and_a_rising_activation_change_places(seed):
    torch.manual_seed(seed)
    x = torch.randn(4, 4, 8, 8)
    for rising in (nn.ReLU(), nn.Sigmoid(), nn.Tanh(), nn.LeakyReLU()):
        assert torch.equal(F.max_pool2d(rising(x), 2), rising(F.max_pool2d(x, 2)))
    for turning in (nn.GELU(), nn.SiLU()):
        gap = F.max_pool2d(turning(x), 2) - turning(F.max_pool2d(x, 2))
        assert gap.abs().max() > 0.01
    for activation in (nn.ReLU(), nn.Tanh(), nn.GELU()):
        gap = F.avg_pool2d(activation(x), 2) - activation(F.avg_pool2d(x, 2))
        assert gap.abs().max() > 0.1

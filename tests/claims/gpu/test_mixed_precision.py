"""The claims of docs/gpu/mixed-precision.md, on the CPU and by the flags of CUDA."""

import inspect
import math
import mmap
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from tests import forked
from tests.claims_support import output, printed

BF16 = torch.bfloat16


def autocast(dtype=BF16):
    return torch.autocast("cpu", dtype=dtype)


def in_fresh_python(program):
    """What a program prints where no flag has been set before."""
    ended = forked.run(f"import torch\n{program}")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


# autocast


def test_weights_and_gradients_stay_in_float32():
    model = nn.Linear(3, 3)
    with autocast():
        y = model(torch.ones(2, 3))
        loss = F.cross_entropy(y, torch.tensor([0, 2]))
    loss.backward()
    assert (y.dtype, loss.dtype) == (BF16, torch.float32)
    assert model.weight.dtype == model.weight.grad.dtype == torch.float32


def test_backward_outside_the_block_uses_the_types_of_the_forward_pass():
    seen = []
    x = torch.ones(2, 2, requires_grad=True)
    with autocast():
        y = x @ x
    y.register_hook(lambda gradient: seen.append(gradient.dtype))
    y.sum().backward()
    assert seen == [BF16] and x.grad.dtype == torch.float32


def test_a_product_under_autocast_is_the_product_of_rounded_inputs():
    torch.manual_seed(0)
    a, b = torch.randn(16, 16), torch.randn(16, 16)
    with autocast():
        y = a @ b
    rounded = a.to(BF16).double().numpy() @ b.to(BF16).double().numpy()
    np.testing.assert_allclose(y.double(), rounded, rtol=2**-7, atol=2**-7)


@pytest.mark.parametrize("name", ["relu", "exp", "softmax"])
def test_the_rest_follows_its_input(name):
    operation = {"relu": F.relu, "exp": torch.exp, "softmax": lambda x: x.softmax(1)}
    for dtype in (BF16, torch.float32):
        with autocast():
            assert operation[name](torch.ones(2, 2, dtype=dtype)).dtype == dtype


def test_where_two_types_meet_the_wider_one_wins():
    with autocast():
        both = torch.ones(2) + torch.ones(2, dtype=BF16)
    assert both.dtype == torch.float32


@pytest.mark.parametrize("dtype", [BF16, torch.float16], ids=str)
def test_a_float32_tensor_without_dimensions_does_not_win(dtype):
    half, scale = torch.ones(3, dtype=dtype), nn.Parameter(torch.tensor(2.0))
    with autocast():
        assert (half * scale).dtype == dtype
        assert (half * scale.reshape(1)).dtype == torch.float32


def test_outside_the_block_matrix_products_refuse_and_elementwise_ones_convert():
    x, y = torch.ones(2, 2), torch.ones(2, 2, dtype=BF16)
    assert (y * x).dtype == torch.float32
    for product in (torch.mm, F.linear, torch.matmul):
        with pytest.raises(RuntimeError, match="to have the same dtype"):
            product(y, x)


def test_the_default_is_bfloat16_on_cpu_and_float16_on_cuda():
    assert torch.get_autocast_dtype("cpu") == BF16
    assert torch.get_autocast_dtype("cuda") == torch.float16


@pytest.mark.parametrize(("major", "hardware"), [(7, False), (8, True), (12, True)])
def test_a_gpu_before_ampere_emulates_bfloat16_and_autocast_runs(
    major, hardware, monkeypatch
):
    card = SimpleNamespace(major=major)
    for name, answer in [("is_available", True), ("current_device", 0)]:
        monkeypatch.setattr(torch.cuda, name, lambda answer=answer: answer)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: card)
    monkeypatch.setattr(torch.cuda, "_check_bf16_tensor_supported", lambda d: True)
    assert torch.cuda.is_bf16_supported()
    assert torch.cuda.is_bf16_supported(including_emulation=False) == hardware
    assert torch.autocast("cuda", BF16)._enabled


# float16 and its scaler


def test_float16_ends_on_both_sides_where_the_picture_says():
    for dtype, least, most in [(torch.float16, -24, 16), (BF16, -133, 128)]:
        smallest = torch.tensor(2.0**least, dtype=dtype)
        assert smallest > 0 and smallest / 2 == 0
        assert torch.tensor(2.0 ** (most - 1), dtype=dtype).isfinite()
        assert math.ceil(math.log2(torch.finfo(dtype).max)) == most


@pytest.mark.parametrize("dtype", [torch.float16, BF16, torch.float32])
def test_the_smallest_numbers_have_fewer_digits(dtype):
    def gap(x):  # to the next number, as a part of it
        x = torch.tensor(x, dtype=dtype)
        return ((x.nextafter(2 * x) - x).double() / x.double()).item()

    tiny = torch.finfo(dtype).tiny  # below, the bar is paler
    assert gap(tiny) == gap(1.0) == gap(2.0**12) == gap(tiny / 4) / 4


def test_a_scaled_gradient_divided_again_is_the_gradient():
    for scale in (1.0, 2.0**15):
        w = torch.tensor(1.0, dtype=torch.float16, requires_grad=True)
        (w * 2.0**-15 * 2.0**-15 * scale).backward()
        expected = 0.0 if scale == 1.0 else 2.0**-30
        assert w.grad.double().item() / scale == expected


def trained(size, scaler=None):
    w = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0)
    loss = w.half().float() * size
    if scaler is None:
        loss.backward()
        optimizer.step()
    else:
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    return w.item()


def test_grad_scaler_rescues_a_tiny_gradient():
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**16)
    assert trained(2.0**-30) == 0.0
    assert trained(2.0**-30, scaler) == -(2.0**-30)


def test_grad_scaler_skips_an_overflow_and_halves_its_scale():
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**16)
    assert trained(2.0, scaler) == 0.0
    assert scaler.get_scale() == 2.0**15


def test_grad_scaler_grows_after_many_good_steps():
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0, growth_interval=3)
    scales = []
    for _ in range(6):
        trained(1.0, scaler)
        scales.append(scaler.get_scale())
    assert scales == [4.0, 4.0, 8.0, 8.0, 8.0, 16.0]


def test_clipping_before_unscaling_clips_scaled_gradients():
    norms = []
    for first in (False, True):
        w = torch.zeros((), requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=1.0)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**16)
        scaler.scale(w * 0.5).backward()
        if first:
            scaler.unscale_(optimizer)
        norms.append(nn.utils.clip_grad_norm_([w], 1.0).item())
    assert norms == [0.5 * 2**16, 0.5]


# TF32


def test_tf32_is_off_for_products_and_on_for_convolutions():
    asked = "print(torch.get_float32_matmul_precision(),"
    asked += "torch.backends.cudnn.conv.fp32_precision,"
    asked += "torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32)"
    assert in_fresh_python(asked) == ["highest", "tf32", "False", "True"]


@pytest.mark.parametrize(
    "asks",
    ["torch.get_float32_matmul_precision()", "torch.backends.cuda.matmul.allow_tf32"],
)
def test_asking_by_an_old_name_after_setting_by_the_new_one_raises(asks):
    program = "torch.backends.cuda.matmul.fp32_precision = 'tf32'\n"
    program += f"try:\n    {asks}\nexcept RuntimeError as error:\n"
    program += "    print('mix of the legacy and new' in str(error))"
    assert in_fresh_python(program) == ["True"]


def test_setting_one_by_the_new_name_leaves_the_other():
    program = "b = torch.backends\nb.cudnn.conv.fp32_precision = 'ieee'\n"
    program += "b.cuda.matmul.fp32_precision = 'tf32'\n"
    program += "print(b.cudnn.conv.fp32_precision, b.cuda.matmul.fp32_precision)"
    assert in_fresh_python(program) == ["ieee", "tf32"]


def test_the_flags_of_cuda_change_no_product_on_the_cpu():
    program = "torch.manual_seed(0)\na = torch.randn(64, 64)\nbefore = a @ a\n"
    program += "torch.backends.cuda.matmul.fp32_precision = 'tf32'\n"
    program += "print(torch.equal(a @ a, before))"
    assert in_fresh_python(program) == ["True"]


@pytest.mark.parametrize("precision", ["ieee", "tf32"])
def test_the_flags_of_cudnn_change_no_convolution_on_the_cpu(precision):
    program = "torch.manual_seed(0)\nconv = torch.nn.Conv2d(8, 8, 3)\n"
    program += "a = torch.randn(2, 8, 9, 9)\nbefore = conv(a)\n"
    program += f"torch.backends.cudnn.conv.fp32_precision = {precision!r}\n"
    program += "print(torch.equal(conv(a), before))"
    assert in_fresh_python(program) == ["True"]


@pytest.mark.skipif(
    not torch.cpu._is_avx512_bf16_supported(), reason="only such CPUs round to it"
)
def test_an_old_name_set_to_medium_does_change_a_product_on_the_cpu():
    program = "torch.manual_seed(0)\na = torch.randn(512, 512)\nbefore = a @ a\n"
    program += "torch.set_float32_matmul_precision('medium')\n"
    program += "print(torch.equal(a @ a, before))"
    assert in_fresh_python(program) == ["False"]


def test_ieee_is_the_newer_name_of_highest():
    program = "torch.set_float32_matmul_precision('highest')\n"
    program += "print(torch.backends.cuda.matmul.fp32_precision)"
    assert in_fresh_python(program) == ["ieee"]


# Pitfalls


@pytest.mark.skipif(torch.cuda.is_available(), reason="says what is without a GPU")
def test_autocast_for_cuda_only_warns_and_computes_in_float32():
    with pytest.warns(UserWarning, match="Disabling autocast"):
        block = torch.autocast("cuda")
    with block:
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


@pytest.mark.parametrize(("power", "steps", "end"), [(-10, 512, 1.0), (-8, 128, 0.5)])
def test_a_bfloat16_weight_drops_steps_below_half_its_gap(power, steps, end):
    results = []
    for dtype in (torch.float32, BF16):
        w = torch.tensor(1.0, dtype=dtype)
        for _ in range(steps):
            w = w - 2.0**power
        results.append(w.item())
    assert results == [0.5, end]
    gap = 1 - torch.tensor(1.0, dtype=BF16).nextafter(torch.tensor(0.0, dtype=BF16))
    assert (2.0**power < gap / 2) == (end == 1.0)


def test_converting_a_model_converts_its_weights():
    assert nn.Linear(2, 1).bfloat16().weight.dtype == BF16


# Which cards


def card(monkeypatch, hip=None, **properties):
    """torch on a machine with such a card."""
    monkeypatch.setattr(torch.version, "hip", hip)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    facts = SimpleNamespace(**properties)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda *_: facts)


@pytest.mark.parametrize(("major", "has"), [(7, False), (8, True), (9, True)])
def test_tf32_came_with_ampere(monkeypatch, major, has):
    card(monkeypatch, major=major, minor=5)
    assert torch.cuda.is_tf32_supported() == has


def test_an_amd_gpu_has_bfloat16_and_some_have_tf32(monkeypatch):
    for name, has in (("gfx942", True), ("gfx950", True), ("gfx1100", False)):
        card(monkeypatch, hip="7.0", gcnArchName=name)
        assert torch.cuda.is_bf16_supported()
        assert torch.cuda.is_bf16_supported(including_emulation=False)
        assert torch.cuda.is_tf32_supported() == has


def test_an_intel_gpu_is_asked_by_the_same_argument():
    parameters = inspect.signature(torch.xpu.is_bf16_supported).parameters
    assert "including_emulation" in parameters


def test_a_loss_of_torch_is_float32_and_one_by_hand_follows_its_inputs():
    x, y = torch.randn(4, 4), torch.randn(4, 4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = x @ y
        assert torch.nn.functional.mse_loss(half, y).dtype == torch.float32
        assert (half - half).square().mean().dtype == torch.bfloat16
        assert (x.double() @ y.double()).dtype == torch.float64
        assert (half + y).dtype == torch.float32


def test_bfloat16_ends_where_float32_nearly_does():
    assert torch.tensor(3.4e38).bfloat16().isinf()
    assert torch.tensor(3.3e38).bfloat16().isfinite()


def test_float16_becomes_infinite_and_zero_where_the_page_says():
    half = torch.float16
    assert torch.tensor(65504.0).to(half).isfinite()
    assert torch.tensor(65519.0).to(half) == 65504  # rounds to the largest
    assert torch.tensor(65520.0).to(half).isinf()
    assert torch.tensor(6e-8).to(half) > 0 and torch.tensor(2e-8).to(half) == 0
    text = printed("gpu/range_of_three_types")
    assert "float16   largest 65504, smallest 6e-08" in text.splitlines()


@pytest.mark.parametrize("dtype", [BF16, torch.float16])
def test_a_cpu_runs_bce_in_float32_and_a_gru_returns_the_dtype_of_its_input(dtype):
    x = torch.rand(4, 4)
    with autocast(dtype):
        y = x @ x
        assert y.dtype == dtype
        assert F.binary_cross_entropy(y.sigmoid(), y.sigmoid()).dtype == torch.float32
        assert nn.GRU(4, 4)(x)[0].dtype == torch.float32
        assert nn.GRU(4, 4)(y)[0].dtype == dtype
        assert nn.RNN(4, 4)(x)[0].dtype == dtype
        try:
            assert nn.LSTM(4, 4)(x)[0].dtype == dtype
        except RuntimeError as error:
            assert "could not create a primitive descriptor" in str(error)


@pytest.mark.parametrize("size", [3, 16])
def test_the_products_of_a_gru_on_a_cpu_run_in_16_bits(size):
    products = []

    class Products(TorchDispatchMode):
        def __torch_dispatch__(self, op, types, args=(), kwargs=None):
            result = op(*args, **(kwargs or {}))
            if op is torch.ops.aten.addmm.default:
                products.append(result.dtype)
            return result

    gru = nn.GRU(size, 2)
    with autocast(), Products():
        gru(torch.rand(4, 1, size))
    assert set(products) == {BF16}


def test_cuda_runs_exp_softmax_and_layer_norm_in_float32():
    header = Path(torch.__path__[0], "include/ATen/autocast_mode.h")
    text = header.read_text(encoding="utf-8")
    float32 = text.partition("#define AT_FORALL_FP32(_)")[2]
    plain, _, kept = float32.partition("#define AT_FORALL_FP32_SET_OPT_DTYPE(_)")
    assert "_(exp)" in plain and "_(layer_norm)" in plain
    assert "_(softmax, int)" in kept.partition("#define")[0]


def test_on_cuda_bceloss_is_refused():
    """The words are in the library that holds the rules of autocast for CUDA."""
    library = Path(torch.__path__[0], "lib/libtorch_cpu.so")
    if not library.exists():
        pytest.skip("another system: the library has another name")
    words = b"and torch.nn.BCELoss are unsafe to autocast."
    with library.open("rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            assert content.find(words) > 0


@pytest.mark.parametrize("module", ["select_algorithm", "codecache"])
def test_torch_compile_asks_for_the_precision_by_its_old_name(module):
    found = Path(torch.__path__[0], "_inductor", f"{module}.py")
    assert "torch.get_float32_matmul_precision()" in found.read_text(encoding="utf-8")


def test_old_names_alone_do_not_raise():
    asked = "torch.set_float32_matmul_precision('high')\n"
    asked += "print(torch.get_float32_matmul_precision(),"
    asked += "torch.backends.cuda.matmul.allow_tf32)"
    assert in_fresh_python(asked) == ["high", "True"]


@pytest.mark.parametrize("size", [0.5, 8.0])
def test_clipped_after_unscaling_a_step_has_the_length_that_was_asked_for(size):
    w = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**8)
    scaler.scale(w.half().float() * size).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_([w], 1.0)
    scaler.step(optimizer)
    assert w.item() == pytest.approx(-min(size, 1.0), rel=1e-5)


def test_the_loop_in_float16_learned():
    assert printed("gpu/train_in_float16") == "above 95 %: True\n"


@pytest.mark.parametrize("name", ["l1", "huber", "kl_div", "soft_margin", "smooth_l1"])
def test_most_losses_are_float32_and_the_gaussian_one_follows_its_inputs(name):
    y = torch.rand(4, 4).bfloat16()
    loss = getattr(F, name if name == "kl_div" else f"{name}_loss")
    options = {"reduction": "batchmean"} if name == "kl_div" else {}
    with autocast():
        assert loss(y, y, **options).dtype == torch.float32
        assert F.gaussian_nll_loss(y, y, y).dtype == BF16


@pytest.mark.parametrize(("size", "batch"), [(64, 4), (8, 1), (256, 64)])
def test_autocast_adds_casts_and_no_other_operations(size, batch):
    sizes = {"64), nn.ReLU(), nn.Linear(64": f"{size}), nn.ReLU(), nn.Linear({size}"}
    shown = output("gpu/casts_of_autocast", sizes | {"ones(4": f"ones({batch}"})
    found = [map(int, re.findall(r"\d+", line)) for line in shown.splitlines()]
    (plain, none), (mixed, casts) = found
    assert none == 0 < casts and mixed - casts == plain


@pytest.mark.parametrize("name", ["index_add", "scatter"])
def test_a_few_operations_take_no_two_dtypes_in_autocast_either(name):
    index = torch.zeros(2, dtype=torch.int64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
        with pytest.raises(RuntimeError, match="dtype|same scalar type"):
            place = index if name == "index_add" else index[None]
            getattr(torch.zeros(2, 2), name)(0, place, product)


def test_a_change_in_place_keeps_the_dtype_of_what_is_changed():
    x = torch.ones(2, 3)
    with autocast():
        y = nn.Linear(3, 3)(x)
        assert (y + x).dtype == torch.float32
        y += x
    assert y.dtype == BF16

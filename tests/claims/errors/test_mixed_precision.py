"""What the page of errors of mixed precision claims beyond its programs."""

import copy

import pytest
import torch
from torch import nn


def test_a_product_in_autocast_has_16_bits_and_a_sum_of_float32_has_not():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        product, total = torch.ones(2, 2) @ torch.ones(2, 2), torch.ones(2) + 1
    assert product.dtype is torch.bfloat16 and total.dtype is torch.float32


def test_a_scaler_for_float16_on_a_cpu_is_on():
    assert torch.amp.GradScaler("cpu").is_enabled()


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU would scale")
@pytest.mark.filterwarnings("ignore:torch.cuda.amp.GradScaler is enabled")
def test_a_scaler_without_a_gpu_changes_nothing():
    scaler = torch.amp.GradScaler("cuda")
    assert scaler.scale(torch.tensor(3.0)).item() == 3


def test_a_product_in_autocast_has_16_bits_after_the_block():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert torch.finfo(product.dtype).bits == 16


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_only_float16_weights_stop_the_scaler(dtype):
    model = nn.Linear(2, 1).to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    scaler.scale(model(torch.ones(1, 2, dtype=dtype)).sum()).backward()
    if dtype is torch.float16:
        with pytest.raises(ValueError, match="Attempting to unscale FP16 gradients"):
            scaler.unscale_(optimizer)
    else:
        scaler.unscale_(optimizer)


def test_a_model_loaded_in_half_trains_after_float():
    model = nn.Linear(2, 1).half().float()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    with torch.autocast("cpu", dtype=torch.float16):
        loss = model(torch.ones(4, 2)).sum()
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    assert model.weight.grad.tolist() == [[4, 4]]


@pytest.mark.parametrize("factor", [2.0, 1024.0])
def test_to_unscale_is_to_divide_by_the_factor_of_the_scaler(factor):
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=factor)
    scaler.scale(model(torch.ones(3, 2)).sum()).backward()
    assert model.weight.grad.tolist() == [[3 * factor] * 2]
    scaler.unscale_(optimizer)
    assert model.weight.grad.tolist() == [[3, 3]] and scaler.get_scale() == factor


@pytest.mark.parametrize("how", ["no backward", "cleared", "frozen"])
def test_without_a_gradient_there_is_nothing_to_check(how):
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu")
    if how == "frozen":
        scaler.scale(model(torch.ones(1, 2)).detach().sum())
    else:
        loss = scaler.scale(model(torch.ones(1, 2)).sum())
    if how == "cleared":
        loss.backward()
        optimizer.zero_grad()
    assert model.weight.grad is None
    with pytest.raises(AssertionError, match="No inf checks were recorded"):
        scaler.step(optimizer)


def test_a_gradient_of_the_model_tells_that_the_optimizer_has_another_one():
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(copy.deepcopy(model).parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu")
    scaler.scale(model(torch.ones(1, 2)).sum()).backward()
    assert model.weight.grad is not None
    with pytest.raises(AssertionError, match="No inf checks were recorded"):
        scaler.step(optimizer)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU would not warn")
@pytest.mark.filterwarnings("ignore:CUDA is not available")
def test_without_a_gpu_each_operation_keeps_its_dtype(dtype):
    x = torch.ones(2, 2, dtype=dtype)
    with torch.autocast("cuda"):
        assert (x @ x).dtype is dtype


def test_a_product_of_float64_in_autocast_stays_float64():
    x = torch.ones(2, 2, dtype=torch.float64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert (x @ x).dtype is torch.float64


def test_both_new_names_of_autocast_are_one():
    assert torch.autocast is torch.amp.autocast


def test_one_gradient_is_enough_for_the_scaler():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    scaler.scale(model[1](torch.ones(1, 2)).sum()).backward()
    scaler.step(optimizer)
    assert model[0].weight.grad is None and model[1].weight.grad is not None


@pytest.fixture
def tf32():
    matmul = torch.backends.cuda.matmul
    old = matmul.fp32_precision
    yield matmul
    torch.set_float32_matmul_precision("highest")
    matmul.fp32_precision = old


def test_the_new_name_of_tf32_can_be_read_after_the_old_one_was_set(tf32):
    torch.set_float32_matmul_precision("high")
    assert tf32.fp32_precision == "tf32"


def test_reading_allow_tf32_after_the_new_name_is_a_similar_error(tf32):
    tf32.fp32_precision = "tf32"
    with pytest.raises(RuntimeError, match="mix of the legacy and new APIs"):
        _ = tf32.allow_tf32


def test_the_new_name_of_convolutions_leaves_the_old_one_readable(tf32):
    conv = torch.backends.cudnn.conv
    before, conv.fp32_precision = conv.fp32_precision, "tf32"
    try:
        assert torch.get_float32_matmul_precision() == "highest"
    finally:
        conv.fp32_precision = before


def test_the_scaler_skips_a_step_with_an_infinite_gradient():
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    scaler, before = torch.amp.GradScaler("cpu"), model.weight.clone()
    scaler.scale(model(torch.full((1, 2), torch.inf)).sum()).backward()
    scaler.step(optimizer)
    assert model.weight.equal(before)


@pytest.mark.filterwarnings("ignore:.*CUDA is not available:UserWarning")
def test_the_scaler_of_torch_cuda_amp_warns_of_its_name_too():
    with pytest.warns(FutureWarning, match="GradScaler.* is deprecated"):
        torch.cuda.amp.GradScaler()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_runs_on_the_cpu_today(dtype):
    layers = nn.Conv2d(1, 2, 1), nn.Flatten(), nn.LayerNorm(8), nn.Linear(8, 1)
    y = nn.Sequential(*layers).to(dtype)(torch.ones(3, 1, 2, 2, dtype=dtype))
    assert y.dtype == dtype and y.shape == (3, 1)


@pytest.mark.filterwarnings("ignore:In CPU autocast")
def test_enabled_of_the_old_autocast_is_no_second_argument_of_the_new_one():
    wrong = torch.autocast("cpu", True)
    with pytest.raises(TypeError, match="argument 'dtype'"):
        wrong.__enter__()
    with torch.autocast("cpu", enabled=False):
        assert not torch.is_autocast_enabled("cpu")


def test_a_model_of_bfloat16_prints_it_without_autocast():
    body, head = nn.Linear(2, 2).bfloat16(), nn.Linear(2, 1, bias=False)
    y = body(torch.ones(3, 2, dtype=torch.bfloat16))
    with pytest.raises(RuntimeError, match="but got: c10::BFloat16 != float"):
        head(y)
    assert head(y.float()).shape == (3, 1)


def test_what_torch_compile_tunes_reads_the_old_name(tf32):
    from torch._inductor.select_algorithm import create_precompile_key

    tf32.fp32_precision = "tf32"
    with pytest.raises(RuntimeError, match="checking the matmul precision without a"):
        create_precompile_key("mm", "sizes", [])
    tf32.fp32_precision = "none"
    torch.set_float32_matmul_precision("high")
    assert create_precompile_key("mm", "sizes", []) == "mm:sizes:high"


def test_frozen_weights_may_stay_in_float16():
    frozen, trains = nn.Linear(2, 2).half().requires_grad_(False), nn.Linear(2, 1)
    model = nn.Sequential(frozen, trains.half())
    optimizer = torch.optim.SGD(trains.parameters(), lr=0.1)
    for fits in (False, True):
        scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
        if fits:
            optimizer.zero_grad()
            for p in model.parameters():
                if p.requires_grad:
                    p.data = p.data.float()
        with torch.autocast("cpu", dtype=torch.float16):
            loss = model(torch.ones(4, 2)).sum()
        scaler.scale(loss).backward()
        if fits:
            scaler.step(optimizer)
            continue
        with pytest.raises(ValueError, match="Attempting to unscale FP16 gradients"):
            scaler.step(optimizer)
    assert frozen.weight.dtype == torch.float16
    assert trains.weight.dtype == trains.weight.grad.dtype == torch.float32


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("cause", [1, 2, 3])
def test_the_optimizers_own_parameters_tell_why_none_has_a_gradient(cause, frozen):
    body = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    head = nn.Linear(2, 1)
    body[0].requires_grad_(not frozen)  # so the first weight would not tell
    model = nn.Sequential(body, head)
    of = copy.deepcopy(model) if cause == 1 else body
    optimizer = torch.optim.SGD(of.parameters(), lr=0.1)
    scaler, x = torch.amp.GradScaler("cpu"), torch.ones(4, 2)
    y = head(body(x).detach()) if cause == 3 else model(x)
    scaler.scale(y.sum()).backward()
    p = optimizer.param_groups[0]["params"][-1]
    assert any(p is q for q in model.parameters()) is (cause != 1)
    assert (p.grad is None) is (cause != 2)
    assert head.weight.grad is not None  # so another weight does not tell
    if cause == 2:
        optimizer.zero_grad()
    with pytest.raises(AssertionError, match="No inf checks were recorded"):
        scaler.step(optimizer)

"""What the page of errors of mixed precision claims beyond its programs."""

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

"""What the page of errors of GPU memory and precision claims beyond its programs."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from harness.core import snippet
from harness.core.tree import HERE

SNIPPETS = {one.name: one for one in snippet.find(HERE)}


def test_a_loader_with_pinned_memory_works_without_a_gpu():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batches = list(DataLoader(torch.ones(4, 3), batch_size=2, pin_memory=True))
    if not torch.accelerator.is_available():
        assert not batches[0].is_pinned()
    assert [tuple(b.shape) for b in batches] == [(2, 3), (2, 3)]


def test_a_loader_for_an_apple_gpu_warns_unless_it_is_left_out(monkeypatch, capsys):
    mps = torch.device("mps")
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(
        torch.accelerator, "current_accelerator", lambda check_available=False: mps
    )
    with pytest.warns(UserWarning, match="not supported on MPS"):
        list(DataLoader(torch.ones(4, 3), batch_size=2, pin_memory=True))
    for name in ("loader_pins_with_a_gpu", "pinned_where_it_helps"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(SNIPPETS[f"errors/devices/{name}"].source, {})
    assert capsys.readouterr().out.count("True") == 3


def test_what_a_gpu_says_of_a_bad_index_is_an_accelerator_error():
    one = SNIPPETS["errors/devices/assert_on_the_gpu"]
    assert one.directives.raises == "torch.AcceleratorError"
    assert issubclass(torch.AcceleratorError, RuntimeError)
    assert "AcceleratorError when" in Path(
        torch.__path__[0], "include/c10/util/Exception.h"
    ).read_text(encoding="utf-8")


def test_a_column_minus_a_row_is_all_pairs():
    prediction, y = torch.ones(2, 1), torch.ones(2)
    assert (prediction - y).shape == (2, 2)
    assert 2_000_000**2 * y.element_size() == 16000000000000


def test_equal_scores_for_three_classes_cost_the_logarithm_of_three():
    loss = F.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 2]))
    assert loss.item() == pytest.approx(np.log(3))


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU would scale")
@pytest.mark.filterwarnings("ignore:torch.cuda.amp.GradScaler is enabled")
def test_a_scaler_without_a_gpu_changes_nothing():
    scaler = torch.amp.GradScaler("cuda")
    assert scaler.scale(torch.tensor(3.0)).item() == 3


def test_adding_a_meta_tensor_in_place_still_changes_nothing():
    x = torch.ones(2)
    x += torch.ones(2, device="meta")
    assert x.tolist() == [1, 1]  # stays wrong
    with pytest.raises(RuntimeError, match="is not on the expected device cpu"):
        x + torch.ones(2, device="meta")

"""The claims of docs/training/save-and-load.md, bit for bit."""

import collections
import copy
import datetime
import io
import json
import os
import pickle
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.modules.utils import consume_prefix_in_state_dict_if_present
from torch.utils.data import DataLoader

from tests.claims_support import names_of, printed

ROOT = Path(__file__).parents[3]


def saved_and_loaded(thing, **options):
    file = io.BytesIO()
    torch.save(thing, file)
    file.seek(0)
    return torch.load(file, **options)


def same(a, b):
    a, b = a.state_dict(), b.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


# Round trip


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_a_state_dict_comes_back_bit_for_bit(dtype):
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)).to(dtype)
    again = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)).to(dtype)
    assert not same(model, again)
    again.load_state_dict(saved_and_loaded(model.state_dict()))
    assert same(model, again)


def test_a_file_on_disk_works_like_one_in_memory(tmp_path):
    model, again = nn.Linear(2, 1), nn.Linear(2, 1)
    torch.save(model.state_dict(), tmp_path / "model.pt")
    again.load_state_dict(torch.load(tmp_path / "model.pt"))
    assert same(model, again)


def test_a_loaded_model_is_in_training_mode_until_eval():
    model = nn.Sequential(nn.Linear(2, 1), nn.Dropout()).eval()
    again = nn.Sequential(nn.Linear(2, 1), nn.Dropout())
    again.load_state_dict(saved_and_loaded(model.state_dict()))
    assert again.training and not model.training


def test_state_dict_names_the_tensors_of_the_model_itself():
    model = nn.Linear(2, 1)
    state = model.state_dict()
    assert list(state) == ["weight", "bias"]
    assert state["weight"].data_ptr() == model.weight.data_ptr()


def test_state_dict_leaves_out_a_buffer_that_is_not_persistent():
    model = nn.BatchNorm1d(2)
    model.register_buffer("scratch", torch.ones(2), persistent=False)
    model.plain = torch.ones(2)
    assert set(model.state_dict()) == {
        *("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    }


def test_a_copy_keeps_the_best_weights_and_an_alias_still_does_not():
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    alias, best = model.state_dict(), copy.deepcopy(model.state_dict())
    model(torch.ones(1, 1)).sum().backward()
    torch.optim.SGD(model.parameters(), lr=1.0).step()
    assert alias["weight"].item() == -1 and best["weight"].item() == 0
    assert printed("training/best_weights_overwritten") == "alias: 1.0\ncopy:  0.0\n"


# Resume


def make(optimizer=torch.optim.Adam):
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    chosen = optimizer(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(chosen, 2)
    return {"model": model, "optimizer": chosen, "scheduler": scheduler}


def train(parts, rounds=3):
    for _ in range(rounds):
        parts["model"](torch.rand(6, 4)).square().mean().backward()
        parts["optimizer"].step()
        parts["scheduler"].step()
        parts["optimizer"].zero_grad()


def resume(left_out, optimizer=torch.optim.Adam):
    """Whether a run goes on as if uninterrupted when one part is left out."""
    parts = make(optimizer)
    train(parts)
    state = {name: part.state_dict() for name, part in parts.items()}
    saved = saved_and_loaded(state | {"rng": torch.get_rng_state()})
    train(parts)
    resumed = make(optimizer)
    for name in resumed.keys() - {left_out}:
        resumed[name].load_state_dict(saved[name])
    if left_out != "rng":
        torch.set_rng_state(saved["rng"])
    train(resumed)
    return same(parts["model"], resumed["model"])


@pytest.mark.parametrize(
    "left_out", ["nothing", "rng", "scheduler", "optimizer", "model"]
)
def test_only_with_all_four_parts_a_resumed_run_equals_the_uninterrupted_one(left_out):
    equal = resume(left_out)
    assert equal is (left_out == "nothing")
    assert f"without {left_out:9} {equal}\n" in printed(
        "training/resume_equals_uninterrupted"
    )


def test_with_sgd_the_optimizer_is_needed_too_for_it_holds_the_lowered_rate():
    assert resume("nothing", torch.optim.SGD)
    assert not resume("optimizer", torch.optim.SGD)
    parts = make(torch.optim.SGD)
    train(parts)
    state = parts["optimizer"].state_dict()
    assert state["param_groups"][0]["lr"] == pytest.approx(0.01)
    assert not any(v for s in state["state"].values() for v in s.values())


def test_adam_saves_its_averages():
    parts = make()
    train(parts)
    (first, *_) = parts["optimizer"].state_dict()["state"].values()
    assert set(first) == {"step", "exp_avg", "exp_avg_sq"}


def test_the_scale_of_a_grad_scaler_is_saved_with_its_state():
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    again = torch.amp.GradScaler("cpu")
    again.load_state_dict(saved_and_loaded(scaler.state_dict()))
    assert again.get_scale() == 8 == scaler.get_scale()


def test_the_random_state_decides_what_dropout_drops():
    state, x = torch.get_rng_state(), torch.ones(100)
    one, other = nn.functional.dropout(x), nn.functional.dropout(x)
    torch.set_rng_state(state)
    assert torch.equal(nn.functional.dropout(x), one) and not torch.equal(one, other)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs the state of a GPU")
def test_a_gpu_has_a_random_state_of_its_own():
    state = torch.cuda.get_rng_state()
    torch.rand(1)
    assert torch.equal(state, torch.cuda.get_rng_state())
    torch.rand(1, device="cuda")
    assert not torch.equal(state, torch.cuda.get_rng_state())


def test_the_state_of_a_generator_brings_back_the_next_order():
    def order(loader):
        return [batch.item() for batch in loader]

    g = torch.Generator().manual_seed(0)
    loader = DataLoader(range(50), shuffle=True, generator=g)
    order(loader)
    state = g.get_state()
    following = order(loader)
    g.set_state(state)
    assert order(loader) == following


@pytest.mark.parametrize("persistent", [False, True])
def test_with_persistent_workers_the_same_state_gives_another_order(persistent):
    def loader():
        g = torch.Generator().manual_seed(0)
        options = {"num_workers": 1, "persistent_workers": persistent}
        return g, DataLoader(range(50), 50, shuffle=True, generator=g, **options)

    def order(batches):
        return [batch.tolist() for batch in batches]

    g, batches = loader()
    order(batches), order(batches)
    state = g.get_state()
    following = order(batches)
    g, batches = loader()
    g.set_state(state)
    assert (order(batches) == following) is not persistent


@pytest.mark.parametrize(("finished", "agrees"), [(1, True), (0, False)])
@pytest.mark.parametrize("killed", [1, 3])
def test_your_own_loop_resumes_with_the_number_of_finished_epochs(
    tmp_path, monkeypatch, finished, agrees, killed
):
    """Killed in an epoch, and while it saves; `epoch` alone trains one epoch twice."""
    monkeypatch.chdir(tmp_path)

    def run(until):
        torch.manual_seed(0)
        model, start = nn.Linear(3, 1), 0
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        parts = {"model": model, "optimizer": optimizer}
        if Path("run.pt").exists():
            saved = torch.load("run.pt")
            for name, part in parts.items():
                part.load_state_dict(saved[name])
            torch.set_rng_state(saved["rng"])
            start = saved["epoch"]
        for epoch in range(start, 5):
            optimizer.zero_grad()
            model(torch.rand(4, 3)).square().mean().backward()
            optimizer.step()
            if epoch == until:
                return Path("new.pt").write_bytes(b"PK half a file")
            saved = {name: part.state_dict() for name, part in parts.items()}
            saved |= {"rng": torch.get_rng_state(), "epoch": epoch + finished}
            torch.save(saved, "new.pt")
            os.replace("new.pt", "run.pt")
        return model

    unbroken = run(None)
    Path("run.pt").unlink()
    run(killed)
    assert same(run(None), unbroken) is agrees


def test_a_loader_does_not_remember_a_half_read_epoch():
    loader = DataLoader(range(4))
    assert not hasattr(loader, "state_dict")
    for _ in range(2):
        batches = iter(loader)
        assert next(batches).item() == 0


def test_the_picture_shows_the_resumed_run_on_the_line_and_the_other_above_it():
    file = ROOT / "recorded/figures/training/resume_without_the_optimizer.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    lines = [np.reshape(line, (-1, 2)) for line in axes["lines"]]
    through, both, alone = lines[:3]
    np.testing.assert_array_equal(both, through[50:])
    assert alone[0, 0] == 50 and alone[0, 1] == through[50, 1]
    assert alone[1, 1] > 2 * through[51, 1]  # it jumps
    assert (alone[2:, 1] > through[52:, 1]).mean() > 0.8


def test_the_first_steps_of_adam_are_as_large_as_its_rate_however_small_the_slope():
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.02)
    (w * 1e-4).sum().backward()
    optimizer.step()
    assert w.item() == pytest.approx(-0.02, rel=1e-3)


# Another device


def test_a_file_from_a_missing_device_needs_map_location(monkeypatch):
    if torch.cuda.is_available():
        pytest.skip("a GPU is there, so nothing is missing")
    monkeypatch.setattr(torch.serialization, "location_tag", lambda _: "cuda:0")
    file = io.BytesIO()
    torch.save(torch.ones(2), file)  # as if on a GPU
    file.seek(0)
    with pytest.raises(
        RuntimeError, match="Attempting to deserialize object on a CUDA"
    ):
        torch.load(file)
    file.seek(0)
    assert torch.load(file, map_location="cpu").tolist() == [1, 1]


def test_map_location_moves_every_tensor():
    state = saved_and_loaded(nn.Linear(2, 1).state_dict(), map_location="meta")
    assert {value.device.type for value in state.values()} == {"meta"}


# Safe loading


class Runs:
    def __reduce__(self):
        return (print, ("a program ran",))


@pytest.mark.parametrize(
    "thing",
    [
        {"step": 3, "lr": 0.1, "name": "a", "tags": ["b", None, True]},
        (torch.Size([2]), torch.float16, {1, 2}),
        (b"a", 1j, torch.device("cpu"), collections.Counter("a")),
        float(np.float64(0.5)),
        str(datetime.date(2026, 1, 1)),
    ],
)
def test_some_types_of_python_and_pytorch_load(thing):
    assert saved_and_loaded(thing) == thing


@pytest.mark.parametrize(
    "thing",
    [
        *(np.float64(0.5), np.ones(2), datetime.date(2026, 1, 1), Path("a")),
        *(range(3), frozenset({1}), nn.Linear(2, 1), Runs()),
    ],
)
def test_everything_else_is_refused(thing):
    with pytest.raises(pickle.UnpicklingError, match="^Weights only load failed"):
        saved_and_loaded(thing)


def test_item_keeps_the_kind_of_a_numpy_number():
    for number in (np.int64(2**53 + 1), np.float32(0.5), np.bool_(True)):
        again = saved_and_loaded(number.item())
        assert again == number and type(again) is type(number.item())
    assert float(np.int64(2**53 + 1)) != 2**53 + 1


def test_a_pickle_can_run_a_program_while_it_is_read(capsys):
    with pytest.raises(pickle.UnpicklingError):
        saved_and_loaded(Runs())
    assert capsys.readouterr().out == ""
    saved_and_loaded(Runs(), weights_only=False)
    assert capsys.readouterr().out == "a program ran\n"


def test_an_old_file_that_is_trusted_loads_whole():
    model = nn.Linear(2, 1)
    assert same(saved_and_loaded(model, weights_only=False), model)


def test_a_library_that_loads_can_be_allowed_by_a_variable(monkeypatch):
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        saved_and_loaded(nn.Linear(2, 1))
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    with pytest.warns(UserWarning, match="TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD detected"):
        assert isinstance(saved_and_loaded(nn.Linear(2, 1)), nn.Linear)


def test_the_error_itself_says_that_2_6_changed_the_default():
    assert "In PyTorch 2.6, we changed the default" in printed(
        "training/whole_model_refused"
    )


# Keys


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method`:DeprecationWarning")
@pytest.mark.parametrize(
    "wrap, prefix", [(nn.DataParallel, "module."), (torch.compile, "_orig_mod.")]
)
def test_a_wrapper_puts_its_name_before_each_key_and_it_can_be_stripped(wrap, prefix):
    model = nn.Sequential(nn.Linear(2, 1))
    saved = wrap(model).state_dict()
    assert list(saved) == [prefix + key for key in model.state_dict()]
    target = nn.Sequential(nn.Linear(2, 1))
    with pytest.raises(RuntimeError, match="Missing key.*\n.*Unexpected key") as error:
        target.load_state_dict(saved)
    assert f'"{prefix}0.weight"' in str(error.value)
    consume_prefix_in_state_dict_if_present(saved, prefix)
    target.load_state_dict(saved)
    assert same(target, model)


def test_strict_false_still_loads_nothing_where_every_key_has_a_prefix():
    model = nn.Sequential(nn.Linear(2, 1))
    before = copy.deepcopy(model)
    saved = nn.DataParallel(nn.Sequential(nn.Linear(2, 1))).state_dict()
    report = model.load_state_dict(saved, strict=False)
    assert report.missing_keys == ["0.weight", "0.bias"]
    assert report.unexpected_keys == ["module.0.weight", "module.0.bias"]
    assert same(model, before)


def test_the_model_inside_the_wrapper_has_no_prefix():
    model = nn.Sequential(nn.Linear(2, 1))
    assert list(nn.DataParallel(model).module.state_dict()) == list(model.state_dict())


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method`:DeprecationWarning")
def test_a_compiled_model_has_no_module_but_the_original_has_its_weights():
    model = nn.Sequential(nn.Linear(2, 1))
    wrapped = torch.compile(model)
    with pytest.raises(AttributeError, match="no attribute 'module'"):
        wrapped.module  # noqa: B018
    assert list(model.state_dict()) == ["0.weight", "0.bias"]
    pointers = [p.data_ptr() for p in wrapped.parameters()]
    assert pointers == [p.data_ptr() for p in model.parameters()]


# Sizes


@pytest.mark.parametrize("strict", [True, False])
def test_other_sizes_are_refused_even_without_strict(strict):
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        nn.Linear(4, 3).load_state_dict(nn.Linear(4, 10).state_dict(), strict=strict)


def test_what_fits_is_loaded_and_the_new_layer_keeps_its_weights():
    def network(classes):
        return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, classes))

    old, model = network(10), network(3)
    head = copy.deepcopy(model[2])
    saved, sizes = old.state_dict(), model.state_dict()
    sizes = {k: v.shape for k, v in sizes.items()}
    fits = {k: v for k, v in saved.items() if v.shape == sizes.get(k)}
    report = model.load_state_dict(fits, strict=False)
    assert report.missing_keys == ["2.weight", "2.bias"]
    assert report.unexpected_keys == []
    assert same(model[0], old[0]) and same(model[2], head)


def test_a_layer_that_the_new_model_lacks_is_left_out():
    deeper = {"nn.Linear(8, 10))": "nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 10))"}
    found = names_of("training/new_head", deeper)
    assert {"4.weight", "4.bias"} <= found["saved"].keys() - found["sizes"].keys()
    assert list(found["fits"]) == ["0.weight", "0.bias"]
    assert found["report"].unexpected_keys == []


def test_other_random_numbers_go_on_from_a_loaded_state():
    drawn = np.random.default_rng(3)
    drawn.random(), random.random(), random.gauss(0, 1)
    file = io.BytesIO()
    states = {"python": random.getstate(), "numpy": drawn.bit_generator.state}
    torch.save(states | {"rng": torch.get_rng_state()}, file)
    right = random.random(), random.gauss(0, 1), drawn.random(3).tolist()
    file.seek(0)
    loaded, other = torch.load(file), np.random.default_rng()
    assert torch.equal(loaded["rng"], torch.get_rng_state())  # another state
    random.setstate(loaded["python"])
    other.bit_generator.state = loaded["numpy"]
    assert (random.random(), random.gauss(0, 1), other.random(3).tolist()) == right
    file = io.BytesIO()
    torch.save(np.random.MT19937(3).state, file)  # another kind has arrays
    file.seek(0)
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        torch.load(file)


def test_a_file_from_a_missing_apple_gpu_fails_with_other_words(monkeypatch):
    if torch.backends.mps.is_available():
        pytest.skip("this computer has an Apple GPU")
    file = io.BytesIO()
    monkeypatch.setattr(torch.serialization, "location_tag", lambda storage: "mps")
    torch.save(torch.ones(2), file)
    file.seek(0)
    with pytest.raises(RuntimeError) as caught:
        torch.load(file)
    assert "mps" in str(caught.value)
    assert "Attempting to deserialize object on a CUDA" not in str(caught.value)
    file.seek(0)
    assert torch.load(file, map_location="cpu").device.type == "cpu"


def test_an_optimizer_is_loaded_to_the_weights_and_stays_where_they_were():
    def trained(model):
        model(torch.ones(1, 2, dtype=model.weight.dtype)).sum().backward()
        return model

    model = trained(nn.Linear(2, 1))
    optimizer = torch.optim.Adam(model.parameters())
    optimizer.step()
    saved = optimizer.state_dict()

    there = nn.Linear(2, 1, device="meta")
    optimizer = torch.optim.Adam(there.parameters())
    optimizer.load_state_dict(saved)
    assert optimizer.state[there.weight]["exp_avg"].device.type == "meta"

    # A dtype stands in for a second device: what is moved after the load.
    late = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(late.parameters())
    optimizer.load_state_dict(saved)
    trained(late.double())
    assert optimizer.state[late.weight]["exp_avg"].dtype == torch.float32
    with pytest.raises(RuntimeError):
        optimizer.step()


def test_the_state_of_np_random_loads_only_without_its_array():
    name, keys, *rest = np.random.get_state()
    for state, loads in [((name, keys, *rest), 0), ((name, keys.tolist(), *rest), 1)]:
        file = io.BytesIO()
        torch.save(state, file)
        file.seek(0)
        if not loads:
            with pytest.raises(pickle.UnpicklingError):
                torch.load(file)
            continue
        first = np.random.rand()
        np.random.set_state(torch.load(file))
        assert np.random.rand() == first

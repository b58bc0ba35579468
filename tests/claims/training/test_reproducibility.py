"""The claims of the page on reproducibility, against exact sums and new processes."""

import hashlib
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from tests import forked
from tests.claims_support import Later, drawn, names_of, program

utils = Later("sklearn.utils")


def fingerprint(model):
    weights = [p.detach().numpy().tobytes() for p in model.parameters()]
    return hashlib.sha256(b"".join(weights)).hexdigest()


PROGRAM = "training/same_seed_same_weights"
SEEDED = "    torch.manual_seed(seed)\n"


@pytest.fixture(scope="module")
def trained():
    """The page's function: the fingerprint of the weights after a training."""
    return names_of(PROGRAM)["trained"]


@pytest.fixture(scope="module")
def trained_after_a_draw():
    return names_of(PROGRAM, {SEEDED: SEEDED + "    torch.rand(1)\n"})["trained"]


def test_equal_seeds_give_equal_weights_and_other_seeds_do_not(trained):
    assert trained(0) == trained(0) != trained(1)


def in_a_new_process(program, **env):
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_a_new_process_repeats_the_run_to_the_last_bit(trained):
    ended = forked.run(program(PROGRAM) + "print(trained(0))\n")
    assert ended.stdout.splitlines()[-1] == trained(0), ended.stderr


def test_an_extra_draw_shifts_both_runs_alike(trained, trained_after_a_draw):
    assert trained_after_a_draw(0) == trained_after_a_draw(0) != trained(0)
    assert trained_after_a_draw(0) != trained_after_a_draw(1)


def test_one_changed_bit_changes_the_fingerprint():
    model = nn.Linear(2, 1)
    before = fingerprint(model)
    with torch.no_grad():
        model.weight[0, 0] = torch.nextafter(model.weight[0, 0], torch.tensor(9.0))
    assert fingerprint(model) != before


def test_weights_data_and_dropout_are_drawn_from_torchs_random_numbers():
    draws = {
        "weights": lambda: nn.Linear(4, 4).weight.tolist(),
        "data": lambda: torch.randn(4).tolist(),
        "dropout": lambda: nn.Dropout()(torch.ones(64)).tolist(),
        "shuffle": lambda: next(iter(DataLoader(range(64), 64, shuffle=True))).tolist(),
    }
    for draw in draws.values():
        torch.manual_seed(0)
        first = draw()
        assert draw() != first
        torch.manual_seed(0)
        assert draw() == first


CPU = Path("/proc/cpuinfo")


@pytest.mark.skipif(
    not CPU.exists() or "GenuineIntel" in CPU.read_text(),
    reason="on an Intel processor, Intel's own library draws for dropout",
)
@pytest.mark.parametrize("seed", [0, 123])
def test_dropout_draws_as_rand_does_on_processors_that_are_not_intels(seed):
    torch.manual_seed(seed)
    kept = nn.functional.dropout(torch.ones(6, 6), 0.5) != 0
    torch.manual_seed(seed)
    assert torch.equal(kept, torch.rand(6, 6, dtype=torch.float64) < 0.5)


def test_torchs_seed_does_not_reach_python_or_numpy():
    for draw in (random.random, np.random.rand):
        torch.manual_seed(0)
        first = draw()
        torch.manual_seed(0)
        assert draw() != first
    for seed, draw in ((random.seed, random.random), (np.random.seed, np.random.rand)):
        seed(0)
        first = draw()
        seed(0)
        assert draw() == first


def test_a_library_that_shuffles_draws_from_np_random():
    found = []
    for seed in (0, 0, 1):
        np.random.seed(seed)
        found.append(utils.shuffle(list(range(50))))
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize("seed", [3, 2**32 - 1])
def test_seed_everything_reaches_all_but_a_new_generator(seed):
    found = names_of("training/three_sources")
    runs = []
    for _ in range(2):
        found["seed_everything"](seed)
        runs.append(found["draws"]())
    same = {name for name in runs[0] if runs[0][name] == runs[1][name]}
    assert same == {"random", "np.random", "torch"}
    one, other = (np.random.default_rng(seed).random() for _ in range(2))
    assert one == other


def test_a_set_of_strings_has_another_order_in_another_process():
    program = "print(list({'cat', 'dog', 'cow', 'pig', 'hen', 'fox', 'ant', 'bee'}))"
    orders = [in_a_new_process(program, PYTHONHASHSEED=n) for n in ("1", "2", "2")]
    assert orders[0] != orders[1] == orders[2]
    assert sorted(eval(orders[0])) == sorted(eval(orders[1]))


def orders(layers, generator=None):
    torch.manual_seed(0)
    for _ in range(layers):
        nn.Linear(2, 2)
    loader = DataLoader(range(8), 8, shuffle=True, generator=generator)
    return next(iter(loader)).tolist()


def test_one_more_layer_changes_the_order_of_the_data():
    assert orders(1) != orders(2)
    assert sorted(orders(1)) == list(range(8))


def test_a_generator_of_its_own_keeps_the_order():
    expected = orders(0, torch.Generator().manual_seed(0))
    for layers in (1, 2, 5):
        assert orders(layers, torch.Generator().manual_seed(0)) == expected


# Sums


def test_the_order_of_three_numbers_decides_between_zero_and_one():
    a, b, c = torch.tensor([1e8, 1.0, -1e8])
    assert ((a + b) + c).item() == 0
    assert ((a + c) + b).item() == 1 == math.fsum([1e8, 1.0, -1e8])


def test_around_a_hundred_million_float32_has_steps_of_eight():
    assert np.spacing(np.float32(1e8)) == 8


@pytest.fixture(scope="module")
def sums():
    rng = np.random.default_rng(0)
    numbers = rng.random(1000, dtype=np.float32)
    sums = [float(np.add.accumulate(rng.permutation(numbers))[-1]) for _ in range(500)]
    return sums, math.fsum(numbers.tolist())


def test_many_orders_give_many_sums_and_most_of_them_are_too_large(sums):
    values, exact = sums
    assert 15 < len(set(values)) < 25
    assert exact not in values and min(values) < exact
    assert sum(v > exact for v in values) > 400
    assert max(abs(v - exact) for v in values) < 1e-3


def test_the_figure_adds_the_same_numbers_in_many_orders():
    found = names_of("training/sums_in_many_orders", upto="\nfig, ax")
    assert found["counts"].sum() == 500 and len(found["values"]) > 15


def test_another_number_of_threads_gives_another_sum():
    x = torch.zeros(2**17)
    x[0] = 2**24
    x[-4:] = 1
    before = torch.get_num_threads()
    try:
        seen = []
        for threads in (1, 2):
            torch.set_num_threads(threads)
            seen.append(x.sum().item() - 2**24)
    finally:
        torch.set_num_threads(before)
    assert seen == [0, 4]
    assert math.fsum(x.tolist()) - 2**24 == 4
    small = x[-(2**14) :].clone()  # too small to be divided
    small[0] = 2**24
    try:
        torch.set_num_threads(2)
        assert small.sum().item() == 2**24
    finally:
        torch.set_num_threads(before)
    assert np.float32(2**24) + np.float32(1) == 2**24


SOFTMAX = """
import torch
torch.set_num_threads(1)
x = torch.frac(torch.arange(1, 100001) * 0.6180339887)
print(torch.backends.cpu.get_cpu_capability(), x.softmax(0)[7].item())
"""


def test_softmax_ends_in_other_digits_with_avx512_than_without():
    if torch.backends.cpu.get_cpu_capability() != "AVX512":
        pytest.skip("this processor has no AVX-512")
    found = {}
    for capability in ("default", "avx512"):
        told = forked.run(SOFTMAX, ATEN_CPU_CAPABILITY=capability)
        name, value = told.stdout.split()
        found[name] = float(value)
    assert set(found) == {"DEFAULT", "AVX512"}
    assert found["DEFAULT"] != found["AVX512"]
    assert found["DEFAULT"] == pytest.approx(found["AVX512"], rel=1e-4)


# The flag


@pytest.fixture
def deterministic():
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


def put(accumulate):
    x = torch.zeros(4)
    values = torch.tensor([1.0, 2.0])
    return x.put_(torch.tensor([0, 0]), values, accumulate=accumulate).tolist()


def test_under_the_flag_put_is_refused_and_adding_is_allowed(deterministic):
    with pytest.raises(
        RuntimeError, match="put_ does not have a deterministic implementation"
    ):
        put(accumulate=False)
    assert put(accumulate=True) == [3, 0, 0, 0]


def test_on_a_gpu_the_flag_refuses_put_even_when_it_adds():
    doc = " ".join(torch.use_deterministic_algorithms.__doc__.split())
    forbidden = doc.split("operations will throw a")[1]
    assert "put_` when ``accumulate=True`` and called on a CUDA tensor" in forbidden


def test_without_the_flag_one_of_the_two_values_stays():
    assert put(accumulate=False)[0] in (1, 2)


def test_under_the_flag_empty_memory_holds_nan(deterministic):
    assert torch.isnan(torch.empty(8)).all()
    assert (torch.empty(8, dtype=torch.int16) == 2**15 - 1).all()


def test_warn_only_turns_the_error_into_a_warning():
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        with pytest.warns(UserWarning, match="does not have a deterministic"):
            put(accumulate=False)
    finally:
        torch.use_deterministic_algorithms(False)


def test_most_of_what_the_flag_changes_concerns_cuda():
    doc = torch.use_deterministic_algorithms.__doc__
    entries = [e for e in doc.split("\n        *")[1:]]
    assert sum("CUDA" in e for e in entries) > len(entries) / 2


def test_the_seed_is_for_all_devices_and_convolutions_are_not_timed_by_default():
    assert "on all devices" in torch.manual_seed.__doc__
    assert not torch.backends.cudnn.benchmark
    doc = torch.use_deterministic_algorithms.__doc__
    assert "Conv2d` when called on CUDA tensor" in doc
    assert "CUBLAS_WORKSPACE_CONFIG" not in doc  # older releases named it here


# Pitfall


def test_a_seed_after_the_model_does_not_reach_its_weights():
    def weight(late):
        if not late:
            torch.manual_seed(0)
        model = nn.Linear(2, 1)
        torch.manual_seed(0)
        torch.seed() if late else None
        return model.weight

    assert torch.equal(weight(late=False), weight(late=False))
    assert not torch.equal(weight(late=True), weight(late=True))


def test_the_picture_moves_a_row_by_one_extra_draw():
    texts = drawn("training/one_seed_one_sequence")
    rows = [[n for n, x, y in texts if y == row and x >= 0] for row in range(4)]
    assert all(len(row) == 7 for row in rows)
    assert rows[0] == rows[1] and rows[3][:-1] == rows[0][1:]
    assert not set(rows[0]) & set(rows[2])


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_an_extra_draw_moves_all_that_follow(seed):
    torch.manual_seed(seed)
    first = [torch.randint(1000, ()).item() for _ in range(8)]
    torch.manual_seed(seed)
    torch.rand(1)
    assert [torch.randint(1000, ()).item() for _ in range(7)] == first[1:]


def test_how_far_an_extra_draw_moves_the_rest_depends_on_its_dtype():
    torch.manual_seed(0)
    first = [torch.randint(1000, ()).item() for _ in range(8)]
    torch.manual_seed(0)
    torch.rand(1, dtype=torch.float64)
    assert [torch.randint(1000, ()).item() for _ in range(6)] == first[2:]


def test_other_calls_give_other_numbers_from_the_same_seed():
    def drawn_from_0(size, **options):
        return torch.randn(size, generator=torch.manual_seed(0), **options)

    assert torch.equal(drawn_from_0(15), drawn_from_0(15))
    assert not torch.equal(drawn_from_0(15), drawn_from_0(16)[:15])
    single = torch.rand(3, generator=torch.manual_seed(0)).double()
    double = torch.rand(3, generator=torch.manual_seed(0), dtype=torch.float64)
    assert not torch.allclose(single, double)


class Noisy(torch.utils.data.Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return index, torch.rand(())


def test_with_one_seed_the_samples_are_the_same_but_not_their_random_changes():
    runs = []
    for layers in (1, 2):
        torch.manual_seed(0)
        for _ in range(layers):
            nn.Linear(2, 2)
        generator = torch.Generator().manual_seed(0)
        runs.append(next(iter(DataLoader(Noisy(), 8, True, generator=generator))))
    assert runs[0][0].equal(runs[1][0])
    assert not runs[0][1].equal(runs[1][1])


def test_a_second_run_with_the_same_generator_has_another_order():
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(range(8), 8, shuffle=True, generator=generator)
    assert not next(iter(loader)).equal(next(iter(loader)))

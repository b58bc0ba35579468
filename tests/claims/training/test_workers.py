"""The claims of docs/training/workers.md; start methods run in test_start_methods.py.

On Linux, Python 3.13 forks by default and 3.14 does not.
"""

import inspect
import multiprocessing
import os
import pickle
import subprocess
import sys
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, dataloader
from torch.utils.data._utils import worker as workers_of_torch

from tests.claims_support import names_of, printed

NEW_PYTHON = sys.platform != "linux" or sys.version_info >= (3, 14)


class Sized(Dataset):
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return 4

    def __getitem__(self, index):
        self.size += 1
        return self.size


def done(workers, load=3, train=1, batches=4):
    """When all batches are trained, as the picture draws it."""
    free, end = [0] * max(workers, 1), 0
    for batch in range(batches):
        one = batch % len(free)
        free[one] = (free[one] if workers else end) + load
        end = max(free[one], end) + train
    return end


# How many


def test_three_workers_are_enough_for_the_picture():
    assert [done(n) for n in (0, 3, 4, 9)] == [16, 7, 7, 7] and done(2) > 7


@pytest.mark.parametrize("load, train", [(5, 1), (7, 2), (1, 3), (4, 4)])
def test_the_quotient_rounded_up_is_enough_and_one_less_is_not(load, train):
    enough = -(-load // train)
    assert done(enough, load, train, 60) == load + 60 * train
    if enough > 1:
        assert done(enough - 1, load, train, 60) > load + 60 * train


def test_each_worker_prepares_two_batches_by_default():
    assert DataLoader(range(4), num_workers=1).prefetch_factor == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts so")
def test_the_counted_cores_are_those_that_the_process_may_use():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert len(os.sched_getaffinity(0)) == 1 <= len(allowed)
    finally:
        os.sched_setaffinity(0, allowed)


# Start methods


def test_only_older_python_on_linux_forks():
    default, *_ = multiprocessing.get_all_start_methods()
    assert (default != "fork") is NEW_PYTHON


def test_a_mac_starts_workers_by_spawn():
    told = "import sys; sys.platform = 'darwin'; import multiprocessing as m"
    asked = [sys.executable, "-c", f"{told}; print(m.get_start_method())"]
    assert subprocess.check_output(asked, text=True).strip() == "spawn"


def test_the_recorded_workers_knew_the_setting_only_after_a_fork():
    lines = [
        line.split() for line in printed("training/setting_changed_in_main").split("\n")
    ]
    assert lines[:3] == [["fork", "64"], ["forkserver", "32"], ["spawn", "32"]]


TWO_WORKERS = """
import multiprocessing
import os

print("imported", flush=True)


def show(first):
    print("child of the program:", os.getppid() == first, flush=True)


if __name__ == "__main__":
    context = multiprocessing.get_context("{}")
    for _ in range(2):
        worker = context.Process(target=show, args=(os.getpid(),))
        worker.start()
        worker.join()
"""
# The server of forkserver imports the file first, and a worker is a copy of that.
IMPORTS_ONCE = (3, 13, 8) <= sys.version_info < (3, 14)
IMPORTS_ONCE |= sys.version_info >= (3, 14, 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has only spawn")
@pytest.mark.parametrize(
    "method, imports", [("spawn", 3), ("forkserver", 2 if IMPORTS_ONCE else 3)]
)
def test_a_new_python_imports_the_file_and_forkserver_copies_one(
    method, imports, tmp_path
):
    file = tmp_path / "program.py"
    file.write_text(TWO_WORKERS.format(method), encoding="utf-8")
    said = subprocess.check_output([sys.executable, file], text=True).splitlines()
    assert said.count("imported") == imports
    child = f"child of the program: {method == 'spawn'}"
    assert said.count(child) == 2 == len(said) - imports


@pytest.mark.parametrize("size", [1, 64])
def test_attributes_of_a_dataset_reach_a_new_worker(size):
    assert pickle.loads(ForkingPickler.dumps(Sized(size))).size == size


def test_a_class_from_a_cell_is_not_found():
    before, after = (
        printed("training/class_of_a_notebook", lane).strip().splitlines()[-1]
        for lane in ("cpu", "newest-python")
    )
    assert before == "AttributeError: Can't get attribute 'Numbers'"
    assert after == "AttributeError: module '__main__' has no attribute 'Numbers'"
    module = type(sys)("__main__")  # of a new Python: without the class
    with pytest.raises(AttributeError):
        module.Numbers  # noqa: B018


# Copies


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_arrays_are_sent_and_tensors_are_shared(dtype):
    array = np.zeros(50_000, dtype=dtype)
    tensor = torch.from_numpy(array.copy())
    assert len(ForkingPickler.dumps(array)) > array.nbytes
    sent = ForkingPickler.dumps(tensor)
    assert len(sent) < 1000
    pickle.loads(sent)[7] = 1
    assert tensor[7] == 1


def test_a_list_of_paths_is_small():
    text = printed("training/sent_to_a_new_worker")
    sent = [float(line.split()[1]) for line in text.splitlines()]
    assert sent[0] < 0.05 and sent[1] > 12 and sent[2] < 0.01


@pytest.mark.skipif(NEW_PYTHON, reason="a new Python for each worker takes seconds")
def test_what_workers_change_in_the_dataset_is_lost():
    data = Sized(0)
    seen = [batch.item() for batch in DataLoader(data, num_workers=1)]
    assert seen == [1, 2, 3, 4] and data.size == 0
    assert [batch.item() for batch in DataLoader(data)] == seen and data.size == 4


@pytest.mark.skipif(NEW_PYTHON, reason="a new Python for each worker takes seconds")
@pytest.mark.parametrize("keep", [False, True])
def test_kept_workers_do_not_see_a_change(keep):
    data = Sized(0)
    loader = DataLoader(data, num_workers=1, persistent_workers=keep)
    first = [batch.item() for batch in loader]
    data.size = 100
    second = [batch.item() for batch in loader]
    assert first == [1, 2, 3, 4]
    assert second == ([5, 6, 7, 8] if keep else [101, 102, 103, 104])


def test_without_a_gpu_pinning_only_warns():
    data = names_of("training/counted_in_the_workers", upto="if __name__")["Numbers"]()
    with pytest.warns(UserWarning, match="no accelerator is found"):
        (batch,) = DataLoader(data, batch_size=8, pin_memory=True)
    assert batch.tolist() == list(range(8))


def test_a_thread_of_the_program_pins_and_no_worker_does():
    loop = inspect.getsource(dataloader._MultiProcessingDataLoaderIter.__init__)
    thread = loop.split("threading.Thread(")[1].split(")")[0]
    assert "target=_utils.pin_memory._pin_memory_loop" in thread
    assert "pin" not in inspect.getsource(workers_of_torch._worker_loop)


# What else a worker gets, and when


def in_order(loads, workers, train=1):
    """When all batches are trained, if loading them takes unequal times."""
    free, end = [0] * workers, 0
    for batch, load in enumerate(loads):
        free[batch % workers] += load
        end = max(free[batch % workers], end) + train
    return end


def test_one_slow_batch_keeps_enough_workers_from_being_enough():
    assert in_order([3] * 12, 3) == 3 + 12
    uneven = [1, 1, 1, 25, 1, 1, 1, 1, 1, 1, 1, 1]
    assert sum(uneven) == 3 * 12 and in_order(uneven, 3) > 3 + 12


@pytest.mark.parametrize(
    "option",
    [{"persistent_workers": True}, {"prefetch_factor": 4}],
    ids=lambda option: next(iter(option)),
)
def test_options_of_workers_need_a_worker(option):
    with pytest.raises(ValueError, match="num_workers > 0"):
        DataLoader(range(4), **option)
    assert DataLoader(range(4), num_workers=1, **option)


class Graded(Dataset):
    grade = "weak"


def test_a_change_of_the_class_does_not_reach_a_new_worker(monkeypatch):
    monkeypatch.setattr(Graded, "grade", "strong")
    one, two = Graded(), Graded()
    two.grade = "strong"  # of the dataset, not of the class
    sent = [bytes(ForkingPickler.dumps(data)) for data in (one, two)]
    monkeypatch.undo()  # the worker imports the class as it stands in the file
    assert [pickle.loads(data).grade for data in sent] == ["weak", "strong"]


class Marks(Dataset):
    def __init__(self):
        self.lock = lambda index: index  # pickle would refuse it
        self.own, self.shared = torch.zeros(3), torch.zeros(3).share_memory_()

    def __len__(self):
        return 3

    def __getitem__(self, index):
        self.own[index] += 1
        self.shared[index] += 1
        return self.lock(self.shared[index].item())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_pickles_nothing_and_shared_tensors_are_seen_by_both():
    data = Marks()
    with pytest.raises((AttributeError, pickle.PicklingError)):
        ForkingPickler.dumps(data)
    loader = DataLoader(
        data, num_workers=1, multiprocessing_context="fork", persistent_workers=True
    )
    assert [batch.item() for batch in loader] == [1, 1, 1]
    # kept workers have read nothing of the next epoch
    assert data.own.tolist() == [0, 0, 0] and data.shared.tolist() == [1, 1, 1]
    data.shared.fill_(10)
    assert [batch.item() for batch in loader] == [11, 11, 11]


@pytest.mark.parametrize("dtype", [torch.bool, torch.complex64, torch.int16])
@pytest.mark.parametrize("shape", [(1, 1), (40, 50)])
def test_any_dense_tensor_moves_into_shared_memory(dtype, shape):
    x = torch.ones(shape, dtype=dtype).T
    sent = ForkingPickler.dumps(x)
    assert len(sent) < 1000 and x.is_shared()
    assert torch.equal(pickle.loads(sent), x)


class Draws(Dataset):
    def __init__(self):
        self.mine = torch.Generator().manual_seed(3)

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return torch.rand((), generator=self.mine).item()


def test_a_torch_generator_of_the_dataset_is_sent_as_a_copy():
    data = Draws()
    one, two = (pickle.loads(ForkingPickler.dumps(data)) for _ in range(2))
    assert one[0] == two[0] == data[0] != one[0]


class Spawning:
    """Stands for the start of a process: notes which files it is to inherit."""

    def __init__(self):
        self.files = []

    def duplicate_for_child(self, file):
        self.files.append(file)
        return file

    def DupFd(self, file):
        return file


@pytest.mark.skipif(sys.platform != "linux", reason="others share by name")
@pytest.mark.parametrize("kept", [True, False])
def test_the_state_of_a_sent_generator_is_closed_before_a_worker_opens_it(kept):
    context, start = multiprocessing.context, Spawning()
    context.set_spawning_popen(start)
    data = torch.zeros(9) if kept else Draws()
    try:
        ForkingPickler.dumps(data)
    finally:
        context.set_spawning_popen(None)
    if kept:
        assert os.fstat(*start.files)
        return
    with pytest.raises(OSError):
        os.fstat(*start.files)


@pytest.mark.weekly
@pytest.mark.skipif(sys.platform != "linux", reason="others share by name")
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_new_worker_ends_at_a_torch_generator(method, capfd):
    loader = DataLoader(Draws(), num_workers=1, multiprocessing_context=method)
    with pytest.raises(RuntimeError, match="exited unexpectedly"):
        next(iter(loader))
    assert "unable to resize file" in capfd.readouterr().err


@pytest.mark.skipif(NEW_PYTHON, reason="a new Python for each worker takes seconds")
def test_two_workers_with_one_torch_generator_draw_the_same():
    first, second = DataLoader(Draws(), num_workers=2)
    assert first == second

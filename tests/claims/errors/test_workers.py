"""What the page of errors of workers claims beyond what its programs print."""

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest
import torch
from torch.utils.data import (
    DataLoader,
    Dataset,
    _utils,
)
from torch.utils.data import dataloader as source

from tests.claims_support import printed
from tests.torch_files import library

SOURCE = Path(source.__file__).read_text(encoding="utf-8")


def test_the_line_above_tells_why_a_worker_ended():
    """A bus error of a worker cannot be shown: it also writes to the terminal."""
    python = library("torch_python")
    assert "DataLoader worker (pid {}) is killed by signal: {}. " in python
    assert "dataloader's workers are out of shared memory" in python
    assert "exited unexpectedly with exit code {}" in python


def test_from_python_3_14_on_linux_starts_workers_afresh():
    """The page has the number from torch's own warning."""
    assert "Python 3.14+ changed the multiprocessing start method in non-Mac" in SOURCE


UNGUARDED = """
import multiprocessing
from torch.utils.data import DataLoader

multiprocessing.set_start_method("forkserver", force=True)
next(iter(DataLoader(range(2), num_workers=1)))  # no if above it
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has only spawn")
def test_a_loop_without_an_if_ends_with_one_of_two_lines(tmp_path):
    file = tmp_path / "train.py"
    file.write_text(UNGUARDED, encoding="utf-8")
    ran = subprocess.run([sys.executable, file], capture_output=True, text=True)
    last = ran.stderr.strip().splitlines()[-1]
    assert "An attempt has been made to start a new process" in ran.stderr
    server = (3, 13, 8) <= sys.version_info < (3, 14)  # it imports the file
    if server or sys.version_info >= (3, 14, 1):
        assert last.endswith("Connection reset by peer")
    else:
        assert last.endswith("exited unexpectedly")


def test_pickle_finds_a_function_by_its_name_only():
    def inside():
        pass

    assert pickle.loads(pickle.dumps(library)) is library
    for nameless in (inside, lambda: None):
        refused = (AttributeError, pickle.PicklingError)
        with pytest.raises(refused, match="^Can't (pickle|get) local object"):
            pickle.dumps(nameless)


def test_linux_keeps_files_open_by_default_and_the_other_way_exists():
    import torch.multiprocessing as mp

    assert mp.get_sharing_strategy() in mp.get_all_sharing_strategies()
    assert "file_system" in mp.get_all_sharing_strategies()
    assert "set_sharing_strategy('file_system')" in SOURCE


def test_an_error_of_the_collate_function_comes_through_a_worker_too():
    unequal = [torch.ones(1), torch.ones(2)]
    assert [len(item) for item in unequal] == [1, 2]  # the dataset works
    with pytest.raises(RuntimeError, match="Caught RuntimeError in DataLoader worker"):
        next(iter(DataLoader(unequal, batch_size=2, num_workers=1)))


class Exits(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        sys.exit(3)


def test_the_code_of_a_dataset_can_end_a_worker():
    with pytest.raises(RuntimeError, match="exited unexpectedly") as raised:
        next(iter(DataLoader(Exits(), num_workers=1)))
    assert "with exit code 3" in str(raised.value.__cause__)


class EndsLikeALibrary(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        time.sleep(0.3)  # until the loop waits for it
        os._exit(1)


def test_exit_code_1_also_comes_from_the_code_of_a_dataset():
    loader = DataLoader(
        EndsLikeALibrary(), num_workers=1, multiprocessing_context="fork"
    )
    with pytest.raises(RuntimeError, match="exited unexpectedly") as caught:
        next(iter(loader))
    assert "with exit code 1" in str(caught.value.__cause__)


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_the_helper_that_starts_workers_names_no_reason(method):
    """Python 3.14+ names no reason: on Linux it starts workers by forkserver."""
    loader = DataLoader(
        EndsLikeALibrary(), num_workers=1, multiprocessing_context=method
    )
    with pytest.raises(RuntimeError, match="exited unexpectedly") as caught:
        next(iter(loader))
    cause = caught.value.__cause__
    assert ("with exit code 1" in str(cause)) is (method == "spawn")
    assert (type(cause) is queue.Empty) is (method == "forkserver")
    said = printed("errors/training/worker_ends", "newest-python").split("\n")
    assert said[:2] == ["Empty: "] * 2 and said[2].startswith("RuntimeError")


def test_elsewhere_the_reason_is_lost_now_and_then():
    """The first batch imports what catches every error: one may fall into that."""
    loader = DataLoader(
        EndsLikeALibrary(), num_workers=1, multiprocessing_context="fork"
    )
    batches = iter(loader)
    with pytest.raises(RuntimeError, match="with exit code 1"):
        time.sleep(60)
    with pytest.raises(RuntimeError, match="exited unexpectedly") as caught:
        next(batches)
    assert type(caught.value.__cause__) is queue.Empty


def test_windows_names_no_reason_either(monkeypatch):
    """It has no signal by which the system tells that a worker ended."""
    monkeypatch.setattr(_utils.signal_handling, "_SIGCHLD_handler_set", False)
    monkeypatch.setattr(_utils.signal_handling, "IS_WINDOWS", True)
    before = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    loader = DataLoader(
        EndsLikeALibrary(), num_workers=1, multiprocessing_context="fork"
    )
    try:
        with pytest.raises(RuntimeError, match="exited unexpectedly") as caught:
            next(iter(loader))
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert type(caught.value.__cause__) is queue.Empty


def test_unequal_samples_cannot_grow_the_memory_of_a_worker():
    """Where the first sample is the largest, and the batch is made in a worker."""
    loader = DataLoader([torch.ones(3), torch.ones(2)], batch_size=2, num_workers=1)
    with pytest.raises(RuntimeError) as error:
        next(iter(loader))
    last = str(error.value).strip().splitlines()[-1]
    assert last == "RuntimeError: Trying to resize storage that is not resizable"


def test_a_loader_counts_the_cores_that_the_program_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        DataLoader([1], num_workers=3)
    with pytest.warns(UserWarning, match="max number of worker in current system is 3"):
        DataLoader([1], num_workers=4)


class Waits(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        while True:
            time.sleep(0.1)


def test_a_timeout_ends_any_wait_for_a_worker():
    loader = DataLoader(Waits(), num_workers=1, timeout=1)
    with pytest.raises(RuntimeError, match="DataLoader timed out after 1 seconds"):
        next(iter(loader))


def test_a_loader_waits_forever_by_default_and_no_time_is_negative():
    assert DataLoader(Waits()).timeout == 0
    with pytest.raises(ValueError, match="timeout"):
        DataLoader(Waits(), timeout=-1)


class LeavesWithoutANumber(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        sys.exit()


def test_a_worker_that_ends_with_0_leaves_no_reason():
    with pytest.raises(RuntimeError, match="exited unexpectedly") as raised:
        next(iter(DataLoader(LeavesWithoutANumber(), num_workers=1)))
    assert type(raised.value.__cause__) is queue.Empty
    assert f"{queue.Empty.__module__}.{queue.Empty.__name__}" == "_queue.Empty"


LOCK = threading.Lock()


class Locked(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        with LOCK:
            return index


def test_without_workers_a_lock_opens_when_its_thread_lets_go():
    LOCK.acquire()
    try:
        loader = DataLoader(
            Locked(), num_workers=1, timeout=1, multiprocessing_context="fork"
        )
        worker = iter(loader)
        threading.Timer(0.1, LOCK.release).start()
        assert next(iter(DataLoader(Locked()))).item() == 0
        with pytest.raises(RuntimeError, match="DataLoader timed out"):
            next(worker)
    finally:
        if LOCK.locked():
            LOCK.release()


def test_a_loader_without_workers_takes_no_timeout_and_no_context():
    with pytest.raises(AssertionError, match="requires timeout == 0"):
        next(iter(DataLoader([1], timeout=5)))
    with pytest.raises(ValueError, match="multiprocessing_context can only be used"):
        DataLoader([1], multiprocessing_context="spawn")


def test_a_new_worker_does_not_find_a_function_without_a_file():
    """As in a notebook, whose functions stand in no file either."""
    typed = "def total(batch): return sum(batch)"
    start = "multiprocessing.get_context('spawn').Process(target=total).start()"
    child = subprocess.run(
        [sys.executable, "-c", f"import multiprocessing\n{typed}\n{start}"],
        capture_output=True,
        text=True,
    )
    assert (
        "AttributeError: Can't get attribute 'total' on <module '__ma" in child.stderr
    )


def refuses(number):
    raise ValueError(number)


def test_the_error_of_a_start_function_needs_a_worker():
    with pytest.raises(ValueError, match="^Caught ValueError in DataLoader worker"):
        next(iter(DataLoader([1], num_workers=1, worker_init_fn=refuses)))
    assert next(iter(DataLoader([1], worker_init_fn=refuses))).item() == 1


@pytest.mark.parametrize("keep", [torch.Tensor.detach, lambda batch: batch[:1]])
def test_a_part_of_a_batch_keeps_the_memory_of_a_worker(keep):
    loader = DataLoader(torch.arange(4), batch_size=2, num_workers=1)
    batch = next(iter(loader))
    assert batch.is_shared()
    assert keep(batch).is_shared() and not batch.clone().is_shared()


def test_the_two_messages_about_a_lambda_end_otherwise():
    before, after = (
        printed("errors/training/lambda_to_a_worker", lane).strip()
        for lane in ("cpu", "newest-python")
    )
    (start, end), (again, found) = (text.split(">: ") for text in (before, after))
    assert start == again and end == "attribute lookup <lambda> on __main__ failed"
    assert found == "it's not found as __main__.<lambda>"


def test_without_workers_a_slow_batch_comes_after_longer_than_the_timeout():
    """A wait of the dataset has no end there; a lock that a fork copies opens."""

    class Slow(torch.utils.data.Dataset):
        def __len__(self):
            return 1

        def __getitem__(self, index):
            time.sleep(1.5)
            return index

    start = time.perf_counter()
    assert next(iter(DataLoader(Slow()))) == 0
    assert time.perf_counter() - start > 1
    workers = DataLoader(
        Slow(), num_workers=1, timeout=1, multiprocessing_context="fork"
    )
    with pytest.raises(RuntimeError, match="DataLoader timed out after"):
        next(iter(workers))
    assert next(iter(DataLoader(Slow(), num_workers=1, timeout=60))) == 0

"""What the page of errors of data loading claims beyond what its programs print."""

import os
import pickle
import sys
from pathlib import Path

import pytest
import torch
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    TensorDataset,
    random_split,
)
from torch.utils.data import dataloader as source

from tests.torch_files import library

SOURCE = Path(source.__file__).read_text(encoding="utf-8")


def test_without_shuffling_a_missing_length_is_noticed_later():
    class Prices(Dataset):
        def __getitem__(self, index):
            return (3.0, 4.0)[index]

    loader = DataLoader(Prices())
    with pytest.raises(TypeError, match="has no len()"):
        next(iter(loader))


def test_an_empty_dataset_that_is_not_shuffled_gives_no_batches_and_no_error():
    assert list(DataLoader([])) == []
    with pytest.raises(ValueError, match="num_samples=0"):
        DataLoader(TensorDataset(torch.ones(0, 2)), shuffle=True)


def test_iter_begins_an_epoch_again():
    loader = DataLoader([1, 2, 3, 4], batch_size=2)
    assert next(iter(loader)).tolist() == next(iter(loader)).tolist() == [1, 2]


@pytest.mark.parametrize(
    "shapes", [[(3,), (5,)], [(3, 8, 8), (3, 9, 8)], [(1, 8, 8), (3, 8, 8)]]
)
def test_lengths_sizes_and_channels_that_differ_are_not_stacked(shapes):
    data = [torch.ones(shape) for shape in shapes]
    assert len({x.shape for x in data}) == 2
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal"):
        next(iter(DataLoader(data, batch_size=2)))


def test_the_class_of_what_cannot_be_a_batch_is_named():
    class Image:
        pass

    with pytest.raises(TypeError, match="found <class .*Image'>"):
        next(iter(DataLoader([Image()])))


def test_the_line_above_tells_why_a_worker_ended():
    """A bus error of a worker cannot be shown: it also writes to the terminal."""
    python = library("torch_python")
    assert "DataLoader worker (pid {}) is killed by signal: {}. " in python
    assert "dataloader's workers are out of shared memory" in python
    assert "exited unexpectedly with exit code {}" in python


def test_from_python_3_14_on_linux_starts_workers_afresh():
    """The page has the number from torch's own warning."""
    assert "Python 3.14+ changed the multiprocessing start method in non-Mac" in SOURCE


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


def test_three_fractions_can_add_up_to_more_than_1():
    """Up to Python 3.11: newer ones add decimal numbers without such a rest."""
    fractions = [0.33, 0.56, 0.11]
    assert 0.33 + 0.56 + 0.11 > 1
    if sys.version_info < (3, 12):
        with pytest.raises(ValueError, match="Sum of input lengths does not equal"):
            random_split(range(100), fractions)
    else:
        assert len(random_split(range(100), fractions)) == 3
    assert [len(part) for part in random_split(range(100), [33, 56, 11])] == [
        33,
        56,
        11,
    ]


def test_a_stream_has_no_index():
    class Lines(IterableDataset):
        def __iter__(self):
            yield 1

    with pytest.raises(NotImplementedError):
        DataLoader(Lines()).dataset[0]


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


def test_shapes_of_pairs_are_asked_for_by_pairs():
    data = [(torch.ones(2), 0), (torch.ones(3), 1)]
    assert {x.shape for x, y in data} == {(2,), (3,)}
    with pytest.raises(AttributeError):
        {x.shape for x in data}


class EndsLikeALibrary(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        os._exit(1)


def test_exit_code_1_also_comes_from_the_code_of_a_dataset():
    loader = DataLoader(
        EndsLikeALibrary(), num_workers=1, multiprocessing_context="fork"
    )
    with pytest.raises(RuntimeError, match="exited unexpectedly") as caught:
        next(iter(loader))
    assert "with exit code 1" in str(caught.value.__cause__)

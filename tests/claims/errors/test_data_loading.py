"""What the page of errors of data loading claims beyond what its programs print."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    TensorDataset,
    random_split,
)
from torch.utils.data import dataloader as source

from tests.claims_support import printed

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


@pytest.mark.parametrize("sample", [(torch.ones(2), None), {"x": None}])
def test_a_part_of_a_sample_can_be_what_no_batch_takes(sample):
    with pytest.raises(TypeError, match=r"default_collate.*<class 'NoneType'>$"):
        next(iter(DataLoader([sample] * 2, batch_size=2)))


@pytest.mark.parametrize(("value", "dtype"), [(None, "object"), ("a", "<U1")])
def test_of_an_array_that_no_batch_takes_the_dtype_is_named(value, dtype):
    with pytest.raises(TypeError, match=f"found {dtype}$"):
        next(iter(DataLoader([np.array([value])])))


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


def test_shapes_of_pairs_are_asked_for_by_pairs():
    data = [(torch.ones(2), 0), (torch.ones(3), 1)]
    assert {x.shape for x, y in data} == {(2,), (3,)}
    with pytest.raises(AttributeError):
        {x.shape for x in data}


def test_iterators_have_no_next_of_their_own():
    it = iter(DataLoader([1, 2]))
    assert type(it).__name__ == "_SingleProcessDataLoaderIter"
    assert not hasattr(it, "next") and next(it) == 1
    assert "class _MultiProcessingDataLoaderIter" in SOURCE


def test_a_method_outside_the_class_or_misspelt_is_none_of_the_dataset():
    class Prices(Dataset):
        def __getItem__(self, index):
            return index

    with pytest.raises(NotImplementedError, match="should implement __getitem__.$"):
        Prices()[0]
    assert "__getItem__" in list(vars(Prices)) and "__getitem__" not in vars(Prices)


@pytest.mark.parametrize("index", [0, 5])
def test_a_label_is_no_place(index):
    column = {7: 1.5, 5: 2.5}
    if index in column:
        assert column[index] == 2.5
    else:
        with pytest.raises(KeyError, match="^0$"):
            next(iter(DataLoader(column, batch_size=1)))


def test_lists_are_paired_up_by_their_elements():
    batch = next(iter(DataLoader([[1, 2, 3], [4, 5, 6]], batch_size=2)))
    assert [part.tolist() for part in batch] == [[1, 4], [2, 5], [3, 6]]


@pytest.mark.parametrize("kind", [list, tuple])
def test_lists_and_tuples_of_unequal_length_are_not_paired_up(kind):
    data = [kind([4, 8, 2]), kind([7, 1])]
    with pytest.raises(RuntimeError, match="^each element in list of batch"):
        next(iter(DataLoader(data, batch_size=2)))


def test_targets_in_a_list_become_a_tensor_before_they_are_chosen():
    data = TensorDataset(torch.ones(5))
    data.targets = [7, 8, 9, 7, 8]  # as in CIFAR10 and ImageFolder
    train, _valid = random_split(data, [3, 2])
    with pytest.raises(TypeError, match="list indices must be integers"):
        train.dataset.targets[train.indices]
    chosen = torch.tensor(train.dataset.targets)[train.indices]
    assert chosen.tolist() == [data.targets[i] for i in train.indices]


def test_subsets_share_one_dataset_and_have_none_of_its_attributes():
    data = TensorDataset(torch.arange(4))
    data.classes, data.transform = ["a"], None
    train, valid = random_split(data, [3, 1])
    for name in ("classes", "transform", "targets", "data"):
        with pytest.raises(AttributeError, match="'Subset' object has no attribute"):
            getattr(train, name)
    train.dataset.transform = abs
    assert valid.dataset.transform is abs


@pytest.mark.parametrize(
    "over", [torch.ones(4, 3), (torch.ones(4, 3), torch.ones(4))], ids=["rows", "pair"]
)
def test_a_loop_over_tensors_splits_them(over):
    with pytest.raises(ValueError, match=r"^too many values to unpack \(expected 2"):
        for _x, _y in over:
            pass
    with pytest.raises(ValueError, match="^not enough values to unpack"):
        for _x, _y in DataLoader(TensorDataset(torch.ones(4))):
            pass


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0"), (2.0, "2.0"), ("32", "32"), (-1, "-1"), (np.int64(32), "32")]
    + [(np.float32(32), "32.0"), (torch.tensor(32), "32")],
)
def test_a_batch_size_is_a_positive_integer(size, said):
    with pytest.raises(ValueError, match=f"but got batch_size={said}$"):
        DataLoader([1, 2], batch_size=size)


def test_newer_pythons_count_the_parts_too():
    """Python 3.14+ says how many there are."""
    before, after = (
        printed("errors/training/batch_of_three_parts", lane).strip()
        for lane in ("cpu", "newest-python")
    )
    assert after == before.replace("2)", "2, got 3)") != before
    with pytest.raises(ValueError, match=re.escape("(expected 2")) as raised:
        a, b = torch.ones(4).tolist()
    assert ("got 4)" in str(raised.value)) is (sys.version_info >= (3, 14))
    with pytest.raises(ValueError, match=r"\(expected 2\)$"):
        a, b = torch.ones(4)  # neither a list nor a tuple: not counted


class Stream(IterableDataset):
    def __iter__(self):
        yield from (1, 2, 3)


def test_a_stream_needs_neither_length_nor_index():
    loader = DataLoader(Stream())
    assert [x.item() for x in loader] == [1, 2, 3]
    with pytest.raises(TypeError, match=r"'Stream' has no len\(\)"):
        len(loader)
    with pytest.raises(NotImplementedError, match="should implement __getitem__"):
        Stream()[0]
    assert next(iter(Stream())) == 1


def test_a_zip_becomes_a_list():
    with pytest.raises(TypeError, match=r"'zip' has no len\(\)"):
        next(iter(DataLoader(zip((1, 2), (3, 4), strict=True))))
    assert len(DataLoader([*zip((1, 2), (3, 4), strict=True)])) == 2


def test_a_filter_that_keeps_nothing_leaves_an_empty_dataset_too():
    with pytest.raises(ValueError, match="num_samples=0"):
        DataLoader([n for n in range(9) if n > 9], shuffle=True)


def test_images_of_numpy_differ_in_the_first_two_sizes_and_boxes_are_listed():
    images = [np.ones((4, 6, 3)), np.ones((5, 7, 3))]
    with pytest.raises(RuntimeError, match=r"\[4, 6, 3\] at entry 0 and \[5, 7, 3\]"):
        next(iter(DataLoader(images, batch_size=2)))
    boxes = [torch.ones(3, 4), torch.ones(5, 4)]
    with pytest.raises(RuntimeError, match=r"\[3, 4\] at entry 0 and \[5, 4\]"):
        next(iter(DataLoader(boxes, batch_size=2)))
    (batch,) = DataLoader(boxes, batch_size=2, collate_fn=list)
    assert [len(one) for one in batch] == [3, 5]


def test_next_of_a_new_iterator_is_always_the_first_batch():
    loader = DataLoader([1, 2, 3])
    assert [next(iter(loader)).item() for _ in range(3)] == [1, 1, 1]
    dataiter = iter(loader)
    assert [next(dataiter).item() for _ in range(3)] == [1, 2, 3]


def test_a_batch_that_is_a_dict_unpacks_to_its_keys():
    loader = DataLoader([{"x": 1.0, "y": 2, "z": 3}])
    with pytest.raises(ValueError, match=r"too many values to unpack \(expected 2"):
        for _, _ in loader:
            pass
    for names in loader:
        assert [*names] == ["x", "y", "z"] and names["x"].item() == 1
    with pytest.raises(ValueError, match=r"too many values to unpack \(expected 2"):
        _, _ = torch.ones(2, 3, 4).shape


def test_a_dict_of_datasets_has_no_number_0():
    splits = {"train": [1, 2], "test": [3]}
    with pytest.raises(KeyError, match="^0$"):
        next(iter(DataLoader(splits)))
    assert next(iter(DataLoader(splits["train"]))).item() == 1


def test_a_subset_of_a_subset_is_asked_for_its_samples():
    data = TensorDataset(torch.zeros(5), torch.arange(5))
    data.targets = torch.arange(5)
    both, _test = random_split(data, [4, 1])
    train, _valid = random_split(both, [3, 1])
    with pytest.raises(AttributeError, match="'Subset' object has no attribute 'targ"):
        train.dataset.targets[train.indices]
    wanted = data.targets[both.indices][train.indices]
    assert [y.item() for x, y in train] == wanted.tolist()


def test_the_parts_of_a_dict_are_padded_each():
    samples = [{"ids": [4, 8, 2]}, {"ids": [7, 1]}]
    with pytest.raises(RuntimeError, match="^each element in list of batch"):
        next(iter(DataLoader(samples, batch_size=2)))
    ids = [torch.tensor(sample["ids"]) for sample in samples]
    padded = nn.utils.rnn.pad_sequence(ids, batch_first=True)
    assert padded.tolist() == [[4, 8, 2], [7, 1, 0]]

"""What the page of errors of data loading claims beyond what its programs print."""

import pytest
from torch.utils.data import DataLoader, Dataset


def test_without_shuffling_a_missing_length_is_noticed_later():
    class Prices(Dataset):
        def __getitem__(self, index):
            return (3.0, 4.0)[index]

    loader = DataLoader(Prices())
    with pytest.raises(TypeError, match="has no len()"):
        next(iter(loader))


def test_iter_begins_an_epoch_again():
    loader = DataLoader([1, 2, 3, 4], batch_size=2)
    assert next(iter(loader)).tolist() == next(iter(loader)).tolist() == [1, 2]

"""The claims of docs/training/data.md, against loops over lists and the clock."""

import inspect
import json
import multiprocessing
import pickle
import random
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    get_worker_info,
    random_split,
)
from torch.utils.data._utils import worker as workers_of_torch

from tests.claims_support import drawn, printed

ROOT = Path(__file__).parents[3]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def orders(loader, epochs=1):
    """The samples in the order in which each epoch takes them."""
    return [[n for batch in loader for n in batch.tolist()] for _ in range(epochs)]


# Batches


def test_a_loader_cuts_the_data_as_slices_do():
    x, y = torch.arange(10.0).reshape(5, 2), torch.tensor([0, 1, 0, 1, 0])
    batches = list(DataLoader(TensorDataset(x, y), batch_size=2))
    assert [len(labels) for _, labels in batches] == [2, 2, 1]
    for n, (samples, labels) in enumerate(batches):
        here = slice(2 * n, 2 * n + 2)
        assert torch.equal(samples, x[here]) and torch.equal(labels, y[here])


@pytest.mark.parametrize("size, lengths", [(2, [2, 2]), (5, [5]), (6, [])])
def test_drop_last_leaves_out_only_an_unfinished_batch(size, lengths):
    loader = DataLoader(range(5), batch_size=size, drop_last=True)
    assert [len(batch) for batch in loader] == lengths
    left = set(range(5)).difference(*orders(loader))
    lost = {2: {4}, 5: set(), 6: {0, 1, 2, 3, 4}}  # sample 5 has the index 4
    assert left == lost[size]


def test_by_default_batches_have_one_sample_and_nothing_is_shuffled():
    assert [batch.tolist() for batch in DataLoader(range(4))] == [[0], [1], [2], [3]]


# Datasets


class Asked(Dataset):
    def __init__(self):
        self.indices = []

    def __len__(self):
        return 5

    def __getitem__(self, index):
        self.indices.append(index)
        return index, index**2


def test_samples_are_read_when_their_batch_is_due():
    data = Asked()
    batches = iter(DataLoader(data, batch_size=2))
    assert data.indices == []
    next(batches)
    assert data.indices == [0, 1]
    next(batches)
    assert data.indices == [0, 1, 2, 3]


@pytest.mark.parametrize("data", [[3, 4, 5], range(3, 6)])
def test_a_list_and_a_range_are_datasets(data):
    assert orders(DataLoader(data, batch_size=2)) == [[3, 4, 5]]


@pytest.mark.parametrize(
    "sample, dtype",
    [
        (torch.ones(3), torch.float32),
        (np.ones(3), torch.float64),
        (np.ones(3, dtype=np.float32), torch.float32),
        (1.5, torch.float64),
        (7, torch.int64),
    ],
)
def test_a_batch_has_one_dimension_more_in_front(sample, dtype):
    (batch,) = DataLoader([sample] * 4, batch_size=4)
    assert batch.dtype == dtype
    assert batch.shape == (4, *np.shape(sample))


def test_lists_are_joined_place_by_place_and_tensors_are_stacked():
    lists = [[1, 2], [3, 4], [5, 6]]
    (batch,) = DataLoader(lists, batch_size=3)
    assert [part.tolist() for part in batch] == [[1, 3, 5], [2, 4, 6]]
    (batch,) = DataLoader([torch.tensor(one) for one in lists], batch_size=3)
    assert batch.tolist() == lists


def test_texts_stay_a_list_and_dictionaries_stay_dictionaries():
    (batch,) = DataLoader([{"text": "cat"}, {"text": "dog"}], batch_size=2)
    assert batch == {"text": ["cat", "dog"]}


def test_texts_in_tuples_become_a_tuple_and_arrays_of_texts_are_refused():
    (batch,) = DataLoader([(1, "cat"), (2, "dog")], batch_size=2)
    assert batch[1] == ("cat", "dog")
    (batch,) = DataLoader([[1, "cat"], [2, "dog"]], batch_size=2)
    assert batch[1] == ("cat", "dog")
    with pytest.raises(TypeError, match="found <U3"):
        list(DataLoader([np.array(["cat"])]))


def test_a_float32_network_refuses_a_batch_of_arrays_until_they_are_float():
    model, array = nn.Linear(3, 1), np.ones(3)
    (batch,) = DataLoader([array])
    with pytest.raises(RuntimeError, match="same dtype|Double"):
        model(batch)
    (batch,) = DataLoader([torch.from_numpy(array).float()])
    assert model(batch).shape == (1, 1)


@pytest.mark.parametrize("number", [1.5, 1e300])
def test_a_python_float_in_a_tensor_stays_float32(number):
    batches = [next(iter(DataLoader([x]))) for x in (number, torch.tensor(number))]
    assert [batch.dtype for batch in batches] == [torch.float64, torch.float32]


def test_numpy_shares_memory_with_a_batch():
    (batch,) = DataLoader([1, 2], batch_size=2)
    batch.numpy()[0] = 9
    assert batch.tolist() == [9, 2]


# Order


def test_each_epoch_has_an_order_of_its_own_and_takes_every_sample_once():
    first, second = orders(
        DataLoader(range(50), batch_size=8, shuffle=True, generator=seeded()), 2
    )
    assert first != second
    assert sorted(first) == sorted(second) == list(range(50))


def test_a_seeded_generator_repeats_the_orders_whatever_the_global_seed():
    seen = []
    for elsewhere in (1, 2):
        torch.manual_seed(elsewhere)
        seen.append(orders(DataLoader(range(50), shuffle=True, generator=seeded(3)), 2))
    assert seen[0] == seen[1]
    assert seen[0] != orders(DataLoader(range(50), shuffle=True, generator=seeded()), 2)


def test_the_picture_shows_the_turns_that_a_loader_gives():
    file = ROOT / "recorded/figures/training/shuffle_over_two_epochs.json"
    (axes,) = json.loads(file.read_text(encoding="utf-8"))["axes"]
    drawn = {(int(y), int(x)): int(turn) for turn, x, y in axes["texts"]}
    loader = DataLoader(range(12), batch_size=4, shuffle=True, generator=seeded())
    assert len(loader) == 3
    assert drawn == {
        (epoch, sample): turn
        for epoch, order in enumerate(orders(loader, 2))
        for turn, sample in enumerate(order, 1)
    }


def test_only_sample_0_is_at_its_old_place_in_the_second_epoch():
    loader = DataLoader(range(12), batch_size=4, shuffle=True, generator=seeded())
    first, second = orders(loader, 2)
    same = [n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a == b]
    assert same == [2] and first[2] == 0


def test_a_weighted_sampler_evens_out_the_classes_by_repeating_samples():
    y = torch.tensor([0] * 90 + [1] * 10)
    weights = 1 / y.bincount()[y]
    assert weights[0].item() == pytest.approx(1 / 90) and weights[-1].item() == (
        pytest.approx(1 / 10)
    )
    drawn = list(WeightedRandomSampler(weights, 10_000, generator=seeded()))
    share = y[drawn].float().mean().item()
    assert share == pytest.approx(0.5, abs=0.02)  # 4 standard deviations
    hundred = list(WeightedRandomSampler(weights, 100, generator=seeded()))
    rare = [n for n in hundred if y[n] == 1]
    assert len(rare) > len(set(rare))  # some came several times
    assert f"[{100 - len(rare)}, {len(rare)}]" in printed(
        "training/rare_class_drawn_more"
    )


def test_without_replacement_the_sampler_repeats_nothing():
    sampler = WeightedRandomSampler([2.0, 1, 1, 1], 4, replacement=False)
    assert sorted(sampler) == [0, 1, 2, 3]


# Validation


def test_the_parts_of_a_split_share_no_sample_and_leave_none_out():
    parts = random_split(range(10), [0.8, 0.2], generator=seeded())
    assert [len(part) for part in parts] == [8, 2]
    assert sorted(n for part in parts for n in part) == list(range(10))


def test_only_a_seed_makes_the_next_run_split_alike():
    def split(generator=None):
        return random_split(range(1000), [0.8, 0.2], generator=generator)[1].indices

    assert split(seeded()) == split(seeded())
    torch.manual_seed(1)
    one = split()
    torch.manual_seed(2)
    assert set(one) - set(split())  # trained on in the other run


def test_the_batches_on_the_page_keep_the_parts_apart():
    lines = [
        line.split(" ", 1)
        for line in printed("training/training_and_validation").split("\n")
        if line
    ]
    samples = {"train": set(), "valid": set()}
    for kind, batches in lines:
        samples[kind].update(n for batch in json.loads(batches) for n in batch)
    assert samples["train"] | samples["valid"] == set(range(10))
    assert not samples["train"] & samples["valid"]
    assert lines[1] == lines[3] and lines[0] != lines[2]  # only training is shuffled


# Workers


class WhoAndWhen(Dataset):
    def __init__(self, seconds=0.0):
        self.seconds = seconds

    def __len__(self):
        return 8

    def __getitem__(self, index):
        info = get_worker_info()
        begin = time.monotonic()
        time.sleep(self.seconds)
        return index, info.id if info else -1, begin, time.monotonic()


@pytest.mark.parametrize("shuffle", [False, True])
def test_workers_do_not_change_the_order(shuffle):
    seen = []
    for workers in (0, 2):
        loader = DataLoader(
            range(20), 3, shuffle=shuffle, generator=seeded(), num_workers=workers
        )
        seen.append(orders(loader, 2))
    assert seen[0] == seen[1]


def test_workers_prepare_whole_batches_in_turn_and_at_the_same_time():
    loader = DataLoader(WhoAndWhen(0.25), batch_size=2, num_workers=2)
    batches = list(loader)
    assert [who.tolist() for _, who, _, _ in batches] == [[0, 0], [1, 1]] * 2
    spans = {0: [], 1: []}
    for _, who, begins, ends in batches:
        spans[who[0].item()].append((begins.min().item(), ends.max().item()))
    assert any(
        a[0] < b[1] and b[0] < a[1] for a in spans[0] for b in spans[1]
    )  # they overlap


def test_for_small_tensors_workers_cost_more_than_they_save():
    def seconds(workers):
        begin = time.perf_counter()
        assert len(list(DataLoader(range(8), num_workers=workers))) == 8
        return time.perf_counter() - begin

    assert min(seconds(0) for _ in range(3)) < min(seconds(2) for _ in range(2))


@pytest.mark.filterwarnings("ignore:Got pickle error")
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.parametrize("kind", ["lambda", "local"])
def test_only_a_top_level_function_goes_to_a_worker_of_a_new_process(method, kind):
    def local(items):
        return items

    loader = DataLoader(
        range(2),
        num_workers=1,
        collate_fn=local if kind == "local" else lambda items: items,
        multiprocessing_context=method,
    )
    with pytest.raises((pickle.PicklingError, AttributeError), match=kind):
        list(loader)


def test_a_worker_gets_the_dataset_and_functions_and_no_sampler():
    gets = inspect.signature(workers_of_torch._worker_loop).parameters
    assert {"dataset", "collate_fn", "init_fn"} <= gets.keys()
    assert not [name for name in gets if "sampler" in name or name == "generator"]


def test_without_the_main_line_a_new_process_starts_the_program_again():
    """By Python's own context: the program on the errors' page shows what it says."""
    loader = DataLoader(range(2), num_workers=1, multiprocessing_context="spawn")
    assert loader.multiprocessing_context is multiprocessing.get_context("spawn")
    said = printed("errors/training/spawn_without_main")
    assert "has finished its bootstrapping phase" in said


class Counted(Dataset):
    def __init__(self):
        self.read = torch.zeros((), dtype=torch.long).share_memory_()

    def __len__(self):
        return 100

    def __getitem__(self, index):
        self.read += 1
        return index


class Slow(Dataset):
    """The first item waits for a sign, which the last one gives if `by_itself`."""

    def __init__(self, by_itself: bool):
        self.by_itself = by_itself
        self.sign = torch.zeros((), dtype=torch.long).share_memory_()

    def __len__(self):
        return 4

    def __getitem__(self, index):
        if index == 3 and self.by_itself:
            self.sign.fill_(1)
        while index == 0 and not self.sign:
            time.sleep(0.01)
        return index


def test_without_order_a_fast_worker_does_not_wait_for_a_slow_one():
    for in_order in (True, False):
        data = Slow(by_itself=in_order)
        batches = iter(DataLoader(data, num_workers=2, in_order=in_order, timeout=60))
        assert (next(batches).item() == 0) is in_order
        data.sign.fill_(1)
        assert sorted(int(one) for one in batches) == (
            [1, 2, 3] if in_order else [0, 2, 3]
        )


def test_a_worker_reads_two_batches_ahead():
    data = Counted()
    batches = iter(DataLoader(data, batch_size=5, num_workers=1))
    for _ in range(100):
        time.sleep(0.02)
        if data.read == 10:
            break
    assert data.read == 10  # although nobody took a batch
    assert len(next(batches)) == 5


class Noise(Dataset):
    def __init__(self):
        self.mine = np.random.default_rng(0)

    def __len__(self):
        return 2

    def __getitem__(self, index):
        draws = torch.rand(()), np.random.rand(), random.random()
        return *draws, self.mine.random()


def test_a_generator_from_init_stays_the_same_in_every_worker():
    first, second = DataLoader(Noise(), num_workers=2)
    assert [bool(a == b) for a, b in zip(first, second, strict=True)] == [
        False,
        False,
        False,
        True,
    ]
    assert first[3].item() == np.random.default_rng(0).random()


def renew(worker):
    info = get_worker_info()
    info.dataset.mine = np.random.default_rng(info.seed)


def renew_inside(worker):
    info = get_worker_info()
    info.dataset.dataset.mine = np.random.default_rng(info.seed)


@pytest.mark.parametrize("start, alike", [(renew, True), (renew_inside, False)])
def test_a_part_keeps_its_generator_unless_the_dataset_inside_gets_one(start, alike):
    part, _ = random_split(Noise(), [2, 0])
    first, second = DataLoader(part, num_workers=2, worker_init_fn=start)
    assert bool(first[3] == second[3]) is alike


def remember_seed(worker):
    get_worker_info().dataset.seed = get_worker_info().seed


class Seeds(Noise):
    def __getitem__(self, index):
        return self.seed


def test_the_seed_differs_by_worker_and_epoch_and_follows_from_the_generator():
    runs = []
    for _ in range(2):
        loader = DataLoader(
            Seeds(), num_workers=2, worker_init_fn=remember_seed, generator=seeded()
        )
        runs.append([batch.item() for _ in range(2) for batch in loader])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 4


def test_a_persistent_worker_is_started_once_and_keeps_its_generator():
    loader = DataLoader(
        Seeds(),
        num_workers=2,
        worker_init_fn=remember_seed,
        generator=seeded(),
        persistent_workers=True,
    )
    first, second = ([batch.item() for batch in loader] for _ in range(2))
    assert first == second and len(set(first)) == 2


# Pitfalls


class Prices(Dataset):
    texts = ("3", "n/a")

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return float(self.texts[index])


def test_a_worker_sends_its_error_on_and_the_dataset_raises_it_directly():
    with pytest.raises(
        ValueError, match="^Caught ValueError in DataLoader worker process 0."
    ) as caught:
        list(DataLoader(Prices(), batch_size=2, num_workers=1))
    cause = "ValueError: could not convert string to float: 'n/a'"
    assert str(caught.value).strip().split("\n")[-1] == cause
    with pytest.raises(ValueError, match="^could not convert") as direct:
        Prices()[1]
    assert f"ValueError: {direct.value}" == cause


def refuse(items):
    raise ValueError("no batch of these")


def test_a_worker_may_also_fail_where_it_joins_the_batch():
    data = [1.0, 2.0]
    with pytest.raises(ValueError, match="no batch of these"):
        list(DataLoader(data, batch_size=2, num_workers=1, collate_fn=refuse))
    assert [data[n] for n in range(2)] == [1, 2]  # each sample is well


def fail_at_once(number):
    raise ValueError("no data here")


def test_a_worker_may_also_fail_before_it_reads_a_sample():
    loader = DataLoader([1.0], num_workers=1, worker_init_fn=fail_at_once)
    with pytest.raises(ValueError, match="^Caught ValueError in DataLoader worker"):
        list(loader)


def test_samples_of_unequal_size_make_no_batch():
    items = [torch.tensor([5]), torch.tensor([2, 7])]
    with pytest.raises(
        RuntimeError,
        match=r"stack expects each tensor to be equal size, but got \[1\] at entry 0",
    ):
        list(DataLoader(items, batch_size=2))


def test_collate_fn_gets_the_list_of_samples():
    items = [torch.tensor([5]), torch.tensor([2, 7])]
    seen = []

    def collate(samples):
        seen.append(samples)
        return pad_sequence(samples, batch_first=True)

    (batch,) = DataLoader(items, batch_size=2, collate_fn=collate)
    assert type(seen[0]) is list and seen[0] == items
    assert batch.tolist() == [[5, 0], [2, 7]]


@pytest.mark.parametrize(
    "items, message",
    [
        ([None, 1.0], "default_collate: batch must contain tensors"),
        ([1.0, None], "must be real number, not NoneType"),
    ],
)
def test_none_in_a_batch_is_refused(items, message):
    with pytest.raises(TypeError, match=message):
        list(DataLoader(items, batch_size=2))


@pytest.mark.parametrize(
    "sample, message",
    [
        (1.5, "must be real number, not NoneType"),
        (torch.ones(1), "expected Tensor as element 1"),
        (7, "Could not infer dtype of NoneType"),
        (np.ones(1), "Could not infer dtype of NoneType"),
        ((1, 2), r"object of type 'NoneType' has no len\(\)"),
        ([1, 2], r"object of type 'NoneType' has no len\(\)"),
    ],
)
def test_a_none_that_is_not_the_first_is_refused_in_other_words(sample, message):
    with pytest.raises((TypeError, RuntimeError), match=message):
        list(DataLoader([sample, None], batch_size=2))


def test_the_message_names_the_place_of_the_none():
    items = [torch.ones(1), torch.ones(1), None]
    with pytest.raises(TypeError, match="expected Tensor as element 2"):
        list(DataLoader(items, batch_size=3))


def test_a_none_after_a_string_passes_in_silence():
    assert list(DataLoader(["a", None], batch_size=2)) == [["a", None]]


def test_a_none_inside_of_a_sample_is_refused_like_a_none_alone():
    with pytest.raises(TypeError, match="default_collate.*NoneType"):
        list(DataLoader([(1.0, None), (2.0, 3.0)], batch_size=2))


def test_a_subset_leaves_out_what_is_broken():
    assert orders(DataLoader(Subset([None, 1.0, 2.0], [1, 2]), batch_size=2)) == [
        [1.0, 2.0]
    ]


class Stream(IterableDataset):
    def __iter__(self):
        yield from range(4)


class SharedStream(IterableDataset):
    def __iter__(self):
        info = get_worker_info()
        if info is None:
            return iter(range(4))
        return iter(range(info.id, 4, info.num_workers))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_is_still_read_once_by_every_worker(workers):
    read = sum(orders(DataLoader(Stream(), num_workers=workers)), [])
    assert sorted(read) == sorted(list(range(4)) * workers)


def test_the_wrong_stream_on_the_page_is_still_wrong():
    wrong = printed("training/iterable_read_twice").splitlines()[1]
    assert wrong == "2 workers: [0, 0, 1, 1, 2, 2, 3, 3]"


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_workers_that_take_their_share_read_the_stream_once(workers):
    read = sum(orders(DataLoader(SharedStream(), num_workers=workers)), [])
    assert sorted(read) == list(range(4))


def test_the_picture_cuts_a_random_order_into_batches():
    texts = drawn("training/from_dataset_to_batches")
    row = {int(x): int(n) for n, x, y in texts if y == 1.6 and n.isdigit()}
    loader = DataLoader(range(5), batch_size=2, shuffle=True, generator=seeded())
    batches = [batch.tolist() for batch in loader]
    assert [row[n] for n in range(5)] == sum(batches, [])
    assert [len(batch) for batch in batches] == [2, 2, 1]
    names = [n for n, *_ in texts if n.startswith("batch ")]
    assert names == ["batch 1", "batch 2", "batch 3"]


@pytest.mark.parametrize(
    ("workers", "error", "text"),
    [
        (0, TypeError, "expected Tensor as element"),
        (1, AttributeError, "'NoneType' object has no attribute 'numel'"),
    ],
)
def test_none_behind_a_tensor_says_other_words_in_a_worker(workers, error, text):
    with pytest.raises(error, match=text):
        list(DataLoader([torch.ones(2), None], batch_size=2, num_workers=workers))

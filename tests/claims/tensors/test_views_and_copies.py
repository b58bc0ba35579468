"""What the page about views claims, held against NumPy and walks through storage."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.claims_support import drawn

OUT = Path(__file__).parents[3] / "snippets" / "tensors" / "view_or_copy.out"
ROW = re.compile(r"^(.{22})(x itself|view|copy|error) +(x itself|view|copy|error)$")
ROWS = [
    (call.strip(), of_t, of_transpose)
    for line in OUT.read_text(encoding="utf-8").splitlines()[1:]
    for call, of_t, of_transpose in [ROW.fullmatch(line).groups()]
]


def storage(x: torch.Tensor) -> int:
    return x.untyped_storage().data_ptr()


def walk(x: torch.Tensor) -> list:
    """The elements of a tensor, found in its storage by stride and offset."""
    numbers = torch.empty(0, dtype=x.dtype).set_(x.untyped_storage()).tolist()
    return [
        numbers[
            x.storage_offset() + sum(i * s for i, s in zip(at, x.stride(), strict=True))
        ]
        for at in np.ndindex(tuple(x.shape))
    ]


# The two ways to take three numbers


def test_a_slice_is_a_view_and_a_list_of_positions_gives_a_copy_as_in_numpy():
    t, a = torch.arange(6), np.arange(6)
    for x in (t, a):
        sliced, picked = x[1:4], x[[1, 2, 3]]
        assert sliced.tolist() == picked.tolist() == [1, 2, 3]
        sliced[0] = 100
        picked[0] = 200
        assert x.tolist() == [0, 100, 2, 3, 4, 5]


def test_a_slice_has_a_start_and_equal_steps_in_the_old_memory():
    t = torch.arange(6)
    assert (t[1:6:2].storage_offset(), t[1:6:2].stride()) == (1, (2,))
    assert walk(t[1:6:2]) == [1, 3, 5]


def test_a_list_of_positions_may_jump_anywhere():
    assert torch.arange(6)[[5, 0, 2]].tolist() == [5, 0, 2]


def test_assignment_through_a_list_of_positions_writes_into_the_tensor():
    t = torch.arange(6)
    t[1:4][0] = 100
    t[[1]] = 200
    assert t.tolist() == [0, 200, 2, 3, 4, 5]


# Storage


def test_the_storages_tell_a_view_and_data_ptr_alone_does_not():
    t = torch.arange(6)
    sliced, picked = t[1:4], t[[1, 2, 3]]
    assert storage(sliced) == storage(t) != storage(picked)
    assert sliced.data_ptr() - t.data_ptr() == 1 * t.element_size()
    assert np.shares_memory(sliced.numpy(), t.numpy())
    assert not np.shares_memory(picked.numpy(), t.numpy())


def test_two_halves_share_a_storage_and_no_number():
    t = torch.arange(6)
    assert storage(t[:3]) == storage(t[3:])
    assert not np.shares_memory(t[:3].numpy(), t[3:].numpy())


def test_tensors_that_are_empty_or_meta_tell_nothing_by_their_addresses():
    for one, two in [
        (torch.empty(0), torch.empty(0, 3)),
        (torch.empty(2, device="meta"), torch.empty(3, device="meta")),
    ]:
        assert storage(one) == storage(two) == 0


def test_slices_of_one_array_have_two_storages_that_overlap():
    a = np.arange(6.0)
    one, two = torch.from_numpy(a), torch.from_numpy(a[1:])
    assert storage(one) != storage(two)
    two[0] = 9.0
    assert one[1] == 9.0


# The table


def test_storages_miss_two_buffers_over_one_memory():
    memory = bytearray(16)
    x = torch.frombuffer(memory, dtype=torch.uint8)
    y = torch.frombuffer(memory, dtype=torch.uint8, offset=4)
    y[0] = 7
    assert x[4] == 7
    assert storage(x) != storage(y)


def test_some_calls_copy_though_a_stride_could_describe_the_result():
    x = torch.arange(6.0).reshape(2, 3)
    for y in (x[[0, 1]], torch.diag(x), torch.cat([x]), x.repeat(1, 1), x * 1):
        assert storage(y) != storage(x)
    for y in (x.diagonal(), x.unfold(0, 1, 1), x.swapaxes(0, 1), x[None], x[..., 1]):
        assert storage(y) == storage(x)
    assert +x is x


def test_numpys_conversion_copies_where_torch_returns_the_tensor_itself():
    a = np.ones(2, dtype="float32")
    assert not np.shares_memory(a.astype("float32"), a)
    t = torch.from_numpy(a)
    assert t.float() is t


def test_the_table_has_twenty_operations():
    assert len({call for call, *_ in ROWS}) == 20


@pytest.mark.parametrize(("call", "of_t", "of_transpose"), ROWS)
def test_writing_shows_what_the_addresses_say(call, of_t, of_transpose):
    for transposed, kind in [(False, of_t), (True, of_transpose)]:
        t = torch.arange(6.0).reshape(2, 3)
        x = t.T if transposed else t
        names = {"x": x, "torch": torch}
        if kind == "error":
            with pytest.raises(RuntimeError, match="not compatible"):
                eval(call, names)
            continue
        y = eval(call, names)
        before = y.clone()
        x += 100
        follows = not torch.equal(y, before)
        assert follows == (kind != "copy")
        assert (y is x) == (kind == "x itself")


@pytest.mark.parametrize(
    ("call", "in_torch", "in_numpy"),
    [
        ("x[0]", True, True),
        ("x[:, 1:]", True, True),
        ("x[[0, 1]]", False, False),
        ("x[x > 2]", False, False),
        ("x.T", True, True),
        ("x.reshape(6)", True, True),
        ("x.T.reshape(6)", False, False),
        ("x + 0", False, False),
        ("x.flatten()", True, False),
        ("np.flip(x, 0) if isinstance(x, np.ndarray) else x.flip(0)", False, True),
    ],
)
def test_numpy_agrees_except_for_flatten_and_flip(call, in_torch, in_numpy):
    t = torch.arange(6.0).reshape(2, 3)
    a = t.numpy().copy()
    y = eval(call, {"x": t, "np": np})
    b = eval(call, {"x": a, "np": np})
    assert y.tolist() == b.tolist()
    assert np.shares_memory(y.numpy(), t.numpy()) == in_torch
    assert np.shares_memory(b, a) == in_numpy


def test_numpy_flips_with_a_negative_stride():
    a = np.arange(6.0).reshape(2, 3)
    assert np.flip(a, 0).strides[0] == -a.strides[0]


# Contiguous


def test_contiguous_means_that_reading_walks_straight_along_the_storage():
    t = torch.arange(6).reshape(2, 3)
    for x in (t, t.T, t.T.contiguous(), t[:, 1:], t[1]):
        straight = [
            sum(i * s for i, s in zip(at, x.stride(), strict=True))
            for at in np.ndindex(tuple(x.shape))
        ] == list(range(x.numel()))
        assert x.is_contiguous() == straight
    assert t.is_contiguous()
    assert not t.T.is_contiguous()


def test_numbers_in_order_with_gaps_between_them_are_not_contiguous():
    for x in (torch.arange(6)[::2], torch.arange(6).reshape(2, 3)[:, :2]):
        assert walk(x) == sorted(walk(x))
        assert not x.is_contiguous()
        assert x.contiguous().is_contiguous()


def test_reshape_of_a_transpose_is_contiguous_and_view():
    t = torch.arange(6).reshape(2, 3)
    two_steps = t.T.contiguous().view(6)
    assert t.T.reshape(6).tolist() == two_steps.tolist() == [0, 3, 1, 4, 2, 5]
    assert t.numpy().T.reshape(6).tolist() == two_steps.tolist()
    assert storage(t.T.contiguous()) != storage(t)
    assert storage(t.reshape(6)) == storage(t)


def test_contiguous_copies_the_numbers_into_reading_order():
    t = torch.arange(6, dtype=torch.uint8).reshape(2, 3)
    x = t.T.contiguous()
    assert t.T.untyped_storage().tolist() == [0, 1, 2, 3, 4, 5]
    assert x.untyped_storage().tolist() == walk(t.T) == [0, 3, 1, 4, 2, 5]
    for shape in [(6,), (2, 3), (3, 2), (1, 6)]:
        wanted = np.arange(6).reshape(2, 3).T.reshape(shape)
        assert x.view(shape).tolist() == wanted.tolist()


def test_a_transpose_can_be_viewed_where_no_row_joins_another():
    t = torch.arange(6).reshape(2, 3)
    assert t.T.view(3, 1, 2).squeeze(1).tolist() == t.T.tolist()
    assert storage(t.T.reshape(3, 1, 2)) == storage(t)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        t.T.view(2, 3)


def test_view_never_copies():
    t = torch.arange(6)
    for shape in [(6,), (2, 3), (3, 2), (1, 6, 1), (-1, 2)]:
        assert storage(t.view(shape)) == storage(t)


# Stride 0


def test_expand_repeats_a_row_with_a_stride_of_0_and_no_memory():
    row = torch.tensor([1, 2, 3], dtype=torch.uint8)
    table = row.expand(3, 3)
    assert table.stride() == (0, 1)
    assert table.untyped_storage().tolist() == [1, 2, 3]
    assert walk(table) == [1, 2, 3] * 3
    a = np.broadcast_to(row.numpy(), (3, 3))
    assert a.strides == (0, 1)


def test_broadcasting_repeats_with_a_stride_of_0_too():
    row, _ = torch.broadcast_tensors(torch.ones(3), torch.ones(2, 3))
    assert row.stride() == (0, 1)


def test_one_write_to_an_expanded_row_changes_all_of_them():
    row = torch.tensor([1, 2, 3])
    table = row.expand(2, 3)
    table[0, 0] = 9
    assert table.tolist() == [[9, 2, 3], [9, 2, 3]]
    assert row.tolist() == [9, 2, 3]


# channels_last


def test_channels_last_changes_the_storage_and_not_the_shape_or_the_values():
    x = torch.arange(12, dtype=torch.uint8).reshape(1, 3, 2, 2)
    last = x.to(memory_format=torch.channels_last)
    assert last.shape == x.shape
    assert torch.equal(last, x)
    assert storage(last) != storage(x)
    pixels = np.transpose(x.numpy(), (0, 2, 3, 1)).flatten()
    assert last.untyped_storage().tolist() == pixels.tolist()
    assert x.untyped_storage().tolist() == list(range(12))
    assert (x.stride(1), last.stride(1)) == (4, 1)
    assert walk(last) == walk(x) == list(range(12))


def test_a_picture_from_numpy_becomes_channels_last_without_a_copy():
    picture = np.zeros((2, 8, 6, 3), dtype="uint8")
    x = torch.from_numpy(picture).permute(0, 3, 1, 2)
    assert x.shape == (2, 3, 8, 6)
    assert x.is_contiguous(memory_format=torch.channels_last)
    assert x.data_ptr() == picture.ctypes.data


def test_one_channel_is_contiguous_in_both_orders():
    x = torch.ones(2, 1, 4, 4).to(memory_format=torch.channels_last)
    assert x.is_contiguous()
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_channels_last_is_contiguous_only_in_its_own_order():
    x = torch.zeros(1, 3, 2, 2)
    last = x.to(memory_format=torch.channels_last)
    assert x.is_contiguous()
    assert not last.is_contiguous()
    assert last.is_contiguous(memory_format=torch.channels_last)


# Pitfalls


def test_view_refuses_a_transpose_because_no_single_stride_reads_it():
    t = torch.arange(6).reshape(2, 3)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        t.T.view(6)
    jumps = {b - a for a, b in zip(walk(t.T), walk(t.T)[1:], strict=False)}
    assert len(jumps) > 1


def test_a_write_through_reshape_of_a_transpose_stays_lost():
    t = torch.zeros(2, 3)
    t.reshape(6)[0] = 1
    t.T.reshape(6)[5] = 1
    assert t.tolist() == [[1, 0, 0], [0, 0, 0]]
    a = np.zeros((2, 3))
    a.reshape(6)[0] = 1
    a.T.reshape(6)[5] = 1
    assert a.tolist() == t.tolist()


def test_a_write_to_the_tensor_or_through_view_is_kept():
    t = torch.zeros(2, 3)
    t.view(6)[0] = 1
    t.T[2, 1] = 1
    assert t.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert t.T.reshape(6)[5] == 1  # the element that the lost write meant


def test_adding_to_an_expanded_tensor_is_refused_until_it_is_cloned():
    row = torch.tensor([1, 2, 3])
    text = "more than one element of the written-to tensor refers to a single memory"
    with pytest.raises(RuntimeError, match=text):
        row.expand(2, 3).add_(1)
    table = row.expand(2, 3).clone()
    table += 1
    assert table.tolist() == [[2, 3, 4], [2, 3, 4]]
    assert row.tolist() == [1, 2, 3]
    assert table.untyped_storage().nbytes() == 6 * row.element_size()


def test_a_view_keeps_the_whole_storage_and_a_clone_does_not():
    big = torch.zeros(1000, 1000)
    first = big[0]
    whole = big.nbytes
    del big
    assert first.nbytes == 1000 * 4
    assert first.untyped_storage().nbytes() == whole == 4_000_000
    assert first.clone().untyped_storage().nbytes() == first.nbytes


def test_the_picture_shows_both_writes_in_two_storages():
    t = np.arange(6)
    picked = t[[1, 2, 3]]
    t[1:4][0], picked[0] = 100, 200
    texts = drawn("tensors/slice_and_list_in_storage")
    rows = [[n for n, _, y in texts if y == height] for height in (0, 2)]
    assert rows == [["t", *map(str, t)], ["picked", *map(str, picked)]]


# Autograd


def write_below_no_grad(root):
    with torch.no_grad():
        root += 1


@pytest.mark.parametrize(
    ("write", "noticed"),
    [
        (write_below_no_grad, True),
        (lambda root: root.detach().add_(1), True),
        (lambda root: root.data.add_(1), False),
        (lambda root: root.detach().numpy().__iadd__(1), False),
        (lambda root: torch.from_dlpack(root.detach()).add_(1), False),  # another way
    ],
)
def test_autograd_misses_a_write_through_data_or_numpy(write, noticed):
    w = torch.tensor([1.0, 4.0], requires_grad=True)
    root = w.sqrt()
    write(root)
    if noticed:
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            root.sum().backward()
    else:
        root.sum().backward()  # silently wrong: the slopes are 1/2 and 1/4
        assert w.grad.tolist() != [0.5, 0.25]


@pytest.mark.parametrize("part", [slice(0, 3), slice(500, 501)])
def test_a_file_of_a_slice_holds_the_whole_storage(part):
    def size(tensor):
        torch.save(tensor, file := io.BytesIO())
        return len(file.getvalue())

    large = torch.ones(10_000)
    assert size(large[part]) > 40_000 > 4_000 > size(large[part].clone())


@pytest.mark.parametrize("detached", [False, True])
def test_a_copy_in_a_graph_keeps_the_large_tensor(detached):
    large = torch.ones(100, 10, requires_grad=True)
    row = (large[0].detach() if detached else large[0]).clone()
    seen, steps = set(), [row.grad_fn]
    while steps:
        if step := steps.pop():
            seen.add(getattr(step, "variable", None) is large)
            steps += [before for before, _ in step.next_functions]
    assert (True in seen) is not detached

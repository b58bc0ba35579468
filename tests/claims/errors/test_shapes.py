"""What the page of errors of shapes claims beyond what its programs print."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from tests.claims_support import printed


@pytest.mark.parametrize(
    "name, operation",
    [
        ("tensors/linear_sizes_differ", "addmm"),
        ("errors/tensors/image_not_flattened", "addmm"),
        ("errors/tensors/rows_times_rows", "mm"),
    ],
)
def test_a_newer_torch_puts_the_operation_before_two_sizes(name, operation):
    said = "mat1 and mat2 shapes cannot be multiplied"
    last, newest = (printed(name, lane).splitlines()[-1] for lane in ("cpu", "newest"))
    assert last.startswith(f"RuntimeError: {said}")
    assert newest == last.replace(said, f"{operation}: {said}")


def test_nothing_is_sparse_where_permute_says_so():
    images = torch.ones(2, 4, 5, 3)
    assert not images.is_sparse
    with pytest.raises(RuntimeError, match="sparse_coo"):
        images.permute(2, 0, 1)
    ours = images.permute(0, 3, 1, 2).shape
    assert ours == images.numpy().transpose(0, 3, 1, 2).shape


def test_at_broadcasts_a_matrix_over_a_batch_as_numpy_does():
    x, y = torch.rand(2, 3), torch.rand(5, 3, 4)
    np.testing.assert_allclose(x @ y, x.numpy() @ y.numpy(), rtol=1e-5)


def test_einsum_of_the_agreeing_letter_is_a_product_with_the_transpose():
    x, y = torch.rand(2, 3), torch.rand(4, 3)
    expected = x.numpy() @ y.numpy().T
    np.testing.assert_allclose(torch.einsum("ij,kj->ik", x, y), expected, rtol=1e-5)


def test_a_loader_stacks_its_samples():
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal"):
        next(iter(DataLoader([torch.ones(2), torch.ones(3)], batch_size=2)))


def test_reshape_keeps_the_order_and_does_not_swap_rows_and_columns():
    x = torch.tensor([[1, 2, 3], [4, 5, 6]])
    assert x.reshape(3, 2).flatten().tolist() == x.flatten().tolist()
    assert x.reshape(3, 2).tolist() == [[1, 2], [3, 4], [5, 6]]  # stays wrong
    assert x.T.tolist() == x.numpy().T.tolist() == [[1, 4], [2, 5], [3, 6]]


def test_a_layer_left_out_or_in_the_wrong_order_names_the_next_one():
    first, second, third = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
    x = torch.ones(32, 400)
    for wrong in (nn.Sequential(second, third), nn.Sequential(second, first)):
        with pytest.raises(RuntimeError, match=r"\(32x400 and 120x84\)"):
            wrong(x)
    assert nn.Sequential(first, second, third)(x).shape == (32, 10)


def test_three_mistakes_say_that_mat1_and_mat2_do_not_fit():
    layer, images = nn.Linear(16, 3), torch.ones(8, 1, 4, 4)
    assert layer(images.flatten(1)).shape == (8, 3)
    for x in (torch.ones(8, 5), images, images.reshape(-1, 32)):
        with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be mul"):
            layer(x)
    assert images.dim() > 2 and images.reshape(-1, 32).shape[0] != 8


@pytest.mark.parametrize(("size", "lost"), [(8, 0), (7, 1), (33, 1)])
def test_pooling_loses_a_pixel_of_an_odd_size(size, lost):
    x = torch.ones(1, 1, size, size)
    down = nn.functional.max_pool2d(x, 2)
    up = nn.functional.interpolate(down, scale_factor=2)
    assert size - up.shape[-1] == lost
    assert (x + nn.functional.interpolate(down, size=x.shape[-2:])).shape == x.shape


def test_a_last_batch_of_one_broadcasts_silently():
    sizes = [len(x + torch.zeros(2, 3)) for x in DataLoader(torch.ones(5, 3), 2)]
    assert sizes == [2, 2, 2]  # stays wrong: the last batch has one sample
    with pytest.raises(RuntimeError, match="size of tensor a .3. must match"):
        [x + torch.zeros(4, 3) for x in DataLoader(torch.ones(7, 3), 4)]


def test_a_linear_layer_works_on_the_last_size_of_a_sequence():
    x, layer = torch.ones(8, 5, 3), nn.Linear(3, 2)
    assert layer(x).shape == (8, 5, 2)
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be mul"):
        layer(x.flatten(1))


@pytest.mark.parametrize("dim", [0, 1])
def test_cat_does_not_broadcast(dim):
    with pytest.raises(RuntimeError, match="Tensors must have same number of dim"):
        torch.cat([torch.ones(2, 3), torch.ones(2)], dim=dim)


@pytest.mark.parametrize("product", [torch.bmm, torch.matmul, torch.Tensor.__matmul__])
def test_products_of_batches_want_equal_inner_sizes(product):
    x, y = torch.rand(3, 2, 5), torch.rand(3, 7, 5)
    with pytest.raises(RuntimeError, match="Expected size for first two dimensions"):
        product(x, y)
    expected = x.numpy() @ y.numpy().transpose(0, 2, 1)
    np.testing.assert_allclose(product(x, y.mT), expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("shape", "channels"), [((2, 1, 9, 9), 1), ((2, 9, 9), 2), ((2, 9, 9, 3), 9)]
)
def test_three_inputs_have_other_channels_than_a_convolution(shape, channels):
    with pytest.raises(RuntimeError, match=f"but got {channels} channels instead"):
        nn.Conv2d(3, 8, 3)(torch.ones(shape))


def test_a_size_of_one_fits_any_letter_of_einsum():
    x, y = torch.rand(2, 1), torch.rand(3, 4)
    expected = x.numpy().repeat(3, 1) @ y.numpy()
    np.testing.assert_allclose(torch.einsum("ij,jk->ik", x, y), expected, rtol=1e-5)


@pytest.mark.parametrize("shape", [(4, 7, 6), (6,), (3, 2, 1, 6)])
def test_the_last_size_is_the_width_that_a_layer_needs(shape):
    x = torch.ones(shape)
    rows = x.numel() // 6
    with pytest.raises(RuntimeError, match=rf"multiplied \({rows}x6 and 5x2\)"):
        nn.Linear(5, 2)(x)
    assert nn.Linear(x.shape[-1], 2)(x).shape == (*shape[:-1], 2)


def test_two_tables_are_multiplied_along_the_sizes_that_agree():
    a, b, c = torch.rand(4, 3), torch.rand(6, 3), torch.rand(4, 5)
    assert (a @ b.T).shape == (4, 6) and (a.T @ c).shape == (3, 5)
    for wrong in (lambda: a @ c.T, lambda: a.T @ b):
        with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be mul"):
            wrong()


def test_a_convolution_takes_the_first_size_of_one_image_for_the_channels():
    layer, image = nn.Conv2d(3, 4, 3), torch.ones(9, 8, 3)
    with pytest.raises(RuntimeError, match="but got 9 channels instead"):
        layer(image)
    assert layer(image.permute(2, 0, 1)).shape == (4, 7, 6)


def test_expand_repeats_a_size_of_one_only():
    assert torch.ones(2, 1).expand(2, 5).shape == (2, 5)
    with pytest.raises(RuntimeError, match="The expanded size of the tensor"):
        torch.ones(2, 4).expand(2, 5)


def test_a_row_for_each_matrix_needs_a_dimension_more():
    rows, matrices = torch.rand(3, 2), torch.rand(3, 2, 5)
    ours = (rows.unsqueeze(1) @ matrices).squeeze(1)
    torch.testing.assert_close(ours, torch.stack([*map(torch.matmul, rows, matrices)]))
    assert (rows @ matrices).shape == (3, 3, 5)  # stays wrong


def test_bmm_does_not_repeat_a_batch_of_one_and_at_does():
    one, many = torch.rand(1, 2, 3), torch.rand(4, 3, 5)
    with pytest.raises(RuntimeError, match="Expected size for first two dimensions"):
        torch.bmm(one, many)
    torch.testing.assert_close(one @ many, torch.bmm(one.expand(4, -1, -1), many))


@pytest.mark.filterwarnings("ignore:The use of `x.T`")
def test_the_transpose_of_one_dimension_is_itself():
    x = torch.arange(4)
    assert x.T.equal(x) and x.unsqueeze(1).shape == (4, 1)
    with pytest.raises(RuntimeError, match="mT is only supported on matrices"):
        _ = x.mT


@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
@pytest.mark.parametrize(("shape", "dim"), [((5,), 0), ((5, 2), 1), ((5, 2, 3), 0)])
def test_softmax_guesses_the_first_dimension_of_three(shape, dim):
    x = torch.rand(shape)
    assert nn.functional.softmax(x).equal(x.softmax(dim))


def test_a_sequence_of_features_is_transposed_for_a_convolution():
    layer, x = nn.Conv1d(3, 4, 3), torch.ones(2, 9, 3)  # (batch, length, features)
    with pytest.raises(RuntimeError, match="but got 9 channels instead"):
        layer(x)
    assert layer(x.transpose(1, 2)).shape == (2, 4, 7)


def test_a_size_of_1_fits_only_the_sizes_of_another_tensor_in_einsum():
    column, y = torch.ones(2, 1), torch.full((4, 3), 2.0)
    assert torch.einsum("ij,jk->ik", column, y).tolist() == [[8.0] * 3] * 2
    with pytest.raises(RuntimeError, match="subscript i is repeated"):
        torch.einsum("ii->i", torch.ones(1, 4))


def test_one_number_for_each_channel_of_an_image_needs_two_more_sizes():
    images, means = torch.ones(8, 3, 28, 28), torch.tensor([0.0, 1.0, 2.0])
    with pytest.raises(RuntimeError, match=r"must match the size of tensor b \(3\)"):
        images - means
    left = images - means.reshape(-1, 1, 1)
    assert left[5, :, 7, 9].tolist() == [1.0, 0.0, -1.0]


def test_the_second_pair_names_the_layer_also_for_a_single_sample():
    for sizes in ((2,), (4, 2), (5, 4, 2)):
        with pytest.raises(RuntimeError, match=r"multiplied \(\d+x2 and 3x7\)"):
            nn.Sequential(nn.ReLU(), nn.Linear(3, 7))(torch.ones(sizes))


def test_products_of_another_number_of_dimensions():
    a, v = torch.ones(2, 3), torch.ones(3)
    with pytest.raises(RuntimeError, match="mat2 must be a matrix"):
        torch.mm(a, v)
    with pytest.raises(RuntimeError, match="^self must be a matrix"):
        torch.mm(torch.ones(2), a)
    with pytest.raises(
        RuntimeError, match="1D tensors expected, but got 2D and 2D ten"
    ):
        torch.dot(a, a)
    assert (a @ v).tolist() == [3, 3] and v @ v == 3


def test_a_shape_leaves_one_size_open():
    with pytest.raises(RuntimeError, match="^only one dimension can be inferred$"):
        torch.ones(6).reshape(-1, -1)


def test_expand_names_every_dimension():
    with pytest.raises(
        RuntimeError, match="number of sizes provided .1. must be great"
    ):
        torch.ones(2, 3).expand(3)


def test_three_means_do_not_fit_one_channel():
    image = torch.ones(1, 28, 28)
    with pytest.raises(
        RuntimeError, match="doesn't match the broadcast shape .3, 28, "
    ):
        image.sub_(torch.ones(3, 1, 1))
    image.sub_(torch.ones(1, 1, 1))


def test_scores_meet_labels_by_their_largest():
    scores, labels = torch.eye(10)[:8] * 2, torch.arange(8)
    with pytest.raises(RuntimeError, match=r"tensor a \(10\) must .* tensor b \(8\)"):
        scores == labels  # noqa: B015
    assert (scores.argmax(1) == labels).all()
    assert not (scores == labels.reshape(-1, 1)).all()  # stays wrong


def test_samples_of_one_number_need_a_dimension_and_no_wider_layer():
    x = torch.linspace(0, 1, 100)
    with pytest.raises(RuntimeError, match=r"multiplied \(1x100 and 1x1\)"):
        nn.Linear(1, 1)(x)
    assert nn.Linear(1, 1)(x.unsqueeze(1)).shape == (100, 1)
    assert nn.Linear(100, 1)(x).shape == (1,)  # stays wrong: one for all samples


def test_a_picture_with_transparency_has_four_channels():
    layer, x = nn.Conv2d(3, 8, 3), torch.ones(1, 4, 9, 9)
    with pytest.raises(RuntimeError, match="but got 4 channels instead"):
        layer(x)
    assert layer(x[:, :3]).shape == (1, 8, 7, 7)


def test_a_grid_is_expanded_too():
    across, _ = torch.meshgrid(torch.arange(3), torch.arange(2), indexing="ij")
    with pytest.raises(RuntimeError, match="more than one element of the written-to"):
        across += 1


@pytest.mark.parametrize("call", [nn.Flatten(), lambda x: x.transpose(-1, -2)])
def test_a_sample_without_a_batch_lacks_a_dimension(call):
    with pytest.raises(IndexError, match="Dimension out of range"):
        call(torch.ones(5))
    call(torch.ones(1, 5))


def test_images_in_grey_and_colour_do_not_stack_at_one_size():
    parts = [torch.ones(3, 4, 4), torch.ones(1, 4, 4)]
    with pytest.raises(RuntimeError, match="stack expects each tensor"):
        torch.stack(parts)
    filled = nn.utils.rnn.pad_sequence(parts, batch_first=True)
    assert filled[1, 1:].sum() == 0  # stays wrong: two channels are black
    torch.stack([part.expand(3, -1, -1) for part in parts])


def test_a_u_net_joins_images_of_one_size():
    x, up = torch.ones(1, 2, 7, 7), torch.ones(1, 2, 6, 6)
    for dim in (0, 1):
        with pytest.raises(RuntimeError, match="Sizes of tensors must match except in"):
            torch.cat([x, up], dim=dim)
    up = nn.functional.interpolate(up, x.shape[-2:])  # by its place
    assert torch.cat([x, up], dim=1).shape == (1, 4, 7, 7)


def test_squeeze_makes_a_number_of_a_last_batch_of_one():
    batches, layer = torch.ones(5, 4).split(2), nn.Linear(4, 1)
    parts = [layer(x).squeeze() for x in batches]
    with pytest.raises(RuntimeError, match=r"zero-dimensional tensor .at position 2"):
        torch.cat(parts)
    with pytest.raises(RuntimeError, match="stack expects each tensor"):
        torch.stack(parts)
    assert torch.cat([layer(x).squeeze(1) for x in batches]).shape == (5,)


def test_a_model_of_a_few_positions_cannot_expand_to_a_longer_text():
    kinds, text = torch.zeros(1, 512), torch.ones(1, 586)
    with pytest.raises(RuntimeError, match=r"tensor \(586\) must match .* \(512\)"):
        kinds[:, : text.shape[1]].expand(text.shape)
    text = text[:, :512]
    kinds[:, : text.shape[1]].expand(text.shape)


def test_grey_images_have_a_dimension_less_than_permute_names():
    with pytest.raises(RuntimeError, match=r"input.dim\(\) = 3 .* len\(dims\) = 4"):
        torch.ones(2, 4, 5).permute(0, 3, 1, 2)


def test_a_gru_has_no_second_state():
    layer, x = nn.GRU(3, 4), torch.ones(5, 2, 3)
    with pytest.raises(ValueError, match=r"unpack \(expected 2, got 1\)"):
        _, (_, _) = layer(x)
    _, h = layer(x)
    assert h.shape == (1, 2, 4)


def test_a_write_into_the_copy_of_reshape_is_lost():
    x = torch.zeros(4, 4)
    x[:, :2].reshape(-1)[0] = 5
    assert x.sum() == 0
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        x[:, :2].view(-1)


def test_an_open_first_size_can_mix_the_samples():
    x = torch.arange(8).reshape(-1, 1).expand(8, 10).contiguous()
    with pytest.raises(RuntimeError, match="is invalid for input of size 80"):
        x.reshape(8, 20)
    assert x.reshape(-1, 20)[0].unique().tolist() == [0, 1]  # stays wrong
    assert x.reshape(len(x), -1).shape == (8, 10)


def test_trained_weights_do_not_fit_a_wider_layer_and_a_narrower_input_does():
    state, x = nn.Linear(2, 1).state_dict(), torch.ones(5, 3)
    wider = nn.Linear(x.shape[-1], 1)
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        wider.load_state_dict(state)
    layer = nn.Linear(2, 1)
    layer.load_state_dict(state)
    assert layer(x[:, :2]).shape == (5, 1)


def test_a_text_longer_than_the_positions_of_a_model_names_their_number_last():
    words, places = nn.Embedding(50, 8), nn.Embedding(512, 8)
    ids, number = torch.ones(1, 600, dtype=torch.long), torch.arange(512)[None]
    text = r"a \(600\) must match .* b \(512\) at non-singleton dimension 1"
    with pytest.raises(RuntimeError, match=text):
        words(ids) + places(number[:, : ids.shape[1]])
    ids = ids[:, :512]
    assert (words(ids) + places(number[:, : ids.shape[1]])).shape == (1, 512, 8)

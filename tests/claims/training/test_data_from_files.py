"""The claims of docs/training/data-from-files.md, on other files, sizes and dtypes."""

import csv
import sys
import warnings

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from torch import nn
from torch.utils.data import DataLoader

from tests.claims_support import names_of, printed, program

PICTURES = names_of("training/images_in_folders")["Pictures"]


def save(folder, name, size=(8, 6), mode="RGB", colour=0):
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    Image.new(mode, size, colour).save(file)


# Folders


def test_other_folders_are_classes_in_the_order_of_the_alphabet(tmp_path):
    for name in ("wren/a.png", "owl/b.png", "Owl/c.png", "owl/d.png"):
        save(tmp_path, name)
    data = PICTURES(tmp_path)
    assert data.classes == ["Owl", "owl", "wren"]
    assert [label for _, label in data] == [0, 1, 1, 2]


def test_files_with_other_names_are_left_out_silently(tmp_path):
    for name in ("owl/a.png", "owl/b.jpg"):
        save(tmp_path, name)
    (tmp_path / "owl/.DS_Store").write_text("x")
    if sys.platform == "linux":
        save(tmp_path, "owl/b.PNG")
    save(tmp_path, "deep.png")
    (tmp_path / "owl/sub").mkdir()
    save(tmp_path, "owl/sub/c.png")
    assert [file.name for file in PICTURES(tmp_path).files] == ["a.png"]


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "LA"])
def test_any_mode_and_size_gives_the_same_shape_and_range(tmp_path, mode):
    save(tmp_path, "owl/a.png", (7, 50), mode)
    save(tmp_path, "owl/b.png", (40, 3), "RGB", "white")
    (batch, _) = next(iter(DataLoader(PICTURES(tmp_path), batch_size=2)))
    assert batch.shape == (2, 3, 32, 32) and batch.dtype == torch.float32
    assert batch[1].min() == batch[1].max() == 1


def test_a_file_is_opened_only_when_its_sample_is_read(tmp_path):
    (tmp_path / "owl").mkdir()
    (tmp_path / "owl/a.png").write_text("no image")
    data = PICTURES(tmp_path)
    with pytest.raises(OSError, match="cannot identify image file"):
        data[0]


def test_without_resize_the_first_batch_cannot_be_stacked():
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal"):
        names_of("training/images_in_folders", {".resize((32, 32))": ""})


# One image


def test_pillow_has_the_width_first_and_the_array_the_height():
    image = Image.new("RGB", (5, 9)).resize((4, 7))
    assert image.size == (4, 7) and np.array(image).shape == (7, 4, 3)


def test_reshape_mixes_up_what_permute_keeps_together():
    array = np.zeros((2, 5, 3), dtype=np.uint8)
    array[..., 0] = 255  # red
    x = torch.from_numpy(array)
    assert x.permute(2, 0, 1)[0].unique().tolist() == [255]
    assert x.reshape(3, 2, 5)[0].unique().tolist() == [0, 255]


def test_an_image_is_copied_by_array_and_not_writable_by_asarray():
    image = Image.new("L", (3, 2))
    assert np.array(image).flags.writeable
    assert not np.asarray(image).flags.writeable
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")  # torch says it once a process
        torch.from_numpy(np.asarray(image))
    with pytest.raises(RuntimeError, match="Could not infer dtype of Image"):
        torch.tensor(image)


@pytest.mark.parametrize("size", [(64, 20), (9, 80), (32, 32)])
def test_fit_cuts_out_the_middle_and_resize_squeezes(size):
    image = Image.new("L", size)
    middle = (size[0] // 2, size[1] // 2)
    image.putpixel(middle, 255)
    assert ImageOps.fit(image, (32, 32)).size == (32, 32)
    square = Image.new("L", (60, 30))
    square.paste(255, (0, 0, 10, 30))  # at the border: fit cuts it off
    assert np.array(ImageOps.fit(square, (30, 30))).max() == 0
    assert np.array(square.resize((30, 30))).max() == 255


def test_convert_drops_the_opacity_and_a_palette_holds_places():
    glass = Image.new("RGBA", (1, 1), (9, 8, 7, 0))
    assert np.array(glass.convert("RGB")).tolist() == [[[9, 8, 7]]]
    image = Image.new("P", (1, 1), 1)
    image.putpalette([0, 0, 0, 250, 0, 0])
    assert np.array(image).tolist() == [[1]]
    assert np.array(image.convert("RGB")).tolist() == [[[250, 0, 0]]]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_sixteen_bits_are_cut_off_above_255(mode):
    image = Image.fromarray(np.array([[200, 256, 65535]], dtype=np.uint16))
    array = np.array(image.convert(mode)).reshape(3, -1)[:, 0]
    assert array.tolist() == [200, 255, 255]


# Transforms


def test_only_training_samples_flip_and_anew_in_each_epoch():
    names = names_of("training/flip_in_training")
    train, valid = names["train"], names["valid"]
    seen = {torch.stack(list(train))[:, 0, 0, 1].bool().sum().item() for _ in range(9)}
    assert len(seen) > 1
    for _ in range(9):
        assert torch.equal(torch.stack(list(valid)), valid.images)
    lines = printed("training/flip_in_training").splitlines()
    assert len(set(lines[::2])) == 3 and len(set(lines[1::2])) == 1


@pytest.mark.parametrize("shape", [(1, 4, 6), (3, 5, 2)])
def test_a_flip_mirrors_left_and_right(shape):
    x = torch.rand(shape)
    assert np.array_equal(x.flip(-1), np.flip(x.numpy(), axis=2))


# Tables


def test_all_values_of_a_csv_file_are_strings(tmp_path):
    (tmp_path / "a.csv").write_text('a,b\n1,"x, y"\n,2\n')
    with open(tmp_path / "a.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{"a": "1", "b": "x, y"}, {"a": "", "b": "2"}]
    with pytest.raises(ValueError, match="could not convert string to float: ''"):
        float(rows[1]["a"])


def test_a_line_end_inside_quotes_stays_as_it_is(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'a\r\n"x\r\ny"\r\n')
    with open(tmp_path / "a.csv", newline="") as file:
        assert next(csv.DictReader(file)) == {"a": "x\r\ny"}


def test_words_get_columns_and_unknown_ones_the_first():
    names = names_of("training/text_becomes_columns")
    one_hot = nn.functional.one_hot(names["numbers"], 4)
    assert one_hot.sum(dim=1).tolist() == [1] * 4
    assert one_hot[3].tolist() == [1, 0, 0, 0]
    assert names["known"] == {"garden": 1, "marsh": 2, "wood": 3}


@pytest.mark.parametrize("text", ["", "n/a", "x", "1,5"])
def test_numpy_makes_nan_of_what_is_no_number(text):
    array = np.genfromtxt([f"1;{text};2"], delimiter=";")
    assert np.isnan(array).tolist() == [False, True, False]


@pytest.mark.parametrize("loss", ["cross_entropy", "mse_loss"])
def test_one_nan_reaches_all_weights(loss):
    x = torch.randn(50, 3)
    x[7, 2] = torch.nan
    y = torch.zeros(50, 4) if loss == "mse_loss" else torch.zeros(50).long()
    model = nn.Linear(3, 4)
    value = getattr(nn.functional, loss)(model(x), y)
    value.backward()
    assert value.isnan() and model.weight.grad.isnan().all()


def test_gaps_are_filled_with_the_mean_of_the_training_rows():
    names = names_of("training/missing_value_filled")
    assert names["mean"].tolist() == pytest.approx([8.9, 56.0])
    assert "nanmean" in program("training/missing_value_filled")
    assert torch.full((3, 1), torch.nan).nanmean(dim=0).isnan().all()


def test_numbers_of_classes_differ_where_a_folder_is_missing():
    train, valid, fixed = printed("training/class_numbers_of_two_folders").splitlines()
    assert "'bee': 1" in train and "'bee': 0" in valid and fixed == "fixed [1, 2]"


def test_a_read_only_array_becomes_a_tensor_of_its_own():
    array = np.ones(3)
    array.flags.writeable = False  # as that of a column of pandas may be
    assert torch.tensor(array).float().add_(1).tolist() == [2, 2, 2]
    assert array.tolist() == [1, 1, 1]


def test_labels_of_rows_that_keep_their_names_raise_key_errors():
    column = {7: 1.0, 9: 2.0, 11: 3.0}  # as a column of pandas after a split

    class Rows(torch.utils.data.Dataset):
        def __len__(self):
            return len(column)

        def __getitem__(self, index):
            return column[index]

    with pytest.raises(KeyError, match="^0$"):
        next(iter(DataLoader(Rows())))


@pytest.mark.parametrize("change", [-200, -128, 100, 255])
def test_bytes_wrap_around(change):
    x = torch.arange(256, dtype=torch.uint8)
    assert (x + change).tolist() == [(n + change) % 256 for n in range(256)]
    assert (x / 255).dtype == torch.float32 and (x / 255).max() == 1

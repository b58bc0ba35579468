"""The claims of docs/training/data-from-files.md, on other files, sizes and dtypes."""

import csv
import sys
import warnings
from importlib.util import find_spec
from pathlib import PurePosixPath, PureWindowsPath

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from torch import nn
from torch.utils.data import DataLoader, random_split

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


def test_the_same_seed_splits_files_of_another_order_differently():
    def validated(files):
        g = torch.Generator().manual_seed(0)
        return set(random_split(files, [0.8, 0.2], generator=g)[1])

    files = [f"{n}.png" for n in range(50)]
    assert validated(files) == validated(sorted(files, key=files.index))
    assert validated(files) != validated(files[::-1])


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
    shown = {tuple(x.flatten().tolist()) for _ in range(9) for x in train}
    assert len(shown) > len({tuple(x.flatten().tolist()) for x in valid.images})
    for _ in range(9):
        assert torch.equal(torch.stack(list(valid)), valid.images)
    (only,) = DataLoader(train, batch_size=4)
    assert only.shape == (4, 3, 2, 2)
    with pytest.raises(ValueError, match="too many values"):
        (only,) = DataLoader(train, batch_size=3)
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
    with open(tmp_path / "a.csv") as file:  # in the value as well, but changed
        assert next(csv.DictReader(file)) == {"a": "x\ny"}


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


# Other names, modes, types and layers


def test_ten_comes_before_two_and_numbers_start_at_zero(tmp_path):
    for name in ("2/a.png", "10/b.png", "ant/c.png", "Zebra/d.png"):
        save(tmp_path, name)
    (tmp_path / "0").mkdir()  # without a picture: no class
    data = PICTURES(tmp_path)
    assert data.classes == ["10", "2", "Zebra", "ant"]
    assert [label for _, label in data] == [0, 1, 2, 3]


def test_only_windows_ignores_the_case_of_an_ending():
    assert not PurePosixPath("owl/b.PNG").match("*/*.png")
    assert PureWindowsPath("owl/b.PNG").match("*/*.png")


def test_training_classes_number_the_validation_files(tmp_path):
    for name in ("train/ant/a.png", "train/bee/b.png", "valid/bee/c.png"):
        (tmp_path / name).parent.parent.mkdir(exist_ok=True)
        save(tmp_path, name)
    train, valid = PICTURES(tmp_path / "train"), PICTURES(tmp_path / "valid")
    assert valid[0][1] == 0
    valid.classes = train.classes
    assert valid[0][1] == 1
    train.classes = ["bee"]
    with pytest.raises(ValueError, match="'ant' is not in list"):
        train[0]


def test_the_error_of_an_opened_file_names_its_own_class(tmp_path):
    save(tmp_path, "owl/a.png", mode="L")
    with Image.open(tmp_path / "owl/a.png") as image:
        with pytest.raises(RuntimeError, match="infer dtype of PngImageFile"):
            torch.tensor(image)


def test_pixels_of_other_modes_have_other_types_and_ranges():
    types = {"1": "bool", "F": "float32", "I": "int32", "I;16": "uint16"}
    for mode, dtype in types.items():
        assert np.array(Image.new(mode, (2, 3))).dtype == dtype
    white = torch.from_numpy(np.array(Image.new("1", (2, 3), 1)))
    assert (white / 255).max() < 0.01
    assert np.array(Image.new("1", (2, 3), 1).convert("RGB")).max() == 255


@pytest.mark.parametrize("size", [(6, 4), (1, 1)])
def test_two_byte_images_need_float_and_a_channel(size):
    array = np.full(size, 60000, dtype=np.uint16)
    x = torch.from_numpy(array / 65535)
    layer = nn.Conv2d(1, 2, 1)
    with pytest.raises(RuntimeError, match="type"):
        layer(x[None])
    x = torch.from_numpy(array / 65535).float()[None]
    assert x.shape == (1, *size) and layer(x).shape == (2, *size)


def test_resize_to_the_same_proportions_changes_none():
    image = Image.new("L", (60, 20))
    image.paste(255, (0, 0, 20, 20))
    small = np.array(image.resize((30, 10), Image.Resampling.NEAREST))
    assert (small[:, :10] == 255).all() and (small[:, 10:] == 0).all()


def test_loadtxt_refuses_the_gap_that_genfromtxt_fills():
    lines = ["9.1,48", ",73"]
    assert np.isnan(np.genfromtxt(lines, delimiter=",")).sum() == 1
    with pytest.raises(ValueError, match="could not convert string ''"):
        np.loadtxt(lines, delimiter=",")


@pytest.mark.parametrize("text", ["nan", "NaN", " nan ", "-nan"])
def test_float_accepts_the_text_nan(text):
    assert torch.tensor([float(text), 1.0]).isnan().tolist() == [True, False]


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e999"])
def test_float_accepts_inf_too_which_isnan_does_not_find(text):
    x = torch.tensor([float(text), 1.0])
    assert not x.isnan().any() and not x.isfinite().all()
    assert not torch.tensor([float("nan"), 1.0]).isfinite().all()


def test_class_names_that_are_numbers_sort_otherwise_as_text():
    assert sorted({"2", "10"}) == ["10", "2"]  # csv gives text, pandas numbers
    assert sorted({2, 10}) == [2, 10]


def test_a_nan_spares_the_rows_of_an_embedding_that_were_not_read():
    table = nn.Embedding(4, 3)
    x = torch.tensor([[0.0, 0.0, torch.nan]])
    nn.functional.mse_loss(table(torch.tensor([1])) + x, torch.zeros(1, 3)).backward()
    assert table.weight.grad.isnan().sum() == 1


# Other libraries, which were recorded in environments of their own


def test_image_folder_prints_what_our_class_prints():
    both = printed("training/image_folder_of_torchvision")
    assert both == printed("training/images_in_folders")
    assert '.PNG"' in program("training/image_folder_of_torchvision")
    assert '.png"' in program("training/images_in_folders")


def test_transforms_of_torchvision_change_training_images_alone():
    lines = printed("training/transforms_of_torchvision").splitlines()
    train, valid = ([one[2:] for one in lines[start::2]] for start in (0, 1))
    assert len(set(train)) == 3 and len(set(valid)) == 1
    assert all("[3, 64, 64]" in line for line in lines)
    least = (0 + 0.5) / 0.25  # if `Normalize` added the mean
    assert all(float(line.split()[-1]) < least for line in lines)


@pytest.mark.skipif(
    find_spec("torchvision") is None, reason="torchvision has a lane of its own"
)
@pytest.mark.parametrize("size", [(50, 200), (300, 64)])
def test_transforms_of_torchvision_fit_other_sizes_and_scale_before_they_shift(size):
    names = names_of("training/transforms_of_torchvision")
    white = Image.new("RGB", size, "white")
    assert names["train"](white).shape == names["valid"](white).shape == (3, 64, 64)
    assert names["valid"](white).unique().tolist() == [2]  # (1 - 0.5) / 0.25
    assert names["valid"](Image.new("RGB", size)).unique().tolist() == [-2]
    v2 = names["v2"]
    with pytest.raises(TypeError, match="float tensor"):
        v2.Normalize([0.5], [0.25])(torch.zeros(3, 4, 4, dtype=torch.uint8))


def test_pandas_gives_the_tensors_of_the_csv_module():
    labels, equal = printed("training/table_by_pandas").splitlines()
    assert equal == "equal: True True"
    names, numbers = printed("training/rows_of_a_csv_file").splitlines()[1:]
    assert labels == "robin wren [1, 0, 1]"
    assert names == "['robin', 'wren'] [1, 0, 1]" and "18., 73." in numbers


def test_a_part_of_a_table_keeps_the_names_of_its_rows():
    assert printed("training/no_row_zero_in_pandas") == "18.0\nKeyError: 0\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_genfromtxt_reads_a_file_of_other_line_ends(tmp_path, end, encoding):
    text = end.join(["nest,eggs", "high,4", "low,", ""])
    file = tmp_path / "nests.csv"
    file.write_bytes(text.encode(encoding))
    array = np.genfromtxt(file, delimiter=",", skip_header=1)
    assert np.isnan(array).tolist() == [[True, False], [True, True]]

"""What the page of errors of files claims beyond what its programs print."""

import argparse
import io
import pickle
import shutil
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.claims_support import printed

PAGE = Path(__file__).parents[3] / "docs" / "errors" / "saving.md"


def test_strict_false_forgives_names_and_not_sizes():
    model = nn.Linear(4, 3)
    model.load_state_dict({"other": torch.ones(1)}, strict=False)
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        model.load_state_dict(nn.Linear(4, 10).state_dict(), strict=False)


def test_a_saved_file_is_a_zip_archive_and_half_of_it_is_not():
    file = io.BytesIO()
    torch.save(torch.ones(100), file)
    assert zipfile.is_zipfile(file)
    assert not zipfile.is_zipfile(io.BytesIO(file.getvalue()[:500]))


def test_the_first_name_in_a_file_tells_who_wrapped_the_model():
    model = nn.Linear(2, 1)
    assert list(nn.DataParallel(model).state_dict())[0] == "module.weight"
    for saved in ({"model": model.state_dict()}, nn.DataParallel(model).state_dict()):
        with pytest.raises(RuntimeError, match="Error.s. in loading state_dict"):
            model.load_state_dict(saved)


@pytest.mark.parametrize(
    "wrap", [nn.DataParallel, lambda model: torch.compile(model, backend="eager")]
)
def test_a_wrapper_puts_a_word_before_every_name(wrap):
    words = ("module.", "_orig_mod.")
    names = list(wrap(nn.Linear(2, 1)).state_dict())
    assert len(names) == 2 and all(name.startswith(words) for name in names)


def saved(value):
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (nn.ReLU(), "torch.nn.modules.activation.ReLU"),
        ({"loss": np.float32(1)}, "numpy"),
        ({"loss": np.ones(2)}, "numpy"),
        ({"args": argparse.Namespace()}, "argparse.Namespace"),
    ],
    ids=["model", "number", "array", "arguments"],
)
def test_the_message_names_what_is_no_tensor(value, named):
    with pytest.raises(pickle.UnpicklingError) as raised:
        torch.load(saved(value))
    text = str(raised.value)
    assert "Weights only load failed." in text
    assert f"Unsupported global: GLOBAL {named}" in text


@pytest.mark.parametrize(("letter", "number"), [("v", 118), ("<", 60)])
def test_a_pointer_and_a_web_page_are_told_by_their_first_letter(letter, number):
    text = {"v": b"version https://git-lfs", "<": b"<!DOCTYPE html>"}[letter]
    assert text[0] == number
    with pytest.raises(pickle.UnpicklingError, match=f"Unsupported operand {number}"):
        torch.load(io.BytesIO(text))
    with pytest.raises(pickle.UnpicklingError, match=f"invalid load key, '{letter}'"):
        torch.load(io.BytesIO(text), weights_only=False)


def test_python_reads_certificates_from_the_file_that_the_variable_names():
    assert ssl.get_default_verify_paths().openssl_cafile_env == "SSL_CERT_FILE"


@pytest.mark.parametrize("header", [b'{"a":{}}', b'{"ab":{}}'])
def test_a_file_of_another_format_is_told_by_its_first_byte(header):
    """A file of safetensors begins with the length of its header."""
    file = io.BytesIO(len(header).to_bytes(8, "little") + header)
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        torch.load(file)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize(("protocol", "first"), [(4, 149), (5, 149)])
def test_a_newer_pickle_protocol_is_an_operand_too(protocol, first):
    file = io.BytesIO()
    torch.save({"weight": torch.ones(2)}, file, pickle_protocol=protocol)
    plain = io.BytesIO(pickle.dumps({"weight": 1}, protocol=protocol))
    for one in (file, plain):
        one.seek(0)
        with pytest.raises(pickle.UnpicklingError, match=f"operand {first}"):
            torch.load(one)
    file.seek(0)
    assert torch.load(file, weights_only=False)["weight"].sum() == 2


@pytest.mark.parametrize("kind", ["Float64", "Float32", "Int64"])
def test_a_number_of_numpy_needs_three_classes_one_of_them_its_own(kind):
    number = np.dtype(kind.lower()).type(1)
    needed = [np._core.multiarray.scalar, np.dtype, getattr(np.dtypes, kind + "DType")]
    another = [*needed[:2], np.dtypes.Float16DType]
    for known in (needed[:1], needed[:2], another, needed):
        with torch.serialization.safe_globals(known):
            if known == needed:
                assert torch.load(saved({"loss": number}))["loss"] == 1
            else:
                with pytest.raises(pickle.UnpicklingError):
                    torch.load(saved({"loss": number}))


@pytest.mark.parametrize("value", [range(3), frozenset({1}), Path("a")])
def test_not_every_plain_value_is_read(value):
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        torch.load(saved({"value": value}))


def test_the_same_names_with_other_sizes_do_not_load():
    with pytest.raises(RuntimeError, match="size mismatch for weight"):
        nn.Linear(3, 1).load_state_dict(nn.Linear(2, 1).state_dict())


def test_a_file_of_before_release_1_6_is_no_zip_archive_and_loads():
    file = io.BytesIO()
    torch.save(torch.ones(2), file, _use_new_zipfile_serialization=False)
    assert not zipfile.is_zipfile(file)
    file.seek(0)
    assert torch.load(file).sum() == 2


def test_a_file_without_the_word_of_a_wrapper_loads_into_its_inside():
    saved_before = nn.Linear(2, 1).state_dict()
    wrapped = nn.DataParallel(nn.Linear(2, 1))
    with pytest.raises(RuntimeError, match="Missing key"):
        wrapped.load_state_dict(saved_before)
    wrapped.module.load_state_dict(saved_before)


def test_a_renamed_layer_is_missing_and_unexpected_until_it_is_renamed():
    old = nn.ModuleDict({"fc": nn.Linear(2, 1, bias=False)})
    model = nn.ModuleDict({"head": nn.Linear(2, 1, bias=False)})
    state = old.state_dict()
    with pytest.raises(RuntimeError, match="Missing key(?s:.*)Unexpected key"):
        model.load_state_dict(state)
    state["head.weight"] = state.pop("fc.weight")
    model.load_state_dict(state)
    assert torch.equal(model["head"].weight, old["fc"].weight)


@pytest.mark.parametrize("protocol", [4, 5])
def test_a_plain_pickle_is_for_pickle(protocol):
    data = pickle.dumps({"weight": [1.5, 2.5]}, protocol=protocol)
    with pytest.raises(RuntimeError, match="Invalid magic number; corrupt file?"):
        torch.load(io.BytesIO(data), weights_only=False)
    assert pickle.loads(data) == {"weight": [1.5, 2.5]}


def test_a_file_of_hdf5_is_told_by_the_letter_h():
    file = io.BytesIO(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(pickle.UnpicklingError, match="invalid load key, 'H'"):
        torch.load(file, weights_only=False)


def test_the_zip_archive_sees_a_changed_byte_and_torch_does_not():
    whole = saved(torch.ones(100)).getvalue()
    place = whole.index(torch.ones(1).numpy().tobytes() * 9)
    changed = bytearray(whole)
    changed[place + 2] ^= 1  # a bit of the first number
    assert torch.load(io.BytesIO(changed))[0] != 1
    assert zipfile.ZipFile(io.BytesIO(changed)).testzip() == "archive/data/0"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(whole[:-30]))


def test_the_result_of_load_state_dict_is_a_report():
    model = nn.Linear(2, 1)
    result = model.load_state_dict(model.state_dict())
    assert result.missing_keys == result.unexpected_keys == []
    with pytest.raises(AttributeError, match="^'_IncompatibleKeys' object has no attr"):
        result.eval()


def test_a_path_begins_at_the_current_folder(tmp_path, monkeypatch):
    torch.save(torch.ones(1), tmp_path / "model.pt")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    with pytest.raises(
        FileNotFoundError, match="No such file or directory: 'model.pt'"
    ):
        torch.load("model.pt")
    monkeypatch.chdir(tmp_path)
    assert torch.load("model.pt") == 1


@pytest.mark.parametrize(("only", "text"), [(True, ""), (False, "Ran out of input")])
def test_an_empty_file_has_a_message_without_the_default_only(tmp_path, only, text):
    file = tmp_path / "model.pt"
    file.touch()
    assert file.stat().st_size == 0
    with pytest.raises(EOFError) as error:
        torch.load(file, weights_only=only)
    assert str(error.value) == text


def test_an_older_file_that_was_cut_can_say_the_same_and_is_not_empty():
    whole = io.BytesIO()
    torch.save(torch.ones(3), whole, _use_new_zipfile_serialization=False)
    with pytest.raises(EOFError, match="Ran out of input"):
        torch.load(io.BytesIO(whole.getvalue()[:14]), weights_only=False)
    page = PAGE.read_text(encoding="utf-8")
    assert "Usually, the file is empty: " in page


def test_a_file_at_its_end_is_empty_too():
    file = io.BytesIO()
    torch.save(torch.ones(1), file)
    with pytest.raises(EOFError, match="Ran out of input"):
        torch.load(file, weights_only=False)
    file.seek(0)
    assert torch.load(file) == 1


def test_a_small_file_on_a_full_disk_has_a_text_of_its_own():
    with pytest.raises(RuntimeError, match="^basic_ios::clear: iostream error$"):
        torch.save(torch.ones(100), "/dev/full")


def test_an_unknown_module_is_refused_before_it_is_imported():
    file = io.BytesIO()
    torch.save(argparse.Namespace(), file)
    text = file.getvalue().replace(b"cargparse\n", b"cargparsx\n")
    with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
        torch.load(io.BytesIO(text))
    with pytest.raises(ModuleNotFoundError, match="No module named 'argparsx'"):
        torch.load(io.BytesIO(text), weights_only=False)


def test_where_no_file_of_certificates_is_the_path_is_none(monkeypatch, tmp_path):
    file = tmp_path / "company.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert ssl.get_default_verify_paths().cafile is None
    file.write_text("")
    assert ssl.get_default_verify_paths().cafile == str(file)


def test_python_says_in_two_ways_that_a_class_is_not_there():
    """Python 3.14+ calls it an attribute that the module does not have."""
    before, after = (
        printed("errors/training/class_not_there", lane).strip()
        for lane in ("cpu", "newest-python")
    )
    assert before == "AttributeError: Can't get attribute 'Net' on <module '__main__'"
    assert after == "AttributeError: module '__main__' has no attribute 'Net'"
    data = pickle.dumps(Gone(), protocol=2).replace(b"Gone", b"Nets")
    with pytest.raises(AttributeError) as raised:
        pickle.loads(data)
    assert ("Can't get" in str(raised.value)) is (sys.version_info < (3, 14))


@pytest.mark.parametrize(
    ("method", "named"), [("spawn", "in spawn_main"), ("forkserver", "forkserver.py")]
)
def test_the_traceback_of_a_new_process_names_how_it_began(method, named):
    """As in a notebook, `Net` is in no file that the new process could import."""
    program = f"""
import multiprocessing
class Net: pass
context = multiprocessing.get_context("{method}")
process = context.Process(target=Net)
process.start()
process.join()
"""
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, capture_output=True, text=True).stderr
    assert named in said and said.splitlines()[-1].startswith("AttributeError")
    assert ("spawn_main" in said) is (method == "spawn")


class Gone:
    """Its name is changed in the file."""


def test_a_path_among_the_arguments_is_a_class_of_its_own():
    saved, path = io.BytesIO(), Path("runs", "first")
    torch.save(argparse.Namespace(folder=path), saved)
    for known in ([], [argparse.Namespace], [argparse.Namespace, type(path)]):
        saved.seek(0)
        with torch.serialization.safe_globals(known):
            if len(known) == 2:
                assert torch.load(saved).folder == path
            else:
                with pytest.raises(pickle.UnpicklingError, match="argparse|pathlib"):
                    torch.load(saved)
    file = io.BytesIO()
    torch.save({"folder": str(path)}, file)
    file.seek(0)
    assert torch.load(file) == {"folder": str(path)}


def test_a_cut_file_says_so_and_a_very_small_one_is_no_zip_archive():
    file = io.BytesIO()
    torch.save(nn.Linear(9, 9).state_dict(), file)
    whole = file.getvalue()
    said = {n: text_of(whole[:n]) for n in (*range(1, 60), 300, len(whole) - 1)}
    for n in range(4, 22):
        assert said[n].startswith(
            "PytorchStreamReader failed reading zip archive: not a"
        )
    assert "not a ZIP archive" in said[4] and said[3].startswith("Weights only load")
    for n in (22, 59, 300, len(whole) - 1):
        assert "zip archive: failed finding central directory" in said[n]


def text_of(content: bytes) -> str:
    with pytest.raises((RuntimeError, pickle.UnpicklingError)) as error:
        torch.load(io.BytesIO(content))
    return str(error.value)


def test_size_and_room_tell_why_a_file_is_cut_or_empty(tmp_path, monkeypatch):
    """Cut by a download, by a full disk, or not yet whole."""
    file, whole = tmp_path / "model.pt", io.BytesIO()
    torch.save(nn.Linear(9, 9).state_dict(), whole)
    whole = whole.getvalue()
    file.write_bytes(whole[:300])  # the others are as large as when one looked before
    assert file.stat().st_size < len(whole)
    before = file.stat().st_size
    assert before == file.stat().st_size
    with file.open("ab") as growing:  # another process
        growing.write(whole[300:400])
    assert before < file.stat().st_size
    monkeypatch.chdir(tmp_path)
    room = shutil.disk_usage(".")
    assert room.free == shutil.disk_usage(file.parent).free > len(whole)
    assert room.free <= room.total - room.used


@pytest.mark.parametrize("why", ["ended", "at its end"])
def test_tell_is_0_unless_an_open_file_was_read_before(tmp_path, why):
    path = tmp_path / "model.pt"
    with path.open("wb") as file:
        if why == "at its end":
            torch.save(torch.ones(1), file)
    with path.open("rb") as file:
        if why == "at its end":
            torch.load(file)
            file.seek(0, io.SEEK_END)
        place = file.tell()
        with pytest.raises(EOFError, match="Ran out of input"):
            torch.load(file, weights_only=False)
    assert (place != 0) == (path.stat().st_size != 0) == (why == "at its end")


class Config:
    """As a program saves it beside its weights."""

    def __init__(self):
        self.width = 4


def test_an_object_of_ones_own_is_refused_without_a_model_in_the_file():
    file = io.BytesIO()
    saved = {"model": nn.Linear(2, 1).state_dict(), "config": Config()}
    torch.save(saved, file)
    file.seek(0)
    with pytest.raises(pickle.UnpicklingError, match=r"GLOBAL \S*Config was not an"):
        torch.load(file)
    file = io.BytesIO()
    torch.save({**saved, "config": vars(Config())}, file)
    file.seek(0)
    assert torch.load(file)["config"] == {"width": 4}


def test_an_array_of_numpy_is_saved_as_a_tensor():
    array, file = np.ones(2), io.BytesIO()
    torch.save({"best": array}, file)
    file.seek(0)
    with pytest.raises(pickle.UnpicklingError, match="GLOBAL numpy.*_reconstruct"):
        torch.load(file)
    with pytest.raises(ValueError, match="size 1"):
        array.item()
    file = io.BytesIO()
    torch.save({"best": torch.from_numpy(array)}, file)
    file.seek(0)
    assert torch.load(file)["best"].tolist() == [1, 1]
    file = io.BytesIO()
    torch.save(vars(argparse.Namespace(lr=0.1)), file)
    file.seek(0)
    assert torch.load(file) == {"lr": 0.1}


def test_names_may_begin_with_the_attribute_of_a_lightning_module():
    model = nn.Linear(2, 1)
    saved = {f"model.{name}": value for name, value in model.state_dict().items()}
    with pytest.raises(RuntimeError, match='Missing key.*"weight"'):
        model.load_state_dict(saved)
    nn.modules.utils.consume_prefix_in_state_dict_if_present(saved, "model.")
    model.load_state_dict(saved)


def test_names_may_be_only_unexpected():
    saved = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).state_dict()
    model = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(RuntimeError) as error:
        model.load_state_dict(saved)
    assert "Unexpected key" in str(error.value) and "Missing" not in str(error.value)
    assert not model.load_state_dict(saved, strict=False).missing_keys


def test_a_layer_with_the_sizes_of_the_file_gives_what_was_trained():
    trained, model = nn.Linear(4, 10), nn.Linear(4, 10)
    model.load_state_dict(trained.state_dict())
    assert model(torch.ones(1, 4)).equal(trained(torch.ones(1, 4)))


def test_a_state_that_was_in_no_file_has_no_eval():
    best = nn.Linear(2, 1).state_dict()
    with pytest.raises(AttributeError, match="OrderedDict' object has no attribute"):
        best.eval()


def test_the_home_folder_has_no_short_name():
    with pytest.raises(FileNotFoundError, match="'~/no_such_model.pt'"):
        torch.load("~/no_such_model.pt")
    assert Path("~").expanduser() == Path.home()


def test_a_string_has_no_parent():
    assert not hasattr("runs/model.pt", "parent")


def test_a_file_that_is_none_prints_it_too():
    with pytest.raises(AttributeError, match="expected 'f' to be string, path, or a"):
        torch.save({}, None)

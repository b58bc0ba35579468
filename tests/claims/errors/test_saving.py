"""What the page of errors of files claims beyond what its programs print."""

import argparse
import io
import pickle
import ssl
import zipfile

import numpy as np
import pytest
import torch
from torch import nn


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

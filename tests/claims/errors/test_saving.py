"""What the page of errors of files claims beyond what its programs print."""

import io
import zipfile

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

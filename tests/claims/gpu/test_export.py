"""The claims of docs/gpu/export.md."""

import inspect
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.export import Dim, export

from tests.claims_support import printed


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).eval()


def by_numpy(model, x):
    w, b, v, c = (p.detach().double().numpy() for p in model.parameters())
    return np.maximum(x.double().numpy() @ w.T + b, 0) @ v.T + c


def test_an_exported_program_computes_the_formula(model):
    x = torch.randn(2, 4)
    y = export(model, (x,)).module()(x)
    np.testing.assert_allclose(y.detach(), by_numpy(model, x), rtol=1e-5, atol=1e-6)


def test_a_saved_program_is_the_same_after_loading(model):
    x, file = torch.randn(2, 4), io.BytesIO()
    torch.export.save(export(model, (x,)), file)
    file.seek(0)
    assert torch.equal(torch.export.load(file).module()(x), model(x))


def test_training_the_model_changes_its_export(model):
    x = torch.randn(2, 4)
    program = export(model, (x,))
    before, module = model(x), program.module()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before.sum().backward()
    optimizer.step()
    for exported in (module, program.module()):
        assert torch.equal(exported(x), model(x))
        assert not torch.equal(exported(x), before)


class Trebled(nn.Module):
    def forward(self, x):
        return 3 * x  # a note that travels


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["pt2", "onnx"])
def test_a_file_holds_lines_of_forward_and_names_of_class_and_folder(kind):
    x, file = torch.ones(2), io.BytesIO()
    if kind == "onnx":
        pytest.importorskip("onnxruntime")
        program = torch.onnx.export(Trebled().eval(), (x,), verbose=False)
        content = program.model_proto.SerializeToString()
    else:
        torch.export.save(export(Trebled(), (x,)), file)
        parts = zipfile.ZipFile(file)
        content = b"".join(map(parts.read, parts.namelist()))
    for word in ("return 3 * x", "Trebled", os.path.dirname(__file__)):
        assert word.encode() in content


@pytest.mark.filterwarnings("ignore")
def test_an_operation_from_elsewhere_must_be_there_to_load_an_export(tmp_path):
    class Twice(nn.Module):
        def forward(self, x):
            return torch.ops.claim_export.twice(x)

    path = tmp_path / "twice.pt2"
    with torch.library._scoped_library("claim_export", "FRAGMENT") as library:
        library.define("twice(Tensor x) -> Tensor")
        library.impl("twice", lambda x: 2 * x, "CompositeExplicitAutograd")
        program = torch.export.export(Twice(), (torch.ones(3),))
        torch.export.save(program, path)
        loaded = torch.export.load(path).module()
        assert torch.equal(loaded(torch.ones(3)), torch.full((3,), 2.0))
    with pytest.raises(RuntimeError, match="error when deserializing"):
        torch.export.load(path)


def test_the_graph_has_the_weights_as_inputs_and_three_operations(model):
    program = export(model, (torch.ones(2, 4),))
    assert list(program.state_dict) == list(model.state_dict())
    called = [n for n in program.graph.nodes if n.op == "call_function"]
    assert [n.target.namespace for n in called] == ["aten"] * 3
    assert [n.meta["val"].shape[1] for n in called] == [8, 8, 3]


# Sizes


def test_an_export_holds_for_the_sizes_of_its_example(model):
    program = export(model, (torch.ones(2, 4),)).module()
    with pytest.raises(AssertionError, match=r"input.size\(\)\[0\] == 2"):
        program(torch.ones(5, 4))


@pytest.mark.parametrize("dtype", [torch.float64, torch.int32], ids=str)
def test_an_export_checks_sizes_and_no_dtype_nor_further_dimensions(dtype):
    program = export(nn.ReLU(), (torch.ones(3),)).module()
    assert program(torch.ones(3, dtype=dtype)).dtype == dtype
    with pytest.raises(AssertionError, match="Guard failed"):
        program(torch.ones(4, dtype=dtype))
    assert program(torch.ones(3, 1, dtype=dtype)).shape == (3, 1)


@pytest.mark.parametrize(("least", "refused"), [(1, []), (2, []), (4, [0, 1, 3])])
def test_a_lower_limit_of_one_or_two_is_not_checked(least, refused):
    shapes, found = ({0: Dim("rows", min=least, max=9)},), []
    program = export(nn.Tanh(), (torch.ones(5, 4),), dynamic_shapes=shapes).module()
    for size in (0, 1, 3, 4):
        try:
            assert program(torch.ones(size, 4)).shape == (size, 4)
        except AssertionError as error:
            assert f"Guard failed: input.size()[0] >= {least}" in str(error)
            found.append(size)
    assert found == refused


def test_a_named_size_varies_within_its_limits(model):
    sizes = ({0: Dim("rows", min=1, max=64)},)
    program = export(model, (torch.ones(2, 4),), dynamic_shapes=sizes).module()
    for rows in (1, 64):
        assert program(torch.ones(rows, 4)).shape == (rows, 3)
    with pytest.raises(AssertionError, match=r"input.size\(\)\[0\] <= 64"):
        program(torch.ones(65, 4))


def test_dynamic_lets_torch_find_the_limits(model):
    sizes = ({0: Dim.DYNAMIC},)
    program = export(model, (torch.ones(2, 4),), dynamic_shapes=sizes).module()
    assert program(torch.ones(1000, 4)).shape == (1000, 3)


class FixesItsSize(nn.Module):
    def forward(self, x):
        return x + 1 if x.shape[0] == 2 else x


def test_code_that_fixes_a_size_stops_the_export():
    with pytest.raises(torch._dynamo.exc.UserError, match="Constraints violated"):
        export(FixesItsSize(), (torch.ones(2),), dynamic_shapes=({0: Dim("rows")},))


def test_an_example_of_one_row_fixes_the_size(model):
    x = torch.ones(1, 4)
    with pytest.raises(torch._dynamo.exc.UserError, match="Constraints violated"):
        export(model, (x,), dynamic_shapes=({0: Dim("rows")},))
    with pytest.raises(ValueError, match="Found the following conflicts between"):
        export(model, (x,), dynamic_shapes=({0: Dim.DYNAMIC},))
    program = export(model, (x,), dynamic_shapes=({0: Dim.AUTO},)).module()
    assert program(x).shape == (1, 3)
    with pytest.raises(AssertionError, match=r"input.size\(\)\[0\] == 1"):
        program(torch.ones(2, 4))


@pytest.mark.parametrize("layer", [nn.Conv1d(4, 3, 1), nn.LayerNorm(4)])
def test_a_free_size_is_free_for_other_layers_too(layer):
    def example(rows):
        return torch.ones(rows, 4, 4)

    sizes = ({0: Dim.DYNAMIC},)
    program = export(layer, (example(2),), dynamic_shapes=sizes).module()
    for rows in (1, 7):
        assert torch.equal(program(example(rows)), layer(example(rows)))


def test_an_if_about_a_shape_is_answered_during_the_export():
    program = export(FixesItsSize(), (torch.ones(2),))
    assert torch.equal(program.module()(torch.ones(2)), torch.full((2,), 2.0))


class AsksItsSize(nn.Module):
    def forward(self, x):
        return x + 1 if x.shape[0] > 5 else x


def test_an_if_about_a_free_size_narrows_its_limits_or_stops():
    free = ({0: Dim.DYNAMIC},)
    program = export(AsksItsSize(), (torch.ones(8),), dynamic_shapes=free)
    (limits,) = program.range_constraints.values()
    assert limits.lower == 6
    with pytest.raises(torch._dynamo.exc.UserError, match="Constraints violated"):
        named = ({0: Dim("rows", max=64)},)
        export(AsksItsSize(), (torch.ones(8),), dynamic_shapes=named)


def test_a_program_in_cpp_has_a_class_that_loads_a_package():
    header = "include/torch/csrc/inductor/aoti_package/model_package_loader.h"
    source = Path(torch.__path__[0], header).read_text(encoding="utf-8")
    assert "class TORCH_API AOTIModelPackageLoader" in source
    for said in ("AOTIModelPackageLoader(", "std::vector<at::Tensor> run("):
        _, found, rest = source.partition(f"  {said}\n")  # a path; the inputs
        assert found and rest.lstrip().startswith("const std::")


# Pitfalls


def test_an_export_in_training_mode_drops_for_good():
    model, x = nn.Dropout(0.5), torch.ones(1000)
    program = export(model, (x,)).module()
    model.eval()
    assert (program(x) == 0).any() and not (model(x) == 0).any()
    for change in (program.eval, program.train):
        with pytest.raises(NotImplementedError, match="is not supported yet"):
            change()
    assert not (export(model, (x,)).module()(x) == 0).any()


# ONNX


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_onnxruntime_computes_the_formula(model, monkeypatch, tmp_path):
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "1")  # else it leaves a file
    runtime = pytest.importorskip("onnxruntime")
    sizes = ({0: Dim.DYNAMIC},)
    options = {"dynamic_shapes": sizes, "dynamo": True, "verbose": False}
    program = torch.onnx.export(model, (torch.ones(2, 4),), **options)
    assert program.model.opset_imports[""] == 20  # where none is asked for
    content = program.model_proto.SerializeToString()
    session = runtime.InferenceSession(content)
    x = torch.randn(7, 4)
    (y,) = session.run(None, {"input": x.numpy()})
    np.testing.assert_allclose(y, by_numpy(model, x), rtol=1e-5, atol=1e-6)
    # torch.onnx.export saves so, and with external_data=True unless told otherwise.
    program.save(tmp_path / "model.onnx", external_data=True)
    files = {file.name for file in tmp_path.iterdir()}
    assert len(files) == 2 and files == {"model.onnx", "model.onnx.data"}
    assert (tmp_path / "model.onnx.data").stat().st_size == 0  # small weights
    program.save(tmp_path / "alone.onnx", external_data=False)
    assert {file.name for file in tmp_path.iterdir()} - files == {"alone.onnx"}
    default = inspect.signature(torch.onnx.export).parameters["external_data"].default
    assert default is True


def test_a_saved_export_is_for_the_version_that_saved_it():
    words = " ".join(torch.export.save.__doc__.split())
    assert "saved files may not be usable in newer versions of PyTorch" in words


def test_the_variable_keeps_onnxruntime_from_leaving_a_file(tmp_path):
    pytest.importorskip("onnx")
    env = {**os.environ, "TMPDIR": str(tmp_path), "ORT_DISABLE_TELEMETRY": "1"}
    subprocess.run([sys.executable, "-c", "import onnxruntime"], env=env, check=True)
    assert list(tmp_path.iterdir()) == []


def test_the_old_arguments_vary_a_size_and_miss_the_operator_set():
    warned, _, shape, operators = printed("gpu/onnx_arguments_of_old").splitlines()
    assert warned.startswith("UserWarning: # 'dynamic_axes' is not recommended when")
    assert "rows" in shape and operators == "operator set: 18"
    parameters = inspect.signature(torch.onnx.export).parameters
    assert parameters["dynamo"].default is True
    assert "dynamic_axes" in parameters


@pytest.mark.parametrize("operators", [11, 14])
def test_the_old_exporter_still_takes_the_old_arguments(operators):
    onnx = pytest.importorskip("onnx")
    file, old = io.BytesIO(), {"dynamic_axes": {"x": {0: "rows"}}}
    old |= {"input_names": ["x"], "opset_version": operators, "dynamo": False}
    with pytest.warns(DeprecationWarning) as warned:
        torch.onnx.export(nn.Linear(4, 3).eval(), (torch.ones(2, 4),), file, **old)
    assert any("will be removed" in str(one.message) for one in warned)
    made = onnx.load_from_string(file.getvalue())
    assert made.opset_import[0].version == operators
    assert made.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "rows"


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_an_older_operator_set_is_reached_where_the_conversion_succeeds(caplog):
    pytest.importorskip("onnxruntime")
    options = {"opset_version": 17, "verbose": False}
    model, x = nn.Linear(4, 3).eval(), torch.ones(2, 4)
    program = torch.onnx.export(model, (x,), **options)
    assert program.model.opset_imports[""] == 17
    assert "lower version than we have implementations for" in caplog.text


def test_an_export_is_called_by_position_or_by_name_as_its_example_was():
    model, x = nn.Linear(4, 3), torch.ones(2, 4)
    by_place = torch.export.export(model, (x,)).module()
    by_name = torch.export.export(model, (), {"input": x}).module()
    assert by_place(x).equal(model(x)) and by_name(input=x).equal(model(x))
    for wrong in (lambda: by_place(input=x), lambda: by_name(x)):
        with pytest.raises(ValueError, match="keyword mismatch"):
            wrong()

"""The claims of docs/keras/which-to-use.md: a proof or a dated source for each row."""

import ast
import re
from pathlib import Path

import pytest
import torch

from tests.claims_support import READS_TENSORS, cited, keras, printed

ROOT = Path(__file__).parents[3]
pytestmark = READS_TENSORS
PAGE = (ROOT / "docs/keras/which-to-use.md").read_text(encoding="utf-8")
SOURCES = cited()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| You want")
]
LINK = re.compile(r"\]\(([^)]+)\)")


def test_the_table_has_a_row_for_each_need():
    assert len(ROWS) == 12
    assert all(len(row) == 4 and all(row) for row in ROWS)


# By need, the programs that its row rests on, and what they have to print.
LOSSES = printed("keras/pytorch_loop")
STEPS = printed("keras/sign_step_in_pytorch")
PROVEN = {
    "learn, or teach": {
        "pytorch_loop": r"(epoch \d: loss \d\.\d{4}\n){5}",
        "keras_fit": re.escape(LOSSES),
    },
    "try odd losses or update rules": {
        "sign_step_in_pytorch": r"(\d \[.+\]\n){5}",
        "sign_step_in_keras": re.escape(STEPS),
    },
    "serve a model without Keras": {
        "export_without_keras": "same answer: +True\nkeras loaded: False\n",
    },
    "serve a model with ONNX Runtime": {
        "export_to_onnx": r"(\d+ rows, within 1e-6: True\n){3}",
    },
}


def included(link: str) -> set[str]:
    """The programs that stand on a Keras page, below the heading that a link names."""
    name, _, anchor = link.partition("#")
    text = (ROOT / "docs/keras" / (name or "which-to-use.md")).read_text("utf-8")
    if anchor:
        headings = re.split(r"^(#+ .+)$", text, flags=re.MULTILINE)[1:]
        parts = dict(zip(headings[::2], headings[1::2], strict=True))
        slug = re.compile(r"[^a-z0-9]+")
        (text,) = (
            part
            for heading, part in parts.items()
            if slug.sub("-", heading.lower()).strip("-") == anchor
        )
    return set(re.findall(r'--8<-- "keras/(\w+)\.md', text))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_row_has_a_dated_source_or_a_proof_that_runs_here(row):
    evidence = row[-1]
    links = LINK.findall(evidence)
    assert links
    if evidence.endswith((" runs here", " run here")):
        (link,) = links
        shown = included(link)
        for name, outputs in PROVEN[row[0]].items():
            assert name in shown
            assert re.fullmatch(outputs, printed(f"keras/{name}"))
        return
    for link in links:
        assert SOURCES[link]["holds"]
    for group in evidence.split(";"):  # links share the date that ends their group
        url = LINK.findall(group)[-1]
        entry, dated = SOURCES[url], re.search(r", (\d{4}-\d\d)$", group.strip())
        if dated:
            assert any(str(said).startswith(dated[1]) for said in entry["holds"])
        else:
            assert str(entry["read"]) == "2026-11"
            assert "without a date was read in November 2026" in PAGE


@pytest.mark.parametrize(
    "part, said",
    [
        ("MIGRATION_GUIDE_V5", "Removal of TensorFlow and Jax"),
        ("edge/litert/migration", "TensorFlow Lite is now LiteRT"),
        ("litert-torch", "Beta"),
        ("executorch", "in beta"),
        ("pytorch/xla", "will replace PyTorch/XLA"),
        ("distributed_training_with_jax", "TPUs"),
        ("keras-newsletter", "2.16"),
        ("keras-hub/0.25.1", "JAX, TensorFlow, and PyTorch"),
        ("utils/transformers", "convert_llama3.py"),
        ("keras.io/keras_hub", "pull in TensorFlow"),
        ("keras-hub/blob", "tensorflow-text>=2.20.1,<2.21.0;platform_system !="),
        ("keras/master/README", "JAX"),
        ("papers.neurips.cc", "45 datasets"),
        ("2506.16791", "caught up"),
    ],
)
def test_what_a_row_repeats_stands_in_its_source(part, said):
    (url,) = [url for url in SOURCES if part in url]
    assert f"({url})" in PAGE
    assert any(said in str(text) for text in SOURCES[url]["holds"])


def model():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def exported(path, made, **options):
    made.export(path, format="torch", verbose=False, **options)
    return torch.export.load(path).module()


def test_a_model_of_keras_answers_without_keras():
    recorded = ROOT / "snippets/keras/export_without_keras.out"
    assert recorded.read_text("utf-8").split() == (
        "same answer: True keras loaded: False".split()
    )


def test_the_exported_program_is_the_formula_of_its_layer(tmp_path):
    made, x = model(), torch.arange(12.0).reshape(4, 3)
    shape = [keras.InputSpec(shape=(4, 3))]
    answer = exported(tmp_path / "m.pt2", made, input_signature=shape)(x)
    kernel, bias = made.get_weights()
    by_hand = torch.from_numpy(x.numpy() @ kernel + bias)
    torch.testing.assert_close(answer, by_hand)


@pytest.mark.parametrize("size, taken", [(None, 1), (1, 1), (4, 4), (5, 5)])
def test_the_export_takes_the_rows_of_its_signature_only(tmp_path, size, taken):
    shape = [keras.InputSpec(shape=(size, 3))]
    program = exported(tmp_path / "m.pt2", model(), input_signature=shape)
    assert program(torch.ones(taken, 3)).shape == (taken, 2)
    for other in {1, 4, 5} - {taken}:
        with pytest.raises(AssertionError, match=rf"size\(\)\[0\] == {taken}$"):
            program(torch.ones(other, 3))


def test_without_a_signature_the_export_takes_one_row(tmp_path):
    program = exported(tmp_path / "m.pt2", model())
    assert program(torch.ones(1, 3)).shape == (1, 2)
    with pytest.raises(AssertionError, match=r"args_0\.size\(\)\[0\] == 1$"):
        program(torch.ones(4, 3))


DYNAMIC = {0: torch.export.Dim.DYNAMIC}


@pytest.fixture(scope="module", params=["Keras", "PyTorch"])
def any_batch(request, tmp_path_factory):
    """A model, and its program for any number of rows, made by either library."""
    made = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, "relu")])
    if request.param == "Keras":
        path = tmp_path_factory.mktemp("any") / "m.pt2"
        return made, exported(path, made, dynamic_shapes=DYNAMIC)
    example, shapes = (torch.ones(2, 5),), ((DYNAMIC,),)
    program = torch.export.export(made, example, dynamic_shapes=shapes)
    return made, program.module()


@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_a_dynamic_dimension_takes_any_number_of_rows(any_batch, rows):
    made, program = any_batch
    x = torch.rand(rows, 5)
    torch.testing.assert_close(program(x), made(x))


def test_a_model_with_two_inputs_takes_a_list_of_open_dimensions(tmp_path):
    one, two = keras.Input((3,)), keras.Input((2,))
    joined = keras.layers.Concatenate()([one, two])
    made, path = keras.Model([one, two], joined), tmp_path / "m.pt2"
    with pytest.raises(RuntimeError, match="Detected mismatch between the structure"):
        exported(path, made, dynamic_shapes=[DYNAMIC, DYNAMIC])
    program = exported(path, made, dynamic_shapes=(([DYNAMIC, DYNAMIC],),))
    for rows in (1, 3):
        both = [torch.rand(rows, 3), torch.rand(rows, 2)]
        assert torch.equal(program(both), made(both))


@pytest.mark.filterwarnings("ignore")  # PyTorch traces, and warns of it
def test_a_masked_lstm_goes_to_onnx_but_not_to_a_program_for_any_number_of_rows(
    tmp_path,
):
    layers = keras.layers.Embedding(9, 4, mask_zero=True), keras.layers.LSTM(3)
    made = keras.Sequential([keras.Input((5,), dtype="int32"), *layers])
    with pytest.raises(RuntimeError, match="Constraints violated"):
        exported(tmp_path / "m.pt2", made, dynamic_shapes=DYNAMIC)
    shape = [keras.InputSpec(shape=(None, 5), dtype="int32")]
    path = str(tmp_path / "m.onnx")
    made.export(path, format="onnx", input_signature=shape, verbose=False)
    session = pytest.importorskip("onnxruntime").InferenceSession(path)
    for rows in (1, 4):
        x = torch.randint(1, 9, (rows, 5), dtype=torch.int32)
        x[:, 3:] = 0  # padding
        (y,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
        torch.testing.assert_close(torch.from_numpy(y), made(x))


def test_only_the_pytorch_backend_exports_a_pytorch_program(tmp_path, monkeypatch):
    monkeypatch.setattr("keras.src.backend.backend", lambda: "jax")
    with pytest.raises(ValueError, match="^Torch export requires PyTorch backend"):
        model().export(tmp_path / "m.pt2", format="torch")


def test_other_formats_name_the_package_that_they_need(tmp_path):
    with pytest.raises(ImportError, match="^To export to LiteRT with the PyTorch back"):
        model().export(str(tmp_path / "m.tflite"), format="litert")


def lines_from(name, first):
    """The lines of a program from one on, up to the next empty line or the end."""
    text = (ROOT / f"snippets/keras/{name}.py").read_text("utf-8")
    return text[text.index(first) :].split("\n\n")[0].strip().splitlines()


def test_fit_replaces_a_loop_of_ten_lines_by_one_call():
    loop = lines_from("pytorch_loop", "model.train()")
    assert len(loop) == 10 and "fit" not in "".join(loop)
    call = ast.parse("\n".join(lines_from("keras_fit", "history = ")))
    assert ast.unparse(call.body[0]).startswith("history = model.fit(")
    assert "training loop of ten" in PAGE


@pytest.mark.parametrize("kind", ["Sequential", "Functional"])
def test_a_model_that_was_never_called_is_not_exported_to_onnx(tmp_path, kind):
    made = model()
    if kind == "Functional":
        made = keras.Model(given := keras.Input((2,)), keras.layers.Dense(1)(given))
    with pytest.raises(ValueError, match="^The model provided has never called"):
        made.export(str(tmp_path / "m.onnx"), format="onnx", verbose=False)
    made.export(str(tmp_path / "m.pt2"), format="torch", verbose=False)  # does not mind


def test_without_an_input_the_export_says_that_the_model_is_not_built(tmp_path):
    made = keras.Sequential([keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="has not yet been built"):
        made.export(str(tmp_path / "m.onnx"), format="onnx", verbose=False)

"""What the browser gets is what the published weights give, and computes the same."""

import hashlib
import json

import numpy as np
import pytest
import torch

from harness.core.tree import HERE
from lab.train import card, export
from lab.train.scenes import make_scenes
from tests.claims_support import Later, digits

digit_classifier = Later("lab.train.digit_classifier")
onnx, onnxruntime = Later("onnx"), Later("onnxruntime")

NAMES = tuple(export.INPUTS)


def pictures(name):
    """What no training saw."""
    _, _, x, y = digits.digit_sets()
    if name == "digits":
        return digit_classifier.plain(x[:50])
    return make_scenes(x, y, 8, seed=99)[0]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def content(name):
    return export.onnx_file(HERE, name).read_bytes()


def test_an_onnx_file_is_what_the_code_makes_of_the_published_weights(name, content):
    made = export.export(export.load(HERE, name), export.INPUTS[name])
    assert made == content, f"run: python -m lab train {name} --export"


def test_the_card_describes_the_onnx_file(name, content):
    assert card.read(HERE, name)["onnx"] == {
        "file": f"{name}.onnx",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def test_onnxruntime_computes_what_pytorch_computes(name, content):
    x, model = pictures(name), export.load(HERE, name)
    with torch.no_grad():
        y = model(x)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    # The file is for one picture: a reader draws one.
    found = np.concatenate(
        [session.run(None, {"x": one[None].numpy()})[0] for one in x]
    )
    # To 1e-5 of the numbers as they are, some of which are far from 1.
    np.testing.assert_allclose(found, y.numpy(), rtol=1e-5, atol=1e-5)


def test_weights_of_16_bits_stay_so(name, content):
    graph = onnx.load_from_string(content).graph
    kinds = {one.data_type for one in graph.initializer}
    assert onnx.TensorProto.FLOAT not in kinds
    assert len(content) < card.weights(HERE, name).stat().st_size


def test_an_onnx_file_does_not_say_where_it_was_made(content):
    proto = onnx.load_from_string(content)
    notes = [proto, proto.graph, *proto.graph.node, *proto.graph.initializer]
    assert not [part for part in notes if part.doc_string or part.metadata_props]
    assert str(HERE.root).encode() not in content


def test_numbers_that_do_not_fit_in_16_bits_are_not_cut():
    model = torch.nn.Conv2d(1, 1, 1).eval()
    with torch.no_grad():
        model.weight.fill_(1 / 3)
        model.bias.fill_(0.25)
    graph = onnx.load_from_string(export.export(model, (1, 1, 2, 2))).graph
    kinds = {one.name: one.data_type for one in graph.initializer}
    kept = {"weight": onnx.TensorProto.FLOAT, "bias.half": onnx.TensorProto.FLOAT16}
    assert kinds == kept


def test_the_scans_are_those_that_the_code_takes_from_the_test_set():
    file = export.scans_file(HERE)
    assert file.read_text(encoding="utf-8") == export.scans()


def test_the_example_is_what_the_published_network_makes_of_a_scan():
    file = json.loads(export.example_file(HERE).read_text(encoding="utf-8"))
    again = json.loads(export.example(HERE))
    pictures = [one["pictures"] for one in (file, again)]
    levels = np.array([[[int(v, 17) for v in one] for one in x] for x in pictures])
    assert levels.shape == (2, 17, 28 * 28)
    assert np.abs(levels[0] - levels[1]).max() <= 1  # a half may fall either way
    assert levels[0, 0].max() == levels[0, 1:].max() == 16
    assert file["shares"] == pytest.approx(again["shares"], abs=1e-3)
    assert sum(file["shares"]) == pytest.approx(1, abs=1e-3)


def test_the_choices_are_those_of_the_published_model():
    file = json.loads(export.choices_file(HERE).read_text(encoding="utf-8"))
    again = json.loads(export.choices(HERE))
    assert file["tokens"] == again["tokens"] and len(file["tokens"]) == 512
    assert file["logits"].keys() == again["logits"].keys()
    for text, scores in again["logits"].items():
        assert file["logits"][text] == pytest.approx(scores, abs=0.011)


def test_the_boxes_are_those_of_the_published_detector():
    file = json.loads(export.boxes_file(HERE).read_text(encoding="utf-8"))
    again = json.loads(export.boxes(HERE))
    for one, other in zip(file, again, strict=True):
        assert one["truth"] == other["truth"]
        # A score near the lowest may fall on either side, and a half either way.
        assert abs(len(one["found"]) - len(other["found"])) <= 2
        best = [[row[:4] for row in scene["found"][:10]] for scene in (one, other)]
        assert np.abs(np.subtract(*best)).max() <= 1


def test_each_digit_has_scans_that_no_training_saw():
    _, _, x, y = digits.digit_sets()
    for digit, texts in enumerate(json.loads(export.scans())):
        ink = [[int(letter, 17) / 16 for letter in text] for text in texts]
        assert torch.equal(torch.tensor(ink), x[y == digit][: export.SCANS].flatten(1))

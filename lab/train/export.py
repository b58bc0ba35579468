"""What the browser gets: networks as ONNX files, a GPT's weights, scans to try.

Both are made from what is published and nothing else, so they are the same each time.
"""

import json
import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from harness.core import records
from harness.core.tree import Tree
from lab.train import card, trainer

if TYPE_CHECKING:
    import onnx

INPUTS = {"digits": (1, 1, 28, 28), "detector": (1, 3, 96, 96)}  # one picture each
SCANS = 5  # of each digit, the first of the test set
UNSURE = 38  # of its scans of a 3, the one that looks like a 9, too
SCENES = 8  # that the detector searches for a reader
BEGINNINGS = ["Alice was", "said the", "The Queen"]  # the GPT goes on from there
LETTERS = "0123456789abcdefg"  # the ink of a pixel, from 0 to 16


def onnx_file(tree: Tree, name: str) -> Path:
    return card.weights(tree, name).with_suffix(".onnx")


def scans_file(tree: Tree) -> Path:
    return tree.docs / "assets" / "javascripts" / "live" / "scans.json"


def safetensors(tree: Tree) -> bytes:
    """The GPT's weights and merges: length of the head, head as JSON, numbers."""
    from lab.train.language_model import book

    name = "language-model"
    state = torch.load(card.weights(tree, name), map_location="cpu", weights_only=True)
    merges = json.dumps(list(book()[-1]))
    heads, content = str(trainer(name).build().blocks[0].attention.heads), b""
    head = {"__metadata__": {"heads": heads, "merges": merges}}
    for key, values in state.items():
        numbers = values.numpy().astype("<f2").tobytes()
        place = [len(content), len(content) + len(numbers)]
        about = {"dtype": "F16", "shape": list(values.shape), "data_offsets": place}
        head[key], content = about, content + numbers
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content


def load(tree: Tree, name: str) -> torch.nn.Module:
    """The published network, ready to use."""
    model = trainer(name).build()
    state = torch.load(card.weights(tree, name), map_location="cpu", weights_only=True)
    model.load_state_dict(state)
    return model.eval()


def export(model: torch.nn.Module, shape: tuple[int, ...]) -> bytes:
    """An ONNX file that holds the weights as they are published."""
    # Here, and not above: few who import this module export, and both are slow.
    import onnx
    from onnxscript import ir, optimizer

    example = torch.zeros(shape)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # torchvision is missing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of torch, about torch
        # Optimizing would fold batch norm into the convolutions, whose weights would
        # no longer be numbers of 16 bits.
        program = torch.onnx.export(
            model,
            (example,),
            dynamo=True,
            optimize=False,
            verbose=False,
            input_names=["x"],
            output_names=["output"],
        )
    made = program.model
    optimizer.fold_constants(made)
    optimizer.remove_unused_nodes(made)
    proto = ir.serde.serialize_model(made)
    _forget(proto)
    _halve(proto.graph)
    onnx.checker.check_model(proto)
    return proto.SerializeToString(deterministic=True)


def _forget(proto: "onnx.ModelProto") -> None:
    """Drop what says where and from which lines it was made."""
    graph = proto.graph
    del graph.value_info[:]
    parts = [proto, graph, *graph.node, *graph.initializer, *graph.input]
    for part in [*parts, *graph.output]:
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _halve(graph: "onnx.GraphProto") -> None:
    """Store weights that fit in 16 bits so, and widen them in the graph."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight)
        small = values.astype(np.float16) if values.dtype == np.float32 else values
        if values.dtype != np.float32 or not np.array_equal(small, values):
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(small, f"{name}.half"))
        to = TensorProto.FLOAT
        casts.append(helper.make_node("Cast", [weight.name], [name], to=to))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def scans() -> str:
    """The first scans of each digit in the test set, as lists of 64 letters."""
    from lab.train.digits import digit_sets  # and with it scikit-learn

    _, _, x, y = digit_sets()
    ink = (x[:, 0] * 16).int().flatten(1)
    lists = [ink[y == digit][:SCANS].tolist() for digit in range(10)]
    texts = [["".join(LETTERS[v] for v in one) for one in digit] for digit in lists]
    return json.dumps(texts, indent=0) + "\n"


def example_file(tree: Tree) -> Path:
    return scans_file(tree).with_name("example.json")


def example(tree: Tree) -> str:
    """A scan of a 3 that the network nearly reads, with its maps and probabilities."""
    from lab.train.digit_classifier import plain
    from lab.train.digits import digit_sets

    _, _, x, y = digit_sets()
    picture = plain(x[y == 3][UNSURE][None])
    with torch.no_grad():
        model = load(tree, "digits")
        maps, shares = model[:2](picture)[0], model(picture).softmax(1)[0]
    parts = torch.cat([picture[0], maps / maps.max()])
    levels = (parts.clamp(0, 1) * 16).round().int().flatten(1).tolist()
    found = {
        "pictures": ["".join(LETTERS[v] for v in one) for one in levels],
        "shares": [round(one, 4) for one in shares.tolist()],
    }
    return json.dumps(found, indent=0) + "\n"


def choices_file(tree: Tree) -> Path:
    return tree.docs / "assets" / "javascripts" / "moving" / "sampling.json"


def choices(tree: Tree) -> str:
    """All tokens as text, and what the GPT expects after a few beginnings."""
    from lab.train.language_model import book
    from lab.train.tokens import encode, vocabulary

    model, merges = load(tree, "language-model"), book()[-1]
    texts = [one.decode(errors="replace") for one in vocabulary(merges)]
    shown = [one.replace(" ", "␣").replace("\n", "⏎") for one in texts]
    logits = {}
    for start in BEGINNINGS:
        with torch.no_grad():
            scores = model(torch.tensor([encode(start, merges)]))[0, -1]
        logits[start] = [round(one, 2) for one in scores.tolist()]
    found = {"tokens": shown, "logits": logits}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def boxes_file(tree: Tree) -> Path:
    return tree.docs / "assets" / "javascripts" / "moving" / "boxes.json"


def boxes(tree: Tree) -> str:
    """Of some scenes the true boxes, and all found, the best first, in whole pixels."""
    from lab.train.detector import decode
    from lab.train.digits import digit_sets
    from lab.train.scenes import make_scenes

    _, _, x, y = digit_sets()
    scenes, truth = make_scenes(x, y, SCENES, seed=1_000_000_001)
    with torch.no_grad():
        outputs = load(tree, "detector")(scenes)
    made = []
    for output, (there, kinds) in zip(outputs, truth, strict=True):
        found, scores, labels = decode(output)
        order = scores.argsort(descending=True, stable=True)
        shares = [[round(one, 2)] for one in scores[order].tolist()]
        some = zip(_whole(found[order]), shares, labels[order].tolist(), strict=True)
        every = zip(_whole(there), kinds.tolist(), strict=True)
        real = [[*box, kind] for box, kind in every]
        rows = [[*box, *share, kind] for box, share, kind in some]
        made.append({"truth": real, "found": rows})
    return json.dumps(made, separators=(",", ":")) + "\n"


def _whole(numbers: torch.Tensor) -> list[list[int]]:
    return numbers.round().int().tolist()


def write(tree: Tree, name: str) -> None:
    """Write what browsers read of these weights; of ONNX, its SHA-256 into the card."""
    if name == "language-model":
        file = card.weights(tree, name).with_suffix(".safetensors")
        records.write(file, safetensors(tree))
        records.write(choices_file(tree), choices(tree))
    if name == "detector":
        records.write(boxes_file(tree), boxes(tree))
    if name not in INPUTS:
        return
    records.write(scans_file(tree), scans())
    if name == "digits":
        records.write(example_file(tree), example(tree))
    file = onnx_file(tree, name)
    records.write(file, export(load(tree, name), INPUTS[name]))
    card.keep(tree, name, card.read(tree, name) | {"onnx": card.describe(file)})

"""The names that the rows use: the same data as either library holds it."""

import ast

import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers, losses, ops, optimizers
from torch import nn, optim

from lab.parity import own, training

MODULES = {"F": F, "keras": keras, "layers": layers, "losses": losses, "nn": nn}
MODULES |= {"np": np, "ops": ops, "optim": optim, "optimizers": optimizers}
MODULES |= {"torch": torch}
OURS = (own.Crop, own.KerasScale, own.Scale, own.autocast, training.fit)
OURS += (training.loop, training.step, training.train, training.train_until)
FUNCTIONS = {one.__name__: one for one in OURS}


def data() -> dict[str, np.ndarray]:
    """Small numbers, most of them between -1 and 1; images are NCHW."""
    random = np.random.default_rng(0)

    def draw(*shape: int) -> np.ndarray:
        return random.uniform(-1, 1, shape).astype("float32")

    labels = np.array([0, 2, 1, 3, 3, 0, 2, 3])
    logits = 3 * draw(8, 4)
    return {
        "x": draw(8, 6),
        "w": draw(6),
        "image": draw(2, 3, 6, 6),
        "sequence": draw(2, 5, 3),
        "tokens": draw(2, 5, 8),
        "logits": logits,
        "labels": labels,
        "onehot": np.eye(4, dtype="float32")[labels],
        "probs": np.exp(logits[::-1]) / np.exp(logits[::-1]).sum(1, keepdims=True),
        "weights": np.array([1, 2, 3, 4], dtype="float32"),
        "ones": np.ones((4, 25), dtype="float32"),
        "samples": draw(16, 1),
    }


def torch_side() -> dict[str, object]:
    found = {name: torch.from_numpy(a.copy()) for name, a in data().items()}
    weight = nn.Parameter(found.pop("w"))
    found |= {"w": weight, "value": lambda one: one, "numbers": [0.5, 1.5, -2.0]}
    return MODULES | FUNCTIONS | found


def keras_side() -> dict[str, object]:
    found = torch_side()
    found["image"] = found["image"].permute(0, 2, 3, 1)  # NHWC
    return found | {"w": keras.Variable(data()["w"]), "value": lambda one: one.value}


def run(code: str, names: dict[str, object]) -> object:
    """What a line of code gives: its last expression, or what it calls `out`."""
    tree = ast.parse(code)
    if not isinstance(tree.body[-1], ast.Expr):
        exec(code, names)
        return names["out"]
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<row>", "exec"), names)
    return eval(compile(last, "<row>", "eval"), names)


def size(codes: list[str], names: dict[str, object]) -> float:
    """The largest magnitude among the tensors that some lines name, at least 1."""
    used = {
        node.id
        for code in codes
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Name)
    }
    found = [names[name] for name in used if isinstance(names.get(name), torch.Tensor)]
    return max([1.0, *(float(one.detach().abs().max()) for one in found)])

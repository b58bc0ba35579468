"""The published checker: no alarm on good trainings, and the right one on broken ones.

It also leaves what it is given as it was, bit for bit.
"""

import copy
import importlib.util
import random
import re
import sys
import threading
from collections import Counter, namedtuple

import numpy as np
import pytest
import torch
from markdown.extensions.toc import slugify
from mkdocs.structure.files import File, Files
from torch import nn
from torch.nn import functional as F

from harness.core.tree import HERE
from harness.site import hook
from tests.claims_support import output, printed

FILE = HERE.docs / "assets" / "check_my_training.py"
spec = importlib.util.spec_from_file_location("check_my_training", FILE)
checker = sys.modules["check_my_training"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(checker)
check = checker.check

CROSS = nn.CrossEntropyLoss()
BINARY = nn.BCEWithLogitsLoss()


def mlp(ins=5, outs=3, width=16, *more):
    return nn.Sequential(
        nn.Linear(ins, width), nn.ReLU(), *more, nn.Linear(width, outs)
    )


class Net(nn.Module):
    """A forward of a function, for parts that are named."""

    def __init__(self, forward, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)
        self.does = forward

    def forward(self, *x, **named):
        return self.does(self, *x, **named)


def classes(count=3, samples=8, features=5):
    return torch.randn(samples, features), torch.arange(samples) % count


GOOD = {}


def good(make):
    GOOD[make.__name__] = make
    return make


@good
def classifier():
    return mlp(), CROSS, *classes()


@good
def linear():
    return nn.Linear(5, 3), CROSS, *classes()


@good
def log_softmax():
    model = nn.Sequential(mlp(), nn.LogSoftmax(dim=1))
    return model, nn.NLLLoss(), *classes()


@good
def weighted():
    loss = nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 9.0]), ignore_index=1)
    return mlp(), loss, *classes()


@good
def smoothed():
    return mlp(), nn.CrossEntropyLoss(label_smoothing=0.1), *classes()


@good
def soft_targets():
    x, _ = classes()
    return mlp(), CROSS, x, torch.rand(8, 3).softmax(1)


@good
def summed():
    return mlp(), nn.CrossEntropyLoss(reduction="sum"), *classes()


@good
def regression():
    x = torch.randn(8, 5)
    return mlp(outs=1), nn.MSELoss(), x, x.sum(1, keepdim=True)


@good
def weight_of_each_sample():
    weight = torch.rand(8, 1) + 0.5
    loss = lambda out, y: (weight[: len(out)] * (out - y) ** 2).mean()  # noqa: E731
    return mlp(), loss, torch.randn(8, 5), torch.randn(8, 3)


@good
def one_target_for_all():
    x = torch.randn(8, 5)
    return mlp(outs=1), lambda out, y: F.mse_loss(out, torch.tensor(1.0)), x, None


@good
def one_number():
    model = Net(lambda self, x: self.net(x).squeeze(1), net=mlp(outs=1))
    return (
        model,
        lambda out, y: (out - y).pow(2).mean(),
        *(
            torch.randn(8, 5),
            torch.randn(8),
        ),
    )


@good
def multi_label():
    x, _ = classes()
    return mlp(outs=4), BINARY, x, torch.randint(2, (8, 4)).float()


@good
def rare_label():
    x, _ = classes()
    loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([7.0]))
    return mlp(outs=1), loss, x, (torch.arange(8) == 3).float()[:, None]


@good
def probability():
    x, y = classes(2)
    return nn.Sequential(mlp(outs=1), nn.Sigmoid()), nn.BCELoss(), x, y[:, None].float()


@good
def dropout():
    return mlp(5, 3, 32, nn.Dropout()), CROSS, *classes()


@good
def batch_norm():
    return mlp(5, 3, 16, nn.BatchNorm1d(16)), CROSS, *classes()


@good
def convolution():
    body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
    head = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 3))
    return nn.Sequential(body, head), CROSS, torch.randn(8, 1, 8, 8), classes()[1]


@good
def frozen():
    model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 3))
    model[0].requires_grad_(False)
    return model, CROSS, *classes()


@good
def last_layer_zero():
    model = mlp()
    nn.init.zeros_(model[-1].weight)
    return model, CROSS, *classes()


@good
def low_rank():
    """LoRA: the second factor begins at zero, so the first has no gradient then."""
    a, b = nn.Linear(5, 2, bias=False), nn.Linear(2, 3, bias=False)
    nn.init.zeros_(b.weight)
    base = nn.Linear(5, 3).requires_grad_(False)
    forward = lambda self, x: self.base(x) + 8 * self.b(self.a(x))  # noqa: E731
    return Net(forward, base=base, a=a, b=b), CROSS, *classes()


@good
def time_first():
    forward = lambda self, x: self.head(self.rnn(x)[0][-1])  # noqa: E731
    model = Net(forward, rnn=nn.GRU(4, 16), head=nn.Linear(16, 3))
    return model, CROSS, torch.randn(6, 8, 4), classes()[1], {"batch_dim": 1}


@good
def stateful():
    """It carries its state to the next batch, without the graph."""

    def forward(self, x):
        state = None if self.state is None else self.state.detach()
        out, self.state = self.rnn(x, state)
        return self.head(out[:, -1])

    rnn = nn.GRU(4, 16, batch_first=True)
    model = Net(forward, rnn=rnn, head=nn.Linear(16, 3), state=None)
    x = torch.randn(8, 6, 4)
    return model, CROSS, x, classes()[1]


@good
def packed():
    def forward(self, x, lengths):
        x = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
        return self.head(self.rnn(x)[1][-1])

    model = Net(forward, rnn=nn.GRU(4, 16, batch_first=True), head=nn.Linear(16, 3))
    x = torch.randn(8, 6, 4), torch.tensor([6, 6, 5, 4, 4, 3, 2, 1])
    return model, CROSS, x, classes()[1]


@good
def transformer():
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    forward = lambda self, x: self.head(self.body(self.embed(x)).mean(1))  # noqa: E731
    parts = {"embed": nn.Embedding(10, 8), "body": layer, "head": nn.Linear(8, 3)}
    return Net(forward, **parts), CROSS, torch.randint(10, (8, 5)), classes()[1]


class Words(nn.Module):
    """Predicts each next token; the last layer has the weights of the first."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(12, 16)
        nn.init.normal_(self.embed.weight, std=0.02)
        self.rnn = nn.GRU(16, 16, batch_first=True)
        self.head = nn.Linear(16, 12, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens):
        scores = self.head(self.rnn(self.embed(tokens))[0])
        return scores.transpose(1, 2)


@good
def tied():
    tokens = torch.randint(12, (8, 6))
    return Words(), CROSS, tokens[:, :-1], tokens[:, 1:]


@good
def own_names():
    """A dict goes in and comes out, with the loss in it."""

    def forward(self, inputs, labels):
        scores = self.net(inputs)
        return {"loss": F.cross_entropy(scores, labels), "scores": scores}

    x, y = classes()
    both = {"inputs": x, "labels": y}
    return Net(forward, net=mlp()), lambda out, _: out["loss"], both, None


@good
def two_heads():
    forward = lambda self, x: (self.a(x), self.b(x))  # noqa: E731
    x, y = classes()

    def loss(out, y):
        return F.cross_entropy(out[0], y[0]) + 0.1 * F.mse_loss(out[1], y[1])

    return Net(forward, a=mlp(), b=mlp(outs=1)), loss, x, (y, torch.randn(8, 1))


@good
def generator():
    judge = mlp(4, 1)
    loss = lambda out, y: BINARY(judge(out), y)  # noqa: E731
    model = nn.Sequential(mlp(2, 4), nn.Tanh())
    return model, loss, torch.randn(8, 2), torch.ones(8, 1)


@good
def discriminator():
    x, y = torch.randn(8, 4), (torch.arange(8) < 4).float()[:, None]
    return mlp(4, 1), BINARY, x, y


@good
def discriminator_of_fakes_with_their_graph():
    fake = mlp(2, 4)(torch.randn(4, 2))
    x = torch.cat([torch.randn(4, 4), fake])
    return mlp(4, 1), BINARY, x, (torch.arange(8) < 4).float()[:, None]


@good
def generator_whose_judge_stands_in_a_function():
    judge = mlp(4, 1)
    real = lambda out: BINARY(judge(out), torch.ones(len(out), 1))  # noqa: E731
    return mlp(2, 4), lambda out, y: real(out), torch.randn(8, 2), None


@good
def critic():
    model, x = mlp(4, 1), torch.randn(8, 4)
    return (
        model,
        lambda out, y: (out * y).mean(),
        x,
        torch.tensor([1.0, -1.0] * 4)[:, None],
    )


@good
def normed_weights():
    with pytest.warns(FutureWarning):
        old = nn.utils.weight_norm(nn.Linear(5, 16))
    new = nn.utils.parametrizations.weight_norm(nn.Linear(16, 16))
    spectral = nn.utils.parametrizations.spectral_norm(nn.Linear(16, 3))
    model = nn.Sequential(old, nn.ReLU(), new, nn.ReLU(), spectral)
    return model, CROSS, *classes()


class Experts(nn.Module):
    """Each sample takes one of several experts: most batches leave some out."""

    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(5, 6)
        self.experts = nn.ModuleList(mlp(width=8) for _ in range(6))

    def forward(self, x):
        chance, chosen = self.gate(x).softmax(1).max(1)
        out = x.new_zeros(len(x), 3)
        for number, expert in enumerate(self.experts):
            rows = chosen == number
            if rows.any():
                out[rows] = expert(x[rows])
        self.balance = chance.var()
        return out * chance[:, None] * 6


@good
def experts():
    model = Experts()
    loss = lambda out, y: F.cross_entropy(out, y) + 0.1 * model.balance  # noqa: E731
    return model, loss, *classes()


@good
def penalty():
    model = mlp()
    loss = lambda out, y: (  # noqa: E731
        CROSS(out, y) + 1e-3 * sum(one.abs().sum() for one in model.parameters())
    )
    return model, loss, *classes()


@good
def autoencoder():
    x = torch.rand(8, 12)
    model = nn.Sequential(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 12), nn.Sigmoid())
    return model, F.binary_cross_entropy, x, x


@good
def variational():
    def forward(self, x):
        mean, log_var = self.encode(x).chunk(2, 1)
        noise = torch.randn_like(mean) if self.training else 0.0
        return self.decode(mean + noise * (log_var / 2).exp()), mean, log_var

    def loss(out, y):
        x, mean, log_var = out
        spread = (1 + log_var - mean**2 - log_var.exp()).sum(1)
        return F.mse_loss(x, y, reduction="sum") / len(y) - spread.mean() / 2

    x = torch.randn(8, 6)
    return Net(forward, encode=mlp(6, 4), decode=mlp(2, 6)), loss, x, x


@good
def physics():
    """The loss has the derivative of the output by the input."""
    x = torch.linspace(0, 1, 8)[:, None].requires_grad_()

    def loss(out, y):
        (slope,) = torch.autograd.grad(out.sum(), x, create_graph=True)
        return (slope - y).pow(2).mean() + out[0].pow(2).mean()

    model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    return model, loss, x, torch.ones(8, 1)


@good
def triplets():
    def loss(out, _):
        return F.triplet_margin_loss(out[:4], out[4:], out[4:].roll(1, 0))

    return mlp(outs=4), loss, torch.randn(8, 5), None


@good
def lazy():
    return (
        nn.Sequential(nn.LazyLinear(16), nn.ReLU(), nn.LazyLinear(3)),
        CROSS,
        *(classes()),
    )


@good
def with_optimizer():
    model = mlp()
    x, y = classes()
    return model, CROSS, x, y, {"optimizer": torch.optim.SGD(model.parameters(), 0.05)}


@good
def with_warm_up():
    model = mlp()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, step / 100))
    return model, CROSS, *classes(), {"optimizer": optimizer}


@good
def nodes():
    """A graph: nodes take from their neighbours, on purpose."""
    edges = torch.stack([torch.arange(8), torch.arange(8).roll(1)])

    def forward(self, x, edges):
        near = torch.zeros_like(x).index_add(0, edges[0], x[edges[1]])
        return self.net(torch.cat([x, near], 1))

    x, y = classes()
    return Net(forward, net=mlp(10)), CROSS, (x, edges), y


BROKEN = {}


def broken(name, page):
    """The first finding must be of that check and lead to that page."""

    def keep(make):
        BROKEN[make.__name__] = make, name, page
        return make

    return keep


SCORES = "training/losses/#which-loss-for-which-task"
MISSING = "training/testing/#find-parameters-without-a-gradient"
UNCHANGED = "errors/symptoms/#weights-do-not-change"
LEARNED = "training/testing/#overfit-one-batch"
REPEATS = "training/testing/#check-that-eval-mode-repeats-itself"
ALONE = "training/testing/#try-more-than-one-batch-size"
BATCH_FIRST = "sequences/#say-that-the-batch-comes-first"
RATE = "training/tune/#what-too-small-and-too-large-look-like"


@broken("loss input", "training/train-and-eval/#cross-entropy-after-softmax")
def softmax_first():
    return nn.Sequential(mlp(), nn.Softmax(dim=1)), CROSS, *classes()


@broken("loss input", "training/train-and-eval/#cross-entropy-after-softmax")
def softmax_of_the_batch():
    return nn.Sequential(mlp(), nn.Softmax(dim=0)), CROSS, *classes()


@broken("loss input", SCORES)
def sigmoid_twice():
    x, y = classes(2)
    return nn.Sequential(mlp(outs=1), nn.Sigmoid()), BINARY, x, y[:, None].float()


@broken("loss input", SCORES)
def no_log_softmax():
    return nn.Sequential(mlp(), nn.Softmax(dim=1)), nn.NLLLoss(), *classes()


@broken("loss input", SCORES)
def log_softmax_of_the_batch():
    return nn.Sequential(mlp(), nn.LogSoftmax(dim=0)), nn.NLLLoss(), *classes()


@broken("loss input", SCORES)
def one_class():
    x, _ = classes()
    return mlp(outs=1), CROSS, x, torch.zeros(8, dtype=torch.long)


@broken("loss input", "errors/losses/#using-a-target-size")
def column_and_row():
    return mlp(outs=1), nn.MSELoss(), torch.randn(8, 5), torch.randn(8)


@broken("loss input", "errors/losses/#using-a-target-size")
def column_and_row_by_hand():
    loss = lambda out, y: ((y - out) ** 2).mean()  # noqa: E731
    return mlp(outs=1), loss, torch.randn(8, 5), torch.randn(8)


@broken("loss input", "errors/losses/#using-a-target-size")
def column_and_one_row():
    return mlp(outs=1), nn.L1Loss(), torch.randn(8, 5), torch.randn(1, 8)


@broken("loss input", "errors/losses/#using-a-target-size")
def three_outputs_for_one_target():
    return mlp(), nn.MSELoss(), torch.randn(8, 5), torch.randn(8, 1)


@broken("runs", "errors/autograd/#grad-can-be-implicitly")
def not_reduced():
    return mlp(), nn.CrossEntropyLoss(reduction="none"), *classes()


@broken("runs", "errors/autograd/#float-object")
def loss_is_a_number():
    return mlp(), lambda out, y: CROSS(out, y).item(), *classes()


@broken("runs", "errors/dtypes/")
def one_layer_in_double():
    model = mlp()
    model[2].double()
    return model, CROSS, *classes()


@broken("runs", "errors/dtypes/")
def pixels_as_bytes():
    x = torch.randint(256, (8, 1, 8, 8), dtype=torch.uint8)
    return nn.Sequential(nn.Conv2d(1, 3, 8), nn.Flatten()), CROSS, x, classes()[1]


@broken("runs", "errors/dtypes/")
def scores_and_targets_exchanged():
    return mlp(), lambda out, y: F.cross_entropy(y, out), *classes()


@broken("runs", "errors/numbers/")
def class_of_a_loss():
    return mlp(), nn.CrossEntropyLoss, *classes()


@broken("runs", "errors/creating/")
def numpy_for_a_tensor():
    x, y = classes()
    return mlp(), CROSS, x.numpy(), y


@broken("runs", "errors/modules/")
def loss_and_model_exchanged():
    return CROSS, mlp(), *classes()


@broken("runs", "errors/losses/")
def classes_as_floats():
    x, y = classes()
    return mlp(), CROSS, x, y.float()


@broken("runs", "errors/shapes/")
def not_flattened():
    return mlp(9), CROSS, torch.randn(8, 3, 3), classes()[1]


@broken("runs", "errors/autograd/")
def leaf_in_place():
    def forward(self, x):
        self.net[0].bias += 1
        return self.net(x)

    return Net(forward, net=mlp()), CROSS, *classes()


@broken("runs", "errors/symptoms/#loss-is-nan")
def value_missing():
    x, y = classes()
    x[2, 1] = torch.nan
    return mlp(), CROSS, x, y


@broken("runs", "errors/symptoms/#loss-is-nan")
def all_ignored():
    x, y = classes()
    return mlp(), CROSS, x, torch.full_like(y, -100)


@broken("first loss", "training/losses/#check-the-first-loss")
def pixels_not_scaled():
    x, y = classes()
    return mlp(), CROSS, 255 * x, y


@broken("first loss", "training/losses/#check-the-first-loss")
def weights_too_large():
    model = mlp()
    nn.init.normal_(model[-1].weight, std=10)
    return model, CROSS, *classes()


@broken("gradients", MISSING)
def detached():
    forward = lambda self, x: self.b(self.a(x).relu().detach())  # noqa: E731
    return Net(forward, a=nn.Linear(5, 16), b=nn.Linear(16, 3)), CROSS, *classes()


@broken("gradients", MISSING)
def data_of_a_layer():
    forward = lambda self, x: self.b(self.a(x).data) + self.c(x)  # noqa: E731
    parts = {"a": nn.Linear(5, 16), "b": nn.Linear(16, 3), "c": nn.Linear(5, 3)}
    return Net(forward, **parts), CROSS, *classes()


@broken("gradients", "errors/autograd/#element-0-of-tensors")
def class_numbers_compared():
    loss = lambda out, y: (out.argmax(1) - y).abs().float().mean()  # noqa: E731
    return mlp(), loss, *classes()


@broken("gradients", "errors/autograd/#element-0-of-tensors")
def no_grad_in_forward():
    return (
        Net(torch.no_grad()(lambda self, x: self.net(x)), net=mlp()),
        CROSS,
        *classes(),
    )


@broken("gradients", "training/initialise-and-freeze/#freeze-layers")
def all_frozen():
    return mlp().requires_grad_(False), CROSS, *classes()


@broken("gradients", UNCHANGED)
def layers_in_a_list():
    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return self.head(x)

    layers = [nn.Linear(5, 5), nn.Linear(5, 5)]
    return Net(forward, layers=layers, head=nn.Linear(5, 3)), CROSS, *classes()


@broken("gradients", UNCHANGED)
def tensor_for_a_parameter():
    forward = lambda self, x: self.net(x) * self.scale  # noqa: E731
    scale = torch.ones(3, requires_grad=True)
    return Net(forward, net=mlp(), scale=scale), CROSS, *classes()


@broken("gradients", MISSING)
def layer_not_used():
    forward = lambda self, x: self.net(x)  # noqa: E731
    return Net(forward, net=mlp(), rest=nn.Linear(2, 2)), CROSS, *classes()


@broken("gradients", MISSING)
def dead_relu():
    model = mlp()
    nn.init.constant_(model[0].bias, -1000.0)
    return model, CROSS, *classes()


@broken("gradients", MISSING)
def all_weights_zero():
    model = mlp()
    for one in model.parameters():
        nn.init.zeros_(one)
    return model, CROSS, *classes()


@broken("one batch", LEARNED)
def last_tanh():
    x = torch.randn(8, 5)
    model = nn.Sequential(mlp(outs=1), nn.Tanh())
    return model, nn.MSELoss(), x, 10 * torch.randn(8, 1)


@broken("one batch", LEARNED)
def last_relu():
    model = nn.Sequential(mlp(outs=1), nn.ReLU())
    return model, nn.MSELoss(), torch.randn(8, 5), -torch.rand(8, 1) - 1


@broken("one batch", LEARNED)
def input_not_used():
    forward = lambda self, x: self.net(torch.ones_like(x))  # noqa: E731
    return Net(forward, net=mlp()), CROSS, *classes()


@broken("one batch", LEARNED)
def targets_not_scaled():
    x = torch.randn(8, 5)
    return mlp(outs=1), nn.MSELoss(), x, 1e5 + 1e4 * torch.randn(8, 1)


def with_sgd(**options):
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), **options)
    return model, CROSS, *classes(), {"optimizer": optimizer}


@broken("your optimizer", RATE)
def rate_too_large():
    return with_sgd(lr=1e4)


@broken("your optimizer", RATE)
def rate_too_small():
    return with_sgd(lr=1e-7)


@broken("your optimizer", UNCHANGED)
def new_head_not_in_the_optimizer():
    model, *rest = with_sgd(lr=0.1)
    model[-1] = nn.Linear(16, 3)
    return model, *rest


@broken("graphs", "errors/autograd/#trying-to-backward")
def state_with_its_graph():
    def forward(self, x):
        out, self.state = self.rnn(x, self.state)
        return self.head(out[:, -1])

    parts = {"rnn": nn.GRU(4, 16, batch_first=True), "head": nn.Linear(16, 3)}
    model = Net(forward, **parts, state=None)
    return model, CROSS, torch.randn(8, 6, 4), classes()[1]


@broken("graphs", "errors/symptoms/#memory-grows")
def outputs_in_a_list():
    def forward(self, x):
        self.seen.append(self.net(x))
        return self.seen[-1]

    return Net(forward, net=mlp(), seen=[]), CROSS, *classes()


@broken("eval mode", REPEATS)
def dropout_that_stays():
    forward = lambda self, x: self.net(F.dropout(x, 0.3))  # noqa: E731
    return Net(forward, net=mlp(width=32)), CROSS, *classes()


@broken("eval mode", REPEATS)
def noise_that_stays():
    forward = lambda self, x: self.net(x) + 0.1 * torch.randn(3)  # noqa: E731
    return Net(forward, net=mlp()), CROSS, *classes()


@broken("eval mode", "tensors/views-and-copies/")
def input_in_place():
    forward = lambda self, x: self.net(x.div_(2))  # noqa: E731
    return Net(forward, net=mlp()), CROSS, *classes()


@broken("one sample", ALONE)
def squeeze_of_all():
    forward = lambda self, x: self.net(x).squeeze()  # noqa: E731
    model = Net(forward, net=mlp(outs=1))
    return model, nn.MSELoss(), torch.randn(8, 5), torch.randn(8)


@broken("one sample", ALONE)
def batch_size_in_view():
    forward = lambda self, x: self.net(x.view(8, -1))  # noqa: E731
    return Net(forward, net=mlp(6)), CROSS, torch.randn(8, 2, 3), classes()[1]


@broken("one sample", ALONE)
def norm_over_the_samples():
    forward = lambda self, x: self.net(self.norm(x.T).T)  # noqa: E731
    model = Net(forward, net=mlp(), norm=nn.BatchNorm1d(8))
    return model, CROSS, *classes()


@broken("mixing", BATCH_FIRST)
def batch_taken_for_time():
    forward = lambda self, x: self.head(self.rnn(x)[0][:, -1])  # noqa: E731
    model = Net(forward, rnn=nn.LSTM(4, 16), head=nn.Linear(16, 3))
    return model, CROSS, torch.randn(8, 6, 4), classes()[1]


@broken("mixing", BATCH_FIRST)
def attention_over_the_batch():
    forward = lambda self, x: self.head(self.body(x).mean(1))  # noqa: E731
    body = nn.TransformerEncoderLayer(4, 2, 8)
    model = Net(forward, body=body, head=nn.Linear(4, 3))
    return model, CROSS, torch.randn(8, 6, 4), classes()[1]


@broken("mixing", BATCH_FIRST)
def view_for_a_transpose():
    forward = lambda self, x: self.net(x.view(5, -1).t())  # noqa: E731
    return Net(forward, net=mlp()), CROSS, *classes()


@broken("one sample", ALONE)
def statistics_of_the_batch():
    norm = nn.BatchNorm1d(16, track_running_stats=False)
    return mlp(5, 3, 16, norm), CROSS, *classes()


def parts(made):
    has_options = len(made) == 5
    return made[:4], made[4] if has_options else {}


@pytest.mark.parametrize("name", GOOD)
def test_good_trainings_raise_no_alarm(name, capsys):
    for seed in range(3):
        torch.manual_seed(seed)
        four, options = parts(GOOD[name]())
        assert check(*four, **options) == []
        assert "failed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", BROKEN)
def test_broken_trainings_are_found(name, capsys):
    make, where, page = BROKEN[name]
    torch.manual_seed(0)
    four, options = parts(make())
    first = check(*four, **{"steps": 20} | options)[0]
    assert first.check == where and first.page.startswith(page)
    said = " ".join(capsys.readouterr().out.split())
    assert first.saw in said and first.means in said and "failed" not in said


def test_what_it_gets_stays_as_it_was():
    """Weights, buffers, gradients, modes, numbers drawn, the loss and its modules."""
    body = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.Dropout())
    model = nn.Sequential(body, nn.Linear(8, 3)).train()
    body[1].eval()
    model[1].weight.requires_grad_(False)
    judge = mlp(3, 1, 8, nn.BatchNorm1d(8))
    optimizer = torch.optim.Adam(model.parameters())
    x, y = classes()
    x.requires_grad_()
    loss = lambda out, y: CROSS(out, y) + judge(out).mean()  # noqa: E731
    loss(model(x), y).backward()
    optimizer.step()

    def state():
        both = nn.ModuleList([model, judge])
        named = [*both.named_parameters(), *both.named_buffers()]
        yield from (item for _, one in named for item in (one, one.grad))
        yield from (one.training for one in both.modules())
        yield from (one.requires_grad for one in both.parameters())
        yield from (x, x.grad, y, torch.get_rng_state(), random.getstate())
        yield from np.random.get_state()[1]
        yield from optimizer.state[model[0][0].weight].values()
        yield torch.is_grad_enabled()

    before = [
        copy.deepcopy(one.data if torch.is_tensor(one) else one) for one in state()
    ]
    assert check(model, loss, x, y, optimizer=optimizer) == []
    after = [*state()]
    assert len(before) == len(after) > 50
    for old, new in zip(before, after, strict=True):
        same = torch.equal(old, new) if torch.is_tensor(old) else old == new
        assert same


def test_modules_that_are_reached_through_others_stay_as_they_were():
    """By a function that the loss calls, in a dict, by `forward=`."""
    judge = mlp(3, 1, 8, nn.BatchNorm1d(8))
    encoder = nn.BatchNorm1d(5)
    nets = {"judge": judge}
    inner = lambda out: nets["judge"](out).mean() + judge(out).mean()  # noqa: E731
    other = lambda out: 2 * inner(out)  # noqa: E731
    loss = lambda out, y: CROSS(out, y) + inner(out) + other(out)  # noqa: E731
    forward = lambda model, x: model(encoder(x))  # noqa: E731
    both = nn.ModuleList([judge, encoder])
    before = copy.deepcopy(both.state_dict())
    check(mlp(), loss, *classes(), forward=forward)
    for name, one in both.state_dict().items():
        assert torch.equal(one, before[name]), name
    judge(mlp()(encoder(torch.randn(8, 5))))  # what would have changed them
    assert not torch.equal(encoder.running_mean, before["1.running_mean"])


def test_a_batch_norm_of_a_global_variable_of_the_model_counts_the_batches():
    backbone = nn.BatchNorm1d(5).requires_grad_(False)
    model = Net(lambda net, x: net.head(backbone(x)), head=nn.Linear(5, 3))
    before = copy.deepcopy(model.head.state_dict())
    check(model, CROSS, *classes())
    assert backbone.num_batches_tracked > 0
    assert all(torch.equal(before[k], v) for k, v in model.head.state_dict().items())


def test_a_linear_regression_may_not_learn_four_samples_by_heart(capsys):
    x = torch.tensor([[-1.0], [-0.3], [0.3], [1.0]])
    (finding,) = check(nn.Linear(1, 1), nn.MSELoss(), x, x.square())
    assert finding.check == "one batch"
    assert not check(nn.Linear(1, 1), nn.MSELoss(), x, x.square(), skip="one batch")


def test_a_small_share_is_not_said_to_be_none():
    assert checker.share(0.002) == "less than 1%" and checker.share(0.113) == "11%"


def test_it_works_without_grad_mode_and_restores_it():
    with torch.no_grad():
        assert check(mlp(), CROSS, *classes()) == []
        assert not torch.is_grad_enabled()


def test_what_cannot_be_copied_is_said(capsys):
    model = mlp()
    model.lock = threading.Lock()
    (found,) = check(model, CROSS, *classes())
    assert found.check == "copies" and "pickle" in found.saw
    assert capsys.readouterr().out.count("first make it run") == len(checker.CHECKS) - 1


def test_ddp_is_refused_and_what_it_wraps_is_checked():
    """A copy trains with other processes, and waits for those that take fewer steps."""
    model = nn.Module.__new__(nn.parallel.DistributedDataParallel)
    nn.Module.__init__(model)  # without a group of processes
    model.module = mlp()
    (found,) = check(model, CROSS, *classes())
    assert found.check == "copies" and "model.module of DDP" in found.means
    assert check(model.module, CROSS, *classes()) == []


def test_a_scripted_model_is_refused():
    with pytest.warns(DeprecationWarning):
        model = torch.jit.trace(mlp(), torch.randn(8, 5))
    (found,) = check(model, CROSS, *classes())
    assert found.check == "copies" and "scripted" in found.saw


def test_options(capsys):
    x, y = classes()
    four = Net(lambda self, x: self.net(F.dropout(x)), net=mlp()), CROSS, x, y
    assert check(*four, skip=["eval mode"], steps=200) == []
    own = lambda out, y: -out.log_softmax(1)[range(8), y].mean()  # noqa: E731
    assert check(mlp(), own, 500 * x, y, classes=3)[0].check == "first loss"
    assert check(mlp(), own, x, y, classes=3) == []
    assert check(mlp(), CROSS, x, y, forward=lambda model, x: model(x)) == []
    assert check(*four, skip="eval mode", steps=200) == []
    with pytest.raises(ValueError, match="skip has evalmode, but no check is"):
        check(*four, skip=["evalmode", "mixing"])
    with pytest.raises(TypeError, match="batchdim"):
        check(mlp(), CROSS, x, y, batchdim=1)
    capsys.readouterr()
    model = mlp()
    lbfgs = torch.optim.LBFGS(model.parameters())  # its step needs a function
    assert check(model, CROSS, x, y, optimizer=lbfgs) == []
    assert "here it raises TypeError" in " ".join(capsys.readouterr().out.split())
    check(mlp(), nn.MSELoss(), x[:1], torch.randn(1, 3))
    assert capsys.readouterr().out.count("pass two samples or more") == 2


def test_shuffled_targets_cannot_be_found():
    x, y = classes()
    assert check(mlp(), CROSS, x, y[torch.randperm(8)]) == []


def test_each_page_is_there():
    """Each check has two broken trainings, each finding a page that exists."""
    found = Counter(where for _, where, _ in BROKEN.values())
    names = {one.__name__.replace("_", " ") for one in checker.CHECKS}
    assert found.keys() == names - {"copies"} and min(found.values()) >= 2
    pages = [text.rpartition(" ")[2] for text in checker.MEANS.values()]
    for address in [*pages, *checker.ERRORS.values()]:
        folder, _, anchor = address.partition("#")
        files = [
            HERE.docs / f"{folder.rstrip('/')}.md",
            HERE.docs / folder / "index.md",
        ]
        (file,) = [one for one in files if one.exists()]
        heads = re.findall("^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        own = [re.search(r"{ #(\S+)", head) for head in heads]
        known = {one[1] for one in own if one} | {slugify(one, "-") for one in heads}
        assert not anchor or anchor in known, address


def test_the_published_copy_leads_to_the_site():
    made = File(hook.CHECKER, str(HERE.docs), "site", True)
    hook.lead_here(Files([made]), "https://proven.example/")
    assert made.content_string.count('SITE = "https://proven.example/"  #') == 1
    assert (
        made.content_string.count("SITE = ") == 1 == FILE.read_text().count('SITE = ""')
    )


def test_the_three_mistakes_of_the_page_are_found_and_can_be_repaired(monkeypatch):
    monkeypatch.syspath_prepend(str(FILE.parent))
    name = "training/check_a_broken_model"
    assert printed(name).count("LOOK") == 3
    repaired = {
        "[nn.Linear(4, 16), nn.Linear(16, 16)]": "nn.ModuleList([nn.Linear(4, 16)])",
        "(x, 0.2)": "(x, 0.2, self.training)",
        ".softmax(dim=1)": "",
    }
    assert "LOOK" not in output(name, repaired)
    for before, after in repaired.items():
        others = {one: two for one, two in repaired.items() if one != before}
        assert output(name, others).count("LOOK") == 1 and before != after


def test_a_generator_outside_the_model_moves_on_and_one_of_its_own_does_not():
    outside, inside = (torch.Generator().manual_seed(0) for _ in range(2))

    def forward(self, x):
        drawn = [torch.rand(3, generator=one) for one in (outside, self.own)]
        return self.net(x) + 1e-6 * sum(drawn)

    before = inside.get_state()
    assert check(Net(forward, net=mlp(), own=inside), CROSS, *classes()) == []
    assert torch.equal(inside.get_state(), before)
    assert not torch.equal(outside.get_state(), before)


def test_a_plain_tuple_is_taken_apart_and_a_named_one_is_not():
    Pair = namedtuple("Pair", "one two")
    x, y = classes()
    model = Net(lambda self, one, two: self.net(one + two), net=mlp())
    assert check(model, CROSS, (x, x), y) == []
    (found,) = check(model, CROSS, Pair(x, x), y)
    assert found.check == "runs" and "missing 1 required" in found.saw
    whole = Net(lambda self, pair: self.net(pair.one + pair.two), net=mlp())
    assert check(whole, CROSS, Pair(x, x), y) == []

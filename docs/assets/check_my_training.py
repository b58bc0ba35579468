"""Check a PyTorch training before you run it: model, loss and one batch.

    from check_my_training import check

    findings = check(model, loss_fn, x, y)

It trains copies of the model on four samples; yours stays as it is. `x` is a tensor, a
tuple for model(*x) or a dict for model(**x); the loss is loss_fn(output, y). Options:

    optimizer   yours: has it all weights, and does its learning rate fit?
    classes     how many there are, where the loss is your own
    steps       of training on the four samples, at most
    batch_dim   1, where the batch is the second dimension of x
    forward     a function of model and x, in place of model(x)
    skip        names of checks to leave out, as the report prints them

It needs Python 3.10, torch 2.1, and nothing else.
SPDX-License-Identifier: MIT. Copyright (c) 2026 The PyTorch, proven authors
"""

import copy
import inspect
import math
import random
import re
import sys
import textwrap
import types
import warnings
from collections.abc import Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest

import torch
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

SITE = ""  # what the address of each page begins with
RATES = (1e-2, 1e-3, 1e-1)  # of Adam: with one of them the samples must be learned
LOGITS, PROBABILITIES = "binary_cross_entropy_with_logits", "binary_cross_entropy"
SCORED = ("cross_entropy", "nll_loss", LOGITS, PROBABILITIES)
COMPARED = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
ARITHMETIC = ("sub", "rsub", "__rsub__", "subtract", "mul", "__rmul__", "multiply")
ERRORS = {  # what a message has, and the page about it
    "leaf Variable": "errors/autograd/",
    "positional argument": "errors/modules/",
    "target|Target": "errors/losses/",
    "same device|is on cpu|cuda.+should be the same": "errors/devices/",
    "dtype|scalar type|cast|should be the same|not implemented for": "errors/dtypes/",
    "must be Tensor, not numpy": "errors/creating/",
    "Boolean value of Tensor": "errors/numbers/",
    "per channel": "errors/layers/",
    "shape|size|dimension|view|expected input|tensor a": "errors/shapes/",
    "": "errors/",
}
MEANS = {  # what a finding usually means, and the page
    "error": "The page has the error, its cause and the fix. errors/",
    "number": "item(), float() or NumPy took the loss out of the graph. errors/autograd/#float-object-has-no-attribute-backward",
    "nan": "A nan or inf in the data, log(0), or labels that are all ignored. errors/symptoms/#loss-is-nan",
    "many": "backward() needs a single number: take the mean. errors/autograd/#grad-can-be-implicitly-created-only-for-scalar-outputs",
    "stretched": "Each prediction meets each target. Give both one shape, as by output.squeeze(1). errors/losses/#using-a-target-size-torchsize4-that-is-different-to-the-input-size-torchsize4-1-is-deprecated",
    "one class": "Two classes need two scores, or one and BCEWithLogitsLoss. training/losses/#which-loss-for-which-task",
    "softmax": "cross_entropy has a softmax itself: give it the scores before yours. training/train-and-eval/#cross-entropy-after-softmax-the-loss-does-not-get-small",
    "sigmoid": "BCEWithLogitsLoss has a sigmoid itself: give it the scores before yours. training/losses/#which-loss-for-which-task",
    "logarithm": "nll_loss needs log_softmax over the classes. Or use cross_entropy, which has it. training/losses/#which-loss-for-which-task",
    "far": "Inputs that are not scaled, or a last layer with too large weights. training/losses/#check-the-first-loss",
    "frozen": "All layers are frozen. training/initialise-and-freeze/#freeze-layers",
    "cut": "detach(), .data, item(), argmax or no_grad between the weights and the loss. errors/autograd/#element-0-of-tensors-does-not-require-grad-and-does-not-have-a-grad_fn",
    "outside": "Layers in a plain list, or a tensor that is no nn.Parameter: model.parameters() does not have them. errors/symptoms/#weights-do-not-change",
    "never": "A detach() or no_grad in forward, or a layer that it does not use. Freeze what is not to learn. training/testing/#find-parameters-without-a-gradient",
    "zero": "A ReLU that gets only negative numbers, weights that are all 0, or a product with 0. training/testing/#find-parameters-without-a-gradient",
    "unlearned": "A last activation that cannot give the targets, a layer that loses the input, or numbers that are not scaled. training/testing/#overfit-one-batch",
    "incomplete": "The optimizer was made before the last change of the model, or gets only a part of it: freeze the rest. errors/symptoms/#weights-do-not-change",
    "fast": "The learning rate is too large. training/tune/#what-too-small-and-too-large-look-like",
    "slow": "The learning rate is too small. training/tune/#what-too-small-and-too-large-look-like",
    "again": "A state or a loss of the last step is used: detach() it. errors/autograd/#trying-to-backward-through-the-graph-a-second-time",
    "grows": "Tensors are kept with their graph: detach() or item() them. errors/symptoms/#memory-grows",
    "random": "F.dropout without training=self.training, or random numbers in forward. Fine where the model samples on purpose. training/testing/#check-that-eval-mode-repeats-itself",
    "in place": "x.add_(), x += 1 or inplace=True change your data a little more in each epoch. tensors/views-and-copies/",
    "one": "squeeze() without a dimension, a fixed batch size in view() or in a state, or statistics over the batch. training/testing/#try-more-than-one-batch-size",
    "mixes": "A layer takes the batch for time (batch_first=True is missing) or a view() mixes rows. Where your batch comes second, pass batch_dim=1. sequences/#say-that-the-batch-comes-first",
    "copy": "Pass the model without its wrapper, as model.module of DDP, and without locks or open files in it. errors/detach/#only-tensors-created-explicitly-by-the-user-graph-leaves-support-the-deepcopy-protocol-at-the-moment",
}


@dataclass
class Finding:
    """What a check saw that you should look at, and what it usually means."""

    check: str
    saw: str
    means: str
    page: str


class Look(Exception):
    """A check found something: its key in MEANS, and what was seen."""


class Skip(Exception):
    """Why a check cannot be made here."""


class Call:
    """A call of a loss of torch.nn."""

    def __init__(self, func, out, **given):
        self.func, self.out, self.given, self.name = func, out, given, func.__name__
        self.scores, self.target = given["input"].detach(), given["target"].detach()
        self.dim = 1 if self.scores.ndim > 1 else 0  # of the classes

    def guess(self):
        """The loss of an answer that does not depend on the input."""
        scores, even = self.scores, {LOGITS: 0.0, PROBABILITIES: 0.5}
        if self.name in COMPARED:
            mean = self.target.to(scores.dtype).mean(0, keepdim=True)
            scores = mean.expand_as(self.target)
        else:
            even = even.get(self.name, -math.log(scores.shape[self.dim]))
            scores = torch.full_like(scores, even)
        return float(self.func(**self.given | {"input": scores}).mean())

    def ends_at_zero(self):
        whole = bool((self.target == self.target.round()).all())
        hard = whole and not self.given.get("label_smoothing")
        return self.name in COMPARED or hard

    def check(self, later):
        """Raises Look where it gets what it cannot use; `later`: after training."""
        scores = self.scores
        if self.name == "cross_entropy" and scores.shape[self.dim] == 1:
            raise Look("one class", "cross_entropy over one class is always 0")
        if self.name == "cross_entropy" and scores.min() >= 0:
            sums = [scores.sum(dim) - 1 for dim in {0, self.dim}]
            if min(float(one.abs().max()) for one in sums) < 1e-3:
                raise Look("softmax", "cross_entropy gets scores with the sum 1")
        if self.name == "nll_loss":
            if scores.exp().sum(self.dim).sub(1).abs().max() > 1e-2:
                raise Look("logarithm", f"nll_loss gets no log_softmax over {self.dim}")
        if self.name == LOGITS and later:
            both = torch.cat([scores.flatten(), later.scores.flatten()])
            if both.min() >= 0 and both.max() <= 1:
                raise Look("sigmoid", "all scores lie between 0 and 1")


class Watch(TorchFunctionMode):
    """Sees the losses of torch.nn that are called, and shapes that are stretched."""

    def __init__(self):
        super().__init__()
        self.calls, self.stretched = [], []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        out, name = func(*args, **kwargs), getattr(func, "__name__", "")
        if name in SCORED + COMPARED and func is getattr(F, name):
            given = inspect.signature(func).bind(*args, **kwargs).arguments
            self.calls.append(Call(func, out.detach(), **given))
        both = [one for one in (*args, *kwargs.values()) if torch.is_tensor(one)][:2]
        if len(both) == 2 and name in COMPARED + ARITHMETIC:
            (a, b), sizes = both, [one.numel() for one in both]
            shapes = [tuple(one.shape) for one in both]
            wide = math.prod(torch.broadcast_shapes(*shapes)) > min(sizes)
            # By hand, a weight of each sample is stretched on purpose.
            alike = a.numel() == b.numel() or name in COMPARED and min(sizes) > 1
            if wide and alike and a.requires_grad != b.requires_grad:  # output, target
                self.stretched.append(f"{name} of {shapes[0]} and {shapes[1]}")
        return out


def mapped(do, value):
    """The same structure of tuples, lists and dicts, with another for each tensor."""
    if torch.is_tensor(value):
        return do(value)
    if isinstance(value, Mapping):
        return {key: mapped(do, one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        parts = [mapped(do, one) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def tensors(*values):
    found = []
    mapped(found.append, values)
    return found


def history(*values):
    """The steps of autograd that lead to the tensors, and the leaves they begin at."""
    todo = [one.grad_fn for one in tensors(*values) if one.grad_fn is not None]
    seen = set(todo)
    while todo:
        new = {node for node, _ in todo.pop().next_functions if node} - seen
        seen |= new
        todo += new
    return seen, [node.variable for node in seen if hasattr(node, "variable")]


def kept(model):
    """Tensors with a graph that modules keep."""
    values = [value for one in model.modules() for value in vars(one).values()]
    return [one for one in tensors(values) if one.grad_fn is not None]


def rebound(function, memo, others):
    """A loss that uses the copies of the modules that it refers to."""
    if not isinstance(function, types.FunctionType):
        others += [] if isinstance(function, nn.Module) else [function]
        return copy.deepcopy(function, memo)
    if function.__module__.startswith("torch."):
        return function

    def swapped(value):
        if isinstance(value, types.FunctionType) and value.__globals__ is space:
            return memo.get(id(value)) or rebound(value, memo, others)
        parts = value.values() if isinstance(value, dict) else value
        parts = parts if isinstance(value, dict | list | tuple) else [value]
        modules = [one for one in parts if isinstance(one, nn.Module)]
        for one in modules:
            others.extend(() if id(one) in memo else one.parameters())
        return copy.deepcopy(value, memo) if modules else value

    code, space = function.__code__, function.__globals__
    memo[id(function)] = function  # one that calls itself
    used = {name: swapped(space[name]) for name in code.co_names if name in space}
    cells = (swapped(one.cell_contents) for one in function.__closure__ or ())
    cells = tuple(map(types.CellType, cells))
    new = types.FunctionType(code, space | used, None, function.__defaults__, cells)
    new.__kwdefaults__ = function.__kwdefaults__
    memo[id(function)] = new
    return new


def sources():
    """Of random numbers: how to get, set and seed their state."""
    yield torch.get_rng_state, torch.set_rng_state, torch.default_generator.manual_seed
    yield random.getstate, random.setstate, random.seed
    if "numpy" in sys.modules:
        one = sys.modules["numpy"].random
        yield one.get_state, one.set_state, one.seed
    if torch.cuda.is_initialized():
        one = torch.cuda
        yield one.get_rng_state_all, one.set_rng_state_all, one.manual_seed_all


def set_seed(number):
    for _, _, give in sources():
        give(number)


@contextmanager
def unchanged():
    """Leave random numbers, warnings and the grad mode as they are."""
    states = [(give, get()) for get, give, _ in sources()]
    try:
        with warnings.catch_warnings(), torch.enable_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        for give, state in states:
            give(state)


class Run:
    """Some steps of training of a copy, by Adam or the reader's optimizer."""

    def __init__(self, case, x, y, steps=1, rate=None, bar=-math.inf, seed=0):
        self.losses, self.sizes, self.error, self.where = [], [], None, "model"
        self.touched, self.reached = set(), set()  # with a gradient; with one not 0
        self.model, self.loss_fn, optimizer = case.copies()
        self.model.train()
        self.foreign = []
        try:
            for step in range(steps):
                self.forward(case, x, y, seed, nullcontext() if step else Watch())
                self.backward(case)
                end = self.losses[-1]
                if not math.isfinite(end) or (step > 3 and end <= bar) or steps == 1:
                    break
                if rate and not step:  # lazy weights are there now
                    optimizer = torch.optim.Adam(self.model.parameters(), lr=rate)
                for group in optimizer.param_groups:
                    group["lr"] = group.get("initial_lr", group["lr"])  # no warm-up
                optimizer.step()
        except Exception as error:
            self.error = error
        finally:
            for one, grad in self.foreign:
                one.grad = grad
        self.is_learned = bool(self.losses) and min(self.losses) <= bar

    def forward(self, case, x, y, seed, watch):
        set_seed(seed)  # the same dropout in each step: that can be learned
        with watch:
            self.where, self.output = "model", case.output(self.model, x)
            self.where, watch.stretched = "loss", []
            self.loss = self.loss_fn(self.output, mapped(torch.clone, y))
        self.losses.append(float(torch.as_tensor(self.loss).mean()))
        self.calls, self.stretched = getattr(watch, "calls", []), watch.stretched

    def backward(self, case):
        """Gradients for the copy; what else is in the graph gets its own back."""
        self.where, self.weights = "backward", dict(self.model.named_parameters())
        if not getattr(self.loss, "requires_grad", False):
            return
        if len(self.sizes) < 4:
            (steps, ends), own = history(self.loss), {*map(id, self.weights.values())}
            given = own | {*map(id, tensors(case.x, *history(case.x)[1]))}
            self.strangers = [o for o in history(self.output)[1] if id(o) not in given]
            self.sizes.append(len(steps) + len(kept(self.model)))
            known = own | {id(one) for one, _ in self.foreign}
            self.foreign += [(one, one.grad) for one in ends if id(one) not in known]
        for one in [*self.weights.values(), *(one for one, _ in self.foreign)]:
            one.grad = None
        self.loss.mean().backward()
        grads = {k: one.grad for k, one in self.weights.items() if one.grad is not None}
        self.touched |= grads.keys()
        self.reached |= {key for key, grad in grads.items() if grad.any()}


@dataclass
class Case:
    """The reader's parts, and what several checks need of them."""

    model: nn.Module
    loss_fn: object
    x: object
    y: object
    optimizer: torch.optim.Optimizer | None = None
    classes: int | None = None
    steps: int = 100
    batch_dim: int = 0
    forward: object = None
    found: set = field(default_factory=set)  # the checks with findings

    @cached_property
    def count(self):
        sizes = [one.shape for one in tensors(self.x) if one.ndim > self.batch_dim]
        return sizes[0][self.batch_dim] if sizes else 0

    def copies(self):
        """Of model, loss and optimizer: they belong together as the originals do."""
        memo = {id(one): one.detach().clone() for one in kept(self.model)}
        self.others = []  # what the loss needs beside the output
        model, optimizer = copy.deepcopy((self.model, self.optimizer), memo)
        return model, rebound(self.loss_fn, memo, self.others), optimizer

    def output(self, model, x):
        x = mapped(lambda one: one if one.requires_grad else one.clone(), x)
        self.used = x
        if self.forward:
            return rebound(self.forward, {id(self.model): model}, [])(model, x)
        if type(x) is tuple:
            return model(*x)
        return model(**x) if isinstance(x, dict) else model(x)

    def evaluated(self, x, seed=0):
        """The tensors that a new copy gives in eval mode."""
        set_seed(seed)
        memo = {id(one): one.detach().clone() for one in kept(self.model)}
        model = copy.deepcopy(self.model, memo)
        return tensors(self.output(model.eval(), x))

    @cached_property
    def answers(self):
        return self.evaluated(self.x)

    def dim(self, one):
        """The dimension in which a tensor has the samples; None where it has not."""
        dims = (self.batch_dim, 0)
        fit = [dim for dim in dims if one.shape[dim : dim + 1] == (self.count,)]
        return fit[0] if fit else None

    def taken(self, value, rows, is_flat=False):
        """Some samples of a value, which may have several rows for each."""

        def of(one):
            at, dim = torch.as_tensor(rows, device=one.device), self.dim(one)
            if one.ndim == 0 or dim is not None:
                found = one if dim is None else one.detach().index_select(dim, at)
                return found.requires_grad_(one.requires_grad)
            if is_flat and len(one) % self.count == 0:
                return one.unflatten(0, (self.count, -1))[at].flatten(0, 1)
            raise Skip(f"{tuple(one.shape)} has no dimension of {self.count} samples")

        return mapped(of, value)

    @cached_property
    def first(self):
        return Run(self, self.x, self.y)

    @cached_property
    def small(self):
        """Four samples, where they can be told apart; else all."""
        rows = torch.linspace(0, self.count - 1, min(self.count, 4)).long().tolist()
        try:
            found = self.taken(self.x, rows), self.taken(self.y, rows, is_flat=True)
            return found if Run(self, *found).error is None else (self.x, self.y)
        except (Skip, ZeroDivisionError):
            return self.x, self.y

    @cached_property
    def bar(self):
        """The loss below which the four samples are learned."""
        run = Run(self, *self.small)
        start = run.losses[0]
        same = [one for one in run.calls if float(one.out.mean()) == start]
        if len(same) != 1 or self.others or not same[0].ends_at_zero():
            return start - 0.005 * abs(start)  # where it could end is not known
        guess = same[0].guess()
        if same[0].name in SCORED:
            return 0.5 * guess
        return min(0.3 * start, 0.7 * guess or start)

    @cached_property
    def trained(self):
        """The first training that gets below the bar, or the last."""
        for rate in RATES:
            run = Run(self, *self.small, self.steps, rate, self.bar)
            if run.is_learned or run.error:
                break
        return run


def copies(case):
    """The parts can be copied: all that follows is done to copies."""
    try:
        if isinstance(case.model, nn.parallel.DistributedDataParallel):
            raise TypeError("a copy of DDP may wait for the other processes for ever")
        model, *_ = case.copies()
        if not all(one.is_leaf for one in model.parameters()):
            raise TypeError("a scripted model, of which no copy can be trained")
    except Exception as error:
        raise Look("copy", f"no check was made: {told(error)}") from None
    if any(map(nn.parameter.is_lazy, case.model.parameters())):
        case.model = case.copies()[0]  # with sizes, and numbers for all copies
        case.output(case.model, case.x)
    return "your model stays as it is"


def runs(case):
    """Model, loss and backward run on the whole batch, in training mode."""
    error, loss = case.first.error, getattr(case.first, "loss", None)
    if error:
        raise Look("error", f"the {case.first.where} raises {told(error)}")
    if not torch.is_tensor(loss):
        raise Look("number", f"the loss is a {type(loss).__name__}, not a tensor")
    if not math.isfinite(case.first.losses[0]):
        raise Look("nan", f"the loss is {case.first.losses[0]}")
    if loss.numel() > 1:
        raise Look("many", f"the loss has the shape {tuple(loss.shape)}")
    return f"the loss is {case.first.losses[0]:.4g}"


def told(error):
    return f"{type(error).__name__}: {str(error).strip()}".split("\n")[0]


def loss_input(case):
    """The loss gets shapes and scores that fit it."""
    calls, later = case.first.calls, []
    if case.first.stretched:
        raise Look("stretched", f"the loss computes {case.first.stretched[0]}")
    if any(call.name == LOGITS for call in calls) and not case.trained.is_learned:
        case.trained.forward(case, *case.small, 0, Watch())
        later = case.trained.calls
    for call, after in zip_longest(calls, later[: len(calls)]):
        call.check(after)
    seen = [f"{call.name} of {tuple(call.scores.shape)}" for call in calls]
    return ", ".join(seen) or "a loss of your own"


def first_loss(case):
    """The loss at the start is not far above that of a guess."""
    calls = [one for one in case.first.calls if one.name in SCORED]
    found = [(float(one.out.mean()), one.guess()) for one in calls]
    if case.classes and not found:
        found = [(case.first.losses[0], math.log(case.classes))]
    if not found:
        raise Skip("a guess is known for cross entropy; else pass classes=")
    value, guess = max(found, key=lambda one: one[0] - one[1])
    said = f"the loss is {value:.4g}, that of a guess {guess:.4g}"
    if value > 4 * guess:  # raw features of a few units are common, and do no harm
        raise Look("far", said)
    return said


def gradients(case):
    """Each trainable weight gets a gradient that is not always 0."""
    run = case.first
    names = [name for name, one in run.weights.items() if one.requires_grad]
    if not names:
        raise Look("frozen", "no weight requires a gradient")
    if not run.loss.requires_grad:
        raise Look("cut", "the loss has no graph")
    if run.strangers:
        shapes = listed(sorted(str(tuple(one.shape)) for one in run.strangers))
        raise Look(
            "outside", f"tensors to train that the model does not list: {shapes}"
        )
    done = [run, case.trained]
    for draw in range(1, 9):  # of experts and layers that are not used each time
        touched = set().union(*(one.touched for one in done))
        reached = set().union(*(one.reached for one in done))
        if len(reached) < len(names):
            done.append(Run(case, mapped(redrawn, case.x), case.y, seed=draw))
    if never := [name for name in names if name not in touched]:
        raise Look("never", f"{listed(never)}: never a gradient")
    zero = [one for one in names if run.weights[one].ndim > 1 and one not in reached]
    if zero:
        raise Look("zero", f"{listed(zero)}: all gradients are 0")
    return f"they reach all {len(names)} parameters"


def redrawn(one):
    """Another input of the same kind."""
    if one.is_floating_point():
        return one.detach() + 2 * torch.randn_like(one) * one.detach().std()
    if one.dtype == torch.bool or not one.numel():
        return one
    return torch.randint_like(one, int(one.min()), int(one.max()) + 1)


def listed(names):
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")


def one_batch(case):
    """Four samples can be learned by heart."""
    if case.trained.error or {"loss input", "gradients"} & case.found:
        raise Skip("first repair what is found above")
    start, best = case.trained.losses[0], min(case.trained.losses)
    said = f"the loss falls from {start:.4g} to {best:.4g}"
    if not case.trained.is_learned:
        raise Look("unlearned", f"{said} only, in {case.steps} steps")
    return said


def your_optimizer(case):
    """The optimizer has all weights, and its learning rate fits."""
    if case.optimizer is None:
        raise Skip("pass optimizer=")
    groups = case.optimizer.param_groups
    known = {id(one) for group in groups for one in group["params"]}
    weights = [item for item in case.model.named_parameters() if item[1].requires_grad]
    if missing := [name for name, one in weights if id(one) not in known]:
        raise Look("incomplete", f"it does not have {listed(missing)}")
    run = Run(case, *case.small, case.steps, bar=case.bar)
    losses = run.losses
    if run.error:
        raise Skip(f"here it raises {told(run.error)}")
    rate, start, end = max(one["lr"] for one in groups), losses[0], losses[-1]
    said = f"with lr={rate:g} the loss goes from {start:.4g} to {end:.4g}"
    if not math.isfinite(end) or end > start + max(1, abs(start)):
        raise Look("fast", said)
    moved = max(abs(one - start) for one in losses)
    if moved < 1e-3 * abs(start) and case.trained.is_learned:
        raise Look("slow", said)
    return said


def graphs(case):
    """Each step builds a graph of its own, and keeps none."""
    error, sizes = case.trained.error, case.trained.sizes[:4]
    if error and re.search("a second time|modified by an inplace", str(error)):
        raise Look("again", f"step {len(sizes)} needs the graph of the step before")
    if error:
        raise Look("error", f"step {len(sizes)} raises {told(error)}")
    if len(sizes) > 3 and sizes[0] < sizes[1] < sizes[2] < sizes[3]:
        raise Look("grows", f"its parts become more in each step: {sizes}")
    return "none is kept"


def eval_mode(case):
    """In eval mode, the same input gives the same answer, and stays as it is."""
    answers = case.answers
    if compared(tensors(case.used), tensors(case.x)):
        raise Look("in place", "the model changes its input")
    if far := compared(answers, case.evaluated(case.x, seed=1)):
        raise Look("random", f"two answers to one input differ by {share(far)}")
    return "two answers are equal"


def compared(one, two, rows=lambda one: one):
    """How far tensors differ, of their largest number; 0 for what rounding does."""
    largest = 0.0
    for a, b in zip(map(rows, one), map(rows, two), strict=False):
        if a is not None and a.numel() and a.shape == b.shape:
            a, b = a.detach().double(), b.detach().double()
            far = float((a - b).abs().max() / a.abs().max().clamp_min(1e-12))
            largest = max(largest, math.inf if math.isnan(far) else far)
    return largest if largest > 1e-4 else 0.0


def share(far):
    return f"{far:.0%}" if far > 0.005 else "less than 1%"


def one_sample(case):
    """In eval mode, a batch of one sample works and keeps its dimension."""
    if case.count < 2:
        raise Skip("pass two samples or more")
    one, every = case.taken(case.x, [0]), case.answers
    try:
        found = case.evaluated(one)
    except Exception as error:
        raise Look("one", f"one sample raises {told(error)}") from None
    for a, b in zip(every, found, strict=False):
        if case.dim(a) is not None and a.ndim != b.ndim:
            raise Look(
                "one", f"{tuple(a.shape)} becomes {tuple(b.shape)} for one sample"
            )
    return "it works"


def mixing(case):
    """In eval mode, the answer to a sample does not depend on the others."""
    if case.count < 2:
        raise Skip("pass two samples or more")
    every, rows, found = case.answers, [*range(case.count)], []
    for at, other in (0, 1), (-1, -2):
        swapped, rest = [*rows], [*rows]
        swapped[at] = rows[other]
        del rest[at]

        def of(one, rest=rest):
            try:
                return case.taken(one, rest, is_flat=True) if one.ndim else None
            except Skip:
                return None

        found.append(compared(every, case.evaluated(case.taken(case.x, swapped)), of))
    if max(found) > 0:
        raise Look("mixes", f"another sample changes the answer by {share(max(found))}")
    return "no answer depends on other samples"


CHECKS = (copies, runs, loss_input, first_loss, gradients, one_batch, your_optimizer)
CHECKS += (graphs, eval_mode, one_sample, mixing)


def check(model, loss_fn, x, y=None, *, skip=(), **options):
    """Print a line for each check; the findings as a list, empty where all is well."""
    case = Case(getattr(model, "_orig_mod", model), loss_fn, x, y, **options)
    print(f"{type(case.model).__name__}, a batch of {case.count}")
    findings, names = [], [one.__name__.replace("_", " ") for one in CHECKS]
    skip = {skip} if isinstance(skip, str) else {*skip}
    if unknown := skip - {*names}:
        raise ValueError(
            f"skip has {listed(sorted(unknown))}, but no check is so called"
        )
    for name, one in zip(names, CHECKS, strict=True):
        mark, rest = "ok", ""
        try:
            if name in skip or {"copies", "runs"} & case.found:
                raise Skip("left out by skip=" if name in skip else "first make it run")
            with unchanged():
                said = one(case)
        except Skip as reason:
            mark, said = "-", str(reason)
        except Look as look:
            mark, (key, said) = "LOOK", look.args
            means, _, page = MEANS[key].rpartition(" ")
            if key == "error":
                page = next(ERRORS[words] for words in ERRORS if re.search(words, said))
            findings.append(Finding(name, said, means, SITE + page))
            case.found.add(name)
            rest = f"\n      {SITE}{page}"
            said = textwrap.fill(said, 58) + "\n" + textwrap.fill(means, 58)
        except Exception as error:
            mark, said = "-", f"the check itself failed: {told(error)}"
        print(f"{mark:5} {name:15}" + said.replace("\n", f"\n{' ' * 21}") + rest)
    return findings

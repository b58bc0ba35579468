"""What the page of errors of modules claims beyond what its programs print."""

import inspect
import traceback
import warnings
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.autograd import gradcheck
from torch.autograd.gradcheck import GradcheckError
from torch.utils.checkpoint import checkpoint
from torch.version import __version__ as version

from tests.claims_support import printed


def test_sequential_calls_layers_one_by_one():
    layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
    x = y = torch.tensor([[1.0, -2.0]])
    for layer in nn.ModuleList(layers):
        y = layer(y)
    assert torch.equal(nn.Sequential(*layers)(x), y)


def test_a_module_remembers_its_mode():
    model = nn.Dropout(0.5)
    assert model.training and not model.eval().training and model.train().training


def test_the_old_checkpoint_loses_the_gradient_if_only_weights_need_it():
    assert version.split("+")[0] == "2.13.0"  # the page names it
    layer, x = nn.Linear(2, 1), torch.ones(1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not checkpoint(layer, x, use_reentrant=True).requires_grad
    checkpoint(layer, x, use_reentrant=False).backward()
    assert layer.weight.grad.tolist() == x.tolist()


def test_a_method_inside_another_or_misspelt_is_no_forward():
    class Net(nn.Module):
        def foward(self, x):
            return x

    assert "forward" not in vars(Net) and "foward" in list(vars(Net))
    with pytest.raises(NotImplementedError, match="is missing the required"):
        Net()(torch.ones(1))


@pytest.mark.parametrize(
    ("dtype", "right"), [(torch.float64, True), (torch.float32, False)]
)
def test_gradcheck_needs_double_numbers(dtype, right):
    x = torch.tensor([0.5, 0.3], dtype=dtype, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert gradcheck(lambda x: x**3, (x,), raise_exception=False) is right


@pytest.mark.parametrize("holder", [nn.ModuleList, nn.ModuleDict])
def test_what_only_holds_layers_cannot_be_called(holder):
    one = holder({"a": nn.ReLU()} if holder is nn.ModuleDict else [nn.ReLU()])
    with pytest.raises(NotImplementedError, match='missing the required "forward"'):
        one(torch.ones(1))


def test_a_new_parameter_is_taken_and_the_optimizer_keeps_the_old_one():
    layer = nn.Linear(2, 1)
    old = layer.weight
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer.weight = nn.Parameter(torch.ones(1, 2))
    held = optimizer.param_groups[0]["params"]
    assert any(p is old for p in held)
    assert not any(p is layer.weight for p in held)


def test_a_plain_tensor_is_not_among_the_parameters():
    model = nn.Module()
    model.scale = torch.ones(1)
    assert list(model.parameters()) == []


def test_a_model_without_weights_has_no_first_one():
    with pytest.raises(StopIteration):
        next(nn.ReLU().parameters())


def test_a_parameter_before_init_has_a_text_of_its_own():
    class Early(nn.Module):
        def __init__(self):
            self.scale = nn.Parameter(torch.ones(1))

    with pytest.raises(AttributeError, match="^cannot assign parameters before Module"):
        Early()


def test_a_forward_without_self_or_without_x_takes_one_argument():
    class WithoutSelf(nn.Module):
        def forward(x):
            return x

    class WithoutX(nn.Module):
        def forward(self):
            return torch.ones(1)

    for net in (WithoutSelf(), WithoutX()):
        with pytest.raises(TypeError, match="takes 1 positional .* but 2 were given"):
            net(torch.ones(1))


def test_checkpoint_computes_a_layer_a_second_time():
    calls = []
    layer = nn.Linear(2, 1)
    layer.register_forward_pre_hook(lambda *_: calls.append(1))
    y = checkpoint(layer, torch.ones(1, 2), use_reentrant=False)
    assert len(calls) == 1
    y.sum().backward()
    assert len(calls) == 2


@pytest.mark.parametrize(
    "called",
    [
        lambda: nn.ReLU()(torch.ones(2))(torch.ones(2)),
        lambda: torch.ones(2)(0),
        lambda: torch.ones(2, 2).T(),
        lambda: torch.optim.Adam(nn.Linear(1, 1).parameters()).step(torch.ones(1)),
    ],
    ids=["name", "index", "attribute", "step"],
)
def test_a_tensor_that_is_called_has_several_causes(called):
    with pytest.raises(TypeError, match="^'Tensor' object is not callable$"):
        called()


class Silent(nn.Module):
    def forward(self, x):
        x + 1


def test_a_forward_without_return_gives_none_and_losses_say_so():
    y = Silent()(torch.ones(2))
    assert y is None
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'si"):
        nn.MSELoss()(y, torch.ones(2))
    with pytest.raises(
        TypeError, match=r"^cross_entropy_loss\(\): argument 'input' \("
    ):
        nn.CrossEntropyLoss()(y, torch.tensor([0]))
    with pytest.raises(TypeError, match=r"^nll_loss_nd\(\): argument 'input' \("):
        nn.NLLLoss()(y, torch.tensor([0]))
    assert [].append(1) is None


@pytest.mark.parametrize("part", [nn.ReLU, nn.Linear, torch.relu])
def test_only_objects_of_modules_go_into_sequential(part):
    with pytest.raises(TypeError, match="is not a Module subclass$"):
        nn.Sequential(part)


def test_an_argument_of_init_can_be_missing():
    class Net(nn.Module):
        def __init__(self, classes):
            super().__init__()

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'cl"):
        Net()
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'ou"):
        nn.Linear(2)


def test_a_class_defined_again_is_another_class():
    made = []
    for _ in range(2):

        class Net(nn.Module):
            def forward(self, x):
                return super(Net, self).extra_repr()  # noqa: UP008

        made.append(Net())
    assert [type(model) is Net for model in made] == [False, True]
    assert made[1](torch.ones(1)) == ""
    with pytest.raises(TypeError, match="must be an instance or subtype of type"):
        made[0](torch.ones(1))
    assert not hasattr(nn.Linear(1, 1), "fc2") and hasattr(made[0], "extra_repr")


def test_newer_pythons_name_both_classes_of_super():
    name = "errors/training/super_of_another_class"
    before, after = (printed(name, lane).strip() for lane in ("cpu", "newest-python"))
    assert before.endswith("must be an instance or subtype of type")
    assert after.endswith(
        "obj (instance of Net) is not an instance or subtype of type (OldNet)."
    )
    with pytest.raises(TypeError, match="an instance or subtype of type"):
        super(dict, []).__init__()


def test_gradcheck_fails_at_a_corner_and_passes_beside_it():
    for at, right in ((0.0, False), (1e-7, False), (0.7, True), (-0.7, True)):
        x = torch.full((2,), at, dtype=torch.double, requires_grad=True)
        passed = torch.autograd.gradcheck(torch.relu, x, raise_exception=False)
        assert passed is right


def test_a_batch_that_is_a_dictionary_is_moved_by_its_names():
    batch = {"x": torch.ones(2), "y": torch.zeros(2)}
    with pytest.raises(AttributeError, match="'dict' object has no attribute 'to'"):
        batch.to("cpu")
    moved = {name: t.to("meta") for name, t in batch.items()}
    assert {t.device.type for t in moved.values()} == {"meta"}


class Pair(nn.Module):
    def forward(self, x, other, scale=1.0):
        return scale * (x + other)


class Block(nn.Module):
    def __init__(self, part):
        super().__init__()
        self.part = part

    def forward(self, x):
        return self.part()


@pytest.mark.parametrize(
    ("call", "called", "cause"),
    [
        (lambda: nn.Linear(2, 1)(), nn.Linear(2, 1), 1),
        (lambda: Block(nn.LSTM(2, 1))(torch.ones(1, 2)), nn.LSTM(2, 1), 1),
        (lambda: Block(Block(nn.ReLU()))(torch.ones(1)), Block(nn.ReLU()), 1),
        (lambda: Pair()(torch.ones(1)), Pair(), 2),
        (lambda: nn.Bilinear(2, 2, 1)(torch.ones(1, 2)), nn.Bilinear(2, 2, 1), 2),
    ],
)
def test_the_signature_tells_an_empty_call_from_one_input_of_several(
    call, called, cause
):
    name = type(called).__name__
    with pytest.raises(TypeError, match="missing 1 required positional") as error:
        call()
    assert f"{name}.forward() missing" in str(error.value).replace("RNNBase", name)
    taken = inspect.signature(called.forward).parameters.values()
    needed = [one for one in taken if one.default is one.empty]
    assert (len(needed) == 1) == (cause == 1)


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam, torch.optim.LBFGS])
def test_a_tensor_that_torch_calls_ends_in_a_file_of_torch(make):
    w = torch.ones(2, 2, requires_grad=True)
    loss = w.sum()
    loss.backward()
    hooked = nn.Linear(2, 1)
    hooked.register_forward_hook(loss)  # a rarer way than `step(loss)`
    causes = {
        "step": lambda: make([w], lr=0.1).step(loss),
        "hook": lambda: hooked(torch.ones(1, 2)),
        "function": lambda: loss(w, w),
        "index": lambda: w(0),
        "attribute": lambda: w.T(),
    }
    for cause, called in causes.items():
        with pytest.raises(TypeError, match="'Tensor' object is not callable") as error:
            called()
        last = traceback.extract_tb(error.value.__traceback__)[-1].filename
        assert ("torch" in Path(last).parts) == (cause in ("step", "hook")), cause


def test_a_function_for_apply_meets_the_sequential_itself():
    def careless(m):
        nn.init.ones_(m.weight)

    def careful(m):
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)

    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    with pytest.raises(AttributeError, match="'Sequential' object has no attribute"):
        model.apply(careless)
    assert model.apply(careful)[1].weight.tolist() == [[1, 1]]


def test_other_things_than_data_are_one_argument_too_many():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()

    class Misspelt(nn.Module):
        def __int__(self, classes):
            super().__init__()

    for kind in (Plain, Misspelt):
        text = rf"{kind.__name__}.__init__\(\) takes 1 positional argument but 2 were"
        with pytest.raises(TypeError, match=text):
            kind(10)


def test_a_layer_may_get_none_that_nobody_forgot_to_return():
    aux = None  # as some models return where they have no second output
    with pytest.raises(TypeError, match="must be Tensor, not NoneType"):
        nn.Linear(2, 1)(aux)


def test_lists_inside_a_list_need_a_module_of_their_own():
    parts = [[nn.Linear(2, 3), nn.ReLU()], [nn.Linear(3, 1)]]
    for refused in (lambda: nn.ModuleList(parts), lambda: nn.Sequential(*parts)):
        with pytest.raises(TypeError, match="list is not a Module subclass"):
            refused()
    model = nn.Sequential(*[nn.Sequential(*part) for part in parts])
    assert model(torch.ones(5, 2)).shape == (5, 1)
    with pytest.raises(NotImplementedError, match="ModuleList"):
        nn.Sequential(nn.ModuleList(parts[0]))(torch.ones(5, 2))
    held = nn.ModuleList([nn.Sequential(*part) for part in parts])
    assert len(list(held.parameters())) == 4


def test_a_list_without_to_may_be_no_batch():
    with pytest.raises(AttributeError, match="'list' object has no attribute 'to'"):
        [nn.Linear(2, 1)].to("cpu")


def test_dropout_and_float32_weights_fail_a_gradcheck_too():
    torch.manual_seed(0)
    x = torch.randn(4, 4, dtype=torch.double, requires_grad=True)
    dropout, layer = nn.Dropout(0.5), nn.Linear(4, 2)
    for function in (dropout, lambda x: layer(x.float())):
        with pytest.raises(GradcheckError, match="Jacobian"):
            gradcheck(function, x)
    assert gradcheck(dropout.eval(), x) and gradcheck(layer.double(), x)


def test_an_error_inside_a_property_is_hidden_until_its_function_is_called():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3, 1)

        @property
        def fc2(self):
            return self.fc.wieght

    model = Net()
    with pytest.raises(AttributeError, match="^'Net' object has no attribute 'fc2'"):
        model.fc2  # noqa: B018
    with pytest.raises(AttributeError, match="'Linear' object has no .* 'wieght'"):
        Net.fc2.fget(model)

"""The claims of the page on custom parts, against formulas, slopes and Keras."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd import Function, gradcheck
from torch.autograd.gradcheck import GradcheckError

from tests.claims_support import KERAS, drawn, keras, layers, names_of, ops

pytestmark = KERAS


class Scale(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(features))

    def forward(self, x):
        return x * self.scale


class SignSGD(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad.sign()


class WrongCube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * 3 * x


# Layer


def test_a_parameter_requires_a_gradient_and_is_listed_for_the_optimizer():
    layer = Scale(2)
    assert [name for name, _ in layer.named_parameters()] == ["scale"]
    assert layer.scale.requires_grad
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer(torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
    optimizer.step()
    assert layer.scale.tolist() == [1 - 4, 1 - 6]


def test_the_gradient_of_the_layer_is_the_sum_of_each_column():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    layer = Scale(2)
    layer(torch.tensor(x)).sum().backward()
    np.testing.assert_array_equal(layer.scale.grad.numpy(), x.sum(axis=0))
    x = torch.tensor(x, requires_grad=True)
    assert gradcheck(layer.double(), x)


# Loss


def relative_error(pred, y):
    return ((pred - y) / y).square().mean()


def test_a_function_is_a_loss():
    pred, y = np.array([11.0, 110.0]), np.array([10.0, 100.0])
    loss = relative_error(torch.tensor(pred), torch.tensor(y))
    assert loss.item() == pytest.approx(0.1**2)
    pred = torch.tensor(pred, requires_grad=True)
    relative_error(pred, torch.tensor(y)).backward()
    slopes = 2 * (np.array([11.0, 110.0]) - y) / y**2 / 2
    np.testing.assert_allclose(pred.grad.numpy(), slopes, rtol=1e-12)


def test_the_number_of_right_answers_is_no_loss():
    logits = torch.randn(3, 2, requires_grad=True)
    right = (logits.argmax(dim=1) == torch.tensor([0, 1, 0])).float().sum()
    with pytest.raises(RuntimeError, match="does not require grad"):
        right.backward()


def test_in_float32_gradcheck_warns_and_rounding_hides_the_slope():
    pred = torch.tensor([11.0, 110.0], requires_grad=True)
    y = torch.tensor([10.0, 100.0])
    with (
        pytest.warns(UserWarning, match="not a double precision"),
        pytest.raises(GradcheckError),
    ):
        gradcheck(relative_error, (pred, y))


def test_gradcheck_leaves_an_input_without_a_gradient_where_it_is():
    seen = {"pred": set(), "y": set()}

    def watched(pred, y):
        seen["pred"].add(tuple(pred.tolist()))
        seen["y"].add(tuple(y.tolist()))
        return relative_error(pred, y)

    pred = torch.tensor([3.0, 5.0], dtype=torch.float64, requires_grad=True)
    assert gradcheck(watched, (pred, torch.tensor([2.0, 4.0]).double()))
    assert seen["y"] == {(2.0, 4.0)} and len(seen["pred"]) > 1


@pytest.mark.filterwarnings("ignore:.*not a double precision")
def test_in_float32_rounding_spoils_the_slope_of_a_square():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(GradcheckError, match="Jacobian mismatch"):
        gradcheck(torch.square, (x,))
    assert gradcheck(torch.square, (x.detach().double().requires_grad_(),))


# Optimizer


def test_sign_sgd_always_moves_by_lr_until_the_slope_is_zero():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = SignSGD([w], lr=0.5)
    seen = []
    for _ in range(5):
        ((2 * w - 6) ** 2).backward()
        optimizer.step()
        seen.append(w.item())
        optimizer.zero_grad()
        assert w.grad is None
    by_hand, at = [], 1.0
    for _ in range(5):
        at -= 0.5 * np.sign(4 * (2 * at - 6))
        by_hand.append(at)
    assert seen == by_hand == [1.5, 2, 2.5, 3, 3]


def test_the_base_class_brings_state_dict_and_lets_schedulers_work():
    w = torch.tensor(8.0, requires_grad=True)
    optimizer = SignSGD([w], lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
    for _ in range(3):
        w.sum().backward()
        optimizer.step()
        scheduler.step()
    assert w.item() == 8 - 1 - 0.5 - 0.25
    assert optimizer.state_dict()["param_groups"][0]["lr"] == 0.125


def test_state_dict_has_what_state_holds_and_no_other_attribute():
    w = torch.tensor(8.0, requires_grad=True)
    optimizer = SignSGD([w], lr=1.0)
    optimizer.state[w]["velocity"] = torch.tensor(3.0)
    optimizer.steps = 5
    saved = optimizer.state_dict()
    assert set(saved) == {"param_groups", "state"}
    assert saved["state"] == {0: {"velocity": 3}}


@pytest.mark.parametrize("name", ["OneCycleLR", "CyclicLR"])
def test_a_scheduler_of_the_momentum_needs_to_be_told(name):
    optimizer = SignSGD([torch.tensor(8.0, requires_grad=True)], lr=1.0)
    make = getattr(torch.optim.lr_scheduler, name)
    with pytest.raises(ValueError, match="must support momentum"):
        make(optimizer, 0.1, 2)
    make(optimizer, 0.1, 2, cycle_momentum=False)


def test_without_no_grad_an_update_is_refused():
    w = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        w -= 0.5


def test_sign_sgd_of_keras_and_of_torch_agree_exactly_for_fifty_steps():
    class KerasSignSGD(keras.optimizers.Optimizer):
        def update_step(self, grad, variable, learning_rate):
            self.assign_sub(variable, learning_rate * ops.sign(grad))

    torch.manual_seed(0)
    x, y = torch.randn(16, 3), torch.randn(16, 1)
    start = torch.randn(3, 1)
    ours = start.clone().requires_grad_()
    theirs = keras.Variable(start.clone())
    optimizer = SignSGD([ours], lr=0.01)
    keras_optimizer = KerasSignSGD(learning_rate=0.01)
    for _ in range(50):
        optimizer.zero_grad()
        (x @ ours - y).square().mean().backward()
        optimizer.step()
        theirs.value.grad = None
        (x @ theirs.value - y).square().mean().backward()
        keras_optimizer.apply([theirs.value.grad], [theirs])
    assert not torch.equal(ours, start)
    assert torch.equal(ours, theirs.value)


def test_a_keras_layer_makes_its_weights_in_build_and_uses_them_in_call():
    class KerasScale(layers.Layer):
        def build(self, shape):
            self.scale = self.add_weight(shape=shape[-1:], initializer="ones")

        def call(self, x):
            return x * self.scale

    layer = KerasScale()
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert torch.equal(layer(x), Scale(2)(x))
    layer(x).sum().backward()
    assert layer.scale.value.grad.tolist() == [4, 6]


# Function


@pytest.fixture(scope="module")
def round_class():
    return names_of("training/own_function")["Round"]


@pytest.mark.parametrize("start", [-7.8, 0.2, 11.4])
def test_only_the_straight_through_class_trains_through_rounding(round_class, start):
    for rounded, learns in ((torch.round, False), (round_class.apply, True)):
        w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.05)
        for _ in range(50):
            optimizer.zero_grad()
            loss = (2 * rounded(w) - 6) ** 2
            loss.backward()
            optimizer.step()
        assert (loss == 0) == learns and (w.item() != start) is learns


def test_only_the_form_with_setup_context_works_with_torch_func(round_class):
    x = torch.tensor(2.2)
    assert torch.func.grad(lambda x: round_class.apply(x) ** 2)(x) == 4
    with pytest.raises(RuntimeError, match="setup_context"):
        torch.func.grad(WrongCube.apply)(x)


def test_backward_gets_the_ctx_that_setup_context_filled():
    seen = []

    class Square(Function):
        @staticmethod
        def forward(x):
            return x**2

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            seen.append(ctx)

        @staticmethod
        def backward(ctx, grad):
            seen.append(ctx)
            return grad * 2 * ctx.saved_tensors[0]

    x = torch.tensor(3.0, requires_grad=True)
    Square.apply(x).backward()
    assert x.grad == 6 and seen[0] is seen[1]


def test_gradcheck_sees_that_straight_through_is_not_the_true_slope(round_class):
    x = torch.tensor([2.2], dtype=torch.float64, requires_grad=True)
    with pytest.raises(GradcheckError, match="Jacobian mismatch"):
        gradcheck(round_class.apply, x)
    assert gradcheck(torch.round, x)


def test_a_function_computes_where_autograd_does_not_record():
    class Asks(Function):
        @staticmethod
        def forward(ctx, x):
            assert not torch.is_grad_enabled()
            return x * 2

    assert Asks.apply(torch.ones(1, requires_grad=True)).requires_grad


def test_a_stable_formula_needs_no_class_against_overflow():
    plain, stable = (torch.tensor([0.0, 100.0], requires_grad=True) for _ in range(2))
    y = (1 + plain.exp()).log()
    y.sum().backward()
    assert torch.isinf(y[1]) and torch.isnan(plain.grad[1])
    y = torch.logaddexp(stable, torch.zeros(2))
    y.sum().backward()
    expected = np.logaddexp([0.0, 100.0], 0)
    np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-6)
    slopes = 1 / (1 + np.exp([-0.0, -100.0]))
    np.testing.assert_allclose(stable.grad.numpy(), slopes, rtol=1e-6)


def test_backward_returns_one_gradient_for_each_input():
    class Product(Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.save_for_backward(a, b)
            return a * b

        @staticmethod
        def backward(ctx, grad):
            _, b = ctx.saved_tensors
            return grad * b

    a, b = (torch.tensor(2.0, requires_grad=True) for _ in range(2))
    with pytest.raises(RuntimeError, match="returned an incorrect number of gradients"):
        Product.apply(a, b).backward()


# Pitfalls


def test_a_wrong_backward_trains_in_silence_and_gradcheck_catches_it():
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    WrongCube.apply(x).sum().backward()
    assert x.grad.tolist() == [3, 6]  # 3 and 12 are right
    below = torch.tensor(-2.0, requires_grad=True)
    WrongCube.apply(below).backward()
    assert below.grad.item() == -6  # and 12 is right: the other direction
    with pytest.raises(GradcheckError, match="Jacobian mismatch for output 0") as e:
        gradcheck(WrongCube.apply, x)
    assert "12.0000" in str(e.value)


def test_a_gradient_of_a_wrong_shape_is_refused():
    class TooShort(Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, grad):
            return grad[:1]

    with pytest.raises(RuntimeError, match="returned an invalid gradient at index 0"):
        TooShort.apply(torch.ones(3, requires_grad=True)).sum().backward()


def test_at_one_the_wrong_backward_passes():
    x = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    assert gradcheck(WrongCube.apply, x)


def test_rows_of_the_jacobian_are_inputs_and_columns_outputs():
    class OneFromTwo(Function):
        @staticmethod
        def forward(ctx, x):
            return x.sum().reshape(1)

        @staticmethod
        def backward(ctx, grad):
            return grad * torch.tensor([1.0, 7.0], dtype=torch.float64)

    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    with pytest.raises(GradcheckError) as e:
        gradcheck(OneFromTwo.apply, x)
    assert "analytical:tensor([[1.],\n        [7.]]" in str(e.value)


def test_a_module_needs_its_init_first():
    class Late(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(2, 1)
            super().__init__()

    class Early(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 1)

    with pytest.raises(AttributeError, match="cannot assign module before"):
        Late()
    assert len(list(Early().parameters())) == 2


def test_a_missing_forward_is_noticed_at_the_call():
    class Net(nn.Module):
        def foward(self, x):
            return x

    model = Net()
    with pytest.raises(NotImplementedError, match='missing the required "forward"'):
        model(torch.ones(1))
    Net.forward = Net.foward
    assert model(torch.ones(1)).item() == 1


def test_a_parameter_takes_a_parameter_or_none():
    layer = nn.Linear(2, 1)
    with pytest.raises(TypeError, match="cannot assign 'torch.FloatTensor' as"):
        layer.weight = torch.ones(1, 2)
    layer.weight = nn.Parameter(torch.ones(1, 2))
    layer.bias = None
    assert layer(torch.ones(1, 2)).item() == 2


def test_only_an_assignment_refuses_a_tensor():
    layer = nn.Linear(2, 1, bias=False)
    del layer.weight
    layer.weight = torch.ones(1, 2)  # a plain tensor now
    assert layer(torch.ones(1, 2)).item() == 2
    assert not list(layer.parameters())


def test_an_optimizer_made_before_keeps_the_replaced_parameter():
    layer = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer.weight = nn.Parameter(torch.ones(1, 2))
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert layer.weight.tolist() == [[1, 1]]


def test_writing_into_a_parameter_keeps_it_with_its_optimizer():
    layer = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    with torch.no_grad():
        layer.weight.copy_(torch.ones(1, 2))
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert layer.weight.tolist() == [[0, 0]]


class InAList(nn.Module):
    def __init__(self, head=False):
        super().__init__()
        self.layers = [nn.Linear(2, 3), nn.Linear(3, 1)]
        if head:
            self.head = nn.Linear(1, 1)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x) if hasattr(self, "head") else x


def test_layers_in_a_list_compute_and_are_not_registered():
    model = InAList()
    assert model(torch.ones(1, 2)).shape == (1, 1)
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.SGD(model.parameters(), lr=0.1)
    model.layers = nn.ModuleList(model.layers)
    assert len(list(model.parameters())) == 4


def test_a_registered_layer_without_parameters_does_not_hide_the_error():
    model = InAList()
    model.act, model.norm = nn.ReLU(), nn.BatchNorm1d(3, affine=False)
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.SGD(model.parameters(), lr=0.1)


def test_beside_a_registered_layer_those_in_a_list_stay_untrained_in_silence():
    model = InAList(head=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    before = model.layers[0].weight.detach().clone()
    head = model.head.bias.detach().clone()
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert torch.equal(before, model.layers[0].weight)
    assert not torch.equal(head, model.head.bias)
    assert list(model.state_dict()) == ["head.weight", "head.bias"]
    model.to("meta")
    assert model.head.bias.is_meta and not model.layers[0].weight.is_meta


def test_a_buffer_moves_and_is_saved_and_is_not_trained():
    layer = nn.Module()
    layer.register_buffer("mean", torch.zeros(2))
    assert list(layer.state_dict()) == ["mean"] and not list(layer.parameters())
    layer.register_buffer("scratch", torch.zeros(2), persistent=False)
    assert layer.to("meta").mean.is_meta and layer.scratch.is_meta
    assert list(layer.state_dict()) == ["mean"]


def test_the_picture_says_what_a_module_does_with_each_kind_of_tensor():
    texts = drawn("training/what_a_module_registers")
    cells = [[n for n, x, y in texts if y == row and x >= 0] for row in range(3)]
    assert cells == [["yes", "yes", "yes"], ["no", "yes", "yes"], ["no", "no", "no"]]
    norm = nn.BatchNorm1d(2)
    norm.plain = torch.ones(2)
    norm.to("meta")
    assert norm.weight.is_meta and norm.running_mean.is_meta
    assert not norm.plain.is_meta
    assert {"weight", "running_mean"} <= set(norm.state_dict())
    assert "plain" not in norm.state_dict()
    assert [name for name, _ in norm.named_parameters()] == ["weight", "bias"]

"""What the page about detach, nan and Function claims beyond its programs."""

import copy
import math
import warnings
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.utils import prune


def tracked(*values):
    return torch.tensor(values, requires_grad=True)


@pytest.mark.filterwarnings("ignore:The .grad attribute")
@pytest.mark.parametrize("change", [lambda w: w * 0.5, lambda w: w.to(torch.float64)])
def test_a_changed_weight_is_a_result_and_gets_no_grad(change):
    w = change(tracked(1.0))
    w.sum().backward()
    assert not w.is_leaf and w.grad is None


def test_item_and_detach_do_not_warn():
    loss = tracked(4.0).sum()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loss.item() == float(loss.detach()) == 4


def test_without_anomaly_mode_nan_appears_in_the_gradient():
    w = torch.tensor(0.0, requires_grad=True)
    (w.sqrt() * 0).backward()
    assert w.grad.isnan()


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad=True")
def test_a_new_tensor_of_losses_has_no_graph_and_a_stack_has_one():
    w = tracked(2.0)
    losses = [(w**2).sum(), (w * 3).sum(), w.sum()]
    for make in torch.tensor, torch.as_tensor:
        cut = make(losses).requires_grad_()
        assert cut.requires_grad and cut.grad_fn is None
        cut.sum().backward()
    assert w.grad is None  # stays wrong
    assert torch.stack(losses).grad_fn is not None
    torch.stack(losses).mean().backward()
    assert w.grad.item() == pytest.approx((2 * 2 + 3 + 1) / 3)


def test_what_a_distribution_says_of_nan_and_of_a_scale_below_zero():
    normal, nan = torch.distributions.Normal, torch.tensor([torch.nan])
    with pytest.raises(ValueError, match="parameter scale .* to satisfy .*Greater"):
        normal(torch.zeros(1), -torch.ones(1))
    with pytest.raises(ValueError, match="Expected parameter logits"):
        torch.distributions.Categorical(logits=torch.cat([nan, nan]))


def test_numpy_shares_memory_and_autograd_sees_no_write():
    w = tracked(3.0)
    y = w * 1
    y.detach().numpy()[0] = 9
    y.sum().backward()
    assert y.item() == 9 and w.grad.item() == 1


def test_a_function_object_warns_and_its_call_raises():
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

    with pytest.warns(DeprecationWarning, match="should not be instantiated"):
        double = Double()
    with pytest.raises(RuntimeError, match="Legacy autograd function"):
        double(torch.ones(1))
    assert Double.apply(torch.ones(1)).item() == 2


def test_one_factor_may_be_left_out_for_a_single_number():
    w = torch.tensor(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        (w * 2).backward(torch.ones(1))
    (w * 2).backward()
    assert w.grad.item() == 2


def test_grad_dtype_lets_a_gradient_have_another_type():
    w = tracked(1.0)
    w.grad_dtype = None
    w.grad = torch.ones(1, dtype=torch.float64)
    assert w.grad.dtype == torch.float64


def test_save_for_backward_takes_none_and_no_number():
    class Save(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, other):
            ctx.save_for_backward(x, other)
            return x.clone()

        @staticmethod
        def backward(ctx, grad):
            return grad, None

    x = tracked(1.0)
    Save.apply(x, None).backward()
    assert x.grad.item() == 1
    with pytest.raises(TypeError, match="save_for_backward can only save variables"):
        Save.apply(x, 2.0)


@pytest.mark.parametrize("name", ["probs", "logits"])
def test_a_categorical_names_the_parameter_that_it_got(name):
    with pytest.raises(ValueError, match=f"Expected parameter {name} "):
        torch.distributions.Categorical(**{name: torch.tensor([torch.nan, 1.0])})


@pytest.mark.parametrize("scale", [0.0, -1.0])
def test_the_scale_of_a_normal_is_above_zero(scale):
    with pytest.raises(ValueError, match="Expected parameter scale"):
        torch.distributions.Normal(torch.zeros(1), torch.tensor([scale]))


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
def test_a_result_without_a_gradient_is_copied_and_its_flag_changes():
    w = torch.ones(2, requires_grad=True)
    for result in (w > 0, torch.ones(2) * 2, (w * 2).detach()):
        assert copy.deepcopy(result).equal(result)
        result.requires_grad_(False)
    for result in (w * 2, torch.ones(2) + w):
        with pytest.raises(RuntimeError, match="support the deepcopy protocol"):
            copy.deepcopy(result)
        with pytest.raises(RuntimeError, match="flags of leaf variables"):
            result.requires_grad_(False)


def test_deepcopy_copies_the_weight_norm_of_parametrizations_only():
    with pytest.warns(FutureWarning, match="deprecated"):
        old = nn.utils.weight_norm(nn.Linear(3, 2))
    with pytest.raises(RuntimeError, match="support the deepcopy protocol"):
        copy.deepcopy(old)
    new = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
    new(torch.ones(1, 3))
    assert copy.deepcopy(new).weight.equal(new.weight)


def test_detach_in_place_ends_the_tracking_that_the_flag_cannot():
    y = torch.ones(2, requires_grad=True) * 3
    with pytest.raises(RuntimeError, match="you can only change requires_grad"):
        y.requires_grad_(False)
    assert not y.detach_().requires_grad


@pytest.mark.parametrize("flag", [True, False])
def test_the_flag_of_a_result_cannot_be_set_at_all(flag):
    y = tracked(1.0, 2.0).exp()
    with pytest.raises(RuntimeError, match="only change requires_grad flags of leaf"):
        y.requires_grad = flag
    assert y.requires_grad_(True) is y and not y.is_leaf and y.grad_fn


def test_a_view_of_an_ordinary_tensor_stays_ordinary_under_inference_mode():
    x = torch.zeros(3)
    with torch.inference_mode():
        view, other = x[1:], x + 1
    view += 5
    assert x.tolist() == [0, 5, 5] and not view.is_inference()
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor"):
        other += 5


def test_a_view_of_a_tracked_tensor_is_refused_too():
    w = torch.zeros(3, requires_grad=True)
    with torch.inference_mode():
        view = w[1:]
    with pytest.raises(RuntimeError, match="A view was created in inference mode"):
        view += 5
    with torch.no_grad():  # nothing is recorded
        view += 5
    assert w.tolist() == [0, 5, 5]
    x = torch.zeros(3)
    with torch.inference_mode():
        view = x[1:]
    with pytest.raises(RuntimeError, match="A view was created in inference mode"):
        view += w[1:]


def test_after_a_call_of_compile_only_validate_args_finds_a_nan():
    """Compiling takes seconds, so the line that it runs is read in the source."""
    ours = torch.distributions.Distribution
    file = Path(torch.__path__[0], "_dynamo", "eval_frame.py")
    assert "Distribution.set_default_validate_args(False)" in file.read_text("utf-8")
    nan, one, before = torch.tensor([torch.nan]), torch.ones(1), ours._validate_args
    ours.set_default_validate_args(False)
    try:
        assert torch.distributions.Laplace(nan, one).loc.isnan()
        with pytest.raises(ValueError, match="to satisfy the constraint"):
            torch.distributions.Laplace(nan, one, validate_args=True)
    finally:
        ours.set_default_validate_args(before)


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_anomaly_mode_names_the_loss_if_the_loss_is_nan_already():
    model = torch.nn.Linear(2, 1)
    for x in (torch.full((3, 2), torch.nan), torch.ones(3, 2)):
        scores = model(x) if x.isnan().any() else (model(x) * 0 - 1).log()
        with torch.autograd.detect_anomaly():
            loss = torch.nn.functional.mse_loss(scores, torch.ones(3, 1))
            assert loss.isnan()
            with pytest.raises(RuntimeError, match="Function 'MseLossBackward0'"):
                loss.backward()


def test_a_loop_over_an_untracked_tensor_makes_views_that_take_no_tracked_value():
    model, out = nn.Linear(2, 2), torch.zeros(3, 2)
    with pytest.raises(RuntimeError, match="created in no_grad mode .* multiple views"):
        for row in out:
            row += model(torch.ones(2))
    for n in range(3):
        out[n] += model(torch.ones(2))
    assert out.requires_grad


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad=True")
def test_math_makes_a_number_without_a_graph():
    w = tracked(2.0)
    assert isinstance(math.exp(w), float)
    assert not hasattr(math.exp(w), "grad_fn")
    assert torch.exp(w).requires_grad


@pytest.mark.parametrize("how", ["prune", "weight_norm"])
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_module_that_keeps_a_result_is_copied_by_its_state(how):
    module = nn.Linear(2, 2)
    if how == "prune":
        prune.l1_unstructured(module, "weight", amount=0.5)
    else:
        nn.utils.weight_norm(module)
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly"):
        copy.deepcopy(module)
    state = copy.deepcopy(module.state_dict())
    assert module.load_state_dict(state)


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_a_number_below_zero_needs_a_floor_and_not_a_small_number_more():
    w = torch.tensor(-1.0, requires_grad=True)
    with torch.autograd.detect_anomaly():
        loss = torch.where(w > 0, (w + 2.0**-20).sqrt(), w)
        with pytest.raises(RuntimeError, match="'SqrtBackward0' returned nan"):
            loss.backward()
        torch.where(w > 0, w.clamp(min=2.0**-20).sqrt(), w).backward()
    assert w.grad == 1


def test_a_model_from_inference_mode_cannot_take_a_step():
    with torch.inference_mode():
        model = nn.Linear(2, 1)
    with torch.no_grad(), pytest.raises(RuntimeError, match="Inplace update to infer"):
        model.weight.add_(1)

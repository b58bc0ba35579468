"""The claims of docs/autograd/how-it-works.md, on the classes that the page shows."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.claims_support import drawn, printed, program

SNIPPETS = Path(__file__).parents[3] / "snippets" / "autograd"


def classes_of(name, change=("", "")):
    """The classes and functions of a program, without running the rest."""
    source = (SNIPPETS / f"{name}.py").read_text(encoding="utf-8")
    assert change[0] in source
    tree = ast.parse(source.replace(*change) if change[0] else source)
    wanted = (ast.Import, ast.ClassDef, ast.FunctionDef)
    tree.body = [part for part in tree.body if isinstance(part, wanted)]
    space = {}
    exec(compile(tree, name, "exec"), space)
    return space


@pytest.fixture(scope="module")
def Scalar():
    return classes_of("scalar_autograd")["Scalar"]


@pytest.fixture(scope="module")
def Tensor():
    return classes_of("tensor_autograd")["Tensor"]


# Numbers


def by_torch(f, *values):
    inputs = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in values]
    f(*inputs).backward()
    return [i.grad.item() for i in inputs]


def by_us(scalar, f, *values):
    inputs = [scalar(v) for v in values]
    f(*inputs).backward()
    return [i.grad for i in inputs]


EXPRESSIONS = [
    lambda a, b: (a * b + a).relu() * a,
    lambda a, b: a * a * a + b,
    lambda a, b: (a + b) * (a + b) * b,
    lambda a, b: (a * b).relu() + (a + b).relu() * b,
]


@pytest.mark.parametrize("f", EXPRESSIONS)
@pytest.mark.parametrize("values", [(3.0, 2.0), (-1.5, 0.25), (0.5, -4.0)])
def test_scalars_have_the_gradients_of_torch_bit_for_bit(Scalar, f, values):
    assert by_us(Scalar, f, *values) == by_torch(f, *values)


def test_the_slope_of_a_product_is_the_other_factor(Scalar):
    product = Scalar(3.0) * Scalar(2.0)
    assert product.slopes == (2.0, 3.0)


def test_a_is_used_three_times_and_its_gradients_add_up(Scalar):
    a, b = 3.0, 2.0
    arrive = [a * b + a, a * b, a * 1]  # last factor, in a * b, in + a
    f = EXPRESSIONS[0]
    assert by_us(Scalar, f, a, b)[0] == sum(arrive) == 18
    step = 1e-6
    g = lambda a: (a * b + a) * a  # noqa: E731
    assert (g(a + step) - g(a - step)) / (2 * step) == pytest.approx(18)


def test_each_number_stands_after_its_inputs_so_none_passes_on_too_early(Scalar):
    a = Scalar(2.0)
    square = a * a
    loss = square * square + square  # two paths meet in `square`
    loss.backward()
    assert (square.grad, a.grad) == (2 * 4 + 1, (2 * 4 + 1) * 2 * 2)


def test_with_a_plain_equals_the_gradient_is_wrong_and_stays_wrong():
    broken = classes_of("scalar_autograd", ("below.grad +=", "below.grad ="))["Scalar"]
    assert by_us(broken, EXPRESSIONS[0], 3.0, 2.0) == [6.0, 9.0]


# Matrices


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


OPERATIONS = [
    lambda x, w, b: (x @ w).mean(),
    lambda x, w, b: (x @ w + b).mean(),
    lambda x, w, b: (x @ w + b).tanh().mean(),
    lambda x, w, b: (x @ w + b).square().mean(),
    lambda x, w, b: ((x @ w + b).tanh() + b).square().mean(),
]


@pytest.mark.parametrize("f", OPERATIONS)
def test_tensors_have_the_gradients_of_torch(Tensor, f):
    arrays = random(4, 3), random(3, 2, seed=1), random(2, seed=2)
    ours = [Tensor(a) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    f(*ours).backward()
    f(*theirs).backward()
    for a, b in zip(ours, theirs, strict=True):
        if b.grad is None:
            assert a.grad is None
        else:
            assert np.shape(a.grad) == a.data.shape
            np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_five_operations_are_enough_for_the_network(Tensor):
    made = {name for name, one in vars(Tensor).items() if callable(one)}
    five = {"__matmul__", "__add__", "tanh", "square", "mean"}
    assert made == {"__init__", "backward"} | five


def test_both_learn_xor_alike():
    space = classes_of("tensor_autograd")
    ours = space["train"](space["Tensor"])
    theirs = space["train"](
        lambda data: torch.tensor(data, dtype=torch.float64, requires_grad=True)
    )
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    assert ours[0] > 1 and ours[-1] < 0.01


def test_below_no_grad_the_weight_itself_may_change_and_a_call_may_not():
    one, two = (torch.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    for w in (one, two):
        w.square().sum().backward()
    one.data -= 0.1 * one.grad
    with torch.no_grad():
        two -= 0.1 * two.grad
    assert one.tolist() == two.tolist() and two.requires_grad
    with pytest.raises(SyntaxError):
        compile("w.detach() -= 1", "", "exec")


def test_a_broadcast_row_gets_the_sum_over_the_batch():
    b = torch.zeros(2, requires_grad=True)
    g = random(4, 2)
    (torch.zeros(4, 2, dtype=torch.float64) + b).backward(gradient=torch.tensor(g))
    np.testing.assert_allclose(b.grad.numpy(), g.sum(axis=0), rtol=1e-6)


def test_a_matrix_product_pulls_back_through_the_other_matrix_transposed():
    x, w = torch.tensor(random(4, 3)), torch.tensor(random(3, 2, seed=1))
    g = torch.tensor(random(4, 2, seed=2))
    x.requires_grad_(), w.requires_grad_()
    (x @ w).backward(gradient=g)
    np.testing.assert_allclose(x.grad, g.numpy() @ w.detach().numpy().T)
    np.testing.assert_allclose(w.grad, x.detach().numpy().T @ g.numpy())


def test_torch_saves_the_result_of_tanh_too():
    y = torch.ones(2, requires_grad=True).tanh()
    assert torch.equal(y.grad_fn._saved_result, y)


def test_this_backward_visits_a_number_once_for_each_path(Tensor):
    x = Tensor(np.array(1.0))
    y, visits = x, []
    for _ in range(5):
        y = y + y
    inner = x.backward
    x.backward = lambda g: (visits.append(g), inner(g))
    y.backward(np.array(1.0))
    assert len(visits) == 2**5 and x.grad == 2**5


def test_torch_visits_a_node_once_however_many_paths_meet():
    x = torch.tensor(1.0, requires_grad=True)
    y, visits = x * 1, []
    y.grad_fn.register_prehook(visits.append)
    for _ in range(5):
        y = y + y
    y.backward()
    assert len(visits) == 1 and x.grad.item() == 2**5


def test_a_grad_fn_is_a_pull_with_links_to_its_inputs():
    x, w = (torch.ones(2, 2, requires_grad=True) for _ in range(2))
    y = x @ w
    g = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    dx, dw = y.grad_fn(g)
    assert torch.equal(dx, g @ w.T) and torch.equal(dw, x.T @ g)
    below = [node.variable for node, _ in y.grad_fn.next_functions]
    assert below[0] is x and below[1] is w


# backward(gradient=...)


def f(x):
    return torch.stack([x[0] * x[1], x[0] ** 2, 3 * x[1]])


def jacobian_by_hand(a, b):
    return np.array([[b, a], [2 * a, 0], [0, 3]])


@pytest.mark.parametrize("v", [[1.0, 10.0, 100.0], [1.0, 0.0, 0.0], [0.5, -2.0, 3.0]])
def test_gradient_is_the_vector_times_the_jacobian(v):
    x = torch.tensor([2.0, 5.0], requires_grad=True)
    f(x).backward(gradient=torch.tensor(v))
    np.testing.assert_array_equal(x.grad, np.array(v) @ jacobian_by_hand(2, 5))


def test_jacrev_is_the_jacobian_by_hand_and_by_nudging():
    x = torch.tensor([2.0, 5.0], dtype=torch.float64)
    grid = torch.func.jacrev(f)(x).numpy()
    np.testing.assert_array_equal(grid, jacobian_by_hand(2, 5))
    for column, nudge in enumerate(torch.eye(2, dtype=torch.float64) * 1e-6):
        slopes = (f(x + nudge) - f(x - nudge)) / 2e-6
        np.testing.assert_allclose(grid[:, column], slopes, atol=1e-8)


def test_of_several_inputs_jacrev_takes_the_first_unless_told():
    def product(a, b):
        return a * b

    a, b = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])
    assert torch.equal(torch.func.jacrev(product)(a, b), b.diag())
    assert torch.equal(torch.func.jacrev(product, argnums=1)(a, b), a.diag())
    first, second = torch.func.jacrev(product, argnums=(0, 1))(a, b)
    assert torch.equal(first, b.diag()) and torch.equal(second, a.diag())


def test_a_loss_needs_no_gradient_because_it_is_one():
    grads = []
    for arguments in ({}, {"gradient": torch.tensor(1.0)}):
        x = torch.tensor([2.0, 5.0], requires_grad=True)
        f(x).sum().backward(**arguments)
        grads.append(x.grad)
    assert torch.equal(*grads)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_backward_alone_is_short_for_ones_of_the_shape_of_the_loss(shape):
    grads = []
    for given in (False, True):
        x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
        loss = (x**2).sum().reshape(shape)
        loss.backward(gradient=torch.ones_like(loss) if given else None)
        grads.append(x.grad.tolist())
    assert grads == [[2.0, 4.0]] * 2
    if shape:
        with pytest.raises(RuntimeError, match="Mismatch in shape"):
            (x**2).sum().reshape(shape).backward(gradient=torch.tensor(1.0))


def test_a_node_waits_for_all_of_its_gradients_and_runs_once():
    x = torch.tensor(1.0, requires_grad=True)
    seen, y = [], x * 1
    y.grad_fn.register_hook(lambda i, o: seen.append(o[0].item()))
    (y + y.exp().log() + y.square()).backward()
    assert seen == pytest.approx([4.0])


def test_gradcheck_takes_float32_with_a_larger_nudge_and_complex128():
    def cube(x):
        return x**3

    single = torch.tensor([0.5, 1.0], requires_grad=True)
    with pytest.warns(UserWarning, match="not a double precision floating point"):
        assert torch.autograd.gradcheck(cube, (single,), eps=1e-2, atol=1e-2)
    double = torch.tensor([0.5 + 1j], dtype=torch.complex128, requires_grad=True)
    assert torch.autograd.gradcheck(cube, (double,))


def test_ones_weigh_all_outputs_alike_which_is_the_gradient_of_the_sum():
    x, z = (torch.tensor([2.0, 5.0], requires_grad=True) for _ in range(2))
    f(x).backward(gradient=torch.ones(3))
    f(z).sum().backward()
    assert torch.equal(x.grad, z.grad)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 5, 3)])
@pytest.mark.parametrize(
    "bias, node", [(True, "AddmmBackward0"), (False, "MmBackward0")]
)
def test_a_linear_layer_is_one_addmm_if_it_has_a_bias(shape, bias, node):
    y = torch.nn.Linear(3, 4, bias=bias)(torch.ones(shape))
    names, todo = [], [y.grad_fn]
    while todo:
        names.append(type(todo[0]).__name__)
        todo = todo[1:] + [child for child, _ in todo[0].next_functions if child]
    if bias or len(shape) == 2:
        assert node in names
    assert ("AddmmBackward0" in names) == bias


def test_gradient_must_have_the_shape_of_the_result():
    y = torch.ones(3, requires_grad=True) ** 2
    with pytest.raises(RuntimeError, match="Mismatch in shape: grad_output"):
        y.backward(gradient=torch.ones(2))


@pytest.mark.filterwarnings("ignore:`torch.jit.script")
def test_the_hessian_of_a_sum_of_cubes_is_six_x_on_the_diagonal():
    x = torch.tensor([1.0, 2.0])
    hessian = torch.func.hessian(lambda x: (x**3).sum())(x)
    np.testing.assert_array_equal(hessian, np.diag([6 * 1, 6 * 2]))
    np.testing.assert_array_equal(torch.func.grad(lambda x: (x**3).sum())(x), [3, 12])


def test_the_warning_beside_the_hessian_comes_from_inside_pytorch():
    assert "torch.jit" in printed("autograd/hessian_of_a_sum", "newest")
    assert "jit" not in program("autograd/hessian_of_a_sum")


# gradcheck


def test_gradcheck_finds_a_wrong_backward():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x**2

        @staticmethod
        def backward(ctx, g):
            return g * 3

    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    assert not torch.autograd.gradcheck(Wrong.apply, x, raise_exception=False)
    assert torch.autograd.gradcheck(lambda x: x**2, x)


@pytest.mark.filterwarnings("ignore:Input #0 requires gradient")
def test_in_float32_gradcheck_refuses_a_right_gradient():
    torch.manual_seed(0)
    x = torch.randn(4, 3, requires_grad=True)
    check = lambda x: torch.autograd.gradcheck(  # noqa: E731
        lambda x: x.tanh().square().mean(), x, raise_exception=False
    )
    assert not check(x)
    assert check(x.detach().double().requires_grad_())


# nan


def test_where_gives_nan_for_the_branch_not_chosen_and_stays_wrong():
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    y = torch.where(x > 0, x.sqrt(), 0.0)
    y.sum().backward()
    assert y.tolist() == [0, 2]
    assert np.isnan(x.grad[0].item()) and x.grad[1].item() == 0.25


def test_it_comes_from_zero_times_an_infinite_slope():
    x = torch.tensor(0.0, requires_grad=True)
    x.sqrt().backward()
    assert x.grad.item() == np.inf
    assert np.isnan(0.0 * np.inf)


def test_with_the_bad_number_kept_out_the_gradient_is_right():
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    positive = torch.where(x > 0, x, 1.0)
    torch.where(x > 0, positive.sqrt(), 0.0).sum().backward()
    assert x.grad.tolist() == [0, 1 / (2 * np.sqrt(4))]


def test_the_picture_has_the_slopes_and_gradients_of_the_first_program(Scalar):
    texts = [text for text, *_ in drawn("autograd/slopes_on_the_edges")]
    a, b = Scalar(3.0), Scalar(2.0)
    product = a * b
    total = product + a
    gate = total.relu()
    loss = gate * a
    loss.backward()
    named = {"a": a, "b": b, "a * b": product, "+ a": total, "relu": gate, "* a": loss}
    for name, one in named.items():
        assert f"{name} = {one.value:g}\ngrad {one.grad:g}" in texts
    arrows = [
        f" {slope:g} · {one.grad:g}"
        for one in (product, total, gate, loss)
        for slope in one.slopes
    ]
    assert sorted(arrows) == sorted(text for text in texts if "·" in text)
    assert a.grad == 2 * 3 + 1 * 3 + 9 * 1 == 18


# Leaves


def test_only_leaves_that_require_a_gradient_get_one():
    data, w = torch.ones(3), torch.ones(3, requires_grad=True)
    layer = torch.nn.Conv1d(1, 1, 2)
    moved = w.to(torch.float64)  # as to another device
    y = moved * data
    results = (moved, y, y[0], w.view(3, 1), w.clone())
    assert all(not t.is_leaf and t.requires_grad for t in results)
    leaves = (w, data, w.detach(), y.detach(), layer.weight, layer.bias)
    assert all(t.is_leaf for t in leaves)
    assert w.to("cpu") is w and w.to(torch.float32) is w
    with torch.no_grad():
        assert (w * 2).is_leaf  # no operation was recorded
    assert (data * 2).is_leaf
    y.sum().backward()
    assert w.grad is not None and data.grad is None
    with pytest.warns(UserWarning, match="is not a leaf"):
        assert moved.grad is None


def test_a_leaf_made_in_its_place_keeps_its_gradient():
    w = torch.ones(3, requires_grad=True, device="cpu", dtype=torch.float64)
    kept = w * 2
    kept.retain_grad()
    kept.sum().backward()
    assert w.grad.tolist() == [2, 2, 2] and kept.grad.tolist() == [1, 1, 1]
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        w += 1
    for unrecorded in (torch.no_grad(), torch.inference_mode()):
        with unrecorded:
            w += 1
    assert w.is_leaf and w.tolist() == [3, 3, 3]
    with pytest.raises(ValueError, match="can't optimize a non-leaf"):
        torch.optim.SGD([w * 2], lr=0.1)

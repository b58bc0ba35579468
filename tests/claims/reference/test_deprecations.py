"""What docs/reference/deprecations.md says of old calls, and of the new ones."""

import inspect
import os
import pickle
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import Variable
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import StepLR
from torch.utils import _pytree

from harness.core.tree import HERE

PAGE = (HERE.docs / "reference" / "deprecations.md").read_text(encoding="utf-8")
PRINTED = (HERE.snippets / "reference" / "old_calls_today.out").read_text(
    encoding="utf-8"
)
ROWS = [
    (old, new, fate)
    for fate, table in re.findall(
        r"^These old calls (warn|fail):\n\n((?:\|.*\n)+)", PAGE, re.M
    )
    for old, new in re.findall(r"^\| `(.+)` \| `(.+)` \|$", table, re.M)
]


@pytest.fixture
def names():
    """What the rows of the table name; the default type is put back."""
    w = nn.Parameter(torch.tensor([3.0, 4.0]))
    w.grad = torch.tensor([3.0, 4.0])
    yield {
        "x": torch.tensor([[2.0, 1.0], [1.0, 2.0]]),
        "b": torch.tensor([[1.0, 0.0], [5.0, 2.0]]),
        "v": torch.tensor([1.0, 2.0]),
        "image": torch.arange(4.0).view(1, 1, 2, 2),
        "w": w,
        "optimizer": torch.optim.SGD([w], lr=0.1),
        "loader": torch.utils.data.DataLoader([1.0, 2.0]),
        **{"torch": torch, "F": F, "nn": nn, "StepLR": StepLR},
    }
    torch.set_default_dtype(torch.float32)


def value(call, names):
    """What a call gives, and what it leaves as the default type; less warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = eval(call, names)
    return result, torch.get_default_dtype(), [w.category for w in caught]


def test_the_tables_have_twenty_three_rows():
    assert len(ROWS) == 23


@pytest.mark.parametrize(("old", "new", "fate"), ROWS)
def test_a_row_warns_or_fails_as_it_says_and_the_new_call_does_neither(
    names, old, new, fate
):
    instead, default, warned = value(new, names)
    assert not warned
    torch.set_default_dtype(torch.float32)
    if fate == "fail":
        with pytest.raises((AttributeError, IndexError, RuntimeError, TypeError)):
            eval(old, names)
        return
    names["w"].grad = torch.tensor([3.0, 4.0])  # the new call may have clipped it
    before, old_default, warned = value(old, names)
    assert warned
    assert old_default == default
    for one, other in zip(
        _pytree.tree_leaves(before), _pytree.tree_leaves(instead), strict=True
    ):
        torch.testing.assert_close(one, other)


def test_what_replaces_a_removed_call_is_right_by_numpy(names):
    x, b = names["x"].numpy(), names["b"].numpy()

    def new(call):
        return eval(dict((old, now) for old, now, _ in ROWS)[call], names)

    np.testing.assert_allclose(new("torch.solve(b, x)"), np.linalg.solve(x, b))
    solution = new("torch.lstsq(b, x)").solution
    np.testing.assert_allclose(solution, np.linalg.lstsq(x, b)[0], atol=1e-6)
    values = np.linalg.eigvalsh(x, UPLO="U")
    np.testing.assert_allclose(new("torch.symeig(x)"), values, rtol=1e-6)
    np.testing.assert_allclose(new("torch.rfft(x, 1)"), np.fft.rfft(x), atol=1e-6)
    assert new("torch.matrix_rank(x)") == np.linalg.matrix_rank(x)


def test_the_complex_numbers_of_the_new_stft_are_pairs_of_the_transform():
    wave, window = torch.tensor([3.0, 1.0, 4.0, 1.0, 5.0]), torch.ones(4)
    options = {"window": window, "center": False, "return_complex": True}
    pairs = torch.view_as_real(torch.stft(wave, 4, 1, **options))
    pieces = [np.fft.rfft(wave[at : at + 4].numpy()) for at in (0, 1)]
    for at, piece in enumerate(pieces):
        expected = np.stack([piece.real, piece.imag], axis=-1)
        np.testing.assert_allclose(pairs[:, at], expected, atol=1e-6)


def test_the_first_program_tries_twenty_two_calls_of_three_kinds():
    fates = [line.split()[0] for line in PRINTED.splitlines()]
    assert len(fates) == 22
    assert {"runs", "UserWarning", "RuntimeError"} <= set(fates)


@pytest.mark.parametrize("divisor", [2, -3])
def test_division_rounds_down_as_python_and_numpy_do(divisor):
    x = torch.arange(-9, 10)
    assert (x // divisor).tolist() == [n // divisor for n in range(-9, 10)]
    np.testing.assert_array_equal(x // divisor, x.numpy() // divisor)


def test_division_differs_from_cutting_only_below_zero():
    x = torch.arange(-9, 10)
    cut = torch.div(x, 2, rounding_mode="trunc")
    differs = x[(x // 2) != cut]
    assert differs.tolist() == [-9, -7, -5, -3, -1]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_with_fractions_the_two_rules_may_differ_above_zero(dtype):
    x, tenth = torch.tensor(1.0, dtype=dtype), torch.tensor(0.1, dtype=dtype)
    assert x // tenth == 9
    assert torch.div(x, tenth, rounding_mode="trunc") == 10


def test_eight_divides_alike_in_all_three_ways():
    x = torch.tensor([8, -8])
    cut = torch.div(x, 2, rounding_mode="trunc").tolist()
    assert (x // 2).tolist() == cut == [8 // 2, -8 // 2]


def test_a_variable_is_a_tensor():
    w = Variable(torch.tensor([3.0]), requires_grad=True)
    assert type(w) is torch.Tensor
    same = torch.tensor([3.0], requires_grad=True)
    assert torch.equal(w, same) and w.requires_grad == same.requires_grad


def test_a_variable_of_a_result_is_cut_out_of_the_graph():
    w = torch.tensor([3.0], requires_grad=True)
    y = w * w
    for cut in (Variable(y), y.detach()):
        assert cut.grad_fn is None and not cut.requires_grad
        assert cut.data_ptr() == y.data_ptr()
    assert not Variable(nn.Parameter(torch.ones(2))).requires_grad


@pytest.mark.parametrize(
    "kept", [1, 2.5, 1j, True, None, "a", b"a", [1], (1,), {"a": 1}, {1}]
)
def test_load_takes_tensors_and_common_types_of_python_only(tmp_path, kept):
    torch.save([kept, torch.ones(2)], tmp_path / "file.pt")
    assert torch.load(tmp_path / "file.pt")[0] == kept
    for refused in (frozenset([1]), range(3), slice(1), np.ones(2), nn.Linear(1, 1)):
        torch.save([kept, refused], tmp_path / "file.pt")
        with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
            torch.load(tmp_path / "file.pt")


def test_volatile_builds_the_graph_and_no_grad_does_not():
    w = torch.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match="volatile was removed"):
        x = Variable(torch.ones(2), volatile=True)
    assert (w * x).grad_fn is not None
    with torch.no_grad():
        assert (w * x).grad_fn is None


@pytest.mark.parametrize("divisor", [2, -2, 3, -3])
def test_the_two_rules_agree_unless_the_result_is_negative_with_a_fraction(divisor):
    x = torch.arange(-9, 10)
    cut = torch.div(x, divisor, rounding_mode="trunc")
    exact = x.double() / divisor
    assert torch.equal((x // divisor) != cut, (exact < 0) & (exact != exact.round()))


@pytest.mark.parametrize("kept", [True, False])
def test_zero_grad_sets_gradients_to_none_unless_asked_for_zeros(kept):
    used, unused = (torch.tensor(2.0, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([used, unused], lr=0.1, weight_decay=0.5)
    used.grad, unused.grad = torch.tensor(1.0), torch.tensor(1.0)
    optimizer.zero_grad(set_to_none=not kept)
    assert (unused.grad is None) != kept
    (used * 3).backward()
    optimizer.step()
    assert (unused.item() == 2.0) != kept  # the decay moves a weight with zeros


@pytest.mark.parametrize(
    ("shape", "dim"),
    [
        ((), 0),
        ((4,), 0),
        ((2, 4), 1),
        ((2, 4, 4), 0),
        ((2, 3, 4, 4), 1),
        ((2, 3, 2, 3, 2), 1),
    ],
)
def test_softmax_without_dim_guesses_by_the_number_of_dimensions(shape, dim):
    x = torch.randn(shape)
    with pytest.warns(UserWarning, match="Implicit dimension choice"):
        guessed = F.softmax(x)
    assert torch.equal(guessed, F.softmax(x, dim=dim))


def test_mt_swaps_two_dimensions_and_t_reverses_all():
    x = torch.randn(10, 2, 3)
    np.testing.assert_array_equal(x.mT, x.numpy().swapaxes(-1, -2))
    np.testing.assert_array_equal(x.permute(2, 1, 0), x.numpy().T)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert torch.equal(x.T, x.permute(2, 1, 0))


def test_old_and_new_autocast_do_the_same():
    with pytest.warns(FutureWarning):
        old = torch.cuda.amp.autocast(enabled=False)
    assert isinstance(old, torch.amp.autocast)
    assert (old.device, old.fast_dtype) == ("cuda", torch.float16)
    with pytest.warns(FutureWarning):
        scaler = torch.cuda.amp.GradScaler(enabled=False)
    assert isinstance(scaler, torch.amp.GradScaler)


@pytest.mark.parametrize("name", ["symeig", "solve", "lstsq", "eig", "matrix_rank"])
def test_a_removed_function_says_what_to_write(name):
    arguments = [torch.eye(2)] * (2 if name in ("solve", "lstsq") else 1)
    with pytest.raises(RuntimeError, match=r"since version 1\.9(.|\n)*torch\.linalg"):
        getattr(torch, name)(*arguments)


def test_eigh_reads_the_lower_half_and_numpy_too():
    half = torch.tensor([[2.0, 1.0], [0.0, 2.0]])
    for uplo, values in (("L", [2, 2]), ("U", [1, 3])):
        found = torch.linalg.eigvalsh(half, UPLO=uplo)
        np.testing.assert_allclose(found, values, rtol=1e-6)
        np.testing.assert_allclose(np.linalg.eigvalsh(half, uplo), values, rtol=1e-6)
    default = torch.linalg.eigvalsh(half)
    assert torch.equal(default, torch.linalg.eigvalsh(half, UPLO="L"))


def test_named_tensors_are_gone():
    with pytest.raises(TypeError, match="unexpected keyword argument 'names'"):
        torch.ones(2, names=["row"])
    assert not hasattr(torch.Tensor, "align_to")


def test_no_scheduler_takes_verbose():
    found = [getattr(lr_scheduler, name) for name in lr_scheduler.__all__]
    assert len(found) > 15 and StepLR in found
    for one in found:
        assert "verbose" not in inspect.signature(one.__init__).parameters


def test_an_old_zero_index_takes_a_row_of_the_new_solution():
    """The old calls returned pairs: PyTorch's own messages take them apart."""
    A, B = torch.tensor([[2.0, 1.0], [1.0, 3.0]]), torch.eye(2)
    with pytest.raises(RuntimeError, match=r"B, A\)\.solution should be replaced"):
        torch.solve(B, A)
    with pytest.raises(RuntimeError, match="L, _ = torch.symeig"):
        torch.symeig(A)
    assert torch.linalg.solve(A, B)[0].shape == (2,)
    assert torch.linalg.eigvalsh(A)[0].dim() == 0


def test_rfft_returns_complex_numbers_too():
    x = torch.tensor([[3.0, 1.0, 4.0, 1.0], [5.0, 9.0, 2.0, 6.0]])
    new = torch.fft.rfft(x)
    assert new.is_complex() and new[..., 0].tolist() == [9, 22]  # a frequency
    theirs = np.fft.rfft(x.numpy())
    pairs = torch.view_as_real(new)
    np.testing.assert_allclose(pairs[..., 0], theirs.real, atol=1e-6)
    np.testing.assert_allclose(pairs[..., 1], theirs.imag, atol=1e-6)


def test_a_default_dtype_leaves_the_default_device():
    try:
        torch.set_default_device("meta")
        torch.set_default_dtype(torch.float32)
        assert torch.ones(1).is_meta
    finally:
        torch.set_default_device(None)
    torch.set_default_dtype(torch.float32)
    assert torch.ones(1).is_cpu


def test_a_variable_of_a_tensor_with_a_gradient_is_a_leaf_in_its_memory():
    x = torch.ones(3)
    for new in (Variable(x, requires_grad=True), x.detach().requires_grad_()):
        assert new.is_leaf and new.requires_grad and not x.requires_grad
        assert new.data_ptr() == x.data_ptr()


def test_a_deprecation_is_shown_only_if_it_points_to_the_script(tmp_path):
    """Both come from torch; that of `Function` names the line that calls it."""
    script = tmp_path / "old.py"
    script.write_text(
        "import contextlib\n"
        "import torch\n"
        "class Double(torch.autograd.Function):\n"
        "    def forward(self, x): return 2 * x\n"
        "with contextlib.suppress(RuntimeError): Double()(torch.ones(2))\n"
        "def f(x: torch.Tensor): return x\n"
        "torch.jit.script(f)\n",
        encoding="utf-8",
    )
    hidden = "torch.jit.script` is deprecated"
    for options, shown in (([], False), (["-W", "default"], True)):
        command = [sys.executable, *options, str(script)]
        plain = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
        said = subprocess.run(command, capture_output=True, text=True, env=plain)
        assert "old.py:5: DeprecationWarning: <class" in said.stderr
        assert (hidden in said.stderr) == shown


def test_the_second_place_of_autocast_is_the_dtype_now():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.cuda.amp.autocast(False)
        torch.amp.autocast("cuda", enabled=False)
    first, *_ = inspect.signature(torch.cuda.amp.autocast).parameters
    _, second, *_ = inspect.signature(torch.amp.autocast).parameters
    assert (first, second) == ("enabled", "dtype")


def test_a_sum_of_two_masks_counts_no_further_than_true():
    x, y = torch.tensor([1.0, -1.0]), torch.tensor([1.0, -2.0])
    assert (~(x > 0) + ~(y > 0)).tolist() == [False, True]
    counts = (1 - (x > 0).int()) + (1 - (y > 0).int())
    assert counts.tolist() == [0, 2]

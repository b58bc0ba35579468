"""What the page of errors of optimizers claims beyond what its programs print."""

import inspect
import re
import warnings
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LambdaLR,
    OneCycleLR,
    StepLR,
)

PAGE = Path(__file__).parents[3] / "docs" / "errors" / "optimizers.md"


def test_adams_first_beta_is_its_momentum():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1, betas=(0.8, 0.999))
    momentum = 0.0
    for slope in (2.0, -1.0, 3.0):
        w.grad = torch.tensor([slope])
        optimizer.step()
        momentum = 0.8 * momentum + (1 - 0.8) * slope
        assert optimizer.state[w]["exp_avg"].item() == pytest.approx(momentum)


def test_lbfgs_computes_the_loss_several_times_in_a_step():
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([w])
    calls = []

    def closure():
        optimizer.zero_grad()
        loss = (w - 3) ** 2
        loss.backward()
        calls.append(loss.item())
        return loss

    optimizer.step(closure)
    assert len(calls) > 1 and w.item() == pytest.approx(3)


def test_no_factor_makes_an_infinite_gradient_small():
    w = torch.zeros(1, requires_grad=True)
    w.sqrt().backward()
    nn.utils.clip_grad_norm_([w], 1.0)
    assert not w.grad.isfinite()  # stays wrong without error_if_nonfinite


def test_get_lr_stays_wrong_after_a_step():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    optimizer.step()
    scheduler.step()
    with pytest.warns(UserWarning, match="get_last_lr"):
        assert scheduler.get_lr() == [0.125]
    assert optimizer.param_groups[0]["lr"] == 0.5 * 0.5 == 0.25


def test_parameters_can_be_gone_through_once():
    parameters = nn.Linear(2, 1).parameters()
    assert len(list(parameters)) == 2
    with pytest.raises(ValueError, match="got an empty parameter list"):
        torch.optim.SGD(parameters, lr=0.1)


def test_a_plain_tensor_is_no_parameter_of_a_module():
    model = nn.Module()
    model.w = torch.ones(2, requires_grad=True)
    assert model.w.requires_grad and list(model.parameters()) == []
    with pytest.raises(ValueError, match="got an empty parameter list"):
        torch.optim.SGD(model.parameters(), lr=0.1)
    model.w = nn.Parameter(torch.ones(2))
    assert len(list(model.parameters())) == 1
    page = PAGE.read_text(encoding="utf-8")
    assert "A weight is a plain tensor: `type(model.w)` is `torch.Tensor`." in page


@pytest.mark.parametrize("layer", [nn.ReLU, nn.Dropout, nn.MaxPool2d, nn.Identity])
def test_some_layers_have_no_weights(layer):
    layer = layer(2) if layer is nn.MaxPool2d else layer()
    assert list(layer.parameters()) == []


def test_a_skipped_step_makes_the_scheduler_warn_too():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    scheduler, scaler = StepLR(optimizer, 1), torch.amp.GradScaler("cpu")
    scaler.scale(w.sum() * torch.inf).backward()
    scaler.step(optimizer)
    scaler.update()
    with pytest.warns(UserWarning, match="Detected call of `lr_scheduler.step"):
        scheduler.step()
    assert w.item() == 1 and scaler.get_scale() == 2**15  # half of the default


@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR", "ReduceLROnPlateau"])
def test_no_scheduler_takes_verbose(name):
    w = torch.ones(1, requires_grad=True)
    scheduler = getattr(torch.optim.lr_scheduler, name)
    with pytest.raises(TypeError, match="'verbose'"):
        scheduler(torch.optim.SGD([w], lr=0.5), verbose=True)


def test_a_used_iterator_is_empty_although_the_model_has_weights():
    model = nn.Linear(2, 1)
    params = model.parameters()
    for _ in params:
        pass
    with pytest.raises(ValueError, match="empty parameter list"):
        torch.optim.SGD(params, lr=0.1)
    assert list(params) == [] and len(list(model.parameters())) == 2


def test_adam_refuses_nan_as_a_rate():
    w = torch.ones(1, requires_grad=True)
    with pytest.raises(ValueError, match="Invalid learning rate: nan"):
        torch.optim.Adam([w], lr=float("nan"))


@pytest.mark.parametrize(
    ("dtype", "slope"), [(torch.float32, 1e25), (torch.float16, 4e4)]
)
def test_finite_gradients_can_have_an_infinite_norm(dtype, slope):
    w = torch.ones(4, dtype=dtype, requires_grad=True)
    w.grad = torch.full_like(w, slope)
    assert w.grad.isfinite().all()
    with pytest.raises(RuntimeError, match="is non-finite"):
        nn.utils.clip_grad_norm_([w], 1.0, error_if_nonfinite=True)


def test_a_small_number_under_the_root_keeps_the_gradient_finite():
    w = torch.zeros(1, requires_grad=True)
    (w + 1e-8).sqrt().backward()
    assert nn.utils.clip_grad_norm_([w], 1.0, error_if_nonfinite=True) > 1


def test_the_names_of_infinite_gradients_leave_frozen_weights_out():
    model = nn.Linear(1, 1)
    model.bias.requires_grad_(False)
    model.weight.grad = torch.full((1, 1), torch.inf)
    named = model.named_parameters()
    assert [
        n for n, p in named if p.grad is not None and not p.grad.isfinite().all()
    ] == ["weight"]


@pytest.mark.filterwarnings("ignore:To get the last learning rate")
@pytest.mark.parametrize(
    ("scheduler", "right"),
    [
        (lambda o: LambdaLR(o, lambda epoch: 0.5**epoch), True),
        (lambda o: StepLR(o, step_size=30), True),
        (lambda o: CosineAnnealingLR(o, T_max=30), False),
    ],
)
def test_get_lr_can_be_wrong(scheduler, right):
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.5)
    plan = scheduler(optimizer)
    optimizer.step()
    plan.step()
    assert (plan.get_lr() == plan.get_last_lr()) is right


def test_one_cycle_takes_a_call_for_every_batch_and_keeps_its_plan():
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.5)
    plan = OneCycleLR(optimizer, max_lr=0.1, total_steps=4)
    for _ in range(4):
        optimizer.step()
        plan.step()
    longer = OneCycleLR(optimizer, max_lr=0.1, total_steps=9)
    longer.load_state_dict(plan.state_dict())
    with pytest.raises(ValueError, match="Tried to step 5 times"):
        longer.step()


@pytest.mark.parametrize("per_epoch", [3, 2])
@pytest.mark.parametrize("calls", [1, 2])
def test_two_numbers_tell_a_short_plan_from_a_second_call(per_epoch, calls):
    epochs, batches = 4, 3  # `batches` is len(loader)
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.5)
    plan = OneCycleLR(optimizer, 0.1, epochs=epochs, steps_per_epoch=per_epoch)
    for _ in range(batches * calls):
        optimizer.step()
        plan.step()
    assert (plan.total_steps == epochs * batches) is (per_epoch == batches)
    assert (plan.last_epoch == 2 * batches) is (calls == 2)


def test_adding_by_index_is_what_put_does_and_put_has_no_way_on_cuda():
    index, values = torch.tensor([0, 0]), torch.tensor([1.0, 2.0])
    put = torch.zeros(4).put_(index, values, accumulate=True)
    assert torch.equal(torch.zeros(4).index_add_(0, index, values), put)
    text = " ".join(torch.use_deterministic_algorithms.__doc__.split())
    assert "put_` when ``accumulate=True`` and called on a CUDA tensor" in text
    assert "index_add` when called on CUDA tensor" in text


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam])
def test_a_negative_rate_in_a_group_is_not_seen(optimizer):
    w = torch.ones(1, requires_grad=True)
    made = optimizer([{"params": [w], "lr": -1.0}], lr=0.1)
    assert made.param_groups[0]["lr"] == -1
    with pytest.raises(ValueError, match="Invalid learning rate: -1.0"):
        optimizer([w], lr=-1.0)


def test_another_number_of_groups_has_a_text_of_its_own():
    model = nn.Linear(2, 1)
    saved = torch.optim.SGD(model.parameters(), lr=0.1).state_dict()
    groups = [{"params": [model.weight]}, {"params": [model.bias]}]
    with pytest.raises(ValueError, match="a different number of parameter groups"):
        torch.optim.SGD(groups, lr=0.1).load_state_dict(saved)


@pytest.mark.parametrize("why", ["frozen then", "new now"])
def test_missing_keys_tell_new_layers_from_frozen_ones(why):
    old, new = nn.Sequential(nn.Linear(2, 2)), nn.Sequential(nn.Linear(2, 2))
    if why == "new now":
        new.append(nn.Linear(2, 1))
    trained = [old[0].weight] if why == "frozen then" else old.parameters()
    state = torch.optim.Adam(trained).state_dict()
    with pytest.raises(ValueError, match="parameter group that doesn't match the size"):
        torch.optim.Adam(new.parameters()).load_state_dict(state)
    missing = new.load_state_dict(old.state_dict(), strict=False).missing_keys
    assert bool(missing) is (why == "new now")


def test_layers_in_a_dictionary_are_not_found_but_in_a_module_dict():
    for hold, found in ((dict, 0), (nn.ModuleDict, 2)):
        model = nn.Module()
        model.layers = hold({"one": nn.Linear(2, 1)})
        assert len(list(model.parameters())) == found


def test_no_frozen_weight_is_left_by_a_filter_until_a_layer_is_unfrozen():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).requires_grad_(False)

    def trains():
        return filter(lambda p: p.requires_grad, model.parameters())

    assert not any(p.requires_grad for p in model.parameters())
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.Adam(trains())
    model[1].requires_grad_(True)
    torch.optim.Adam(trains())


def test_a_model_is_no_list_of_parameters():
    class Net(nn.Module):
        pass

    with pytest.raises(TypeError, match="^'Net' object is not iterable$"):
        torch.optim.SGD(Net())


@pytest.mark.parametrize("last_epoch", [0, 3])
def test_a_schedule_that_goes_on_wants_the_rate_of_the_beginning(last_epoch):
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)
    make = torch.optim.lr_scheduler.StepLR
    with pytest.raises(KeyError, match="param 'initial_lr' is not specified"):
        make(optimizer, step_size=2, last_epoch=last_epoch)
    optimizer.param_groups[0]["initial_lr"] = 0.1
    assert make(optimizer, step_size=2, last_epoch=last_epoch)


@pytest.mark.parametrize("layer", [nn.Linear(2, 1), nn.Conv2d(1, 2, 3)])
def test_a_sequential_is_a_row_of_layers_and_not_of_tensors(layer):
    for layers in (nn.Sequential(layer), nn.ModuleList([layer]), [layer]):
        with pytest.raises(TypeError, match=f"params is .*{type(layer).__name__}$"):
            torch.optim.SGD(layers, lr=0.1)


def test_the_parameters_of_two_models_are_unpacked():
    first, second = nn.Linear(2, 3), nn.Linear(3, 1)
    with pytest.raises(TypeError, match=r"of the params is Module\.parameters$"):
        torch.optim.SGD([first.parameters(), second.parameters()], lr=0.1)
    both = torch.optim.SGD([*first.parameters(), *second.parameters()], lr=0.1)
    assert len(both.param_groups[0]["params"]) == 4


@pytest.mark.parametrize("together", [False, True])
def test_gradients_of_several_batches_want_the_scheduler_beside_the_step(together):
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0)
    scheduler = StepLR(optimizer, step_size=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for batch in range(6):
            (2 * w).backward()
            if batch % 3 == 2:
                optimizer.step()
                optimizer.zero_grad()
            if batch % 3 == 2 or not together:
                scheduler.step()
    warned = any("lr_scheduler.step()` before" in str(one.message) for one in caught)
    assert warned is not together


def local_layer(self):
    layer = nn.Linear(2, 1)
    layer.weight.data.zero_()


def plain_list(self):
    self.layers = [nn.Linear(2, 1)]


def plain_tensor(self):
    self.w = torch.ones(2, requires_grad=True)


def scaled_parameter(self):
    self.w = nn.Parameter(torch.ones(2)) * 0.1


def only_relu(self):
    self.layers = nn.Sequential(nn.ReLU(), nn.Flatten())


@pytest.mark.parametrize(
    ("make", "cause"),
    [(plain_list, 1), (local_layer, 2), (plain_tensor, 3), (scaled_parameter, 3)]
    + [(only_relu, 4)],
)
def test_one_line_tells_why_a_model_has_no_parameters(make, cause):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            make(self)

    model = Net()
    assert list(model.parameters()) == []
    with pytest.raises(ValueError, match="got an empty parameter list"):
        torch.optim.SGD(model.parameters(), lr=0.1)
    kept = type(getattr(model, "layers", None))
    assert (kept in (list, dict)) == (cause == 1)
    missing = not any(hasattr(model, name) for name in ("layer", "layers", "w"))
    assert missing == (cause == 2)
    assert (type(getattr(model, "w", None)) is torch.Tensor) == (cause == 3)
    assert ("ReLU" in str(model)) == (cause == 4) == (str(model) != "Net()")


@pytest.mark.parametrize("name", ["AdamW", "Adamax", "Adagrad", "Adadelta"])
def test_others_without_momentum_print_their_own_name(name):
    optimizer, w = getattr(torch.optim, name), torch.ones(1, requires_grad=True)
    text = "__init__() got an unexpected keyword argument 'momentum'"
    with pytest.raises(TypeError, match=re.escape(text)) as error:
        optimizer([w], lr=0.1, momentum=0.8)
    # AdamW has the constructor of its own class or that of Adam.
    assert str(error.value).split(".")[0] == name
    accepted = inspect.signature(optimizer).parameters
    assert ("betas" in accepted) == name.startswith("Adam")


def test_weights_chosen_by_a_name_that_fits_none_are_an_empty_list():
    model = nn.Linear(2, 1)
    chosen = [p for name, p in model.named_parameters() if "lora" in name]
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.SGD(chosen, lr=0.1)
    assert all(p.requires_grad for p in model.parameters())


def test_other_dictionaries_than_a_state_give_their_keys_too():
    model = nn.Linear(2, 1)
    group = {"params": model.parameters(), "lr": 0.1}
    for given in (group, dict(model.named_parameters())):
        with pytest.raises(TypeError, match="but one of the params is str"):
            torch.optim.SGD(given, lr=0.1)
    optimizer = torch.optim.SGD([{**group, "params": model.parameters()}], lr=0.5)
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_an_exponent_is_no_learning_rate():
    w = torch.ones(1, requires_grad=True)
    with pytest.raises(ValueError, match="Invalid learning rate: -3"):
        torch.optim.SGD([w], lr=-3)
    assert torch.optim.SGD([w], lr=10**-3).param_groups[0]["lr"] == 0.001


def test_a_schedule_that_is_only_moved_on_warns_and_is_right():
    w = torch.ones(1, requires_grad=True)
    rates = []
    for trains in (True, False):
        optimizer = torch.optim.SGD([w], lr=1.0)
        scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for _ in range(5):
                if trains:
                    optimizer.step()
                scheduler.step()
        assert bool(caught) is not trains
        rates.append(scheduler.get_last_lr())
    assert rates == [[0.25], [0.25]]


def test_put_adds_to_what_is_there_and_an_index_replaces_it():
    places, values = torch.tensor([0, 1]), torch.tensor([9.0, 8.0])
    x, y = torch.arange(4.0), torch.arange(4.0)
    torch.use_deterministic_algorithms(True)
    try:
        x.put_(places, values, accumulate=True)
        y.view(-1)[places] = values
        torch.use_deterministic_algorithms(True, warn_only=True)
        with pytest.warns(UserWarning, match="put_ does not have a deterministic"):
            torch.zeros(2).put_(places, values)
    finally:
        torch.use_deterministic_algorithms(False)
    assert x.tolist() == [9, 9, 2, 3] and y.tolist() == [9, 8, 2, 3]


OPTIMIZERS = "SGD Adam AdamW RMSprop Adagrad Adadelta Adamax NAdam RAdam ASGD Rprop"


@pytest.mark.parametrize("name", f"{OPTIMIZERS} LBFGS Adafactor Muon".split())
def test_two_optimizers_say_in_other_words_that_a_rate_is_below_0(name):
    w, other = torch.ones(2, 2, requires_grad=True), name in ("Adafactor", "Muon")
    make = getattr(torch.optim, name)
    text = "Learning rate should be >= 0 but is" if other else "Invalid learning rate"
    with pytest.raises(ValueError, match=f"{text}: -0.1"):
        make([w], lr=-0.1)
    if name == "SGD":
        make([w], lr=float("nan"))
    else:
        with pytest.raises(ValueError, match=f"{text}: nan"):
            make([w], lr=float("nan"))

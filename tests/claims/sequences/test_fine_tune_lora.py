"""The claims of docs/sequences/fine-tune-lora.md, also for other sizes and seeds."""

import contextlib
import copy
import io
import re

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from harness.core.tree import HERE
from tests.claims_support import names_of, printed, program

PARTS = "torch.manual_seed(0)"  # what stands before it is the class


@pytest.fixture(scope="module")
def LoRA():
    return names_of("sequences/lora_around_a_layer", upto=PARTS)["LoRA"]


def trained_by(LoRA, layer, **options):
    """A layer with an adapter that is no longer zero."""
    tuned = LoRA(layer, **options)
    nn.init.normal_(tuned.B, std=0.1)
    return tuned


def gap(a, b):
    return (a - b).abs().max().item()


def numbers(name):
    return [float(n) for n in re.findall(r"\d+\.\d+", printed(f"sequences/{name}"))]


# The layer


@pytest.mark.parametrize(("inputs", "outputs", "rank"), [(7, 3, 1), (768, 768, 4)])
def test_rank_times_inputs_and_outputs_train(LoRA, inputs, outputs, rank):
    layer = LoRA(nn.Linear(inputs, outputs), rank=rank)
    trained = sum(p.numel() for p in layer.parameters() if p.requires_grad)
    assert trained == rank * (inputs + outputs)
    if inputs == 768:
        rows = dict(
            line.rsplit(None, 1)
            for line in printed("sequences/lora_two_thin_matrices").splitlines()
        )
        assert rows["rank 4"] == f"{trained:,}"
        assert rows["all"] == f"{layer.base.weight.numel():,}"


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_a_new_adapter_changes_nothing(LoRA, dtype):
    torch.manual_seed(1)
    layer = nn.Linear(6, 9).to(dtype)
    x = torch.randn(2, 3, 6, dtype=dtype)
    tuned = LoRA(layer).to(dtype)
    assert torch.equal(tuned(x), layer(x))
    assert tuned.A.abs().max() > 0 and tuned.B.abs().max() == 0


@pytest.mark.parametrize("value", [float("inf"), 1e38])
def test_only_for_finite_numbers_it_changes_nothing(LoRA, value):
    layer = nn.Linear(3, 2, bias=False)
    nn.init.constant_(layer.weight, 0.1)
    tuned, x = LoRA(layer), torch.full((1, 3), value)
    assert torch.equal(tuned(x), layer(x)) is (value != float("inf"))
    assert tuned(x).isnan().all().item() is layer(x).isinf().all().item()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_a_layer_of_another_dtype_needs_to_after_the_adapter(LoRA, dtype):
    model = nn.Sequential(nn.Linear(3, 5, dtype=dtype))
    model[0] = LoRA(model[0])
    x = torch.ones(2, 3, dtype=dtype)
    with pytest.raises(RuntimeError, match="same dtype"):
        model(x)
    assert model.to(dtype)(x).dtype == dtype


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_moves_in_train_mode_although_it_is_frozen(LoRA, training):
    torch.manual_seed(0)
    old = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6)).requires_grad_(False)
    new, x = copy.deepcopy(old), torch.randn(8, 4)
    new[0] = LoRA(new[0])
    new.train()
    new[1].train(training)
    new(x).square().sum().backward()
    new[0] = new[0].base
    assert torch.equal(new.eval()(x), old.eval()(x)) is not training


def test_the_adapter_is_the_product_of_two_matrices_times_alpha_by_rank(LoRA):
    torch.manual_seed(0)
    tuned = trained_by(LoRA, nn.Linear(5, 8), rank=3, alpha=12)
    weight = tuned.base.weight + 12 / 3 * tuned.B @ tuned.A
    assert (tuned.B @ tuned.A).shape == tuned.base.weight.shape
    x = torch.randn(4, 5)
    by_weight = nn.functional.linear(x, weight, tuned.base.bias)
    torch.testing.assert_close(tuned(x), by_weight)


class Products(TorchDispatchMode):
    """Counts the products of matrices."""

    count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += function.overloadpacket.__name__ in ("mm", "addmm")
        return function(*args, **kwargs or {})


def test_an_adapter_costs_two_more_products(LoRA):
    layer, counts = nn.Linear(6, 9), []
    for model in (layer, LoRA(layer)):
        with Products() as products:
            model(torch.ones(2, 6))
        counts.append(products.count)
    assert counts == [1, 3]


def test_only_what_trains_has_gradients_and_two_numbers_of_adam(LoRA):
    tuned = LoRA(nn.Linear(6, 6))
    optimizer = torch.optim.Adam(tuned.parameters())
    tuned(torch.randn(3, 6)).sum().backward()
    optimizer.step()
    assert {name for name, p in tuned.named_parameters() if p.grad is not None} == {
        *("A", "B")
    }
    for weight, state in optimizer.state.items():
        assert weight is tuned.A or weight is tuned.B
        averages = [s for s in state.values() if s.shape == weight.shape]
        assert len(averages) == 2
    assert len(optimizer.state) == 2


# The new task


def count_down(seed, both=False):
    """The old model and the tuned one, and their losses of counting up and down."""
    changes = {PARTS: f"torch.manual_seed({seed})"}
    names = names_of(
        "sequences/lora_learns_a_new_task", changes, upto="model.requires_grad_(False)"
    )
    old, up, loss = names["model"], names["up"], names["loss"]
    new = copy.deepcopy(old).requires_grad_(False)
    for n in (2, 4):
        new[n] = names["LoRA"](new[n])
    with contextlib.redirect_stdout(io.StringIO()):
        names["train"](new, torch.cat((up, up.flip(1))) if both else up.flip(1))
    losses = [
        loss(model, tokens).item()
        for model in (old, new)
        for tokens in (up, up.flip(1))
    ]
    return old, new, up, losses


def forgotten_by_full_fine_tuning():
    return numbers("full_fine_tuning")[2::4]


@pytest.mark.parametrize("seed", range(3))
def test_lora_learns_the_new_task_and_forgets_the_old_one(seed):
    old, new, up, losses = count_down(seed)
    up_before, down_before, up_after, down_after = losses
    assert up_before < 0.01 and down_before > 8
    assert up_after > 5 and down_after < 0.02
    if seed == 0:
        shown = [float(f"{n:.2f}") for n in losses]
        assert numbers("lora_learns_a_new_task") == pytest.approx(shown, abs=2e-2)
    assert up_after > forgotten_by_full_fine_tuning()[seed] > 1
    assert up_after == pytest.approx({0: 8.85, 1: 9.17, 2: 11.1}[seed], abs=0.05)

    after = new(up[:, :3])
    for n in (2, 4):
        new[n] = new[n].base
    assert (
        torch.equal(new(up[:, :3]), old(up[:, :3])) and gap(after, old(up[:, :3])) > 1
    )


def test_full_fine_tuning_forgets_with_three_seeds():
    up_before, _, up_after, down_after = (
        numbers("full_fine_tuning")[n::4] for n in range(4)
    )
    assert len(up_after) == 3 and max(up_before + down_after) < 0.01
    assert min(up_after) > 2


def test_trained_on_both_tasks_nothing_is_forgotten():
    *_, up_after, down_after = count_down(0, both=True)[3]
    assert max(up_after, down_after) < 0.1


# Save


def test_the_file_of_the_page_needs_the_right_alpha():
    right, wrong = printed("sequences/adapter_file").splitlines()
    assert right.startswith("alpha 8: gap 0.000,")
    assert float(wrong.split("gap ")[1].split(",")[0]) > 1


@pytest.mark.parametrize("rank", [2, 5])
def test_another_rank_is_an_error_and_another_alpha_is_none(LoRA, rank):
    torch.manual_seed(0)
    tuned = trained_by(LoRA, nn.Linear(6, 4), rank=3)
    adapter = {name: tuned.state_dict()[name] for name in ("A", "B")}
    report = LoRA(tuned.base, rank=3, alpha=1).load_state_dict(adapter, strict=False)
    assert report.missing_keys == ["base.weight", "base.bias"]
    with pytest.raises(RuntimeError, match="size mismatch"):
        LoRA(tuned.base, rank=rank).load_state_dict(adapter, strict=False)


def test_the_line_of_the_page_finds_all_adapters_of_a_model(LoRA):
    """And nothing else, though a layer of the model is called A."""
    source = (HERE.snippets / "sequences" / "adapter_file.py").read_text()
    (line,) = re.findall("^adapter = .*", source, re.M)
    parts = {
        "A": nn.Linear(4, 4),
        "b": LoRA(nn.Linear(4, 4)),
        "c": LoRA(nn.Linear(4, 4)),
    }
    names = {"state": nn.ModuleDict(parts).state_dict()}
    exec(line, names)
    assert names["adapter"].keys() == {"b.A", "b.B", "c.A", "c.B"}


# Merge


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_merged_equals_unmerged_and_merged_twice_does_not(LoRA, dtype):
    torch.manual_seed(2)
    tuned = trained_by(LoRA, nn.Linear(48, 20), rank=5).to(dtype)
    x = torch.randn(9, 48, dtype=dtype)
    right = tuned(x)
    with torch.no_grad():
        tuned.base.weight += tuned.scale * (tuned.B @ tuned.A)
    assert gap(tuned.base(x), right) < (1e-5 if dtype == torch.float32 else 1e-13)
    assert gap(tuned(x), right) > 0.1  # merged, and the adapter is on
    rows = numbers("lora_merged")
    assert rows[0] < 1e-4 and rows[1] > 1


def test_bfloat16_rounds_a_small_update_away():
    weight = torch.full((3, 3), 1.0)
    assert not torch.equal(weight + 1e-3, weight)
    assert torch.equal(weight.bfloat16() + 1e-3, weight.bfloat16())


# peft


def test_peft_gives_the_same_and_counts_the_adapter_among_all():
    equal, counts = printed("sequences/lora_equals_peft").splitlines()
    assert float(equal.removeprefix("gap ")) <= 1e-6
    trained, everything = (
        int(n.replace(",", "")) for n in re.findall(r"params: ([\d,]+)", counts)
    )
    ours = nn.Sequential(nn.Linear(48, 128), nn.Linear(128, 10))
    assert trained == 4 * (48 + 128) + 4 * (128 + 10)
    assert everything == trained + sum(p.numel() for p in ours.parameters())


def test_the_count_of_gpt_2_is_rank_times_inputs_and_outputs():
    text = printed("sequences/peft_on_gpt2")
    (trained,) = re.findall(r"trainable params: ([\d,]+)", text)
    assert int(trained.replace(",", "")) == 12 * 8 * (768 + 3 * 768)


def test_in_peft_the_end_of_a_name_finds_the_layer_in_each_of_twelve_blocks():
    assert 'target_modules=["c_attn"]' in program("sequences/peft_on_gpt2")
    (trained,) = re.findall(
        r"trainable params: ([\d,]+)", printed("sequences/peft_on_gpt2")
    )
    one_layer = 8 * (768 + 3 * 768)
    assert int(trained.replace(",", "")) == 12 * one_layer  # h.0.attn.c_attn, …


# Pitfalls


@pytest.mark.parametrize("zero", ["A", "B", "both"])
def test_if_both_are_zero_no_gradient_reaches_them(LoRA, zero):
    torch.manual_seed(0)
    tuned = trained_by(LoRA, nn.Linear(6, 4))
    with torch.no_grad():
        for name in ("A", "B"):
            if zero in (name, "both"):
                getattr(tuned, name).zero_()
    x = torch.randn(5, 6)
    assert torch.equal(tuned(x), tuned.base(x))
    tuned(x).square().sum().backward()
    moves = {name for name in ("A", "B") if getattr(tuned, name).grad.any()}
    assert moves == ({zero} if zero != "both" else set())


def test_the_rows_about_zeros_say_so():
    one, none, both = (
        [float(n) for n in re.findall(r"\d+\.\d", line)]
        for line in printed("sequences/lora_start_at_zero").splitlines()
    )
    assert none == [0, 0, 0] and one[:2] == [0, 0] and one[2] > 0
    assert min(both) > 0


def test_an_optimizer_made_before_the_adapter_trains_nothing():
    (first, zero), (second, moved) = (
        [float(n) for n in re.findall(r"\d+\.\d+", line)]
        for line in printed("sequences/lora_unknown_to_the_optimizer").splitlines()
    )
    assert zero == 0 and moved > 0.1 and second < first


@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD])
def test_an_optimizer_may_have_the_frozen_weights_too(LoRA, kind):
    tuned = LoRA(nn.Linear(6, 4))
    before = copy.deepcopy(tuned.base)
    optimizer = kind(tuned.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        tuned(torch.randn(5, 6)).square().sum().backward()
        optimizer.step()
    assert torch.equal(tuned.base.weight, before.weight)
    assert tuned.B.any()


def test_what_was_not_frozen_is_not_in_the_adapter():
    unfrozen, frozen = numbers("others_left_unfrozen")
    assert unfrozen > 0.1 and frozen == 0


@pytest.mark.parametrize("copied", [False, True])
def test_merging_into_a_tied_head_changes_the_embedding(copied):
    torch.manual_seed(3)
    embed, head = nn.Embedding(7, 4), nn.Linear(4, 7, bias=False)
    head.weight = embed.weight
    update, tokens = torch.randn(7, 1) @ torch.randn(1, 4), torch.arange(5)
    right = (head(embed(tokens)) + embed(tokens) @ update.T).detach()
    if copied:
        head.weight = nn.Parameter(head.weight.detach().clone())
    with torch.no_grad():
        head.weight += update
    assert (gap(head(embed(tokens)), right) < 1e-5) is copied
    tied, free = numbers("merged_into_a_tied_head")
    assert tied > 0.1 and free < 1e-4


class Doubled(nn.Module):
    """As an adapter does, it wraps a layer, shows its weight and changes its output."""

    def __init__(self, layer):
        super().__init__()
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, x):
        return 2 * nn.functional.linear(x, self.weight, self.bias)


@pytest.mark.parametrize("name", ["linear1", "linear2"])
@pytest.mark.parametrize("fast", [True, False])
def test_only_the_fast_path_of_eval_reads_the_weight_alone(name, fast):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, batch_first=True)
    layer.requires_grad_(False)
    x = torch.randn(2, 3, 8)
    right = layer(x)
    setattr(layer, name, Doubled(getattr(layer, name)))
    assert gap(layer(x), right) > 0.01  # in train mode, the wrapper counts
    torch.backends.mha.set_fastpath_enabled(fast)
    try:
        assert (gap(layer.eval()(x), right) < 1e-5) is fast
    finally:
        torch.backends.mha.set_fastpath_enabled(True)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", ["linear1", "linear2", "out_proj"])
def test_our_own_class_has_no_weight_to_read(LoRA, name, training):
    layer = nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, batch_first=True)
    owner = layer.self_attn if name == "out_proj" else layer
    setattr(owner, name, LoRA(getattr(owner, name)))
    layer.train(training)
    if training and name != "out_proj":
        layer(torch.randn(2, 3, 8))
        return
    with pytest.raises(AttributeError, match="'LoRA' object has no attribute 'weight'"):
        layer(torch.randn(2, 3, 8))


@pytest.mark.parametrize("training", [True, False])
def test_attention_reads_the_weight_of_its_last_layer_alone(training):
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(8, 2, batch_first=True).train(training)
    x = torch.randn(2, 3, 8)
    right, _ = layer(x, x, x)
    layer.out_proj = Doubled(layer.out_proj)
    assert gap(layer(x, x, x)[0], right) < 1e-5


def test_in_peft_only_one_of_four_rows_has_an_effect():
    text = printed("sequences/adapter_ignored_in_eval")
    rows = [line.split() for line in text.splitlines()]
    effect = {(row[0], row[2]): float(row[-1]) for row in rows}
    assert effect.pop(("linear1", "True")) > 0.1
    assert len(effect) == 3 and set(effect.values()) == {0}


def test_peft_saves_rank_and_alpha_and_merges_to_the_same():
    files, numbers_saved, *rows = printed("sequences/adapter_saved_by_peft").split("\n")
    assert "adapter_config.json" in files and numbers_saved == "rank 4 alpha 8"
    without, loaded, merged = (float(row.rsplit(" ", 1)[1]) for row in rows[:3])
    assert without > 0.01 and loaded == 0 and merged < 1e-4
    text = program("sequences/adapter_saved_by_peft")
    assert text.index("add_adapter") < text.index("merge_and_unload")
    assert "init_lora_weights = False" in text  # so the second one would show
    assert "lora" not in "".join(rows).lower() and rows[3] == "Sequential("

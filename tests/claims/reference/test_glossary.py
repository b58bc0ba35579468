"""The glossary: every term occurs on the page that it links."""

import re
from collections import Counter

import pytest
import torch
import torch.utils.checkpoint

from harness.core.tree import HERE
from tests.claims_support import cited

PAGE = (HERE.docs / "reference" / "glossary.md").read_text(encoding="utf-8")
CLAIMS = (HERE.docs / "reference" / "claims.md").read_text(encoding="utf-8")
TERMS = re.findall(
    r"^\[`?(?P<term>[^\]`]+)`?\]\((?P<page>\S+\.md)\)"
    r" · \*(?P<chinese>.+?)\*\{: lang=zh \}\n:   (?P<meaning>.+)$",
    PAGE,
    flags=re.MULTILINE,
)
WRONG = ["亲笔签名", "渐变", "渐变归零"]


def test_the_page_says_how_many_terms_there_are():
    assert len(TERMS) == PAGE.count("\n:   ") == 70
    assert PAGE.count("70 terms") == 2


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row[0])
def test_a_term_occurs_on_the_page_that_it_links(row):
    term, page, *_ = row
    text = (HERE.docs / "reference" / page).read_text(encoding="utf-8")
    assert re.search(rf"\b{re.escape(term)}", text, flags=re.IGNORECASE)


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row[0])
def test_a_term_has_a_chinese_name_and_one_sentence(row):
    _, _, chinese, meaning = row
    assert re.fullmatch(r"[\u4e00-\u9fff]+", chinese)
    assert meaning.endswith(".")
    assert meaning.count(". ") == 0


def test_each_part_is_in_alphabetical_order():
    assert "Each part is in alphabetical order." in PAGE
    for part in PAGE.partition("\n## Try it")[0].split("\n## ")[1:]:
        terms = re.findall(r"^\[`?(.+?)`?\]", part, re.MULTILINE)
        assert terms and terms == sorted(terms, key=str.lower)


def test_no_word_stands_for_two_terms():
    for column in (0, 2):
        counts = Counter(row[column].lower() for row in TERMS)
        assert counts.most_common(1)[0][1] == 1


def test_the_mistranslations_are_not_the_words_of_the_glossary():
    right = {term: chinese for term, _, chinese, _ in TERMS}
    assert right["autograd"] == "自动求导"
    assert right["gradient"] == "梯度"
    assert right["zero_grad"] == "梯度清零"
    assert not set(WRONG) & set(right.values())
    (said,) = [one["holds"] for url, one in cited().items() if "pytorch-doc-zh" in url]
    assert f"autograd ({right['autograd']})" in said[0]
    assert f"requires_grad: 如果有一个单一的输入操作需要{right['gradient']}" in said[1]
    assert not any(word in one for word in WRONG for one in said)
    for word in WRONG:
        assert f"| *{word}*{{: lang=zh }}" in CLAIMS
    for term in ("autograd", "gradient", "zero_grad"):
        assert re.search(rf"\| `?{term}`? \| \*{right[term]}\*", CLAIMS)


def test_a_leaf_may_come_from_an_operation_that_was_not_recorded():
    w = torch.ones(2, requires_grad=True)
    assert torch.ones(2).mul(2).is_leaf and w.mul(2).detach().is_leaf
    with torch.no_grad():
        assert w.mul(2).is_leaf
    assert not w.mul(2).is_leaf


def test_with_an_argument_backward_starts_from_several_numbers():
    w = torch.ones(2, requires_grad=True)
    (3 * w).backward(torch.tensor([1.0, 2.0]))
    assert w.grad.tolist() == [3.0, 6.0]


def test_a_stride_counts_elements_whatever_their_size():
    for dtype in (torch.uint8, torch.float64):
        assert torch.ones(3, 5, dtype=dtype).stride() == (5, 1)


def test_numbers_in_reading_order_with_gaps_are_not_contiguous():
    x = torch.arange(6).view(2, 3)
    assert x[1:].is_contiguous()
    assert not x[:, :2].is_contiguous() and not x.flatten()[::2].is_contiguous()


def test_a_missing_dimension_is_repeated_too():
    row, grid = torch.arange(3), torch.zeros(2, 3)
    assert torch.equal(grid + row, torch.stack([row, row]).float())


def test_transpose_swaps_any_two_dimensions():
    assert torch.zeros(2, 3, 5).transpose(0, 2).shape == (5, 3, 2)


def test_under_no_grad_a_forward_pass_builds_no_graph():
    layer = torch.nn.Linear(2, 1)
    with torch.no_grad():
        assert layer(torch.ones(1, 2)).grad_fn is None
    assert layer(torch.ones(1, 2)).grad_fn is not None


def test_detach_leaves_the_first_tensor_in_the_graph():
    y = torch.ones(2, requires_grad=True) * 2
    cut = y.detach()
    assert cut.grad_fn is None and y.grad_fn is not None
    assert cut.data_ptr() == y.data_ptr()


def test_a_sampler_may_leave_samples_out():
    sampler = torch.utils.data.WeightedRandomSampler([0.0, 1.0, 1.0], 20)
    assert set(sampler) <= {1, 2}


def test_training_changes_buffers_but_no_optimizer_knows_them():
    norm = torch.nn.BatchNorm1d(2)
    before = norm.running_mean.clone()
    norm(torch.ones(4, 2) + torch.arange(4.0)[:, None])
    assert not torch.equal(norm.running_mean, before)
    buffers = {id(one) for one in norm.buffers()}
    assert not buffers & {id(one) for one in norm.parameters()}
    assert {"running_mean", "weight"} <= norm.state_dict().keys()


def test_a_device_may_be_neither_a_cpu_nor_a_gpu():
    assert torch.ones(2, device="meta").device.type == "meta"


def test_a_hook_of_a_layer_and_one_of_a_gradient_are_called():
    layer, called = torch.nn.Linear(2, 1), []
    layer.register_forward_pre_hook(lambda *_: called.append("before"))
    layer.register_forward_hook(lambda *_: called.append("after"))
    layer.weight.register_hook(lambda _: called.append("gradient"))
    layer(torch.ones(3, 2)).sum().backward()
    assert called == ["before", "after", "gradient"]


def test_logits_become_probabilities_by_softmax_or_sigmoid():
    logits = torch.tensor([[2.0, -1.0], [0.0, 5.0]])
    assert torch.allclose(logits.softmax(1).sum(1), torch.ones(2))
    assert ((logits.sigmoid() > 0) & (logits.sigmoid() < 1)).all()


def test_an_embedding_is_a_row_for_each_word_and_training_adjusts_it():
    rows = torch.nn.Embedding(5, 3)
    assert rows(torch.tensor([4, 0])).shape == (2, 3)
    assert rows.weight.requires_grad and isinstance(rows, torch.nn.Module)


def test_a_checkpointed_part_computes_again():
    runs, x = [], torch.ones(2, requires_grad=True)
    part = torch.utils.checkpoint.checkpoint
    part(lambda x: runs.append(1) or x.sin(), x, use_reentrant=False).sum().backward()
    assert len(runs) == 2


def test_epsilon_has_both_meanings():
    for dtype in (torch.float32, torch.bfloat16):
        one, eps = torch.tensor(1, dtype=dtype), torch.finfo(dtype).eps
        assert torch.nextafter(one, 2 * one) == 1 + eps
    zero = torch.zeros(1, 4)
    assert torch.nn.functional.layer_norm(zero, [4], eps=1e-5).isfinite().all()
    assert torch.nn.functional.layer_norm(zero, [4], eps=0).isnan().all()


def test_a_mask_may_say_what_to_use_or_what_to_leave_out():
    torch.manual_seed(0)
    x = torch.randn(1, 3, 4)
    mask = torch.tensor([[True, True, False]])
    used = torch.nn.functional.scaled_dot_product_attention(x, x, x, mask)
    changed = x.clone()
    changed[:, 2] = 9
    again = torch.nn.functional.scaled_dot_product_attention(x, changed, changed, mask)
    assert torch.allclose(used, again)  # True is used
    layer = torch.nn.MultiheadAttention(4, 1, batch_first=True).eval()
    left_out = layer(x, x, x, key_padding_mask=~mask)[0]
    assert torch.allclose(left_out, layer(x, changed, changed, ~mask)[0])


def test_the_momentum_of_batch_norm_is_the_share_of_the_new_batch():
    layer = torch.nn.BatchNorm1d(1, momentum=0.1)
    layer.running_mean.fill_(20)
    layer(torch.tensor([[9.0], [11.0]]))
    assert layer.running_mean.item() == pytest.approx(0.9 * 20 + 0.1 * 10)


def test_a_step_may_use_several_batches():
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0)
    for (batch,) in torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.ones(6)), batch_size=2
    ):
        (w * batch).sum().backward()
    optimizer.step()
    assert w.item() == 1 - 6


def test_the_state_of_an_optimizer_has_no_weights():
    layer = torch.nn.Linear(2, 1)
    state = torch.optim.Adam(layer.parameters()).state_dict()
    assert sorted(state) == ["param_groups", "state"] and state["state"] == {}


def test_the_rank_of_lora_is_what_its_matrices_share():
    A, B = torch.ones(3, 64), torch.ones(32, 3)
    assert (B @ A).shape == (32, 64) and A.shape[0] == B.shape[1] == 3


def test_dropout_scales_up_what_it_keeps():
    out = torch.nn.functional.dropout(torch.ones(100), 0.5)
    assert set(out.tolist()) == {0, 2}


def test_a_forward_pass_needs_no_loss():
    called, layer = [], torch.nn.Linear(2, 1)
    layer.register_forward_hook(lambda *_: called.append(1))
    layer(torch.ones(1, 2))
    assert called == [1]

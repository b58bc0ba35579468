"""The claims page: every pointer leads to a proof that is there, and that runs."""

import ast
from functools import cache

import pytest
import yaml

from harness.core import snippet
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.site.tables import claims

CLAIMS = claims.load(HERE)
PROOFS = [(claim.number, proof) for claim in CLAIMS for proof in claim.proof]


@cache
def functions(name: str) -> dict[str, ast.FunctionDef]:
    file = HERE.root / "tests" / "claims" / name
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else None
    nodes = ast.walk(tree) if tree else ()
    return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}


def test_all_claims_of_the_tutorial_are_there():
    assert [claim.number for claim in CLAIMS] == list(range(1, 50))


@pytest.mark.parametrize(("number", "proof"), PROOFS)
def test_a_proof_is_there_and_asserts_something(number, proof):
    file, _, test = proof.partition("::")
    if not test:
        (one,) = snippet.find(HERE, [proof])
        assert one.out.exists() or one.figure.exists()
        return
    node = functions(file).get(test)
    assert node, f"claim {number}: {proof} is gone"
    raises = any(
        isinstance(n, ast.Call) and ast.unparse(n.func).endswith((".raises", ".warns"))
        for n in ast.walk(node)
    )
    asserts = any(isinstance(n, ast.Assert) for n in ast.walk(node))
    calls = any("assert" in ast.unparse(n.func) for n in ast.walk(node)
                if isinstance(n, ast.Call))  # fmt: skip
    assert raises or asserts or calls, f"{proof} asserts nothing"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)
def test_a_source_is_one_that_was_read(claim):
    text = (HERE.recorded / "sources.yml").read_text(encoding="utf-8")
    read = {row["url"] for row in yaml.safe_load(text)}
    assert set(claim.sources) <= read


ROW = """\
A part:
  - number: 1
    claim: Two and two are four
    verdict: true
    today: They still are.
"""


def put(draft, text: str) -> None:
    draft.write("recorded/claims.yml", text)


def test_a_claim_without_proof_or_source_is_refused(draft):
    put(draft, ROW.replace("verdict: true", "verdict: 'true'"))
    with pytest.raises(Problem, match="claim 1 has neither proof nor source"):
        claims.load(draft.tree)


def test_an_opinion_needs_neither(draft):
    put(draft, ROW.replace("verdict: true", "verdict: opinion"))
    assert [claim.verdict for claim in claims.load(draft.tree)] == ["opinion"]


def test_an_unknown_verdict_is_refused(draft):
    put(draft, ROW)  # a YAML true is no word
    with pytest.raises(Problem, match="claim 1: verdict 'True' is unknown"):
        claims.load(draft.tree)


def test_a_misspelt_key_is_refused(draft):
    put(draft, ROW.replace("today", "todya"))
    with pytest.raises(Problem, match="recorded/claims.yml cannot be read"):
        claims.load(draft.tree)


def test_a_claim_is_shown_with_verdict_proof_and_source(draft):
    row = ROW.replace("verdict: true", "verdict: 'true'")
    row += "    page: numbers/why.md#because\n    proof: [numbers/sum]\n"
    put(draft, row + "    sources: ['https://example.org/']\n")
    draft.write(
        "recorded/sources.yml",
        "- {url: 'https://example.org/', title: Sums, read: 2026-11, holds: []}\n",
    )
    draft.problems()
    text = draft.made("fragments/report/claims.md")
    assert "1 claims: 1 true, 0 dated, 0 wrong, 0 opinion. 1 have a proof" in text
    assert "## A part\n\n**1. Two and two are four**\n" in text
    assert "*True.*{ .verdict .true }\nThey still are.\n" in text
    end = "\n{ .evidence }"
    assert f"\nProof: [Why](../numbers/why.md#because), `numbers/sum`.{end}" in text
    assert f"\n\nSource: [Sums, read 2026-11](https://example.org/).{end}" in text


def test_a_claim_with_a_page_and_no_proof_does_not_pretend_to_have_one(draft):
    row = ROW.replace("verdict: true", "verdict: opinion")
    put(draft, row + "    page: numbers/why.md\n")
    text = claims.text(draft.tree)
    assert "More: [Why](../numbers/why.md)." in text
    assert "Proof:" not in text


def test_a_claim_can_be_linked_by_its_number(draft):
    put(draft, ROW.replace("verdict: true", "verdict: opinion"))
    assert "**1. Two and two are four**\n{ #claim-1 .claim }\n" in claims.text(
        draft.tree
    )

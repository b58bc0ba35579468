"""The claims page: every pointer leads to a proof that is there, and that runs."""

import ast
import re
from functools import cache
from posixpath import normpath

import pytest

from harness.core import snippet
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.site.tables import claims, gpu_numbers, sources
from tests.claims_support import from_yaml

PARTS = from_yaml(HERE.recorded / "claims.yml").values()
CLAIMS = [claims.Claim(**one) for part in PARTS for one in part]
PROOFS = [(claim.number, proof) for claim in CLAIMS for proof in claim.proof]
PAGES = sorted({claim.page.partition("#")[0] for claim in CLAIMS if claim.page})
NAV = (HERE.root / "mkdocs.yml").read_text(encoding="utf-8")


@cache
def shown() -> str:
    return claims.text(HERE)


@cache
def read() -> set[str]:
    return {one.url for one in sources.load(HERE)}


@cache
def functions(name: str) -> dict[str, ast.FunctionDef]:
    file = HERE.root / "tests" / "claims" / name
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else None
    nodes = ast.walk(tree) if tree else ()
    return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}


def test_all_claims_of_the_tutorial_are_there():
    every = [one for part in claims.load(HERE).values() for one in part]
    assert every == CLAIMS
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
    assert set(claim.sources) <= read()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_in_the_nav_and_its_link_has_the_words_of_its_title(page):
    assert re.search(rf"[ ]{re.escape(page)}$", NAV, flags=re.MULTILINE)
    file = (HERE.docs / page.replace(".ipynb", ".py")).read_text(encoding="utf-8")
    _, _, body = re.split(r"^(?:# )?---$", file, maxsplit=2, flags=re.MULTILINE)
    mark = "# # " if page.endswith(".ipynb") else "# "
    title = re.search(rf"^{mark}(.+?)(?: \{{ #.*)?$", body, flags=re.MULTILINE)[1]
    links = re.findall(r"^(?:Proof|More): \[(.+?)\]\((.+?)[#)]", shown(), re.MULTILINE)
    titles = [title for title, link in links if normpath(f"reference/{link}") == page]
    assert set(titles) == {title}


def test_each_walkthrough_in_the_nav_is_named_by_a_claim():
    for name in re.findall(r"walkthroughs/\S+\.ipynb", NAV):
        assert f"](../{name})" in shown()
    assert "not on this site" not in shown()


def test_the_claim_about_speed_says_whether_a_gpu_was_timed_here():
    (claim,) = [one for one in CLAIMS if one.claim.startswith("A GPU trains")]
    untimed = gpu_numbers.load(HERE, "gpu") is None
    assert untimed == ("This site has timed no GPU yet." in claim.today)


ROW = """\
A part:
  - number: 1
    claim: Two and two are four
    verdict: opinion
    today: They still are.
"""


def put(draft, text: str) -> None:
    draft.write("recorded/claims.yml", text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (ROW.replace("opinion", "'true'"), 2, "claim 1 has neither proof nor source"),
        (
            ROW.replace("opinion", "true"),
            4,
            "verdict: Input should be 'true', 'dated',",
        ),
        (ROW + "    page: numbers/gone.md\n", 6, "there is no page numbers/gone.md"),
        (ROW + ROW.replace("A p", "P"), 7, "two claims have number 1"),
    ],
)
def test_a_claim_that_points_nowhere_is_refused(draft, text, line, words):
    put(draft, text)
    with pytest.raises(Problem) as refused:
        claims.load(draft.tree)
    assert str(refused.value).startswith(f"recorded/claims.yml:{line}: ")
    assert words in str(refused.value)


def test_an_opinion_needs_neither_proof_nor_source(draft):
    put(draft, ROW)
    assert [one.verdict for one in claims.load(draft.tree)["A part"]] == ["opinion"]


def test_a_claim_is_shown_with_verdict_proof_and_source(draft):
    put(
        draft,
        ROW.replace("opinion", "'true'")
        + "    page: numbers/why.md#because\n    proof: [numbers/sum]\n"
        + "    sources: ['https://example.org/']\n",
    )
    draft.write(
        "recorded/sources.yml",
        "- {url: 'https://example.org/', title: Sums, read: 2026-11, holds: []}\n",
    )
    draft.problems()
    text = draft.made("fragments/report/claims.md")
    assert "1 claims: 1 true, 0 dated, 0 wrong, 0 opinion. 1 have a proof" in text
    assert "## A part\n\n**1. Two and two are four**\n{ #claim-1 .claim }\n" in text
    assert "*True.*{ .verdict .true }\nThey still are.\n" in text
    end = "\n{ .evidence }"
    assert f"\nProof: [Why](../numbers/why.md#because), `numbers/sum`.{end}" in text
    assert f"\n\nSource: [Sums, read 2026-11](https://example.org/).{end}" in text


def test_a_claim_with_a_page_and_no_proof_does_not_pretend_to_have_one(draft):
    put(draft, ROW + "    page: numbers/why.md\n")
    draft.page("numbers/why.md", "# Why\n", "---\n# A remark.\n---\n\n")
    text = claims.text(draft.tree)
    assert "More: [Why](../numbers/why.md)." in text
    assert "Proof:" not in text

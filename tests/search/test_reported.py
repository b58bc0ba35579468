"""Whether what learners reported in public has a page, and the page its proof."""

from pathlib import Path

import pytest

from tests.claims_support import from_yaml
from tests.harness.test_claims import functions, read
from tests.search.test_queries import is_there, pages

CASES = from_yaml(Path(__file__).with_name("reported.yml"))


def holds(page: str, proof: str) -> bool:
    text = pages()[page].source
    if proof.startswith("https://"):
        return f"({proof})" in text and proof in read()
    file, _, test = proof.partition("::")
    return test in functions(file) if test else f'"{proof}.md' in text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"][:40])
def test_a_case_has_a_page_and_a_proof(case):
    assert case["from"] and is_there(case["page"]), case["page"]
    assert holds(case["page"].partition("#")[0], case["proof"]), case["proof"]


def test_each_case_is_there_once():
    urls = [url for case in CASES for url in case["from"]]
    assert len(CASES) == 46 and len(urls) == len(set(urls))


@pytest.mark.parametrize(
    "proof", ["gpu/export_at_all", "gpu/test_export.py::test_it", "https://pytorch.org"]
)
def test_a_proof_that_is_gone_is_found(proof):
    assert not holds("gpu/export", proof)

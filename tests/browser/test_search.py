"""The questions that people bring, and the pages that the search must put first."""

import json
import re

from playwright.sync_api import Page, expect

from harness.core import page as pages
from harness.core.tree import HERE
from harness.site.tables import errors

from . import refuse
from .searching import ask, far_off, paste, results

# Each with the page whose answer is the fullest.
PAGES = {
    "why zero_grad": "autograd/why-zero-grad/",
    "expected all tensors to be on the same device": "errors/devices/",
    "modified by an inplace operation": "errors/autograd/",
    "element 0 of tensors does not require grad": "errors/autograd/",
    "backward through the graph a second time": "errors/autograd/",
    "eval vs no_grad": "training/train-and-eval/",
    "operator torchvision::nms does not exist": "errors/install/",
    "mat1 and mat2 shapes cannot be multiplied": "errors/shapes/",
    "view reshape contiguous": "tensors/views-and-copies/",
    "weights_only": "training/save-and-load/",
    "RANK expected, but not set": "errors/distributed/",
    "EADDRINUSE address already in use": "errors/distributed/",
    "keras or pytorch": "keras/which-to-use/",
    "same seed different result": "training/reproducibility/",
}
FIRST = 8  # at least so many must stand above all others
INDEX = "search_index.json"


def test_a_question_finds_the_page_that_answers_it(search, site):
    problems, first = [], []
    for question, name in PAGES.items():
        right, found = f"{site.base}{name}", paste(search, question)
        problems += far_off(question, {right}, found)
        if found[:1] == [right]:
            first.append(question)
    if len(first) < FIRST:
        problems.append(f"only {len(first)} of {len(PAGES)} pages stand first: {first}")
    refuse(problems)


def fetches(page: Page) -> list[str]:
    """The search indexes that a page asks for from now on."""
    asked = []
    page.on("request", lambda one: asked.append(one.url) if INDEX in one.url else None)
    return asked


def test_the_index_is_fetched_once_the_search_is_wanted(page):
    asked = fetches(page)
    page.goto("", wait_until="networkidle")
    assert asked == []
    with page.expect_response(f"**/{INDEX}"):
        page.keyboard.press("/")  # one of the keys that open the search
    page.locator(".md-search__input").click()
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1


def test_a_shared_search_finds_at_once(page, site):
    page.goto("?q=why+zero_grad")
    assert f"{site.base}autograd/why-zero-grad/" in results(page)


def test_a_result_marks_its_words(page):
    page.goto("autograd/?h=gradient")
    expect(page.locator("mark").first).to_have_text("gradient", ignore_case=True)


def test_every_word_can_be_searched(search, site):
    """Lunr can lose words that it has indexed: then it says so, and finds nothing."""
    index = json.loads((site.folder / "search" / INDEX).read_text(encoding="utf-8"))
    texts = " ".join(f"{one['title']} {one['text']}" for one in index["docs"])
    words = set(re.findall(r"\b[a-z]{3,}\b", texts.lower()))
    assert len(words) > 2000
    said = []
    search.on("console", lambda one: said.append(one.text))
    ask(search, sorted(words))
    refuse(said)


def test_every_error_of_several_processes_finds_its_page(search, site):
    texts = [
        entry.text
        for entry in errors.entries(pages.find(HERE))
        if entry.page.name == "errors/distributed.md"
    ]
    assert len(texts) >= 12
    problems = []
    for text in texts:
        found = paste(search, text.replace("…", "1801"))  # as a reader has it
        problems += far_off(text, {f"{site.base}errors/distributed/"}, found)
    refuse(problems)

"""The questions that people bring, and the pages that the search must put first."""

from harness.pages import page as pages
from harness.pages.report import errors
from harness.tree import HERE

from . import refuse
from .searching import clear, far_off, results

# Each with the page whose answer is the fullest.
PAGES = {
    "why zero_grad": "autograd/why-zero-grad/",
    "expected all tensors to be on the same device": "errors/devices/",
    "modified by an inplace operation": "errors/autograd/",
    "element 0 of tensors does not require grad": "errors/autograd/",
    "backward through the graph a second time": "errors/autograd/",
    "eval vs no_grad": "training/train-and-eval/",
    "operator torchvision::nms does not exist": "errors/install/",
    "mat1 and mat2 shapes cannot be multiplied": "errors/tensors/",
    "view reshape contiguous": "tensors/views-and-copies/",
    "weights_only": "training/save-and-load/",
    "RANK expected, but not set": "errors/distributed/",
    "EADDRINUSE address already in use": "errors/distributed/",
    "keras or pytorch": "keras/which-to-use/",
    "same seed different result": "training/reproducibility/",
}
FIRST = 8  # at least so many must stand above all others


def test_a_question_finds_the_page_that_answers_it(page, search, site):
    problems, first = [], []
    for question, name in PAGES.items():
        clear(search)
        page.keyboard.insert_text(question)
        right, found = f"{site.base}{name}", results(page)
        problems += far_off(question, {right}, found)
        if found[:1] == [right]:
            first.append(question)
    if len(first) < FIRST:
        problems.append(f"only {len(first)} of {len(PAGES)} pages stand first: {first}")
    refuse(problems)


def test_every_error_of_several_processes_finds_its_page(page, search, site):
    texts = [
        entry.text
        for entry in errors.entries(pages.find(HERE))
        if entry.page.name == "errors/distributed.md"
    ]
    assert len(texts) >= 12
    problems = []
    for text in texts:
        clear(search)
        page.keyboard.insert_text(text.replace("…", "1801"))  # as a reader has it
        problems += far_off(text, {f"{site.base}errors/distributed/"}, results(page))
    refuse(problems)

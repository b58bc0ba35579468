"""The questions that people bring, and the pages that the search must put first."""

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

"""Where a reader starts an exercise, and what pages and lists make of it."""

import json

import pytest
from bs4 import BeautifulSoup

from harness.core import exercise, limits
from harness.site.sections import sections

SOLUTION = """\
import torch

# Your code:
# for x in range(2):
#     ...

# {answer}
for x in range(2):
    y = x


# Check:
def check(fine):
    return fine


print("Right:", check(y))
"""
PRACTISE = """
## Practise

### Count up

Words that are not counted.

--8<-- "numbers/count.md"

??? example "Solution"

    --8<-- "numbers/count_solution.md"

Next: [numbers](numbers/index.md).
"""


@pytest.fixture
def practised(draft):
    draft.snippet("numbers/count_solution", SOLUTION, "Right: 1\n")
    draft.write("tests/practise/numbers.yml", "count: [wrong, wrong, wrong]\n")
    draft.add(PRACTISE)
    return draft


def test_the_start_has_the_given_lines_in_place_of_the_answer():
    begun = exercise.start(SOLUTION)
    given = "# Your code:\nfor x in range(2):\n    ...\n\n\n# Check:\ndef check"
    assert given in begun and "y = x" not in begun and "answer" not in begun
    assert begun.startswith("import torch\n\n") and begun.endswith("check(y))\n")


def test_an_answer_takes_the_place_of_the_solution():
    whole = exercise.with_answer(SOLUTION, "y = 5\n")
    assert whole == exercise.start(SOLUTION).replace(
        "for x in range(2):\n    ...", "y = 5"
    )


def test_a_page_and_its_copy_show_start_and_solution_and_run_the_solution(practised):
    assert practised.problems() == []
    copy = practised.made("markdown/index.md")
    begun = exercise.start(SOLUTION)
    assert copy.count('```python title="numbers/count.py"\n' + begun) == 1
    assert copy.count(SOLUTION) == 1
    ran = practised.made("pages/index.md")
    assert SOLUTION in ran and begun not in ran


def test_a_start_is_a_file_and_a_cell_of_the_notebook(practised):
    assert practised.problems() == []
    begun = exercise.start(SOLUTION)
    assert practised.made("programs/numbers/count.py").startswith(begun)
    made = json.loads(practised.made("programs/index.ipynb"))
    sources = {
        one["source"]: one["metadata"].get("tags", ())
        for one in made["cells"]
        if one["cell_type"] == "code"
    }
    assert "exercise" in sources[begun.rstrip("\n")]
    assert "exercise" not in sources[SOLUTION.rstrip("\n")]


def test_the_list_leads_to_each_exercise(practised):
    practised.problems()
    made = practised.made("fragments/report/exercises.md")
    link = '[Count up](../index.md#count-up){ data-exercise="numbers/count" } *Home*'
    assert made.startswith("[Home](#home)&nbsp;1\n{ .jumps }\n\n## Home\n")
    assert link in made


def test_without_exercises_there_is_no_list(draft):
    draft.problems()
    assert draft.made("fragments/report/exercises.md").strip() == ""


def test_exercises_do_not_make_a_page_too_long(practised):
    long = "Words that are not counted. " * (limits.WORDS // 4)
    file = practised.tree.docs / "index.md"
    file.write_text(file.read_text().replace("Words that are not counted.", long))
    assert practised.problems() == []
    practised.add("word " * limits.WORDS, "numbers/why.md")
    practised.refused("docs/numbers/why.md", "words, more than")


def test_the_search_does_not_find_exercises():
    html = "<h1 id=a>A</h1><h2 id=b>Practise</h2><p>x<h3 id=c>C</h3><h2 id=d>D</h2>"
    found = sections(BeautifulSoup(html, "html.parser"))
    assert [one.title for one in found] == ["A", "D"]


def test_another_program_may_not_have_the_name_of_a_start(practised):
    practised.snippet("numbers/count", "print(1)\n", "1\n")
    (problem,) = [
        one for one in practised.problems() if one.path.endswith("_solution.py")
    ]
    assert "another program has the name of its start" in problem.what
    assert str(problem).startswith(f"{problem.path}: ")


def test_an_exercise_without_wrong_answers_has_none(practised):
    practised.write("tests/practise/numbers.yml", "other: [wrong]\n")
    where = "snippets/numbers/count_solution.py"
    practised.refused(where, "an exercise with 0 wrong answers that a test knows")

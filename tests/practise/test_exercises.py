"""What the check of each exercise says of its start, of wrong and of right answers."""

import re
from pathlib import Path

import pytest

from harness.core import exercise, snippet
from harness.core.tree import HERE
from harness.site.markdown import Site
from harness.site.tables.exercises import rows
from tests import forked
from tests.claims_support import from_yaml

PROGRAMS = {
    one.name.removesuffix(exercise.SUFFIX): one
    for one in snippet.find(HERE)
    if one.name.endswith(exercise.SUFFIX)
}
ANSWERS = {
    f"{file.stem}/{idea}": answers
    for file in sorted(Path(__file__).parent.glob("*.yml"))
    for idea, answers in from_yaml(file).items()
}
CASES, OTHERS = (
    [
        pytest.param(name, *map(one.get, keys), id=f"{name}-{number}")
        for name, answers in ANSWERS.items()
        for number, one in enumerate(answers, 1)
        if one.keys() == set(keys)
    ]
    for keys in (("wrong", "says"), ("right",))
)
# Parts of the nav where people look something up, and learn nothing step by step.
LOOKED_UP = {"Home", "Errors", "Reference"}
NO_LESSONS = {  # pages of the other parts that need no exercise, and why
    "start/install.md": "commands that install",
    "start/by-system.md": "commands that install",
    "start/notebooks.md": "where programs run",
    "start/run.md": "where programs run",
    "start/exercises.md": "the list of all exercises",
    "training/index.md": "opens the part; train-and-eval.md practises its loop",
    "training/check-my-training.md": "a tool that checks the reader's own code",
    "walkthroughs/index.md": "opens the part; each walkthrough has an exercise",
    "keras/parity.md": "a table of measured differences",
    "keras/step-cost.md": "a measurement",
    "keras/why-researchers.md": "sources and an opinion",
    "keras/better.md": "a decision",
    "keras/which-to-use.md": "a decision",
}
MOST = 3  # exercises of a page
WALKTHROUGHS = 5  # that are notebooks
# What a reader may also leave there, and a check has to speak of without an error.
ODD = ("None", "0.5", "[1.0, 2.0]", "torch.zeros(7)", "torch.full((1, 1), torch.nan)")
START = {name: exercise.start(one.source) for name, one in PROGRAMS.items()}
FUNCTIONS = {
    name: found[1]
    for name, one in PROGRAMS.items()
    if (found := re.search(rf"{exercise.OPENS}# (def .*?\):)", one.source))
}
FILLED = re.compile(r"^(\w+) = \.\.\..*", re.MULTILINE)

# Programs in one process, each with what it ends with.
IN_TURN = """\
for program in {!r}:
    try:
        exec(compile(program, "<string>", "exec"), {{"__name__": "__main__"}})
    except SystemExit as end:
        print(end.code)
"""


def said(program: str) -> str:
    """What a check says that does not let a program pass."""
    ran = forked.run(program)
    assert ran.returncode == 1 and ran.stdout == "", (ran.stdout, ran.stderr)
    assert ran.stderr.startswith("Not yet: ") and ran.stderr.count("\n") == 1
    return ran.stderr


def test_answers_belong_to_exercises_and_are_wrong_or_right():
    assert ANSWERS.keys() == PROGRAMS.keys()
    assert len(CASES) + len(OTHERS) == sum(map(len, ANSWERS.values()))


def test_each_lesson_has_an_exercise_or_a_reason_to_have_none():
    parts = dict(Site(HERE).parts())
    assert parts.keys() >= LOOKED_UP
    lessons = {
        n for part, names in parts.items() if part not in LOOKED_UP for n in names
    }
    counts = {name: len([*rows(HERE, name)]) for name in lessons}
    assert {name for name, count in counts.items() if not count} == NO_LESSONS.keys()
    assert max(counts.values()) <= MOST, counts
    assert sum(name.endswith(".ipynb") for name in counts) == WALKTHROUGHS


@pytest.mark.parametrize(("name", "wrong", "says"), CASES)
def test_a_wrong_answer_is_told_why(name, wrong, says):
    assert says in said(exercise.with_answer(PROGRAMS[name].source, wrong))


@pytest.mark.parametrize(("name", "right"), OTHERS)
def test_a_right_answer_in_another_style_passes(name, right):
    ran = forked.run(exercise.with_answer(PROGRAMS[name].source, right))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Right")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_start_is_told_what_to_do(name):
    assert len(said(START[name]).split()) > 5


@pytest.mark.parametrize(
    "name", [name for name in PROGRAMS if FILLED.search(START[name])]
)
def test_nothing_odd_makes_a_check_fail_with_an_error(name):
    source, gap = PROGRAMS[name].source, FILLED.search(START[name])[1]
    nan = f"{gap} = {gap} + torch.nan if torch.is_tensor({gap}) else 0\n"
    odd = [FILLED.sub(rf"\1 = {value}", START[name]) for value in ODD]
    odd.append(source.replace(exercise.CLOSES, nan + exercise.CLOSES))
    ran = forked.run(IN_TURN.format(odd))
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert len(lines) == len(odd), lines
    assert all(line.startswith("Not yet: ") for line in lines), lines
    # None, a number and a list have no shape.
    assert not any("()" in line and "not ()" not in line for line in lines[:3]), lines


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_odd_that_a_function_returns_does_so_either(name):
    head = f"import torch  # which a value names\n{FUNCTIONS[name]}"
    odd = [
        exercise.with_answer(PROGRAMS[name].source, f"{head}\n    return {value}")
        for value in (*ODD, "'a'", "{}", "[0, 1, 2, 3]")
    ]
    ran = forked.run(IN_TURN.format(odd))
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert len(lines) == len(odd), lines
    assert all(line.startswith("Not yet: ") for line in lines), lines


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_solution_is_right(name):
    """That it prints what the page shows, the blocks of the page prove."""
    ran = forked.run(PROGRAMS[name].source)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Right")


def test_a_check_lets_a_sum_be_rounded_near_nought():
    """Without `atol`, a build that adds in another order refused a right answer."""
    for one in HERE.snippets.glob("*/*_solution.py"):
        check = one.read_text(encoding="utf-8").partition("# Check:")[2]
        for call in re.findall(r"allclose\((?:[^()]|\([^()]*\))*\)", check):
            assert "atol=" in call, f"{one.name}: {call}"

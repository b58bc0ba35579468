"""What is said of a result: one cause, short, with a cure that works."""

import re
import sys
from dataclasses import replace

import pytest

from harness.core import limits
from harness.core.directives import NEEDS, SYSTEMS, parse
from harness.core.snippet import find
from harness.core.tree import Tree
from harness.judge import change, compare
from harness.judge.conduct import CURES, PROMISED, conduct
from harness.judge.result import Raised, Result, Warned
from harness.judge.shown import picture_faults, printed, text_faults
from harness.judge.subject import Expected, Subject
from harness.judge.verdict import fell_back, judge
from harness.run.options import Options
from harness.run.trial import variants

PATH = "/project/snippets/t/one.py"


def subject(source: str = "print(1)\n", **more) -> Subject:
    made = Subject(
        path=PATH,
        shown="snippets/t/one.py",
        source=source,
        directives=parse(source),
        root="/project",
        figure="one.svg",
        record="make record ONLY=t/one",
    )
    return replace(made, **more)


def ended(stdout: str = "1\n", **more) -> Result:
    return Result("finished", stdout=stdout, **more)


def said(problems) -> str:
    """The one problem, as a person reads it."""
    (problem,) = problems
    return str(problem)


def recording(source: str, run: str, **others: str) -> str:
    """What recording says of a program that printed `run`, and others otherwise."""
    texts = {"run": run} | {name: run for name in ("again", "fresh", "simple")} | others
    return said(judge(subject(source), {k: ended(v) for k, v in texts.items()}))


def compared(recorded: str, now: str, source: str = "print(1)\n") -> str:
    one = subject(source, expected=Expected("snippets/t/one.out", recorded))
    return said(judge(one, {"run": ended(now)}))


def raised(kind: str, message: str, line: int = 2, traceback: str = "") -> Raised:
    text = f"{kind}: {message}"
    return Raised(kind, text, line, f"{traceback or 'Traceback'}\n{text}\n")


# One cause, one refusal


def test_an_unseeded_program_is_told_to_seed_and_nothing_else():
    source = "import torch\nprint(torch.rand(1))\n"
    text = recording(source, "0.4963\n", again="0.7576\n", fresh="0.1\n", simple="0.1")
    assert "prints something else with another seed" in text
    assert "torch.manual_seed(0)" in text
    assert "interpreter" not in text and "vector" not in text


@pytest.mark.parametrize(
    ("source", "seed"),
    [
        ("import numpy as np\nprint(np.random.rand())\n", "numpy.random.seed(0)"),
        (
            "import numpy as np\nprint(np.random.default_rng().random())\n",
            ": numpy.random.default_rng(0) on",
        ),
        ("import random\nprint(random.random())\n", ": random.seed(0) on"),
        (
            "from sklearn.model_selection import KFold\nKFold(shuffle=True)\n",
            ": numpy.random.seed(0) on",
        ),
        (
            "import random\nimport torch\nprint(torch.rand(1), random.random())\n",
            "random.seed(0) and torch.manual_seed(0)",
        ),
    ],
)
def test_the_seed_is_that_of_what_is_random(source, seed):
    assert seed in recording(source, "0.1\n", again="0.2\n")


@pytest.mark.parametrize(
    ("call", "named"),
    [
        ("time.perf_counter()", "perf_counter"),
        ("time.time()", "time.time"),
        ("datetime.datetime.now()", "datetime"),
        ("os.getpid()", "getpid"),
        ("uuid.uuid4()", "uuid"),
    ],
)
def test_what_changes_by_itself_is_named(call, named):
    text = recording(f"print({call})\n", "1\n", again="2\n", fresh="3\n", simple="4\n")
    assert f"in each run: it uses {named}" in text
    assert "seed" not in text.split("\n")[-1]


def test_a_program_that_also_measures_time_is_told_to_seed():
    source = "import time, torch\ntime.time()\nprint(torch.rand(1))\n"
    text = recording(source, "1\n", again="2\n", fresh="3\n", simple="3\n")
    assert "torch.manual_seed(0)" in text


def test_a_program_without_chance_or_clock_is_told_of_its_threads():
    text = recording("import threading\n", "1\n2\n", again="2\n1\n")
    assert "in each run" in text and "threads" in text


@pytest.mark.parametrize(
    ("source", "now", "word"),
    [
        ("print({*'abc'})\n", "{'c', 'b', 'a'}\n", "another order"),
        ("print({*'abc'})\n", "{'c', 'b', 'a'}\n", "sort it"),
        ("import os\nprint(os.cpu_count())\n", "x\n", "uses cpu_count"),
        ("print(id(x))\n", "x\n", "uses id"),
        ("import sys\nprint('torch' in sys.modules)\n", "x\n", "uses sys.modules"),
        ("print(1)\n", "x\n", "add the import or the setting"),
    ],
)
def test_a_fresh_interpreter_says_what_it_changed(source, now, word):
    text = recording(source, "{'a', 'b', 'c'}\n", fresh=now, simple="y\n")
    assert "in a fresh interpreter" in text and word in text
    assert "vector" not in text


def test_an_error_of_a_fresh_interpreter_alone_is_its_reason():
    error = raised("AttributeError", "module 'torch' has no attribute 'fft'")
    results = {"run": ended(), "fresh": ended("", raised=error), "simple": ended("")}
    text = said(judge(subject(), results))
    assert ":2: in a fresh interpreter, raises AttributeError" in text


def test_an_interpreter_that_dies_after_printing_is_refused():
    results = {"run": ended(), "fresh": Result("signal 11", stdout="1\n")}
    text = said(judge(subject(), results))
    assert "in a fresh interpreter, ended with signal 11" in text


def test_a_picture_that_changes_gets_the_same_cure():
    source = "# figure: a line between two points\nimport torch\n"
    first, other = (ended("", svg="<svg/>", figure={"lines": n}) for n in ([1], [2]))
    text = said(judge(subject(source), {"run": first, "again": other}))
    assert "draws something else with another seed: figure.lines[0]: 2" in text
    assert "torch.manual_seed(0)" in text


@pytest.mark.parametrize("other", ["again", "fresh", "simple"])
def test_an_address_is_named_whichever_run_shows_it(other):
    shown = "1\n<generator object Module.parameters at 0x7f3621f3{}>\n"
    source = "import torch\nprint(torch.nn.Linear(1, 1).parameters())\n"
    text = recording(source, shown.format("4c80"), **{other: shown.format("8ba0")})
    assert "prints an address in memory" in text
    assert "'<generator object Module.parameters at 0x7f3621f34c80>'" in text
    assert "list(x)" in text and "seed" not in text.split("\n")[-1]


def test_an_address_that_was_recorded_is_named_too():
    text = compared("<A at 0x7f0000001000>\n", "<A at 0x7f0000002000>\n")
    assert "prints an address in memory" in text and "make record" not in text


ALL_BAD = {
    "ended": "signal 11",
    "complaints": ("writes outside its folder: /etc",),
    "exits": True,
    "raised": raised("ValueError", "x"),
    "warned": (Warned("UserWarning", "x", PATH, 1),),
    "svg": "<svg>",
    "stderr": "oh",
    "stdout": "/project\n",
}
ORDER = {
    "ended": "ended with signal 11",
    "complaints": "writes outside its folder",
    "exits": "calls sys.exit",
    "raised": "raises ValueError",
    "warned": "warns UserWarning",
    "svg": "draws one.svg without saying so",
    "stderr": "writes to standard error",
    "stdout": "prints /project",
}


@pytest.mark.parametrize("first", ORDER)
def test_the_first_cause_hides_what_follows_from_it(first):
    kinds = list(ORDER)
    good = {kind: ALL_BAD[kind] for kind in kinds[kinds.index(first) :]}
    assert ORDER[first] in said(
        conduct(subject(), Result(**{"ended": "finished"} | good))
    )


@pytest.mark.parametrize("kind", ORDER)
def test_a_fault_of_the_execution_that_counts_hides_how_others_differ(kind):
    main = Result(**{"ended": "finished", "stdout": "1\n", kind: ALL_BAD[kind]})
    others = ("again", "fresh", "simple")
    every = {"run": main} | {name: ended("2\n", stderr="no") for name in others}
    assert judge(subject(), every) == judge(subject(), {"run": main})
    assert ORDER[kind] in said(judge(subject(), every))


def test_files_and_processes_that_are_left_are_two_causes():
    left = ended(files=("work/a",), processes=("sleep 60",))
    assert len(conduct(subject(), left)) == 2


# Numbers


@pytest.mark.parametrize(
    ("before", "now", "cure"),
    [
        ("mean -1.1e-07\n", "mean -1.3e-07\n", "round it, as in round(x, 4)"),
        ("tensor(-7.9e-10)\n", "tensor(0.)\n", "print abs(x) < 1e-5"),
        ("-0.0000\n", "0.0000\n", "print abs(x) < 1e-5"),
        ("0.123456\n", "0.123457\n", "print fewer digits: they agree to about 5"),
    ],
)
def test_another_rounding_gets_the_cure_for_its_size(before, now, cure):
    assert cure in recording("print(x)\n", before, simple=now)
    assert cure in recording("print(x)\n", before, fresh=now)
    assert cure in compared(before, now)


def test_the_cure_that_the_near_zero_is_told_holds():
    assert round(-1.1e-07, 4) == round(-1.3e-07, 4)
    assert str(round(-1.1e-07, 4)) == str(round(-1.3e-07, 4))
    assert (abs(-7.9e-10) < 1e-5) == (abs(0.0) < 1e-5)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("0.123456\n", "0.123457\n"),
        ("99.9 1.5\n", "99.8 1.5\n"),
        ("1e3\n", "1.009e3\n"),
    ],
)
def test_the_digits_that_are_proposed_are_the_same(before, now):
    digits = recording("print(x)\n", before, simple=now).split(" about ")[1][0]
    for one, other in compare.apart(before, now):
        assert f"{one:.{digits}g}" == f"{other:.{digits}g}"


@pytest.mark.parametrize("now", ["0.6\n", "nan\n", "0.50\n", "1\n"])
def test_a_real_difference_is_not_called_rounding(now):
    assert "fewer digits" not in compared("0.5\n", now)


# Short, and all of it visible


@pytest.fixture
def boundless(monkeypatch):
    for name in ("PRINTED", "WIDE"):
        monkeypatch.setattr(limits, name, 10**6)


def test_a_difference_of_500_lines_is_cut(boundless):
    before, now = ("".join(f"{k}{n}\n" for n in range(500)) for k in "ab")
    text = recording("import torch\n", before, again=now)
    assert text.count("\n") < 30
    assert "500 lines in all, 500 now" in text and "-a0" in text


def test_a_difference_far_below_is_shown_with_its_line_and_at_once(boundless):
    lines = [f"{n}\n" for n in range(100_000)]
    other = [*lines[:70_000], "here\n", *lines[70_000:]]
    text = compared("".join(lines), "".join(other))
    assert "from line 69999" in text and "+here" in text
    assert text.count("\n") < 30


def test_a_long_line_is_cut_and_its_difference_named(boundless):
    text = compared(f"{'a' * 5000}b\n", f"{'a' * 5000}c\n")
    assert len(text) < 1000
    assert (
        "column 5001: LATIN SMALL LETTER B U+0062 before, LATIN SMALL LETTER C" in text
    )


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("a b\n", "a\u00a0b\n", "SPACE U+0020 before, NO-BREAK SPACE U+00A0 now"),
        ("a\u200bb\n", "ab\n", "ZERO WIDTH SPACE U+200B before"),
        ("\u202eab\n", "ab\n", "RIGHT-TO-LEFT OVERRIDE U+202E before"),
        ("pass\n", "p\u0430ss\n", "CYRILLIC SMALL LETTER A U+0430 now"),
        ("a \n", "a\n", "column 2: SPACE U+0020 before, the end of the line now"),
        ("a  b\n", "a b\n", "column 3: SPACE U+0020 before, LATIN SMALL LETTER B"),
    ],
)
def test_two_lines_that_look_alike_say_where_they_differ(before, now, words):
    text = compared(before, now)
    assert words in text
    assert all(c.isprintable() or c == "\n" for c in text)


def test_two_lines_that_look_different_need_no_words():
    assert "column" not in compared("two words\n", "other words here\n")


def test_a_diff_of_lines_that_were_added_or_lost_is_plain():
    names = ("old", "new")
    assert compare.difference("1\n", "1\n2\n", names) == "--- old\n+++ new\n 1\n+2"
    assert compare.difference("1\n2\n", "2\n", names) == "--- old\n+++ new\n-1\n 2"


def test_a_chained_error_is_cut_to_its_end():
    chain = "\n".join(f"frame {n}" for n in range(260))
    error = raised("KeyError", "'b'", line=7, traceback=chain)
    text = said(conduct(subject(), ended(raised=error)))
    assert text.startswith("snippets/t/one.py:7: raises KeyError: 'b' (and does not")
    assert "… 241 lines before" in text and "frame 259" in text
    assert "frame 100\n" not in text and text.count("\n") < 25


def test_a_long_message_is_said_once():
    error = raised("ValueError", "\n".join(map(str, range(300))))
    text = said(conduct(subject(), ended(raised=error)))
    assert "raises ValueError: 0 (and does not say so)" in text
    assert text.count("\n") < 25


def test_words_on_standard_error_are_cut():
    stderr = "\n".join(f"word {n}" for n in range(1000))
    text = said(conduct(subject(), ended(stderr=stderr)))
    assert text.count("\n") < 25 and "word 999" in text


def test_a_program_that_exits_shows_what_it_complained_of():
    left = ended(exits=True, line=4, stderr="usage: one.py [-h]\n")
    text = said(conduct(subject(), left))
    assert text.startswith("snippets/t/one.py:4: calls sys.exit") and "usage" in text


# Errors and their cures


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("print(1\n", 1, "'(' was never closed"),
        ("# raises: SyntaxError\nprint(1\n", 2, "'(' was never closed"),
        ("if True:\nprint(1)\n", 2, "expected an indented block"),
    ],
)
def test_a_syntax_error_is_to_be_fixed_and_not_declared(source, line, what):
    error = Raised("SyntaxError", f"  File\nSyntaxError: {what}", line, "Traceback\n")
    text = said(conduct(subject(source), ended(raised=error)))
    assert text.startswith(f"snippets/t/one.py:{line}: is not valid Python: {what}")
    assert text.endswith("fix this line")


def test_a_syntax_error_of_what_a_program_executes_may_be_declared():
    text = '  File "<string>", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax'
    error = Raised("SyntaxError", text, 1, f"Traceback\n{text}\n")
    told = said(conduct(subject("exec('1 +')\n"), ended(raised=error)))
    assert "raises SyntaxError: invalid syntax (and does not say so)" in told
    assert "declare '# raises: SyntaxError'" in told
    declared = "# raises: SyntaxError\nexec('1 +')\n"
    assert conduct(subject(declared), ended(raised=error)) == []


@pytest.mark.parametrize(
    ("kind", "message", "cure"),
    [
        ("KeyError", "'a'", "declare '# raises: KeyError'"),
        ("ModuleNotFoundError", "No module named 'polars'", "do without it"),
        ("ModuleNotFoundError", "No module named 'keras'", "declare '# needs: keras'"),
        ("MemoryError", "", "make it smaller"),
        ("RuntimeError", "can't allocate memory: you tried", "make it smaller"),
        ("FileNotFoundError", "data.csv", "make the data in the program, or declare"),
        ("NameError", "name 'display' is not defined", "only a notebook knows display"),
        ("bdb.BdbQuit", "", "take breakpoint() out"),
        ("EOFError", "EOF when reading a line", "put the value into"),
        ("RuntimeError", "strerror: Permission denied", "TemporaryDirectory"),
        ("AssertionError", "Torch not compiled with CUDA enabled", "'# needs: cuda'"),
    ],
)
def test_an_error_gets_the_cure_of_its_kind(kind, message, cure):
    problem = conduct(subject(), ended(raised=raised(kind, message)))[0]
    assert cure in problem.fix
    assert ("# raises" in problem.fix) == (kind in ("KeyError", "FileNotFoundError"))


def test_a_program_that_compiles_must_say_so():
    text = "InvalidCxxCompiler: No working C++ compiler found in (None, 'no-compiler')"
    error = raised("torch._inductor.exc.InductorError", text)
    results = {"run": ended(), "again": ended(), "fresh": ended("", raised=error)}
    told = said(judge(subject("import torch\n"), results))
    assert "needs a C++ compiler and does not say so" in told
    assert told.endswith("declare '# needs: compiler'") and told.count("\n") == 1


def test_recording_hides_the_compiler_from_what_does_not_ask_for_it(tmp_path):
    tree = Tree(tmp_path)
    for name, needs in {"plain": "", "compiled": "# needs: compiler\n"}.items():
        file = tree.snippets / f"t/{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{needs}print(1)\n")
    hidden = {
        one.name: {name for name, job in jobs.items() if "CXX" in job.env}
        for one in find(tree)
        for jobs in [variants(one, Options(record=True))]
    }
    assert hidden == {"t/plain": {"fresh"}, "t/compiled": set()}


def test_a_second_forbidden_act_is_counted():
    tried = ("reaches for the network: looks up 'a'", "writes outside its folder: /b")
    text = said(conduct(subject(), ended(complaints=tried)))
    assert "looks up 'a' (and 1 more)" in text and "without a network" in text


# Warnings


def warned(*categories: str) -> tuple[Warned, ...]:
    return tuple(Warned(c, f"text {n}", PATH, n) for n, c in enumerate(categories, 1))


def test_two_kinds_of_warnings_are_declared_as_they_are_told_to_be():
    both = ended(warned=warned("UserWarning", "FutureWarning"))
    text = said(conduct(subject(), both))
    assert "warns UserWarning: text 1 (and 1 more)" in text
    line = text.split("declare '")[1].rstrip("'")
    declared = subject(f"{line}\nprint(1)\n")
    assert conduct(declared, both) == [] and conduct(declared, both, PROMISED) == []
    assert printed(declared, both).endswith(
        "UserWarning: text 1\nFutureWarning: text 2\n"
    )


@pytest.mark.parametrize("missing", ["UserWarning", "FutureWarning"])
def test_each_of_two_declared_kinds_must_come(missing):
    declared = subject("# warns: UserWarning, FutureWarning\nprint(1)\n")
    came = ended(warned=warned(*{"UserWarning", "FutureWarning"} - {missing}))
    for problems in (conduct(declared, came), conduct(declared, came, PROMISED)):
        assert f"does not warn {missing}, which" in said(problems)


def test_a_warning_of_another_kind_than_declared_is_one_cause():
    declared = subject("# warns: FutureWarning\nprint(1)\n")
    text = said(conduct(declared, ended(warned=warned("UserWarning"))))
    assert text.endswith("declare '# warns: UserWarning'")


def test_a_hundred_warnings_are_one_cause():
    text = said(conduct(subject(), ended(warned=warned(*["UserWarning"] * 100))))
    assert "text 1 (and 99 more)" in text


# What packages say on their own account

EXPORTER = (
    "W1128 11:30:49.2 2394 /lib/torch/onnx/_internal/exporter/_registration.py:107] "
    "torchvision is not installed. Skipping torchvision::nms\n"
)
LEAF = (
    "`isinstance(treespec, LeafSpec)` is deprecated, use `isinstance(treespec, "
    "TreeSpec) and treespec.is_leaf()` instead."
)
TEMPORARY = "Implicitly cleaning up <TemporaryDirectory '/dev/shm/x/tmp/tmpa'>"


def test_what_the_onnx_packages_leave_and_say_is_passed_over():
    noisy = ended(
        stderr=EXPORTER,
        files=("tmp/.ses",),
        warned=(Warned("FutureWarning", LEAF, "/lib/copyreg.py", 105),),
    )
    assert conduct(subject(), noisy) == [] and printed(subject(), noisy) == "1\n"


@pytest.mark.parametrize(
    "left",
    [
        {"files": ("tmp/.ses", "tmp/a")},
        {"files": ("work/.ses",)},
        {"stderr": "torchvision is not installed. Skipping torchvision::nms\n"},
        {"warned": (Warned("FutureWarning", LEAF, PATH, 1),)},
        {"warned": (Warned("FutureWarning", "other", "/lib/copyreg.py", 105),)},
    ],
)
def test_what_resembles_that_is_not(left):
    assert len(conduct(subject(), ended(**left))) == 1


def test_a_temporary_folder_that_python_removes_is_no_fault():
    made = Warned("ResourceWarning", TEMPORARY, "/lib/tempfile.py", 895)
    assert conduct(subject(), ended(warned=(made,))) == []
    other = Warned("ResourceWarning", "unclosed file <a>", PATH, 2)
    text = said(conduct(subject(), ended(warned=(other,))))
    assert "warns ResourceWarning" in text and "close what it opens" in text


# What a page shows


def test_a_tab_is_shown_as_in_warnings_and_errors():
    tabs = ended("a\tb\n", raised=raised("ValueError", "a\tb"))
    declared = subject("# raises: ValueError\nprint('a\\tb')\n")
    assert printed(declared, tabs) == "a   b\nValueError: a   b\n"
    assert conduct(declared, tabs) == []


def test_what_no_page_shows_is_quoted_with_its_line():
    text = said(conduct(subject(), ended("first\n1%\r2%\n")))
    assert "prints '\\r' in line 2 of its output: '1%\\r2%'" in text


@pytest.mark.parametrize(
    "place",
    [
        "/project/docs",
        "/dev/shm/snippets-a_b1c2d3/25/work",
        "/tmp/snippets-abcdefgh/blocks/1/block.py",
    ],
)
def test_a_folder_of_this_machine_is_quoted_with_its_line(place):
    text = said(conduct(subject(), ended(f"first\nin {place}!\n")))
    assert f"in line 2 of its output: 'in {place}!'" in text


def test_a_picture_that_nobody_declared_is_not_compared():
    shown = ended("drawn\n", figure={"axes": []})
    one = subject(expected=Expected("one.out", "drawn\n", {"axes": [1]}))
    text = said(judge(one, {"run": shown, "again": ended("drawn\n", figure={})}))
    assert "draws a picture without saying so" in text
    assert 'plt.close(), or save it as "one.svg"' in text


def test_a_picture_that_is_closed_or_not_alone_cannot_be_compared():
    one = subject("# figure: a line between two points\nimport torch\n")
    text = said(conduct(one, ended("", svg="<svg/>", figure=None)))
    assert "does not leave exactly one pyplot figure open" in text
    assert conduct(one, ended("", svg="<svg/>", figure={"lines": [1]})) == []


def test_an_image_file_of_a_picture_is_the_same_cause():
    left = ended(figure={"axes": []}, files=("work/x.png",))
    assert "draws a picture without" in said(conduct(subject(), left))


def test_nothing_recorded_is_said_with_the_command_that_records():
    one = subject(expected=Expected("one.out", None))
    assert said(judge(one, {"run": ended()})).endswith("make record ONLY=t/one")


# A fence that was typed into a page


def fence(**more) -> Subject:
    page = {"shown": "docs/a.md", "offset": 40, "silent": True, "record": ""}
    return subject(**page | {"figure": ""} | more)


def test_a_typed_fence_is_judged_at_its_line_of_the_page():
    assert judge(fence(), {"run": ended("")}) == []
    failed = ended(raised=raised("NameError", "x", line=2))
    assert judge(fence(), {"run": failed})[0].line == 42
    left = judge(fence(), {"run": ended(files=("work/a",))})[0]
    assert (left.path, left.line) == ("docs/a.md", 40)


def test_a_typed_fence_has_no_picture_and_no_command_that_records_it():
    drawn = said(judge(fence(), {"run": ended(figure={"axes": []})}))
    assert drawn.endswith("plt.close()")
    one = fence(expected=Expected("docs/a.md", "2\n"))
    assert said(judge(one, {"run": ended()})).endswith("\n    fix it")


def test_each_package_that_a_program_may_need_has_its_cure():
    packages = set(NEEDS) - {"cuda", "compiler", *SYSTEMS}
    (known,) = (one for one in CURES["errors"] if "No module named '(" in one)
    known = re.search(r"'\((.*)\)'", known)
    assert set(known[1].split("|")) == packages


# The line and the number that a refusal names


def test_what_a_program_declares_in_vain_is_named_with_its_first_line():
    for source in ("# warns: UserWarning\nprint(1)\n", "# raises: ValueError\nx = 1\n"):
        assert said(conduct(subject(source), ended())).startswith(f"{PATH[9:]}:1: ")


def test_the_first_of_two_warnings_is_named_with_its_line():
    warned = [Warned("UserWarning", text, PATH, n) for text, n in (("a", 3), ("b", 5))]
    text = said(conduct(subject(), ended(warned=warned)))
    assert text.startswith(f"{PATH[9:]}:3: warns UserWarning: a")
    warned = [Warned("UserWarning", "a", "/lib/other.py", 7)]
    text = said(conduct(subject(), ended(warned=warned)))
    assert "(at /lib/other.py:7)" in text and not text.startswith(f"{PATH[9:]}:7")


@pytest.mark.parametrize(
    ("cards", "shown", "hidden", "fell"),
    [
        (2, "cpu", None, False),  # as many cards as processes
        (1, "cpu", None, True),
        (1, "cuda:0", None, False),
        (1, "cuda:0", "cpu", False),
        (1, "cuda", "cuda", True),  # which it prints without a card, too
    ],
)
def test_a_launched_program_fell_back_where_cards_are_fewer(cards, shown, hidden, fell):
    declared = parse("# run: torchrun --nproc-per-node 2\nprint(1)\n")
    results = {"run": ended(shown)} | ({"hidden": ended(hidden)} if hidden else {})
    assert fell_back(declared, results, cards) is fell


STOPPED = f"""\
[W1130 socket.cpp:207] [c10d] The hostname of the client socket cannot be retrieved.
{{0}}Traceback (most recent call last):
{{0}}  File "/project/harness/run/launcher.py", line 87, in exit_code
{{0}}    work()
[rank0]: Traceback (most recent call last):
{{0}}  File "{PATH}", line 6, in <module>
{{0}}    raise ValueError("bad")
[rank0]:   File "{PATH}", line 7, in <module>
{{0}}ValueError: bad
[rank0]: RuntimeError: Connection closed by peer
Traceback (most recent call last):
  File "/torch/distributed/launcher/api.py", line 383, in launch_agent
    raise ChildFailedError(
ChildFailedError: {{1}}
"""


@pytest.mark.parametrize("rank", ["[rank1]: ", ""])
def test_of_a_launched_program_its_own_error_is_shown(rank):
    one = subject("# run: torchrun --nproc-per-node 2\nprint(1)\n")
    stderr = STOPPED.format(rank, "\n=== one.py FAILED ===" * 30)
    if not rank:  # before they know their ranks
        stderr = re.sub(r"\[rank0\].*\n", "", stderr)
    text = said(judge(one, {"run": Result("exit 1", stderr=stderr)}))
    assert text == (
        "snippets/t/one.py:6: raises ValueError: bad\n"
        f'        File "{PATH}", line 6, in <module>\n'
        '          raise ValueError("bad")\n'
        "      ValueError: bad\n    fix it"
    )


def test_what_hangs_after_its_last_line_is_told_of_its_threads():
    text = said(judge(subject(), {"run": Result("limit")}))
    assert "a thread or a library is still running long after its 5 s" in text
    assert "end the threads" in text
    text = said(judge(subject(), {"run": Result("limit", line=1)}))
    assert "one.py:1: hangs: still running" in text and "thread" not in text


def test_what_eats_memory_is_told_how_much_and_where():
    text = said(judge(subject(), {"run": Result("memory", line=1)}))
    assert "one.py:1: eats memory: more than 4 GiB" in text


def test_a_fork_is_not_called_by_the_command_of_the_harness():
    left = "/project/.venv/bin/python -P -m harness.run.parent cpu /dev/shm/x"
    text = said(judge(subject(), {"run": ended(processes=(left, "sleep 9"))}))
    assert "leaves processes: a fork, sleep 9" in text


def test_a_program_that_wants_arguments_is_told_that_it_gets_none():
    wants = "usage: one.py [-h] --data DATA\none.py: error: required: --data\n"
    text = said(judge(subject(), {"run": ended(exits=True, line=1, stderr=wants)}))
    assert "it gets no arguments" in text and "calls sys.exit" in text


def test_a_worker_that_lacks_the_main_guard_is_told_so():
    guard = (
        "An attempt has been made to start a new process before the\n        current "
        "process has finished its bootstrapping phase."
    )
    error = raised("RuntimeError", "DataLoader worker (pid(s) 8) exited unexpectedly")
    text = said(judge(subject(), {"run": ended(raised=error, stderr=guard)}))
    assert text.endswith('start it below the line: if __name__ == "__main__":')


def test_an_invalid_escape_is_told_how_to_write_it():
    warned = Warned("DeprecationWarning", "invalid escape sequence '\\d'", PATH, 1)
    text = said(judge(subject(), {"run": ended(warned=(warned,))}))
    assert "put an r before the quotes" in text and "declare" not in text


def test_a_launcher_that_fails_itself_is_quoted():
    one = subject("# run: torchrun --bad 2\nprint(1)\n")
    stderr = "torchrun: error: unrecognized arguments: --bad\n"
    text = said(judge(one, {"run": Result("exit 2", stderr=stderr)}))
    assert "ended with exit 2" in text and "unrecognized arguments: --bad" in text


def test_a_program_that_nobody_launches_never_falls_back():
    assert not fell_back(parse("print(1)\n"), {"run": ended("cpu")}, 0)


DRAWS = "# figure: a line that rises to the right\nprint(1)\n"


@pytest.mark.parametrize(
    ("text", "figure", "words"),
    [
        (None, {"lines": []}, "has no recorded output"),
        ("1\n", None, "has no recorded figure"),
        ("1\n", {"lines": []}, ""),
    ],
)
def test_what_was_not_recorded_is_named(text, figure, words):
    one = subject(DRAWS, expected=Expected("one.out", text, figure=figure))
    result = ended("1\n", svg="<svg/>", figure={"lines": []})
    problems = judge(one, {"run": result})
    assert words in said(problems) if words else problems == []


def test_a_last_line_without_its_end_is_named_by_its_number():
    assert [number for number, *_ in text_faults("a\nb")] == [2]
    assert [number for number, *_ in text_faults("a\n\n")] == [2]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 9">{}</svg>'
COLUMN = limits.FIGURE * 72


def faults(width: float = COLUMN, inside: str = "") -> list[str]:
    return [f"{n}: {what}" for n, what, _ in picture_faults(SVG.format(width, inside))]


def test_a_picture_is_as_wide_as_the_column_or_almost():
    assert faults() == faults(COLUMN + 0.9) == faults(COLUMN - 0.9) == []
    [wide], [narrow] = faults(COLUMN * 2), faults(COLUMN - 36)
    assert "draws 10.8 inches wide; the column has 5.4" in wide
    assert "draws 4.9 inches wide" in narrow


@pytest.mark.parametrize(("size", "words"), [("0.11", ""), ("0.1", "8.4 pixels")])
def test_letters_that_are_small_on_a_phone_are_named(size, words):
    letters = f'<g id="ProvenSerif-1" transform="scale({size} -{size})"/>'
    said = faults(inside=letters)
    assert [words in one for one in said] == [True] * bool(words)
    other = faults(inside=letters.replace("ProvenSerif", "Other"))
    assert other[-1] == "0: has letters of another font than the pages"


def test_a_colour_without_a_twin_is_named():
    [one] = faults(inside='<path style="fill: none; stroke: #123456"/>')
    assert one.startswith("0: draws in #123456")
    assert faults(inside='<path style="fill: none; stroke: url(#a)"/>') == []
    [one] = faults(inside='<path style="fill: none; stroke: red"/>')
    assert one.startswith("0: draws in red")


def test_what_is_only_drawn_again_needs_no_colour_of_its_own():
    inside = '<defs><path style="fill: #123456"/></defs>'
    assert faults(inside=inside) == []


def test_more_than_a_page_holds_is_not_even_recorded():
    text = said(judge(subject(), {"run": ended("1\n" * 101)}))
    assert ".py: prints 101 lines, more than 100\n    print some" in text
    text = said(judge(subject(), {"run": ended(f"1\n{'a' * 1001}\n")}))
    assert "prints 1,001 characters in a line, more than 1,000 in line 2 of" in text


def test_an_include_mark_is_named_by_its_line():
    found = [(n, what) for n, what, _ in text_faults('a\n--8<-- "b"\n')]
    assert found == [(2, "prints an include mark")]


def test_five_files_are_named_and_more_are_counted():
    five = tuple("abcde")
    assert said(conduct(subject(), ended(files=five))).count("a, b, c, d, e") == 1
    assert "more" not in said(conduct(subject(), ended(files=five)))
    assert "a, b, c, d, e (and 1 more)" in said(
        conduct(subject(), ended(files=(*five, "f")))
    )


@pytest.mark.parametrize("how", ["exit 3", "signal 11"])
def test_an_early_end_is_named(how):
    assert f"ended with {how} before its last line" in said(
        conduct(subject(), Result(how, stdout="1\n"))
    )


def test_on_the_gpu_lane_a_program_must_see_the_card():
    assert judge(subject(), {"run": ended(device="Some GPU")}, lane="gpu") == []
    assert "saw no GPU" in said(judge(subject(), {"run": ended()}, lane="gpu"))
    launched = subject("# run: torchrun --nproc-per-node 2\nprint(1)\n")
    seen = judge(launched, {"run": ended("cuda:0\n")}, lane="gpu", cards=2)
    assert seen == []
    text = said(judge(launched, {"run": ended("cpu\n")}, lane="gpu", cards=2))
    assert "shows no GPU" in text


@pytest.mark.parametrize(("declared", "words"), [("InductorError", ""), ("X", "C++")])
def test_a_missing_compiler_is_no_fault_of_a_program_that_shows_it(declared, words):
    source = f"# raises: {declared}\nimport torch\n"
    error = raised("InductorError", "InvalidCxxCompiler: none")
    problems = conduct(subject(source), ended(raised=error))
    assert words in said(problems) if words else problems == []


def test_a_picture_that_is_no_svg_is_named_with_its_line():
    [(number, what, _)] = picture_faults("<svg>\n<path>\n</svg>")
    assert number == 3 and what.startswith("is no SVG: mismatched tag")


@pytest.mark.parametrize(
    ("tolerance", "now", "same"),
    [(0.01, "1.005\n", True), (0.01, "1.05\n", False), (None, "1.005\n", False)],
)
def test_a_tolerance_lets_floats_pass_that_are_near(tolerance, now, same):
    expected = Expected("one.out", "1.000\n", tolerance=tolerance)
    problems = judge(subject(expected=expected), {"run": ended(now)})
    assert (problems == []) is same


# What survived when lines of the judge were changed


def test_a_problem_stands_at_the_line_of_the_file_that_a_person_edits():
    one = subject(offset=3)
    assert [one.problem("", "", line).line for line in (1, 2, 3, 5)] == [4, 5, 6, 8]


def test_an_order_is_another_one_whichever_came_first():
    for run, fresh in (("a b\n", "b a\n"), ("b a\n", "a b\n")):
        texts = {"run": run, "fresh": fresh}
        assert "another order" in change.by_interpreter(subject(), texts)[0]


def test_without_fresh_interpreters_the_clock_is_named_too():
    one = subject("import time\nprint(time.perf_counter())\n")
    what, _ = change.by_seed(one, {"run": "1\n", "again": "2\n"})
    assert "it uses perf_counter" in what


def test_a_folder_of_this_machine_is_shown_with_its_line(monkeypatch):
    for prefix in ("/opt/there", "/opt/there/and/deeper"):
        monkeypatch.setattr(sys, "prefix", prefix)
        text = said(conduct(subject(), ended(f"a\nb\nc\nin {prefix}\n")))
        assert f"prints {prefix} in line 4 of its output: 'in {prefix}'" in text
    for prefix in ("/usr", "there"):  # a word of many a text
        monkeypatch.setattr(sys, "prefix", prefix)
        monkeypatch.setattr(sys, "base_prefix", prefix)
        assert conduct(subject(), ended(f"a file of {prefix}\n")) == []


def test_an_image_of_pixels_is_a_fault_of_the_whole_picture():
    [one] = faults(inside='<image width="2"/>')
    assert one.startswith("0: holds an image of pixels")

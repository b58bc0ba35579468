"""The leading comment lines: what is understood, and what is refused where."""

import pytest

from harness.core.directives import parse
from harness.core.problem import Problem


def test_every_directive_is_read():
    read = parse(
        "# raises: torch.OutOfMemoryError\n"
        "# warns: UserWarning\n"
        "# needs: cuda, compiler\n"
        "# takes: 30 s\n"
        "# run: torchrun --nproc-per-node 2\n"
        "# figure: a curve that falls\n"
        "#    and then stays flat\n"
        "print(1)\n"
    )
    assert read.raises == "torch.OutOfMemoryError"
    assert read.warns == ("UserWarning",)
    assert read.needs == {"cuda", "compiler"}
    assert read.takes == 30.0
    assert read.run == ("torchrun", "--nproc-per-node", "2")
    assert read.figure == "a curve that falls and then stays flat"


@pytest.mark.parametrize(
    "comment",
    [
        "# Two ways to copy.",
        "# prune: half",
        "# round: to even",
        "# Reference : a book",
        "# Note: this is slow",
        "# ran: twice",
        "# warming: up",
    ],
)
def test_an_ordinary_comment_is_none(comment):
    for source in (f"{comment}\nprint(1)\n", f"print(1)\n{comment}\n"):
        assert parse(source) == parse("print(1)\n")


def test_several_kinds_of_warnings_stand_in_one_line():
    read = parse("# warns: UserWarning,FutureWarning\n")
    assert read.warns == ("UserWarning", "FutureWarning")
    assert parse("# warns: UserWarning\n").warns == ("UserWarning",)
    assert parse("print(1)\n").warns == ()


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("# raise: ValueError\n", 1, "raises"),
        ("#raises: ValueError\n", 1, "raises"),
        ("# raises ValueError\n", 1, "raises"),
        ("# Raises: ValueError\n", 1, "raises"),
        ("# skip: too slow\n", 1, "known are"),
        ("# raises:\n", 1, "raises"),
        ("# raises: it fails\n", 1, "RuntimeError"),
        ("# needs: gpu\n", 1, "cuda"),
        ("# takes: long\n", 1, "30 s"),
        ("# run: rm -rf\n", 1, "torchrun"),
        ("# floats: rtol 1e-4\n", 1, "known are"),
        ("# warns: a, b c\n", 1, "UserWarning"),
        ("# warns: A, A\n", 1, "once"),
        ("# warns: A\n# warns: B\n", 2, "with a comma between them"),
        ("# rasies: ValueError\n", 1, "raises"),
        ("# need: cuda\n", 1, "needs"),
        ("# Needs: cuda\n", 1, "needs"),
        ("# runs: torchrun\n", 1, "run"),
        ("# timeout: 30 s\n", 1, "known are"),
        ("# requires: cuda\n", 1, "known are"),
        ("# figure: plot\n", 1, "sentence"),
        ("# needs: cuda\n# needs: keras\n", 2, "keep one"),
        ("import torch\n# raise: ValueError\n", 2, "leading"),
        ("\n#needs: cuda\n", 2, "leading"),
        ("import torch\n\n# raises: ValueError\n", 3, "leading"),
    ],
)
def test_what_cannot_be_obeyed_is_refused(source, line, word):
    with pytest.raises(Problem) as refused:
        parse(source)
    assert refused.value.line == line
    assert word in refused.value.fix

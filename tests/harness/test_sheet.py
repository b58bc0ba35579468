"""The cheat sheet's table: what it shows, and that a malformed row is refused."""

import markdown
import pytest

from harness.core.problem import Problem
from harness.site.tables import numpy_to_torch

FILE = "recorded/numpy_to_torch.yml"
GOOD = """\
names:
  x: {dtype: float32, value: [1, 2]}
groups:
  make:
  - numpy: x | 1
    torch: x.or_(1)
    keras: null
    absent: keras.ops.or_
    unlike: [dtype]
    differs: '`1 | 2` | differs'
    proof:
    - n != t
  look:
  - numpy: x
    torch: x
    keras: x
"""


def test_there_is_no_table_where_there_is_no_file(draft):
    assert numpy_to_torch.text(draft.tree) == ""
    assert draft.problems() == []


def test_each_group_is_a_section_with_a_line_for_each_row(draft):
    draft.write(FILE, GOOD)
    lines = numpy_to_torch.text(draft.tree).split("\n")
    for name in ("names", "make", "look"):
        assert f"--8<-- [start:{name}]" in lines
        assert f"--8<-- [end:{name}]" in lines
    assert "| `x` | float32: `[1, 2]` |" in lines
    assert r"| `x | 1` | `x.or_(1)` | none | `1 | 2` \| differs |" in lines
    assert "| `x` | `x` | `x` |  |" in lines
    # What the style sheet lays out, rows included, is Markdown inside.
    assert lines.count('<div class="sheet" markdown>') == lines.count("</div>") == 2


def test_a_page_can_show_a_group(draft):
    draft.write(FILE, GOOD)
    draft.add('--8<-- "report/numpy_to_torch.md:make"\n')
    assert draft.problems() == []


def test_a_bar_neither_ends_a_cell_nor_shows_its_escape(draft):
    draft.write(FILE, GOOD)
    section = numpy_to_torch.text(draft.tree).split("[start:make]\n")[1]
    text = section.split("--8<--")[0]
    html = markdown.markdown(text, extensions=["tables", "md_in_html"])
    assert "<td><code>x | 1</code></td>" in html
    assert "<td><code>1 | 2</code> | differs</td>" in html


def test_a_page_cannot_show_a_group_that_is_not_there(draft):
    draft.write(FILE, GOOD)
    line = draft.add('--8<-- "report/numpy_to_torch.md:mak"\n')
    draft.refused(f"docs/index.md:{line}", "no section 'mak'", "'make'")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("    torch: x.or_(1)\n", "", 5, "torch: Field required"),
        ("numpy: x | 1", "numpy: null", 5, "numpy: Input should be a valid string"),
        ("    absent: keras.ops.or_\n", "", 5, "no code for keras, and 'absent'"),
        ("unlike: [dtype]", "unlike: [dtipe]", 9, "'values', 'shape' or 'dtype'"),
        ("unlike: [dtype]", "unlike: dtype", 9, "unlike: Input should be a valid list"),
        ("    proof:\n    - n != t\n", "", 5, "come together"),
        ("    differs: '`1 | 2` | differs'\n", "", 5, "come together"),
        ("    keras: x\n", "    keras: x\n    unlike: [shape]\n", 14, "a remark that"),
        ("    keras: x\n", "    keras: x\n    tolerance: 1e-5\n", 17, "a valid number"),
        ("dtype: float32, ", "", 2, "dtype: Field required"),
        ("  look:", "  make:", 13, "'make' stands twice"),
    ],
)
def test_a_malformed_row_is_refused_by_its_line(draft, old, new, line, words):
    assert GOOD.count(old) == 1
    draft.write(FILE, GOOD.replace(old, new))
    with pytest.raises(Problem) as refused:
        draft.problems()
    assert str(refused.value).startswith(f"{FILE}:{line}: ")
    assert words in str(refused.value)

"""The learning path that the home page shows."""

from harness.site.tables import path

NAV = """\
nav:
  - index.md
  - Tensors:
      - numbers/why.md
      - Short: numbers/index.md
  - Reference:
      - Not a lesson: index.md
"""


def test_the_path_has_the_lessons_of_the_nav_and_their_time(draft):
    file = draft.tree.root / "mkdocs.yml"
    plain = file.read_text().partition("nav:")[0]
    file.write_text(plain + NAV)
    (draft.tree.docs / "numbers/index.md").write_text("word " * 1000)
    text = path.text(draft.tree)
    assert "Tensors, 10\u00a0minutes\n:   - [Overview](numbers/why.md)\n" in text
    assert "    - [Short](numbers/index.md)\n" in text
    assert "Not a lesson" not in text and f"{path.PACE} words a minute" in text


def test_a_page_takes_at_least_five_minutes_and_programs_count(draft):
    file = draft.tree.root / "mkdocs.yml"
    file.write_text(file.read_text().partition("nav:")[0] + NAV)
    short = draft.tree.docs / "numbers/index.md"
    short.write_text("A word.\n")
    (draft.tree.docs / "numbers/why.md").write_text("A word.\n")
    assert "Tensors, 5\u00a0minutes" in path.text(draft.tree)
    (draft.tree.snippets / "numbers/sum.py").write_text("x = 1\n" * 400)
    short.write_text('--8<-- "numbers/sum.md"\n')
    assert "Tensors, 10\u00a0minutes" in path.text(draft.tree)


def test_without_lessons_there_is_no_path(draft):
    assert path.text(draft.tree) == ""

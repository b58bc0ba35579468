"""What the gate refuses on pages, and that it says where and why."""

import pytest

from harness.core import limits, memory
from harness.core.page import Page
from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.gate import census, links, parts
from harness.gate.includes import NAMED, closest
from harness.site.markdown import whole


def test_a_good_project_passes(draft):
    assert draft.problems() == []


def test_a_second_run_changes_no_file(draft):
    def dates():
        files = [*draft.tree.build.rglob("*"), *draft.tree.pictures.rglob("*")]
        made = (one for one in files if one.is_file() and one.name != memory.FILE)
        return {file: file.stat().st_mtime_ns for file in made}

    draft.problems()
    before = dates()
    draft.problems()
    assert dates() == before


def test_what_an_earlier_run_left_is_removed(draft):
    stale = [
        draft.write("build/fragments/numbers/gone.md", "old"),
        draft.write("build/pages/gone.md", "old"),
        draft.write("build/markdown/gone.md", "old"),
        draft.write("docs/assets/figures/numbers/gone.light.svg", "old"),
    ]
    draft.problems()
    assert not [file for file in stale if file.exists()]


def test_links_are_looked_at_once():
    """By the gate, which knows their lines, and before MkDocs runs."""
    found = whole(HERE)["validation"]["links"]
    assert found.pop("absolute_links") == "relative_to_docs"
    quiet = dict.fromkeys(["not_found", "unrecognized_links", "anchors"], "ignore")
    assert found == quiet


def test_the_census_counts_what_was_typed_and_included(draft):
    draft.problems()
    assert draft.census()["pages"]["numbers/index.md"] == {
        "blocks": 7,
        "snippets": 3,
        "pictures": 1,
    }
    assert draft.blocks() == 10

    said = "3 pages show 6 snippets and 1 pictures: 10 blocks for pytest"
    assert census.in_words(draft.tree) == said


def test_the_census_is_of_all_that_the_pages_show(draft):
    draft.problems()
    before = census.current(draft.tree, "make them")
    names = "mkdocs.yml README.md docs/a.md docs/a.py snippets/numbers/sum.py"
    names += " snippets/numbers/sum.out snippets/numbers/drawn.svg recorded/a.json"
    names += " recorded/a.yml build/notebooks/a.ipynb"
    for name in names.split():
        file = draft.tree.root / name
        was = file.read_text() if file.exists() else None
        draft.write(name, f"{was} ")
        with pytest.raises(Problem, match="older than what they show"):
            census.current(draft.tree, "make them")
        file.unlink() if was is None else file.write_text(was)
        assert census.current(draft.tree, "make them") == before
    draft.write("docs/assets/a.css", "")
    assert census.current(draft.tree, "make them") == before


def test_a_dead_link_that_no_line_has_names_the_page_alone(draft):
    fault = links._in_data(Page(draft.tree, "index.md"), "nowhere.md", "dead", "mend")
    assert str(fault).startswith("docs/index.md: dead")


def test_a_page_is_expanded_without_what_is_missing(draft):
    draft.add('Before.\n\n--8<-- "nothing/like/it.md"\n\nAfter.\n')
    text, missing = parts.expanded(draft.tree, "index.md")
    assert "could not be found" in missing
    assert "nothing/like/it.md" not in text and "After." in text


def test_the_words_of_a_page_are_counted_without_its_exercises(draft, monkeypatch):
    monkeypatch.setattr(limits, "WORDS", 5)
    text = "# Small\n\nOne.\n## Practise\n### Two\nThree, four.\n"
    text += "Next: see [a](index.md).\n"
    draft.page("index.md", text, "---\ndescription: A page.\n---\n")
    (problem,) = Page(draft.tree, "index.md").problems()
    assert problem.what == "8 words, more than 5"
    monkeypatch.setattr(limits, "WORDS", 8)
    assert [*Page(draft.tree, "index.md").problems()] == []


MANY = [f"{x}.md" for x in range(NAMED)]
CLOSEST = {
    "a slip": (
        "numbers/sun.md",
        ["numbers/sum.md", "numbers/x.md"],
        "'numbers/sum.md'",
    ),
    "few": ("other", MANY, f"known are: {', '.join(MANY)}"),
    "many": ("other", [*MANY, "more.md"], f"none of {NAMED + 1} has a name like it"),
    "none": ("other", [], "there is none at all"),
}


@pytest.mark.parametrize(("wanted", "known", "words"), CLOSEST.values(), ids=CLOSEST)
def test_a_fix_names_what_may_be_meant(wanted, known, words):
    assert words in closest(wanted, known)


def test_an_include_in_block_form_is_refused(draft):
    line = draft.add("--8<--\nnumbers/sum.md\n--8<--\n")
    problems = draft.problems()
    assert [problem.line for problem in problems] == [line, line + 2]
    assert {problem.what for problem in problems} == {
        "an include in a form that is not checked"
    }


def test_an_include_inside_a_fence_is_refused(draft):
    line = draft.add('```yaml\n# typed\n--8<-- "numbers/sum.md:output"\n```\n')
    assert line + 2 in [problem.line for problem in draft.problems()]


def test_a_page_sends_its_readers_where_the_nav_does(draft):
    draft.add(
        "\nNext: see [the numbers](numbers/index.md), or [why](numbers/why.md).\n"
    )
    follows = draft.problems()
    draft.add("\nNext to it, [why](numbers/why.md) is no such line.\n")
    assert draft.problems() == follows == []
    draft.add("\nNext, [read why](numbers/why.md).\n")
    what = "to numbers/why.md next, the nav to numbers/index.md"
    draft.refused("docs/index.md:20", what, "name the same page")


def test_a_number_in_the_description_needs_a_source_too(draft):
    text = (draft.tree.docs / "index.md").read_text()
    draft.write("docs/index.md", text.replace("A page of", "439 pages of"))
    draft.refused("docs/index.md:2", "'439'")


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("docs/index.md", b"\xff", "index.md: is not in UTF-8"),
        ("snippets/numbers/sum.py", b"\xff", "sum.py: is not in UTF-8"),
        ("recorded/runs/cpu/numbers/sum.json", b"[]", "sum.json: cannot be read"),
        ("mkdocs.yml", b"a: [", "mkdocs.yml is no YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(draft, path, data, words):
    (draft.tree.root / path).write_bytes(data)
    with pytest.raises(Problem, match=words):
        draft.problems()


def test_a_number_needs_an_output_or_a_source(draft):
    line = draft.add("## It takes 3.25 s\n")
    draft.refused(f"docs/index.md:{line}", "'3.25 s'")


def test_a_typed_program_proves_what_is_quoted_from_it(draft):
    draft.add("Say `x = 1234`.\n\n```python\nx = 1234\n```\n")
    assert draft.problems() == []


def test_among_the_data_of_a_plot_any_number_may_stand(draft):
    draft.write("recorded/figures/numbers/drawn.json", '{"lines": [0.125]}')
    line = draft.add("The dot stands at 0.125.\n", "numbers/index.md")
    draft.refused(f"docs/numbers/index.md:{line}", "'0.125'")


SOURCE = """\
- url: https://example.org/history
  title: History
  read: "2026-11-23"
  holds: ["2016-09-01"]
"""


def test_a_linked_source_proves_what_it_holds(draft):
    draft.write("recorded/sources.yml", SOURCE)
    draft.add("It came in 2016, [they say](https://example.org/history/#top).\n")
    assert draft.problems() == []


def test_a_source_that_is_not_linked_proves_nothing(draft):
    draft.write("recorded/sources.yml", SOURCE)
    line = draft.add("It came in 2016.\n")
    draft.refused(f"docs/index.md:{line}", "'2016'")


@pytest.mark.parametrize("address", ["https://example.org/other", "http://example.org"])
def test_a_link_to_what_nobody_read_is_refused(draft, address):
    draft.write("recorded/sources.yml", SOURCE)
    line = draft.add(f"It came early, [they say]({address}).\n")
    draft.refused(f"docs/index.md:{line}", "does not say what was read", address)


@pytest.mark.parametrize("address", ["http://example.org", "example.org", "file:///a"])
def test_a_source_that_cannot_be_trusted_is_refused(draft, address):
    draft.write("recorded/sources.yml", SOURCE.replace("https://example.org", address))
    with pytest.raises(Problem, match="yml:1: .* is no https address"):
        draft.problems()


def test_sources_must_be_readable(draft):
    draft.write("recorded/sources.yml", "- title: no address\n")
    with pytest.raises(
        Problem, match="recorded/sources.yml:1: 0.holds: Field required"
    ):
        draft.problems()


def test_a_source_that_stands_twice_is_refused(draft):
    entry = "- {url: 'https://example.org/', title: Sums, read: 2026-11, holds: []}\n"
    draft.write("recorded/sources.yml", entry * 2)
    with pytest.raises(Problem, match="yml:2: https://example.org stands twice"):
        draft.problems()


def test_every_problem_of_a_project_is_named_at_once(draft):
    draft.add("```text\n4\n```\n\n[a](gone.md)\n\nIt takes 99 ms.\n")
    draft.add("![](assets/a.svg)\n", "numbers/why.md")
    draft.snippet("numbers/sum", "import helper\nprint(2 + 2)\n", "4\n")
    assert len(draft.problems()) == 6


def test_a_refused_page_has_no_copies(draft):
    draft.problems()
    draft.add("[a](gone.md)\n")
    draft.problems()
    assert not (draft.tree.pages / "index.md").exists()
    assert (draft.tree.pages / "numbers/why.md").exists()

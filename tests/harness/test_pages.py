"""What the gate refuses on pages, and that it says where and why."""

import pytest

from harness.core.problem import Problem


def test_a_good_project_passes(draft):
    assert draft.problems() == []


def test_a_second_run_changes_no_file(draft):
    def dates():
        files = [*draft.tree.build.rglob("*"), *draft.tree.pictures.rglob("*")]
        return {file: file.stat().st_mtime_ns for file in files if file.is_file()}

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


def test_the_census_counts_what_was_typed_and_included(draft):
    draft.problems()
    assert draft.census()["pages"]["numbers/index.md"] == {
        "blocks": 7,
        "snippets": 3,
        "pictures": 1,
    }
    assert draft.blocks() == 10


@pytest.mark.parametrize(
    ("include", "words"),
    [
        ("numbers/sun.md", ("no fragment 'numbers/sun.md'", "'numbers/sum.md'")),
        ("nothing/like/it.md", ("no fragment", "known are: numbers/big.md")),
        ("numbers/sum.md:cod", ("no section 'cod'", "did you mean 'code'")),
        ("numbers/sum.md:figure", ("no section 'figure'", "known are: code, output")),
        ("numbers/sum.md:1:3", ("form that is not checked", "--8<--")),
        ("../../mkdocs.yml", ("no fragment",)),
    ],
)
def test_an_include_that_leads_nowhere_is_refused(draft, include, words):
    line = draft.add(f'--8<-- "{include}"\n')
    draft.refused(f"docs/index.md:{line}", *words)


@pytest.mark.parametrize(
    "text",
    [
        '> --8<-- "numbers/sum.md"\n',
        '- --8<-- "numbers/sum.md"\n',
    ],
)
def test_an_include_that_the_site_would_not_follow_is_refused(draft, text):
    line = draft.add(text)
    draft.refused(f"docs/index.md:{line}", "form that is not checked")


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


TYPED = {
    "text": ("```text\n4\n```\n", 0, "output typed by hand"),
    "no language": ("```\n4\n```\n", 0, "without a language"),
    "title alone": ('```title="x"\n4\n```\n', 0, "without a language"),
    "output class": ("``` { .python .output }\n4\n```\n", 0, "output typed by hand"),
    "generated": ('``` { .text data-output="a" }\n4\n```\n', 0, "output typed"),
    "shell": ("```bash\nrm -r x\n```\n", 0, "nobody runs a 'bash' fence"),
    "tildes": ("~~~ sh\nls\n~~~\n", 0, "nobody runs a 'sh' fence"),
    "braces": ("```{.json}\n{}\n```\n", 0, "nobody runs a 'json' fence"),
    "long python": ("```py\na = 1\n\nb = 2\nc = 3\n```\n", 0, "3 lines of Python"),
    "long in a list": (
        "1. a\n\n    ```python\n    1\n    2\n    3\n    ```\n",
        2,
        "3 li",
    ),
    "long in a quote": ("> ```python\n> 1\n> 2\n> 3\n> ```\n", 0, "3 lines of Python"),
    "long in a tab": (
        '=== "A"\n\n    ```py title="a" hl_lines="1"\n    1\n    2\n    3\n    ```\n',
        2,
        "3 lines of Python",
    ),
    "long with fences": ("````python\n'''\n```\n'''\n````\n", 0, "3 lines of Python"),
    "console output": ("```console\n$ ls\nREADME.md\n```\n", 2, "no command"),
    "toml": ("```toml\na = 1\n```\n", 0, "nobody runs a 'toml' fence"),
    "yaml": ("```yaml\na: 1\n```\n", 0, "nobody runs a 'yaml' fence"),
    "session": ("```pycon\n>>> 2 + 2\n4\n```\n", 0, "nobody runs a 'pycon' fence"),
    "exempt output": (
        '<!-- not run: x -->\n``` { .python data-snippet="no" }\n4\n```\n',
        1,
        "output typed by hand",
    ),
    "unclosed": ("```python\nx = 1\n", 0, "is not closed"),
    "inline": ("```x = 1``` is code.\n", 0, "goes on after its mark"),
    "item": ("- ```python\n  x = 1\n  ```\n", 0, "on the line of a list item"),
    "outdented": ("- a\n\n    ```python\n  x = 1\n    ```\n", 2, "indented less"),
}


@pytest.mark.parametrize(("text", "offset", "words"), TYPED.values(), ids=TYPED)
def test_a_fence_against_the_rules_is_refused(draft, text, offset, words):
    line = draft.add(text)
    first = draft.problems()[0]
    assert (first.path, first.line) == ("docs/index.md", line + offset), str(first)
    assert words in first.what
    if words != "indented less":  # the rest of that fence is odd, too
        assert len(draft.problems()) == 1


HIDDEN = {
    "in a comment": ("<!--\n```python\nx = 1\n```\n-->\n", 1, "does not show"),
    "indented": ("Text\n\n    hidden = 1\n", 2, "no fence: 'hidden = 1'"),
    "pre": ("<pre>\nhidden = 1\n</pre>\n", 1, "no fence: 'hidden = 1'"),
}


@pytest.mark.parametrize(("text", "offset", "words"), HIDDEN.values(), ids=HIDDEN)
def test_code_that_only_gate_or_site_sees_is_refused(draft, text, offset, words):
    line = draft.add(text)
    draft.refused(f"docs/index.md:{line + offset}", words)


def test_an_include_in_a_comment_shows_nothing(draft):
    line = draft.add('<!--\n--8<-- "numbers/big.md:code"\n-->\n')
    draft.refused(f"docs/index.md:{line + 1}", "does not show this fence")


def test_a_reason_exempts_no_fence(draft):
    line = draft.add("<!-- not run: needs a browser -->\n```js\nalert(1)\n```\n")
    draft.refused(f"docs/index.md:{line + 1}", "nobody runs a 'js' fence")


def test_a_page_needs_a_description(draft):
    draft.page(
        "numbers/why.md",
        (draft.tree.docs / "numbers/why.md").read_text()[49:],
        head="---\ntitle: Why\n---\n",
    )
    draft.refused("docs/numbers/why.md:1", "no description")


def test_front_matter_must_be_yaml(draft):
    text = (draft.tree.docs / "index.md").read_text()
    draft.write("docs/index.md", text.replace("description: A", "description: : A"))
    draft.refused("docs/index.md:1", "no YAML")


def test_a_page_outside_the_nav_is_refused(draft):
    draft.page("numbers/alone.md", "# Alone\n")
    draft.refused("docs/numbers/alone.md", "nav does not name", "mkdocs.yml")


def test_a_nav_entry_without_a_page_is_refused(draft):
    file = draft.tree.root / "mkdocs.yml"
    text = file.read_text().replace("numbers/why.md", "numbers/why.md\n  - X: gone.md")
    file.write_text(text)
    draft.refused("mkdocs.yml:7", "the nav names gone.md")


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


LINKS = {
    "page": ("[a](numbers/gone.md)", "there is no docs/numbers/gone.md"),
    "anchor": ("[a](numbers/why.md#becuase)", "numbers/why.md has no '#becuase'"),
    "own anchor": ("[a](#gone)", "index.md has no '#gone'"),
    "folder": ("[a](numbers/)", "of a folder, to its index.md"),
    "from the root": ("[a](/numbers/gone.md)", "there is no docs/numbers/gone.md"),
    "outside": ("[a](../README.md)", "there is no docs/../README.md"),
    "reference": ("[a][b]\n\n[b]: gone.md", "there is no docs/gone.md"),
    "undefined reference": ("[a][gone]", "no line defines it"),
    "undefined name": ("[gone][]", "no line defines it"),
    "html": ('<a href="gone.md">a</a>', "there is no docs/gone.md"),
    "picture": ("![Words](gone.png)", "there is no docs/gone.png"),
    # MkDocs would find these, too, if it were asked to.
    "anchor from the root": ("[a](/numbers/why.md#gone)", "has no '#gone'"),
    "address of a page": ("[a](numbers/why/)", "there is no docs/numbers/why"),
    "page as HTML": ("[a](numbers/why.html)", "there is no docs/numbers/why.html"),
    "picture from the root": ("![Words](/gone.png)", "there is no docs/gone.png"),
    "query": ("[a](gone.md?x=1)", "there is no docs/gone.md"),
    "the site's root": ("[a](/)", "of a folder, to its index.md"),
    "in a heading": ("## [a](gone.md)", "there is no docs/gone.md"),
    "in a table": ("| a |\n|---|\n| [a](gone.md) |", "there is no docs/gone.md"),
}


@pytest.mark.parametrize(("text", "words"), LINKS.values(), ids=LINKS)
def test_a_dead_link_is_refused(draft, text, words):
    line = draft.add(text + "\n")
    draft.refused(f"docs/index.md:{line + text.count(chr(10))}", "is dead", words)


def test_a_picture_needs_words(draft):
    draft.write("docs/assets/a.svg", "<svg/>")
    line = draft.add("![](assets/a.svg)\n")
    draft.refused(f"docs/index.md:{line}", "has no words")


def test_a_picture_of_another_site_is_refused(draft):
    line = draft.add("![Words](https://example.org/a.png)\n")
    draft.refused(f"docs/index.md:{line}", "comes from another site")


@pytest.mark.parametrize("name", ["numbers/a.markdown", "a.html"])
def test_a_page_that_only_mkdocs_would_see_is_refused(draft, name):
    draft.write(f"docs/{name}", "4\n")
    draft.refused(f"docs/{name}", "nothing here reads it", "name it .md")


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


def test_the_output_of_another_page_proves_nothing(draft):
    line = draft.add("It prints 4096.\n")
    draft.refused(f"docs/index.md:{line}", "'4096'")


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

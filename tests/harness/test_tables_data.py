"""What tables are made of: whatever does not fit its type is refused, with its line."""

from datetime import date

import pytest
from jinja2 import UndefinedError
from pydantic import BaseModel, FiniteFloat

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.tables import data, sources, step_cost
from harness.site.tables.data import Positive, Text
from harness.site.template import fill


class Row(BaseModel):
    name: Text
    day: date | None = None
    count: int = 0
    share: FiniteFloat = 0.5
    time: Positive = 1.0
    words: list[str] = []
    known: bool = False


class File(BaseModel):
    rows: list[Row]
    by_name: dict[str, Row] = {}


def load(tmp_path, text, name="some.yml", **options):
    tree = Tree(tmp_path)
    tree.recorded.mkdir(exist_ok=True)
    (tree.recorded / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return data.load(tree, name, File, **options)


YAML = """\
rows:
- name: one
  day: 2026-11-28
  share: 0.25
- name: two
  words: [a, b]
by_name:
  three: {name: three, known: true}
"""
JSON = """{
 "rows": [
  {"name": "one", "day": "2026-11-28", "share": 0.25},
  {"name": "two", "words": ["a", "b"]}
 ],
 "by_name": {
  "three": {"name": "three", "known": true}
 }
}
"""


@pytest.mark.parametrize(("name", "text"), [("a.yml", YAML), ("a.json", JSON)])
def test_yaml_and_json_are_read_alike(tmp_path, name, text):
    found = load(tmp_path, text, name)
    assert found.rows[0] == Row(name="one", day=date(2026, 11, 28), share=0.25)
    assert found.rows[1].words == ["a", "b"]
    assert found.by_name["three"].known is True


def test_there_is_nothing_where_there_is_no_file(tmp_path):
    assert data.load(Tree(tmp_path), "gone.yml", File) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("name: one", "nam: one", 2, "nam: Extra inputs are not permitted"),
        ("share: 0.25", "shared: 0.25", 4, "shared: Extra inputs are not permitted"),
        (
            "name: one",
            "name: 2.10",
            2,
            "name: Input should be a valid string",
        ),
        ("name: one", "name: ''", 2, "name: String should have at least 1 character"),
        ("name: two", "name:", 5, "name: Input should be a valid string"),
        ("day: 2026-11-28", "day: today", 3, "day: Input should be a valid date"),
        ("day: 2026-11-28", "day: 2026-02-30", 0, "day is out of range for month"),
        ("share: 0.25", "share: 1e-5", 4, "share: Input should be a valid number"),
        ("share: 0.25", "share: .nan", 4, "share: Input should be a finite number"),
        ("share: 0.25", "time: 0.0", 4, "time: Input should be greater than 0"),
        ("share: 0.25", "count: 1.0", 4, "count: Input should be a valid integer"),
        ("share: 0.25", "count: '1'", 4, "count: Input should be a valid integer"),
        ("[a, b]", "a", 6, "words: Input should be a valid list"),
        ("[a, b]", "\n  - a\n  - 2", 8, "words.1: Input should be a valid string"),
        ("known: true", "known: 1", 8, "known: Input should be a valid boolean"),
        (
            "{name: three, known: true}",
            "3",
            8,
            "three: Input should be a valid dictionary",
        ),
        ("name: two", "name: two\n  name: three", 6, "'name' stands twice"),
        ("by_name:", "rows:", 7, "'rows' stands twice"),
        ("[a, b]", "[a, b", 7, "cannot be read: did not find expected"),
        ("[a, b]", "!!python/name:os.system", 6, "cannot be read: could not determine"),
        ("name: one", "name: \udcff", 0, "not in UTF-8"),
        (YAML, "", 0, "Input should be a valid dictionary"),
        (YAML, "- 1\n", 0, "Input should be a valid dictionary"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(tmp_path, old, new, line, words):
    assert YAML.count(old) == 1
    with pytest.raises(Problem) as refused:
        load(tmp_path, YAML.replace(old, new))
    assert (refused.value.line, refused.value.path[-8:]) == (line, "some.yml")
    assert words in refused.value.what


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"a", "b"', '"a", 2', 4, "words.1: Input should be a valid string"),
        ("2026-11-28", "28.11.2026", 3, "day: Input should be a valid date"),
        ('"2026-11-28"', "20260", 3, "day: Input should be a valid date"),
        ('"name": "three", ', "", 7, "name: Field required"),
        ('"b"]}', '"b"]},', 5, "cannot be read"),
        ('"b"]}', '"b"]', 5, "cannot be read"),
        ('"known"', '"name": "four", "known"', 7, "'name' stands twice"),
    ],
)
def test_a_record_is_refused_with_its_line_and_the_command_that_writes_it(
    tmp_path, old, new, line, words
):
    assert JSON.count(old) == 1
    with pytest.raises(Problem) as refused:
        load(tmp_path, JSON.replace(old, new), "some.json", again="make record")
    assert (refused.value.line, refused.value.fix) == (line, "make record")
    assert words in refused.value.what


def test_the_first_of_several_faults_is_named(tmp_path):
    text = YAML.replace("share: 0.25", "share: x").replace("known: true", "known: 1")
    with pytest.raises(Problem, match="some.yml:4: .*share: Input"):
        load(tmp_path, text)


def test_what_a_rule_finds_is_refused_with_its_line(tmp_path):
    def rules(found):
        for number, row in enumerate(found.rows):
            if row.name == "two":
                yield ("rows", number, "words"), "two has words"
                yield ("by_name", "three", "gone"), "three is no match"

    with pytest.raises(Problem, match="some.yml:6: two has words"):
        load(tmp_path, YAML, rules=rules)


COST = """{
 "date": "2026-11-25", "cpu": "A CPU", "python": "3.11.7", "packages": {},
 "networks": {
  "small": {"sizes": [1, 2, 3, 4], "microseconds": {"loop": 1.0, "fit": 2.0}},
  "large": {"sizes": [1, 2, 3, 4], "microseconds": {"loop": 1.0}}
 }
}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("", "", 5, "'large' was not measured in the ways of the first network"),
        ("[1, 2, 3, 4]", "[1, 2, 3]", 4, "sizes.3: Field required"),
        ("2.0", "0", 4, "fit: Input should be greater than 0"),
    ],
)
def test_a_cost_that_no_table_can_show_is_refused(tmp_path, old, new, line, words):
    tree = Tree(tmp_path)
    tree.recorded.mkdir()
    (tree.recorded / "step_cost.json").write_text(COST.replace(old, new, 1))
    with pytest.raises(Problem, match=f"step_cost.json:{line}: ") as refused:
        step_cost.text(tree)
    assert words in str(refused.value) and "make step-cost" in str(refused.value)


def test_a_source_names_the_month_or_the_day_when_it_was_read(draft):
    rows = [
        f"- {{url: 'https://example.org/{day}', title: Sums, read: {day}, holds: []}}\n"
        for day in ("2026-11", "2026-11-23")
    ]
    draft.write("recorded/sources.yml", "".join(rows))
    titles = sources.titles(draft.tree)
    assert titles["https://example.org/2026-11"] == "Sums, read 2026-11"
    assert titles["https://example.org/2026-11-23"] == "Sums, read 2026-11-23"


def test_a_source_without_a_title_is_refused(draft):
    good = "- {url: 'https://example.org/', title: Sums, read: 2026-11, holds: []}\n"
    draft.write("recorded/sources.yml", good + good.replace("title: Sums, ", ""))
    with pytest.raises(Problem, match=r"sources\.yml:2: 1.title: Field required"):
        sources.titles(draft.tree)


def test_what_a_template_names_must_be_there():
    with pytest.raises(UndefinedError):
        fill("waivers")

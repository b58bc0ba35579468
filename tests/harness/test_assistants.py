"""The files for assistants: what they list, and where their links lead."""

import re

import yaml

from harness.core import page as pages
from harness.core.tree import HERE, Tree
from harness.site.assistants import absolute, headed, newest
from harness.site.copies import place
from harness.site.markdown import Site

QUESTIONS = HERE.root / "tests" / "assistants.yml"
LISTED = re.compile(r"^- \[(?P<title>.+)\]\((?P<address>\S+)\): (?P<about>.+)$", re.M)


def test_every_page_of_the_nav_is_listed_once_with_its_description(draft):
    assert draft.problems() == []
    text = draft.made("markdown/llms.txt")
    assert text.startswith("# Small\n\n")
    assert "snippets/A/B.py: uv run http://127.0.0.1:8000/programs/A/B.py\n" in text
    assert re.findall(r"^## (.+)$", text, re.M) == ["Home", "Numbers", "Why"]
    home = "http://127.0.0.1:8000/"
    assert [found["address"] for found in LISTED.finditer(text)] == [
        f"{home}index.md",
        f"{home}numbers/index.md",
        f"{home}numbers/why/index.md",
    ]
    assert [found["about"] for found in LISTED.finditer(text)] == [
        f"A page of a small project, {name}."
        for name in ("index.md", "numbers/index.md", "numbers/why.md")
    ]


def test_a_page_says_where_it_is_from_what_ran_and_when(draft):
    assert draft.problems() == []
    first, _, address, _, ran = draft.made("markdown/index.md").split("\n")[:5]
    assert (first, address) == ("# Small", "> http://127.0.0.1:8000/")
    assert re.fullmatch(r"> Verified with torch 2.*, last recorded on [\d-]{10}\.", ran)
    assert headed("# T\n\nText.\n", "a", "b") == "# T\n\n> a\n>\n> b\n\nText.\n"


def test_all_say_a_version_and_a_date(tmp_path):
    """Also a page that shows no program, and the heads of both lists."""
    told = re.compile(r"\btorch 2\.\d+\.\d+\b.* \d{4}-\d\d-\d\d\b.*\.\n")
    files = [*HERE.markdown.rglob("*.md"), *HERE.markdown.glob("llms*.txt")]
    heads = [file.read_text(encoding="utf-8")[:900] for file in files]
    assert len(heads) > 100 and all(map(told.search, heads))
    assert told.search(newest(HERE) + "\n")
    assert newest(Tree(tmp_path)) == "Nothing was recorded yet."


def test_the_whole_has_each_page_and_links_that_lead_from_anywhere(draft):
    assert draft.problems() == []
    whole = draft.made("markdown/llms-full.txt")
    assert whole.index("# Numbers") > whole.index("Add two numbers")
    assert "[why](http://127.0.0.1:8000/numbers/why/index.md#because)" in whole


def test_links_in_programs_stay_as_they_are():
    code = "```python\nx[0](y)\n```"
    text = f"[a [b]](b.md#c)\n\n{code}\n\n[d](#e) ![Picture: f](../g.svg)\n"
    assert absolute(text, "http://h/i/index.md") == (
        f"[a [b]](http://h/i/b.md#c)\n\n{code}\n\n"
        "[d](http://h/i/index.md#e) ![Picture: f](http://h/g.svg)\n"
    )


def test_the_site_lists_all_its_pages():
    """The nav is the order: what it lacks, the gate refuses."""
    site, found = Site(HERE), {one.name for one in pages.find(HERE) if not one.moved}
    named = {name for _, names in site.parts() for name in names}
    assert found <= named and len({*map(place, named)}) == len(named)


def test_questions_of_beginners_are_answered_in_the_files():
    """Where a right answer must come from; whether one is right, a person judges."""
    every = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    assert len({one["ask"] for one in every}) == len(every) == 30
    lists, whole = (
        (HERE.markdown / name).read_text(encoding="utf-8")
        for name in ("llms.txt", "llms-full.txt")
    )
    home = Site(HERE).home
    listed = {found["address"].removeprefix(home) for found in LISTED.finditer(lists)}
    _, *parts = re.split(r"^# .+\n\n> (\S+)$", whole, flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    for one in every:
        assert f"{one['page']}/index.md" in listed, one["ask"]
        section = sections[f"{home}{one['page']}/"]
        lacking = [words for words in one["needs"] if words not in section]
        assert one["needs"] and not lacking, (one["page"], lacking)
    topics = {address.split("/")[0] for address in listed} - {"index.md"}
    assert {one["page"].split("/")[0] for one in every} == topics

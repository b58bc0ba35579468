"""The last line of each page: what its programs were verified with, and when."""

import re

from harness.core import page as pages
from harness.core.page import Page
from harness.core.tree import HERE
from harness.site import copies, fragments

WHERE = "overrides/stamps/numbers/why/index.md.html"


def stamp(draft) -> str:
    draft.problems()
    return re.sub("</?time>", "", (draft.tree.root / WHERE).read_text())


def test_a_date_is_an_element_that_the_style_keeps_whole(draft):
    draft.problems()
    written = (draft.tree.root / WHERE).read_text()
    assert " last recorded on <time>2026-11-23</time>. 1 more needs a GPU" in written


def test_a_page_says_with_which_torch_its_programs_were_verified(draft):
    assert stamp(draft) == (
        "Verified with torch 2.13.0: 1 program, last recorded on 2026-11-23. "
        "1 more needs a GPU: not run yet.\n"
    )


def test_the_newest_date_and_every_version_are_named(draft):
    one = draft.snippet("numbers/more", "# needs: keras\nprint(1)\n", "1\n")
    draft.add('--8<-- "numbers/more.md"\n', "numbers/why.md")
    packages = {"keras": "3.15.1"}
    draft.record(
        "cpu", one, "1\n", date="2026-12-01", torch="2.14.0", packages=packages
    )
    assert stamp(draft) == (
        "Verified with torch 2.13.0 and 2.14.0, keras 3.15.1: 2 programs, "
        "last recorded on 2026-12-01. 1 more needs a GPU: not run yet.\n"
    )


def test_the_text_beside_the_page_has_the_same_line_on_top(draft):
    last = stamp(draft)
    assert f">\n> {last}\n" in draft.made("markdown/numbers/why.md")


def test_a_page_that_shows_no_program_has_no_stamp(draft):
    stamp(draft)
    draft.page("numbers/why.md", "# Why\n\n## Because\n")
    page = Page(draft.tree, "numbers/why.md")
    assert fragments.stamp(page, {}) == ""
    draft.problems()
    assert not (draft.tree.root / WHERE).exists()


def test_tensorflow_alone_is_not_called_torch(draft):
    source = "# needs: tensorflow\nimport tensorflow\n"
    one = draft.snippet("numbers/more", source)
    one.out.write_text("1\n")
    draft.add('--8<-- "numbers/more.md"\n', "numbers/why.md")
    draft.record("tensorflow", one, "1\n", packages={"tensorflow": "2.21.0"})
    assert "torch 2.13.0, tensorflow 2.21.0: 2 programs" in stamp(draft)
    shown = draft.made("fragments/numbers/more.md")
    assert "Ran on CPU · tensorflow 2.21.0 · 2026-11-23" in shown


def test_a_page_says_once_that_no_gpu_has_run_its_programs():
    """At a program only a mark says so, where it has no output."""
    every = dict(fragments.Programs(HERE))
    waits = {name for name, one in every.items() if one.on_gpu == "never"}
    for page in pages.find(HERE):
        shown = {include.snippet for include in page.includes} & every.keys()
        could = {name for name in shown & waits if every[name].cpu}
        said = re.findall(r"(\d+) of these can use a GPU", fragments.stamp(page, every))
        assert said == [str(len(could))] * bool(could), page.name
        needy = {name for name in shown & waits if not every[name].cpu}
        said = re.findall(r"(\d+) more needs? a GPU", fragments.stamp(page, every))
        assert said == [str(len(needy))] * bool(needy), page.name
        for name in shown:
            made = fragments.make(every[name])
            assert made.count(f'data-ran="{fragments.NO_CARD}"') == (name in needy)
            assert made.count(fragments.NO_CARD) == (name in needy), name
        text = (HERE.docs / page.name).read_text() if page.name.endswith(".md") else ""
        assert ("An open square marks" in text) == (len(needy) > 1), page.name


def test_the_text_for_people_has_the_open_square_too():
    every = dict(fragments.Programs(HERE))
    (page,) = [page for page in pages.find(HERE) if page.name == "gpu/index.md"]
    waits = [one for one in every.values() if one.on_gpu == "never" and not one.cpu]
    for one in [*waits[:3], every["tensors/uint8_wraps"]]:
        text = copies.readable(page, fragments.make(one))
        marked = re.findall(r'^```python title="([^"]*) □"$', text, re.MULTILINE)
        assert marked == [f"snippets/{one.snippet.name}.py"] * (one in waits)

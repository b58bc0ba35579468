"""What the hook of MkDocs makes of a page's HTML."""

import re
import time
import zipfile
from types import SimpleNamespace

import pytest

from harness.core.tree import HERE
from harness.run import figure_fonts
from harness.site import hook


def test_each_set_of_tabs_lies_in_an_element_that_the_theme_looks_into():
    tabs = '<div class="tabbed-set"><div>one<div>a</div></div></div>'
    page = f"<div>before{tabs}</div>{tabs}<div>after</div>"
    inside = f"{hook.MOUNTED}{tabs}</div>"
    assert hook._mounted(page) == f"<div>before{inside}</div>{inside}<div>after</div>"


def test_each_output_has_an_address_of_its_own_to_which_its_title_links():
    div = '<div class="text output highlight"'
    of = '{div} data-output="{name}" data-ran="CPU"><span class="filename">{title}<'
    names = ("a/sum", "Output"), ("a/sum", "Output, CUDA"), ("b/c/sum", "Output")
    page = "".join(of.format(div=div, name=n, title=t) for n, t in names)
    page += f'{div}><span class="filename">Output<'
    made = hook._linked(page)
    found = re.findall('id="([^"]*)".*?<a href="#([^"]*)">([^<]*)</a><', made)
    assert found == [
        ("sum.out", "sum.out", "Output"),
        ("sum.out-2", "sum.out-2", "Output, CUDA"),
        ("sum.out-3", "sum.out-3", "Output"),
        ("cell.out", "cell.out", "Output"),
    ]
    since = (
        'data-since="sums"><span class="filename">Output since torch 2.14, here 2.15<'
    )
    made = hook._linked(f'{div} data-output="a/sum" {since}', "a/b/")
    assert made.partition('"filename">')[2] == (
        '<a href="#sum.out">Output since</a> '
        '<a href="../../reference/what-changed/#sums">torch 2.14</a>, here 2.15<'
    )
    code = '<div class="highlight"><span class="filename">sum.py</span>'
    assert hook._linked(code) == code


@pytest.mark.parametrize(
    ("before", "comment", "kind"),
    [
        ("", "# a line of its own, however long it is, stays where it stands", "c"),
        ("x = 1  ", "# it fits", "c"),
        ("x = 1 " + "y" * 25, "# one too many", "c1"),
        ("x = 1 " + "y" * 24, "# as many ", "c"),
        ("    x = f(1) " + "y" * 30, "# far in", "c1 in"),
        ("        x = f(1) " + "y" * 30, "# farther", "c1 deep"),
        (
            's = <span class="s2">&quot;&lt;&gt;&quot;</span>  ',
            "# tags do not count",
            "c",
        ),
    ],
)
def test_a_comment_stands_below_a_line_only_where_a_phone_lacks_room(
    before, comment, kind
):
    line = f'{before}<span class="c1">{comment}</span>'
    found = hook.COMMENT.sub(hook._comment, line)
    assert found == f'{before}<span class="{kind}">{comment}</span>'


def test_buttons_and_comments_go_by_the_same_width_of_a_phone():
    script = HERE.docs / "assets" / "javascripts" / "page.js"
    assert f"const PHONE = {hook.PHONE} " in script.read_text(encoding="utf-8")


def test_a_zip_file_can_hold_the_date_that_programs_are_given():
    """Which Python 3.14 takes for it; ZipInfo refuses what is before 1980."""
    assert zipfile.ZipInfo("a", time.gmtime(int(figure_fonts.DATE))[:6])


@pytest.mark.parametrize(
    ("code", "whole"),
    [("a @ b.T", True), ("i &lt; 3", True), ("x", False), ("a, " * 9, False)],
)
def test_code_that_is_short_and_could_break_stays_whole(code, whole):
    made = hook.SHORT.sub('<code class="short">', f"<code>{code}</code>")
    assert ("short" in made) == whole


def test_a_preview_of_one_page_reads_no_notebook_of_another(monkeypatch):
    monkeypatch.setattr(hook, "Walkthrough", lambda *_: pytest.fail("is read"))
    file = SimpleNamespace(src_uri="a/b.ipynb", is_documentation_page=lambda: True)
    config = SimpleNamespace(extra={"only": "a/c.md"})
    assert hook.on_page_read_source(SimpleNamespace(file=file), config) is None
    config.extra["only"] = "a/b.ipynb"
    monkeypatch.setattr(hook, "_tree", lambda _: HERE)
    with pytest.raises(pytest.fail.Exception, match="is read"):
        hook.on_page_read_source(SimpleNamespace(file=file), config)

"""What the hook of MkDocs makes of a page's HTML."""

import time
import zipfile

import pytest

from harness.core.tree import HERE
from harness.run import figure_fonts
from harness.site import hook


def test_each_set_of_tabs_lies_in_an_element_that_the_theme_looks_into():
    tabs = '<div class="tabbed-set"><div>one<div>a</div></div></div>'
    page = f"<div>before{tabs}</div>{tabs}<div>after</div>"
    inside = f"{hook.MOUNTED}{tabs}</div>"
    assert hook._mounted(page) == f"<div>before{inside}</div>{inside}<div>after</div>"


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

"""What a page is given to include, and what the status page says."""

import re

import pytest

from harness.core import records
from harness.core.tree import HERE
from harness.site import pictures
from harness.site.fragments import Programs, fence, make
from harness.site.markdown import Site

DEVICE = (
    "import torch\n\n"
    "device = torch.accelerator.current_accelerator(\n"
    "    check_available=True\n"
    ') or torch.device("cpu")\n'
    "print(device.type)\n"
)


@pytest.fixture
def badge(draft):
    """Make the fragments; what one of them says of each run, doubts last."""

    def make(name: str) -> list[str]:
        assert draft.problems() == []
        text = draft.made(f"fragments/{name}.md")
        doubts = re.findall(r"^(.*)\n{ \.ran ", text, re.MULTILINE)
        told = re.findall(r'data-ran="(.*?)"', text)
        return [line for ran in told for line in ran.split(" | ")] + doubts

    return make


def test_a_block_says_where_and_when_it_ran(badge):
    assert badge("numbers/sum") == ["Ran on CPU · torch 2.13.0 · 2026-11-23"]


def test_a_figure_says_where_and_when_it_ran(badge):
    assert badge("numbers/drawn")[-1] == "Ran on CPU · torch 2.13.0 · 2026-11-23"


def test_what_only_a_gpu_can_run_says_that_none_has(badge):
    """Behind a mark: a page with several would say the same below each."""
    assert badge("numbers/card") == ["This has not run on a GPU yet"]


@pytest.mark.parametrize("needs", ["cuda", "cuda, unix", "cuda, linux"])
def test_a_program_for_a_gpu_is_not_said_to_wait_for_the_system_it_was_made_on(
    draft, needs
):
    draft.snippet("numbers/card", f"# needs: {needs}\nimport torch\n")
    text = make(Programs(draft.tree)["numbers/card"])
    assert text.count("{ .ran ") == 0 and text.count("data-ran=") == 1


def test_a_device_snippet_leaves_it_to_the_page_to_say_that_no_gpu_has_run_it(
    draft, badge
):
    draft.snippet("numbers/sum", DEVICE, "cpu\n")
    assert badge("numbers/sum")[1:] == []
    ran = draft.made("markdown/index.md").split("\n")[4]
    assert ran.endswith(" 1 of these can use a GPU: not run on one yet.")


def test_the_same_output_on_a_gpu_is_told_with_it(draft, badge):
    one = draft.snippet("numbers/sum", DEVICE, "cpu\n")
    draft.record("gpu", one, "cpu\n", date="2026-10-01")
    said = "Printed the same on Some GPU · torch 2.13.0 · 2026-10-01"
    assert badge("numbers/sum")[1:] == [said]


def test_another_output_on_a_gpu_is_shown(draft, badge):
    one = draft.snippet("numbers/sum", DEVICE, "cpu\n")
    draft.record("gpu", one, "cuda\n")
    one.cuda_out.write_text("cuda\n")
    assert badge("numbers/sum")[1] == "Ran on Some GPU · torch 2.13.0 · 2026-11-23"
    assert 'title="Output on Some GPU"' in draft.made("fragments/numbers/sum.md")


def test_a_program_that_changed_since_a_gpu_ran_it_says_so(draft, badge):
    one = draft.snippet("numbers/sum", "print(1)\n", "1\n")
    draft.record("gpu", one, "1\n", date="2026-10-01")
    draft.snippet("numbers/sum", DEVICE, "cpu\n")
    assert badge("numbers/sum")[1:] == ["Changed since a GPU last ran it (2026-10-01)"]


def test_an_output_that_a_gpu_no_longer_shares_is_not_called_the_same(draft, badge):
    one = draft.snippet("numbers/sum", DEVICE, "cpu\n")
    draft.record("gpu", one, "CPU\n")
    assert badge("numbers/sum")[1].startswith("Printed something else on Some GPU")


def test_a_snippet_that_needs_what_is_missing_says_so(draft, badge):
    draft.snippet("numbers/sum", "# needs: keras\nimport keras\nprint(4)\n")
    (draft.tree.snippets / "numbers/sum.out").unlink()
    records.path(draft.tree, "cpu", "numbers/sum").unlink()
    assert badge("numbers/sum") == ["Not run yet: it needs keras"]


def test_a_fence_is_longer_than_the_backticks_in_it():
    assert fence("text", "````\n") == "`````text\n````\n`````\n"


def test_the_site_shows_code_and_output_under_their_names(draft):
    draft.problems()
    site = Site(draft.tree)
    html = site.render(site.expand((draft.tree.docs / "index.md").read_text(), True))
    assert html.code == ["print(2 + 2)\n", "4\n"]
    assert not [text for text in html.code if "8<--" in text]


def test_a_picture_has_a_twin_for_dark_pages(draft):
    draft.problems()
    folder = draft.tree.pictures / "numbers"
    assert 'fill="#1f2328"' in (folder / "drawn.light.svg").read_text()
    assert 'fill="#e8e3d9"' in (folder / "drawn.dark.svg").read_text()
    shown = draft.made("fragments/numbers/drawn.md")
    assert shown.count("A dot stands alone in the middle of the picture.") == 3
    assert ".dark.svg#only-dark){ .plot width=518 height=48 loading=lazy }" in shown


def test_colours_without_a_dark_twin_stay():
    assert pictures.darken("#123456 #1F2328 #1f23280") == "#123456 #e8e3d9 #1f23280"


def test_letters_grow_on_a_phone_where_the_picture_has_room():
    svg = "<svg><style>*{stroke-linecap: butt}</style></svg>"
    assert all("425px" in one for one in pictures.twins("numbers/drawn", svg).values())
    for name in pictures.TIGHT:
        assert pictures.twins(name, svg)[f"{name}.light.svg"] == svg


def test_only_pictures_that_there_are_count_as_tight():
    drawn = [
        n for n in pictures.TIGHT if not n.startswith(("report/", "walkthroughs/"))
    ]
    assert [n for n in drawn if not (HERE.snippets / f"{n}.svg").is_file()] == []


def test_the_status_page_counts_and_names_what_ran(draft):
    one = draft.snippet("numbers/sum", DEVICE, "cpu\n")
    draft.record("gpu", one, "cpu\n")
    draft.problems()
    text = draft.made("fragments/report/status.md")
    assert "\n- **5** of 6 programs ran on a CPU\n" in text
    assert "\n- **1** of the 2 that can use a GPU ran on one\n" in text
    assert "\n- **3** pages show them, with 1 figures\n" in text
    never = '??? topic "Never run, because they need a GPU <span>1 program</span>"'
    assert f"\n{never}\n\n    - [`card`](../numbers/why.md)\n" in text
    assert "Before each publication, we run 5 again, and publish nothing if" in text
    assert "when the output was last recorded, with torch 2.13.0+cpu." in text
    assert '??? topic "numbers <span>6 programs</span>"' in text
    assert "| Program | CPU | GPU | Notes |\n    | --- | --- | --- | --- |\n" in text
    assert "| [`sum`](../index.md) | 2026-11-23 | 2026-11-23, Some GPU |  |" in text
    card = "| [`card`](../numbers/why.md) |  |  | needs cuda, not yet on a GPU |"
    assert card in text
    assert "| raises `ValueError` |" in text


def test_the_status_page_has_no_column_for_a_gpu_that_ran_nothing(draft):
    draft.snippet("numbers/sum", DEVICE, "cpu\n")
    draft.record("cpu", draft.snippet("numbers/two", "print(2)\n", "2\n"), "2\n")
    draft.problems()
    text = draft.made("fragments/report/status.md")
    assert "\n- **0** of the 2 that can use a GPU ran on one yet\n" in text
    assert "| Program | CPU | Notes |\n    | --- | --- | --- |\n" in text
    assert "| [`sum`](../index.md) | 2026-11-23 | not yet on a GPU |" in text


def test_the_status_page_names_the_torch_of_each_row_where_they_differ(draft):
    one = draft.snippet("numbers/sum", "print(1)\n", "1\n")
    draft.record("cpu", one, "1\n", torch="2.12.0+cpu")
    draft.problems()
    text = draft.made("fragments/report/status.md")
    assert "| [`sum`](../index.md) | 2026-11-23, torch 2.12.0+cpu |" in text
    assert "2026-11-23, torch 2.13.0+cpu |" in text


def test_a_message_and_a_long_line_may_wrap_but_columns_may_not(draft):
    draft.snippet("numbers/sum", "print('a' * 80)\n", "a" * 80 + "\n")
    draft.problems()
    classes = {
        name: draft.made(f"fragments/numbers/{name}.md").count(".output .long")
        for name in ("sum", "fails", "warned", "big")
    }
    assert classes == {"sum": 1, "fails": 1, "warned": 1, "big": 0}

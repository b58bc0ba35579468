"""On a phone a row of a stacked table is a card: each cell says what it is."""

import markdown
import pytest

TABLE = "| What | `how` |\n|---|---|\n| a | b |\n"


def labels(text: str) -> str:
    used = [
        "tables",
        "md_in_html",
        "pymdownx.details",
        "harness.site.labels:LabelsExtension",
    ]
    return markdown.markdown(text, extensions=used)


@pytest.mark.parametrize("name", ["stacked", "wide stacked", "sheet"])
def test_each_cell_has_the_name_of_its_column(name):
    html = labels(f'<div class="{name}" markdown>\n\n{TABLE}\n</div>')
    assert '<td data-is="What">a</td>' in html
    assert '<td data-is="how">b</td>' in html


def test_so_has_each_in_a_fold_of_a_row():
    inside = "".join(f"    {line}\n" for line in TABLE.split("\n"))
    assert '<td data-is="how">b</td>' in labels(f'??? row "x"\n\n{inside}')


@pytest.mark.parametrize("name", ["wide", "versions"])
def test_a_table_that_stays_one_has_none(name):
    assert "data-is" not in labels(f'<div class="{name}" markdown>\n\n{TABLE}\n</div>')
    assert "data-is" not in labels(TABLE)

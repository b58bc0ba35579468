"""The copies of a page: what pytest runs of it, and what readers get."""

import base64
import re
from hashlib import sha256, sha384

import pytest

from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.site.copies import place
from harness.site.publish import DIGESTS, publish

PAGE = (
    '<head><meta charset="utf-8"><script src="a.js"></script><script>1</script></head>'
)


def test_marks_of_the_test_runner_on_a_page_do_nothing(draft):
    draft.add("<!--pytest.mark.skip-->\n```python\n1 / 0\n```\n")
    assert draft.problems() == []
    assert "skip" not in draft.made("pages/index.md")


def test_a_program_of_which_only_the_picture_is_shown_is_tested(draft):
    text = (draft.tree.docs / "numbers/index.md").read_text()
    draft.write("docs/numbers/index.md", text.replace("drawn.md:code", "sum.md:code"))
    assert draft.problems() == []
    copy = draft.made("pages/numbers/index.md")
    assert copy.rstrip().endswith("x = 1\n```")
    assert "· snippets/numbers/drawn.py -->" in copy
    assert draft.census()["pages"]["numbers/index.md"]["blocks"] == copy.count("```py")


def test_readers_get_code_output_and_pictures_as_text(draft):
    assert draft.problems() == []
    text = draft.made("markdown/numbers/index.md")
    assert '    ```python title="snippets/numbers/fails.py"\n' in text
    assert '    ```text title="Output"\n    a\n      b\n' in text
    assert "**An admonition in a tab**\n\n```python\nx = 2 + 2\n```\n" in text
    words = "[Picture: A dot stands alone in the middle of the picture.]"
    assert words + "(../assets/figures/numbers/drawn.light.svg)" in text
    assert not re.search(r"8<--|data-|\{ \.|only-dark|===|!!!|<!--", text)


def test_a_box_without_a_title_has_none_in_the_copy(draft):
    draft.add('!!! tip ""\n\n    Change x.\n\n!!! tip\n\n    Change y.\n')
    draft.problems()
    copy = draft.made("markdown/index.md")
    assert "\n\nChange x.\n\n**Tip**\n\nChange y.\n" in copy


def test_links_lead_to_the_copies(draft):
    draft.add("[home](../index.md#small), [own](#because)\n", "numbers/why.md")
    assert draft.problems() == []
    assert "[why](numbers/why/index.md#because)" in draft.made("markdown/index.md")
    why = draft.made("markdown/numbers/why.md")
    assert "[home](../../index.md#small), [own](#because)" in why


def test_a_copy_drops_attributes_and_keeps_the_space_after_them(draft):
    draft.add("*True.*{ .verdict .true } It holds, *so*{: lang=zh }.\n{ .lead }\n")
    draft.problems()
    assert "\n*True.* It holds, *so*.\n" in draft.made("markdown/index.md")


def test_a_copy_sets_the_mark_of_a_fold_apart(draft):
    draft.add('--8<-- "report/status.md:rows"\n', "numbers/why.md")
    assert draft.problems() == []
    assert "**numbers – 6 programs**" in draft.made("markdown/numbers/why.md")


def test_a_copy_drops_an_attribute_without_a_value(draft):
    draft.add("## Moved { data-search-exclude }\n\nA set `{ data }` stays.\n")
    draft.problems()
    assert "\n## Moved\n\nA set `{ data }` stays.\n" in draft.made("markdown/index.md")


def test_a_title_in_the_front_matter_heads_the_copy(draft):
    draft.page(
        "numbers/why.md", "[a](../index.md)\n", "---\ntitle: T\ndescription: D\n---\n"
    )
    draft.add('--8<-- "numbers/big.md"\n\n--8<-- "numbers/card.md"\n')
    page = draft.tree.docs / "index.md"
    page.write_text(page.read_text().replace("#because", ""))
    assert draft.problems() == []
    head, _, text = draft.made("markdown/numbers/why.md").split("\n\n")
    assert head == "# T" and text.startswith("[a]")


@pytest.mark.parametrize(
    ("name", "there"),
    [("index.md", "index.md"), ("a/b.md", "a/b/index.md"), ("a.svg", "a.svg")],
)
def test_a_copy_lies_beside_its_html(name, there):
    assert place(name) == there


def test_publishing_copies_every_page(draft):
    draft.problems()
    site = draft.tree.root / "site"
    for folder in (".", "numbers", "numbers/why"):
        draft.write(f"site/{folder}/index.html", PAGE)
    publish(draft.tree, site)
    text = (site / "numbers/why/index.md").read_text()
    assert text == draft.made("markdown/numbers/why.md")


def test_a_published_page_runs_its_own_scripts_alone(draft):
    """By the digests that browsers compute; the browser's tests see what it does."""
    draft.problems()
    for folder in (".", "numbers", "numbers/why"):
        draft.write(f"site/{folder}/index.html", PAGE)
    html = draft.write("site/404.html", PAGE.replace("</head>", "<script>2</script>"))
    for _ in "again":
        publish(draft.tree, draft.tree.root / "site")
    one, two = (base64.b64encode(sha256(x).digest()).decode() for x in (b"1", b"2"))
    text = html.read_text()
    assert text.count("Content-Security-Policy") == 1
    assert f"script-src 'self' 'sha256-{one}' 'sha256-{two}';" in text
    assert "unsafe" not in text and text.index("Policy") < text.index("<script>")
    html.write_text("<script>1</script>")
    with pytest.raises(Problem, match="charset"):
        publish(draft.tree, draft.tree.root / "site")


def test_publishing_without_a_site_is_refused(draft):
    draft.problems()
    with pytest.raises(Problem, match="build the site first"):
        publish(draft.tree, draft.tree.root / "site")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("print(2 + 2)", "print(2 + 3)", 4, "not what the snippet says"),
        ("\n4\n", "\n5\n", 9, "not what the snippet printed"),
    ],
)
def test_a_readme_that_left_its_snippet_is_refused(draft, old, new, line, words):
    draft.write("README.md", draft.README.replace(old, new))
    draft.refused(f"README.md:{line}", words)


def test_a_readme_may_not_hold_what_nobody_runs(draft):
    draft.write("README.md", "# Small\n\n```bash\nrm -r x\n```\n")
    draft.refused("README.md:3", "nobody runs a 'bash' fence")


@pytest.mark.parametrize(
    "mark",
    ["pytest.mark.skip", "pytest.mark.xfail(strict=False)", "pytest-codeblocks:cont"],
)
def test_a_readme_may_not_keep_a_block_from_running(draft, mark):
    draft.write(
        "README.md", draft.README.replace("<!-- snip", f"<!--{mark}-->\n<!-- snip")
    )
    draft.refused("README.md:3", f"'<!--{mark}-->' would keep pytest")


def test_an_output_in_the_readme_belongs_to_a_snippet(draft):
    fence = "```console\n$ make test\n```\n"
    output = "<!--pytest-codeblocks:expected-output-->\n```text\nfine\n```\n"
    draft.write("README.md", f"# Small\n\n{fence}\n{output}")
    draft.refused("README.md:8", "output typed by hand")


def test_a_published_script_of_ours_has_no_comments(draft):
    code = "// why\nconst text = `a  // b\n ${ 1 }`\n"
    draft.problems()
    for name in ("own.js", "theirs.js"):
        draft.write(f"docs/assets/javascripts/{name}", code)
        draft.write(f"site/assets/javascripts/{name}", code)
    draft.write("docs/assets/javascripts/LICENSE-theirs.txt", "MIT")
    for folder in (".", "numbers", "numbers/why"):
        draft.write(f"site/{folder}/index.html", PAGE)
    site = draft.tree.root / "site" / "assets" / "javascripts"
    for _ in "again":
        publish(draft.tree, draft.tree.root / "site")
    assert (site / "own.js").read_text().strip() == "const text=`a  // b\n ${ 1 }`"
    assert (site / "theirs.js").read_text() == code


def test_a_published_script_knows_the_files_that_it_fetches(draft):
    draft.problems()
    name = "assets/javascripts/live/whole.js"
    code = (HERE.docs / name).read_text(encoding="utf-8")
    assert code.count(f"\n{DIGESTS}\n") == 1
    for top in ("docs", "site"):
        draft.write(f"{top}/{name}", code)
    fetched = ("weights/one.onnx", "javascripts/moving/two.json")
    for one in fetched:
        draft.write(f"site/assets/{one}", "abc")
    for folder in (".", "numbers", "numbers/why"):
        draft.write(f"site/{folder}/index.html", PAGE)
    site = draft.tree.root / "site"
    publish(draft.tree, site)
    digest = base64.b64encode(sha384(b"abc").digest()).decode()
    both = ",".join(f'"{one.split("/")[-1]}":"sha384-{digest}"' for one in fetched)
    said = f"constDIGESTS={{{both}}}"
    assert said in (site / name).read_text().replace(" ", "")
    assert DIGESTS not in (site / name).read_text()


def test_all_that_live_pages_and_pictures_fetch_is_fetched_whole():
    scripts = HERE.docs / "assets" / "javascripts"
    for file in (*scripts.glob("live/*.js"), *scripts.glob("moving/*.js")):
        calls = re.findall(r"\bfetch\(", file.read_text(encoding="utf-8"))
        assert len(calls) == (file.name == "whole.js"), file


def test_no_script_has_a_pattern_where_comments_are_not_told_from_it():
    """rjsmin takes a pattern behind an arrow for a division, and its blanks out."""
    for file in HERE.docs.rglob("*.js"):
        assert not re.search(r"=>\s*/[^/*]", file.read_text(encoding="utf-8")), file

"""The copy of the site that needs no server."""

import io
import os
import zipfile

import pytest

from harness.site import offline


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("../tensors/", "../tensors/index.html"),
        ("../tensors/?h=view#why", "../tensors/index.html?h=view#why"),
        (".", "./index.html"),
        ("..", "../index.html"),
        ("../..#top", "../../index.html#top"),
        ("./", "./index.html"),
        ("../programs/a/b.py", "../programs/a/b.py"),
        ("index.md", "index.md"),
        ("#why", "#why"),
        ("", ""),
        ("https://pytorch.org/", "https://pytorch.org/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("/", "/"),
    ],
)
def test_a_link_to_a_folder_names_its_page(link, there):
    page = '<a class="x" href="{}">x</a><code>data-href="../"</code>'
    assert offline.rewritten(page.format(link)) == page.format(there)


def test_it_does_not_lead_to_itself():
    head = '<link rel="canonical" href="https://example.org/book/start/run/">'
    page = head + '<a href="{}">x</a>'
    there = "https://example.org/book/offline.zip"
    assert offline.rewritten(page.format("../../offline.zip")) == page.format(there)
    with zipfile.ZipFile(io.BytesIO(offline.EMPTY)) as archive:
        assert archive.namelist() == []


def test_equal_sites_give_equal_bytes(tmp_path):
    made = []
    for number, names in enumerate(
        (["a.txt", "b/index.html"], ["b/index.html", "a.txt"])
    ):
        site = tmp_path / str(number)
        for name in names:
            file = site / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text('<a href="../">x</a>', encoding="utf-8")
            os.utime(file, (number * 10**8, number * 10**8))
        (site / "404.html").write_text("no")
        offline.make(site)
        made.append(offline.make(site).read_bytes())  # once more: not of itself
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "0" / offline.NAME) as archive:
        top = offline.FOLDER
        assert archive.namelist() == [f"{top}/a.txt", f"{top}/b/index.html"]
        assert archive.read(f"{top}/a.txt") == b'<a href="../">x</a>'
        assert b'"../index.html"' in archive.read(f"{top}/b/index.html")

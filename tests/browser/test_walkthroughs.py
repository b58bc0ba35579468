"""Walkthroughs as they are read, and as they are taken away."""

import os
import subprocess
import sys
import sysconfig

import nbformat
import pytest

from harness.core.tree import HERE
from harness.notebooks import walkthrough
from harness.notebooks.make import read
from harness.site import notebooks

from . import refuse
from .built import CANONICAL
from .visits import Look

WALKS = walkthrough.find(HERE)
HEAVIEST = 100_000  # bytes of HTML
# On a reader's machine: what Jupyter does with "run all cells".
RUN_ALL = """\
import sys, nbclient, nbformat
made = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(made, timeout=600, kernel_name="python3").execute()
nbformat.write(made, sys.argv[2])
"""
LONGEST = 1200  # seconds


def html(one) -> str:
    return notebooks.place(one.name).replace(".md", ".html")


@pytest.fixture(scope="module")
def walked(seen):
    """Every walkthrough in every look."""
    pages = {html(one) for one in WALKS}
    return [one for one in seen if one.page in pages]


@pytest.mark.parametrize("one", WALKS, ids=lambda one: one.path.stem)
def test_its_page_shows_all_that_it_printed_and_drew(walked, site, one):
    made = read(one.notebook_path)
    parts = [
        (at, part)
        for at, cell in enumerate(made.cells)
        if cell.cell_type == "code"
        for part in notebooks.joined(cell.outputs)
    ]
    texts = [part + "\n" for _, part in parts if isinstance(part, str)]
    drawn = notebooks.pictures(made)
    assert texts or drawn
    looks = set()
    for seen in walked:
        if seen.page != html(one):
            continue
        looks.add(seen.look)
        blocks = seen.noticed["blocks"]
        shown = [b["text"] for b in blocks if b["title"] == "Output" and b["visible"]]
        assert shown == texts, seen
        own = (
            p for p in seen.noticed["pictures"] if p["source"].startswith("picture-")
        )
        words = [picture["alt"] for picture in own if picture["visible"]]
        assert words == [picture.words for picture in drawn.values()], seen
        code = [b["text"] for b in blocks if not b["title"] and b["visible"]]
        cells = [c.source + "\n" for c in made.cells if c.cell_type == "code"]
        assert [text for text in code if text in cells] == cells, seen
    assert {look.scheme for look in looks} == {"light", "dark"}
    assert Look("dark", 360) in looks


def test_nothing_goes_wrong_behind_it(walked):
    refuse(
        f"{one}: {fault}"
        for one in walked
        for fault in [
            *one.faults.errors,
            *one.faults.failed,
            *one.faults.foreign,
            *one.axe,
            *one.noticed["cut"],
            *one.noticed["past"],
        ]
    )


@pytest.mark.parametrize("one", WALKS, ids=lambda one: one.path.stem)
def test_its_page_is_light(site, one):
    size = (site.folder / html(one)).stat().st_size
    assert size < HEAVIEST, f"{html(one)} has {size} bytes"


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The Python of a new environment that has what this one has installed."""
    folder = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    libraries = next(folder.glob("lib/python*/site-packages"))
    (libraries / "installed.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


@pytest.mark.timeout(LONGEST)
@pytest.mark.parametrize("one", WALKS, ids=lambda one: one.path.stem)
def test_its_download_runs_in_a_clean_environment(one, clean, site, home, tmp_path):
    file = (site.folder / html(one)).parent / one.notebook_path.name
    front = (site.folder / "index.html").read_text(encoding="utf-8")
    text = file.read_text(encoding="utf-8").replace(CANONICAL.search(front)[1], home)
    (tmp_path / "given.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "work").mkdir()
    ran = subprocess.run(
        [clean, "-c", RUN_ALL, tmp_path / "given.ipynb", tmp_path / "ran.ipynb"],
        cwd=tmp_path / "work",
        env={
            "HOME": str(tmp_path),
            "PATH": f"{clean.parent}{os.pathsep}{os.defpath}",
            "CUDA_VISIBLE_DEVICES": "",
            "PIP_NO_INDEX": "1",  # all that it asks for is there
        },
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    given = nbformat.read(tmp_path / "given.ipynb", 4)
    made = nbformat.read(tmp_path / "ran.ipynb", 4)
    install = made.cells[0]
    assert "%pip install" in install.source
    assert "Could not find" not in "".join(o.get("text", "") for o in install.outputs)
    for before, after in zip(given.cells[1:], made.cells[1:], strict=True):
        if before.cell_type == "code" and before.outputs:
            assert after.outputs, before.source
    assert os.listdir(tmp_path / "work") == [], "it leaves files behind"

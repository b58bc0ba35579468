"""The programs as the site gives them away: what they need, and that uv runs them."""

import datetime
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest

from harness.core.snippet import Snippet, find
from harness.core.tree import HERE
from harness.site import programs
from harness.site.markdown import Site
from tests.browser.serving import Handler, serve

# The reference implementation of PEP 723 reads them by this.
BLOCK = re.compile(
    r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$"
)
UV = shutil.which("uv", path=Path(sys.executable).parent)
WITH_OWN = "start/uv_script"
WEEK = datetime.date.today().isocalendar().week


@cache
def every() -> dict[str, Snippet]:
    return {one.name: one for one in find(HERE)}


def needs(text: str) -> dict:
    """By the words of PEP 723, which refuses a second one."""
    (found,) = (one for one in BLOCK.finditer(text) if one["type"] == "script")
    lines = found["content"].splitlines(keepends=True)
    return tomllib.loads("".join(re.sub("^# ?", "", line) for line in lines))


def test_a_file_begins_with_the_program_that_ran_and_then_says_what_it_needs():
    for name, one in every().items():
        whole = programs.runnable(one).encode()
        ran = one.path.read_bytes()
        assert whole.startswith(ran), name
        added = whole[len(ran) :].decode()
        assert not re.search(r"^(?!#).", added, re.MULTILINE), name
        assert bool(added) == (name != WITH_OWN), name
        assert {"requires-python", "dependencies"} <= needs(whole.decode()).keys()


def test_each_package_is_pinned_and_torch_is_the_small_build_unless_it_needs_cuda():
    pinned = re.findall(r"^torch==\S+", _text("requirements-torch.txt"), re.MULTILINE)
    for name, one in every().items():
        if name == WITH_OWN:
            continue
        given = needs(programs.runnable(one))
        loose = [p for p in given["dependencies"] if "==" not in p and p != "pip"]
        assert len(loose) == bool(programs.beside(one)), name
        torch = [p for p in given["dependencies"] if p.startswith("torch==")]
        assert torch in ([], pinned), name
        if "torch" in one.imports or "keras" in one.imports:
            assert torch, name
        on_cpu = bool(torch) and "cuda" not in one.directives.needs
        assert ("tool" in given) == on_cpu, name
        if on_cpu:
            tool = given["tool"]["uv"]
            (index,) = tool["index"]
            assert index["explicit"] and index["url"].endswith("/whl/cpu")
            assert tool["sources"]["torch"]["index"] == index["name"]


def _text(name: str) -> str:
    return (HERE.root / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "packages"),
    [
        ("import math\n", []),
        ("import torch\n", ["numpy", "torch"]),
        ("from PIL import Image\nimport sklearn.metrics\n", ["pillow", "scikit-learn"]),
        ("import tensorflow\n", ["tensorflow-cpu"]),
        ("# needs: keras\nprint()\n", ["keras", "numpy", "torch"]),
        ("# needs: cuda\nimport torch\n", ["numpy", "torch"]),
        ("import torch\ntorch.onnx.export\n", ["numpy", "onnxscript", "torch"]),
    ],
)
def test_what_a_program_needs_is_what_it_imports_or_says(draft, source, packages):
    one = draft.snippet("numbers/other", source)
    assert programs.packages(one) == packages


def test_files_of_this_site_that_programs_need_come_as_a_package():
    files = {name: programs.beside(one) for name, one in every().items()}
    assert files["training/check_a_broken_model"] == {"check_my_training.py"}
    assert len(files["walkthroughs/book_encoded_twice"]) == 2
    needed = set().union(*files.values())
    for name, one in every().items():  # each is found, however it is read
        assert files[name] or "importlib.resources" not in one.source
    with ZipFile(io.BytesIO(programs.wheel(HERE))) as wheel:
        assert {one for one in wheel.namelist() if "-info/" not in one} == needed
        for one in needed - {"check_my_training.py"}:
            assert wheel.read(one) == (HERE.docs / "assets" / one).read_bytes()


READER = """\
from importlib.resources import files

import check_my_training

print((files("text") / "alice.txt").read_text()[-4:])
print(check_my_training.SITE)
"""


def test_uv_installs_files_of_this_site_from_there(draft, tmp_path):
    """Without any index: the address of the package stands in the program."""
    draft.write("docs/assets/check_my_training.py", 'SITE = ""\n')
    draft.write("docs/assets/text/alice.txt", "END.")
    one = draft.snippet("numbers/reader", READER, "")
    here = Site(draft.tree).home
    with serve(tmp_path, "/book/") as home:
        place = tmp_path / "programs"
        place.mkdir()
        (place / programs.WHEEL).write_bytes(programs.wheel(draft.tree))
        program = programs.runnable(one).replace(here, home)
        (place / "reader.py").write_text(program, encoding="utf-8")
        options = "--no-index", "--no-cache", "--python", sys.executable
        ran = uv_run(f"{home}programs/reader.py", tmp_path, *options)
    assert ran.stdout == f"END.\n{here}\n", ran.stderr


def test_tensorflow_is_called_otherwise_on_a_mac(draft):
    draft.write("requirements.in", "tensorflow-cpu==9.1\n")
    one = draft.snippet("numbers/other", "import tensorflow\n")
    assert programs.requirements(one) == [
        "tensorflow-cpu==9.1 ; sys_platform != 'darwin'",
        "tensorflow==9.1 ; sys_platform == 'darwin'",
    ]


def test_programs_that_a_page_shows_are_published_and_no_others(draft):
    page = '# Small\n\n--8<-- "numbers/sum.md"\n'
    draft.page("index.md", page + "\n[a](numbers/why.md#because)\n")
    assert draft.problems() == []
    made = {file.name for file in draft.tree.programs.rglob("*.py")}
    assert made == {"sum.py", "big.py", "fails.py", "warned.py", "drawn.py", "card.py"}
    draft.add("![](no.svg)\n")
    assert draft.problems()
    assert not any(draft.tree.programs.rglob("*.py"))


OURS = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")  # what leads to our own packages


def uv_run(address: str, folder: Path, *options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [UV, "run", "--quiet", "--no-sources", *options, address],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k not in OURS},
        capture_output=True,
        text=True,
        check=False,
    )


class Unknown(Handler):
    """A host that knows no Python."""

    def guess_type(self, path: str) -> str:
        return "application/octet-stream"


@pytest.mark.parametrize("host", [Handler, Unknown])
def test_uv_runs_a_program_by_its_address(tmp_path, host):
    """One that needs no package, so that nothing is fetched. Any media type will do."""
    name = "start/days_between"
    assert programs.requirements(every()[name]) == []
    file = tmp_path / "site" / "programs" / f"{name}.py"
    file.parent.mkdir(parents=True)
    file.write_text(programs.runnable(every()[name]), encoding="utf-8")
    with serve(tmp_path / "site", "/book/", host) as home:
        address = f"{home}programs/{name}.py"
        ran = uv_run(address, tmp_path, "--no-index", "--python", sys.executable)
    assert ran.stdout == every()[name].out.read_text(encoding="utf-8"), ran.stderr


def anywhere() -> list[Snippet]:
    """Those that need packages and no more."""
    able = {"cuda", "compiler"}.isdisjoint
    return [
        one
        for one in every().values()
        if able(one.directives.needs)
        and not (one.directives.run or programs.beside(one))  # from an address
    ]


def sets() -> list[str]:
    """One program for each set of packages."""
    found = {}
    for one in anywhere():
        found.setdefault(tuple(programs.requirements(one)), one.name)
    return [*found.values()]


def drawn() -> list[str]:
    """Ten that print something and end well, others each week."""
    ends = [
        one.name
        for one in anywhere()
        if one.out.exists() and not (one.directives.raises or one.directives.warns)
    ]
    return sorted(random.Random(WEEK).sample(sorted(ends), 10))


def pytest_generate_tests(metafunc):
    """To find them is to read every program."""
    for name, find_them in {"of_a_set": sets, "of_the_week": drawn}.items():
        if name in metafunc.fixturenames:
            weekly = metafunc.config.option.markexpr == "weekly"
            metafunc.parametrize(name, find_them() if weekly else [])


@pytest.mark.weekly
@pytest.mark.timeout(1200)
def test_uv_runs_programs_of_the_site_where_nothing_is_installed(tmp_path, of_the_week):
    """From the built site, each in an environment of its own that is made for it."""
    one = every()[of_the_week]
    with serve(HERE.root / "site", "/") as home:
        address = f"{home}programs/{of_the_week}.py"
        ran = uv_run(address, tmp_path, "--isolated", "--python", "3.11")
    # PyPI's torch for Linux is built for CUDA.
    known = {
        file.read_text("utf-8") for file in (one.out, one.expected("cuda-build")[0])
    }
    assert ran.stdout in known, ran.stderr


@pytest.mark.weekly
@pytest.mark.timeout(1200)
def test_uv_installs_what_a_program_needs(tmp_path, of_a_set):
    """From the index that is configured here."""
    one = every()[of_a_set]
    file = tmp_path / "program.py"
    file.write_text(programs.runnable(one), encoding="utf-8")
    ran = uv_run(str(file), tmp_path, "--python", "3.11")
    assert bool(ran.returncode) == bool(one.directives.raises), ran.stderr
    if one.out.exists() and not one.directives.raises and not one.directives.warns:
        assert ran.stdout == one.out.read_text(encoding="utf-8"), ran.stderr

"""What the page about running programs claims, held against uv without a network."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.markers import Marker

from harness.core.directives import FORMS, SYSTEMS
from harness.core.snippet import find
from harness.core.tree import HERE
from harness.site import programs

PAGE = (HERE.docs / "start" / "run.md").read_text(encoding="utf-8")
UV = shutil.which("uv", path=Path(sys.executable).parent)
INDEX = "https://download.pytorch.org/whl/cpu"


def wheel(folder: Path, name: str, version: str) -> None:
    """A package that has a version and nothing else."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}/__init__.py": f"__version__ = {version!r}",
        f"{info}/METADATA": head,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        for path, text in files.items():
            file.writestr(path, text)


@pytest.fixture
def ran(draft, tmp_path):
    """What a program prints that uv runs, by stand-ins for both of its servers."""
    pypi, pytorch = tmp_path / "pypi", tmp_path / "pytorch"
    wheel(pypi, "torch", "9.1.0")
    wheel(pypi, "numpy", "8.1.0")
    wheel(pytorch, "torch", "9.1.0+cpu")
    wheel(pytorch, "numpy", "8.1.0+other")
    draft.write("requirements.in", "torch==9.1.0\nnumpy==8.1.0\n")

    def run(source: str, *options: str) -> str:
        text = programs.runnable(draft.snippet("numbers/other", source))
        flat = f'url = "{pytorch.as_uri()}"\n# format = "flat"'
        file = tmp_path / "other.py"
        file.write_text(text.replace(f'url = "{INDEX}"', flat), encoding="utf-8")
        ask = [UV, "run", "--quiet", "--offline", "-p", sys.executable, *options]
        ask += ["--no-index", "--find-links", pypi] if "--no-sources" in options else []
        ask += [] if "--no-sources" in options else ["--find-links", pypi]
        env = {"HOME": str(tmp_path), "UV_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run(
            [*ask, file], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


ASK = "import numpy, torch\nprint(torch.__version__, numpy.__version__)\n"


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has one build")
def test_uv_takes_the_cpu_build_of_torch_and_nothing_else_from_its_index(ran):
    assert ran(ASK) == "9.1.0+cpu 8.1.0"


def test_without_sources_uv_takes_the_plain_build(ran):
    assert ran(ASK, "--no-sources") == "9.1.0 8.1.0"


def test_what_needs_cuda_gets_the_plain_build(ran):
    assert ran(f"# needs: cuda\n{ASK}") == "9.1.0 8.1.0"


def test_only_linux_and_windows_are_led_to_the_index_of_small_builds():
    (one,) = find(HERE, ["start/derivative"])
    text = re.sub("^# ?", "", programs.metadata(one), flags=re.MULTILINE)
    given = tomllib.loads(text.replace("/// script\n", "").replace("///\n", ""))
    marker = Marker(given["tool"]["uv"]["sources"]["torch"]["marker"])
    asked = {
        s: marker.evaluate({"sys_platform": s}) for s in ("linux", "win32", "darwin")
    }
    assert asked == {"linux": True, "win32": True, "darwin": False}


def test_the_address_that_the_page_spells_out_is_of_its_program(draft):
    name = re.search(r"`programs/(.+)\.py`", PAGE)[1]
    assert f'--8<-- "{name}.md"' in PAGE
    draft.snippet("numbers/other", "print(1)\n", "1\n")
    draft.add('--8<-- "numbers/other.md"\n')
    assert draft.problems() == []
    assert draft.made("programs/numbers/other.py").startswith("print(1)")


def test_the_comments_are_those_that_programs_have():
    keys = re.findall(r"^\| `# (\w+):", PAGE, re.MULTILINE)
    assert (
        keys == ["needs", "needs", "needs", "run", "raises"] and {*keys} <= FORMS.keys()
    )
    used = {need for one in find(HERE) for need in one.directives.needs}
    assert used >= {"cuda", "compiler", *SYSTEMS}
    assert any(one.directives.run[:1] == ("torchrun",) for one in find(HERE))


def test_python_is_a_range_and_each_package_one_version():
    (one,) = find(HERE, ["training/backward_is_right"])
    text = programs.metadata(one)
    assert '# requires-python = ">=' in text and re.search(r'"torch==[\d.]+"', text)
    assert '"numpy==' in text


def test_a_program_that_raises_does_so_under_uv(draft, tmp_path):
    source = "# raises: ValueError\nraise ValueError('x')\n"
    file = tmp_path / "program.py"
    text = programs.runnable(draft.snippet("numbers/other", source))
    file.write_text(text, encoding="utf-8")
    ask = [UV, "run", "--quiet", "--no-index", "-p", sys.executable, file]
    done = subprocess.run(ask, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ValueError: x"
    assert "line 2, in <module>" in done.stderr  # as if nothing had been added


# A slow import


def test_python_lists_each_import_with_what_it_imports_itself(tmp_path):
    (tmp_path / "outer.py").write_text("import inner\n")
    (tmp_path / "inner.py").write_text("import time\ntime.sleep(0.02)\n")
    line = "-X importtime -c".split()
    assert "-X importtime -c" in PAGE
    done = subprocess.run(
        [sys.executable, *line, "import outer"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    listed = re.findall(r"import time: +(\d+) \| +(\d+) \| +(\w+)", done.stderr)
    times = {name: (int(own), int(all_)) for own, all_, name in listed}
    assert done.stdout == "" and times["outer"][1] >= times["inner"][1] >= 20_000


@pytest.mark.parametrize("forbidden", ["", "1"])
def test_python_keeps_what_it_compiled_unless_it_may_not(tmp_path, forbidden):
    (tmp_path / "outer.py").write_text("")
    own = {"PYTHONDONTWRITEBYTECODE": forbidden}
    command = [sys.executable, "-c", "import outer"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | own, check=True)
    kept = list(tmp_path.glob("__pycache__/outer.*.pyc"))
    assert len(kept) == (0 if forbidden else 1)


def test_torch_is_hundreds_of_python_files():
    import torch

    ours = [name for name in sys.modules if name.split(".")[0] == torch.__name__]
    assert len(ours) > 500

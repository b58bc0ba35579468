"""What the page about installing by system claims, held against uv, pip and wheels."""

import json
import platform
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import torch
from packaging.tags import Tag, sys_tags
from packaging.utils import parse_wheel_filename

from tests.claims_support import cited, names_of, printed, program

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "start" / "by-system.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ *\$ (.*)", PAGE, re.MULTILINE)
MAIN = (ROOT / "docs" / "start" / "install.md").read_text(encoding="utf-8")
DOWNLOADS = json.loads((ROOT / "recorded" / "downloads.json").read_text("utf-8"))
UV = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
INDEX = "https://download.pytorch.org/whl/cpu"

needs_uv = pytest.mark.skipif(UV is None, reason="this machine has no uv")


def uv(*arguments, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [UV, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made_by_uv") / "env"
    uv("venv", "--no-cache", "-p", sys.executable, folder, folder=folder.parent)
    return folder


# The figure


def part(name: str) -> str:
    package = name.partition("-")[0]
    if package in ("torch", "triton"):
        return package
    return "cuda" if package.startswith(("cuda_", "nvidia_")) else "other"


def megabytes(system: str) -> dict[str, float]:
    sizes = dict.fromkeys(("torch", "cuda", "triton", "other"), 0.0)
    for name, size in DOWNLOADS[system].items():
        sizes[part(name)] += size / 1e6
    return sizes


@pytest.mark.parametrize(
    "system", ["Linux, plain", "Linux, CPU build", "Windows, plain", "macOS, plain"]
)
def test_a_bar_is_the_sum_of_the_files_that_were_read(system):
    drawn = dict(re.findall(r'"(.+?)": \((.+?)\),', program("start/download_sizes")))
    bars = [float(size) for size in drawn[system].split(",")]
    assert bars == pytest.approx(list(megabytes(system).values()), abs=0.06)
    total = re.search(rf"{system}: (\d+) MB", printed("start/download_sizes"))
    assert int(total[1]) == pytest.approx(sum(bars), abs=0.6)
    assert not any("torchvision" in name for name in DOWNLOADS[system])


def test_on_linux_the_plain_command_is_mostly_cuda_on_arm_too():
    for system in ("Linux, plain", "Linux on ARM, plain"):
        sizes = megabytes(system)
        assert sizes["cuda"] > sum(sizes.values()) / 2
    for system in ("Linux, CPU build", "Windows, plain", "macOS, plain"):
        assert megabytes(system)["cuda"] == 0


def test_the_cuda_of_the_plain_command_is_13_0():
    names = DOWNLOADS["Linux, plain"]
    (runtime,) = (name for name in names if name.startswith("nvidia_cuda_runtime"))
    assert str(parse_wheel_filename(runtime)[1]).startswith("13.0.")
    assert "[CUDA 13.0]" in PAGE


# The table


def rows() -> list[tuple[str, str, str]]:
    table = re.findall(r"^\| \[(.+?)\]\(#.+?\) \| (.+?) \| (.+?) \|$", PAGE, re.M)
    return [(system, gpu, add.strip("`")) for system, gpu, add in table]


def test_the_table_agrees_with_the_main_page():
    tabs = re.split(r'=== "(\w+)"', MAIN[: MAIN.index("The package is called")])
    tabs = dict(zip(tabs[1::2], tabs[2::2], strict=True))
    assert len(rows()) == 7
    for systems, _, add in rows():
        for system in systems.split(", "):
            offered = re.sub(r"\\\n\s*", "", tabs[system])
            command = "pip install torch torchvision"
            wanted = command if add == "nothing" else f"{command} {add}"
            assert re.search(rf"^ *\$ {re.escape(wanted)}$", offered, re.M), wanted


def test_each_row_has_its_command_in_a_section_below():
    for _, _, add in rows():
        tail = "" if add == "nothing" else f" {add}"
        assert f"pip install torch torchvision{tail}" in COMMANDS


def test_torchvision_comes_with_torch_in_every_command():
    installs = [c for c in COMMANDS if re.search(r"(install|add) .*\btorch\b", c)]
    assert len(installs) > 8
    assert all("torchvision" in command for command in installs)


# Files and their names


def test_the_file_names_are_read_as_packaging_reads_them():
    lines = iter(printed("start/wheel_names").splitlines())
    for name in names_of("start/wheel_names")["wheels"].split():
        _, version, _, tags = parse_wheel_filename(name)
        (tag,) = tags
        python = f"3.{tag.interpreter.removeprefix('cp3')}"
        assert next(lines) == f"{version} for Python {python} on {tag.platform}"


def test_macos_needs_apples_processor_and_version_14():
    (wheel,) = (n for n in DOWNLOADS["macOS, plain"] if n.startswith("torch-"))
    tag = Tag("cp311", "cp311", "macosx_14_0_arm64")
    assert parse_wheel_filename(wheel)[3] == {tag}


def test_there_is_no_file_for_windows_on_arm_nor_for_intel_macs():
    systems = DOWNLOADS["systems of torch 2.13.0"]  # as uv lists them
    names = printed("start/wheel_names")
    assert all(system in names for system in systems)
    assert {system.rpartition("_")[2] for system in systems} == {
        "64",
        "aarch64",
        "arm64",
        "amd64",
    }
    assert [s for s in systems if s.startswith("win")] == ["win_amd64"]
    assert [s for s in systems if s.startswith("macosx")] == ["macosx_14_0_arm64"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no glibc here")
@pytest.mark.parametrize("version", ["2_17", "2_28", "2_99"])
def test_the_number_in_the_name_is_that_of_the_c_library(version):
    ours = tuple(map(int, platform.libc_ver()[1].split(".")))
    fits = tuple(map(int, version.split("_"))) <= ours
    name = f"manylinux_{version}_{platform.machine()}"
    assert (name in {tag.platform for tag in sys_tags()}) == fits


def test_the_device_names_on_the_page_are_torchs():
    for name in ("cuda", "mps", "xpu"):
        assert torch.device(name).type == name
    assert {"cuda", "hip", "xpu"} <= vars(torch.version).keys()


def test_the_device_of_an_amd_gpu_is_called_cuda():
    (link,) = re.findall(r"\[still called `cuda`\]\((.+?)\)", PAGE)
    assert "'rocm' or 'hip' are not valid, use 'cuda'" in cited()[link]["holds"]


def test_the_program_says_what_this_torch_is():
    names = names_of("start/what_you_got")
    found = torch.accelerator.current_accelerator(check_available=True)
    assert names["device"] == found


@pytest.mark.parametrize("lane", ["cuda-build", "newest"])
def test_only_a_cuda_build_has_a_version_behind_cuda_and_finds_no_gpu(lane):
    cpu, cuda = (
        dict(
            line.split(": ")
            for line in printed("start/what_you_got", one).split("\n")[:-1]
        )
        for one in ("cpu", lane)
    )
    assert cpu["built for cuda"] == "None" and float(cuda["built for cuda"]) >= 12
    assert {what for what in cpu if cpu[what] != cuda[what]} == {"built for cuda"}
    assert cuda["GPU that works"] == "False" and cuda["device"] == "cpu"


# uv, with stand-ins for the packages and no network


def wheel(folder: Path, name: str, version: str, needs: str = "") -> None:
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    needs = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}/__init__.py": f"__version__ = {version!r}",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\n"
        f"Version: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        for path, text in files.items():
            file.writestr(path, text)


@pytest.fixture
def servers(tmp_path):
    pypi, pytorch = tmp_path / "pypi", tmp_path / "pytorch"
    for folder, build in ((pypi, ""), (pytorch, "+cpu")):
        wheel(folder, "torch", f"2.13.0{build}")
        wheel(folder, "torchvision", f"0.28.0{build}", "torch==2.13.0")
    wheel(pypi, "numpy", "3.0.0")
    wheel(pypi, "pillow", "13.0.0")
    wheel(pytorch, "pillow", "12.0.0")
    return pypi, pytorch


def locked(text: str, servers, folder: Path, *more: str) -> dict[str, tuple]:
    """The version of each package that uv chooses, and the server's name."""
    pypi, pytorch = servers
    flat = f'url = "{pytorch.as_uri()}"\nformat = "flat"'
    assert f'url = "{INDEX}"' in text
    text = text.replace(f'url = "{INDEX}"', flat)
    text += f'[[tool.uv.index]]\nurl = "{pypi.as_uri()}"\n'
    text += 'format = "flat"\ndefault = true\n'
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    ask = ("lock", "--offline", "--no-cache", "-p", sys.executable, *more)
    done = uv(*ask, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower()
    lock = tomllib.loads((folder / "uv.lock").read_text(encoding="utf-8"))
    return {
        one["name"]: (one["version"], Path(one["source"]["registry"]).name)
        for one in lock["package"]
        if "registry" in one["source"]
    }


def project() -> str:
    return names_of("start/uv_project")["text"]


@needs_uv
def test_uv_takes_both_from_the_index_that_the_project_names(servers, tmp_path):
    assert locked(project(), servers, tmp_path) == {
        "torch": ("2.13.0+cpu", "pytorch"),
        "torchvision": ("0.28.0+cpu", "pytorch"),
    }


@needs_uv
def test_a_package_that_is_missing_from_the_sources_is_another_build(servers, tmp_path):
    line = 'torchvision = { index = "pytorch-cpu" }\n'
    assert locked(project().replace(line, ""), servers, tmp_path) == {
        "torch": ("2.13.0+cpu", "pytorch"),
        "torchvision": ("0.28.0", "pypi"),
    }


@needs_uv
def test_an_index_that_is_not_explicit_serves_all_it_has(servers, tmp_path):
    text = project().replace('"torchvision"]', '"torchvision", "pillow"]')
    without = text.replace("explicit = true\n", "")
    old, new = ("12.0.0", "pytorch"), ("13.0.0", "pypi")
    assert locked(without, servers, tmp_path)["pillow"] == old
    assert locked(text, servers, tmp_path)["pillow"] == old  # what uv chose, it keeps
    assert locked(text, servers, tmp_path, "--upgrade")["pillow"] == new
    (tmp_path / "uv.lock").unlink()
    assert locked(text, servers, tmp_path)["pillow"] == new


@needs_uv
def test_uv_add_writes_the_file_but_not_the_line_explicit(tmp_path):
    (command,) = (c for c in COMMANDS if c.startswith("uv add"))
    assert (
        "No `pyproject.toml` found" in uv(*command.split()[1:], folder=tmp_path).stderr
    )
    assert COMMANDS[COMMANDS.index(command) - 1] == "uv init"
    uv("init", "--vcs=none", "-p", sys.executable, folder=tmp_path)
    done = uv(*command.split()[1:], folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / ".venv").exists() and not (tmp_path / "uv.lock").exists()
    text = (tmp_path / "pyproject.toml").read_text("utf-8")
    assert tomllib.loads(text + "explicit = true\n")["tool"]["uv"]["index"][0][
        "explicit"
    ]
    written = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))
    ours = tomllib.loads(project())
    (index,), (wanted,) = written["tool"]["uv"]["index"], ours["tool"]["uv"]["index"]
    assert wanted.pop("explicit") is True
    assert index == wanted
    assert written["tool"]["uv"]["sources"] == ours["tool"]["uv"]["sources"]


@needs_uv
def test_a_project_has_no_torch_backend(tmp_path):
    for command in ("add", "lock", "sync", "run"):
        done = uv(command, "--torch-backend=auto", folder=tmp_path)
        assert "unexpected argument '--torch-backend'" in done.stderr


def test_without_numpy_torch_works_and_warns():
    code = "import sys; sys.modules['numpy'] = None; import torch; print(torch.ones(2))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "tensor([1., 1.])\n"
    assert "UserWarning: Failed to initialize NumPy" in done.stderr


@needs_uv
def test_uv_makes_environments_without_pip(environment):
    python = next(environment.glob("[bS]*/python*"))
    done = subprocess.run([python, "-m", "pip"], capture_output=True, text=True)
    assert "No module named pip" in done.stderr
    ask = [python, "-I", "-c", "import sys; print(sys.prefix != sys.base_prefix)"]
    assert subprocess.run(ask, capture_output=True, text=True).stdout == "True\n"


@needs_uv
def test_another_environment_of_this_python_has_no_torch(environment):
    python = next(environment.glob("[bS]*/python*"))
    ask = ["-I", "-c", "import torch"]
    done = subprocess.run([python, *ask], capture_output=True, text=True)
    assert "No module named 'torch'" in done.stderr
    find = ["-I", "-c", "import importlib.util as u; print(u.find_spec('torch'))"]
    done = subprocess.run([sys.executable, *find], capture_output=True, text=True)
    assert "name='torch'" in done.stdout


def metadata() -> dict:
    """The rule of PEP 723: comment lines between `# /// script` and `# ///`."""
    text = program("start/uv_script")
    block = re.search(r"^# /// script$\n((?:^#(?: .*)?$\n)+?)^# ///$", text, re.M)[1]
    return tomllib.loads(re.sub(r"^# ?", "", block, flags=re.M))


def test_the_comments_of_the_script_say_what_the_project_says():
    script, whole = metadata(), tomllib.loads(project())
    assert script["dependencies"] == ["torch", "numpy"]
    assert script["tool"]["uv"]["index"] == whole["tool"]["uv"]["index"]
    source = whole["tool"]["uv"]["sources"]["torch"]
    assert script["tool"]["uv"]["sources"]["torch"] == source


@needs_uv
def test_uv_run_installs_what_the_comments_name(servers, tmp_path):
    text = program("start/uv_script").partition("import torch")[0]
    flat = f'url = "{servers[1].as_uri()}"\n# format = "flat"'
    text = text.replace(f'url = "{INDEX}"', flat)
    pypi = f'# [[tool.uv.index]]\n# url = "{servers[0].as_uri()}"\n'
    pypi += '# format = "flat"\n# default = true\n# ///\n'
    text = pypi.join(text.rsplit("# ///\n", 1))
    text += "import numpy, torch\nprint(torch.__version__, numpy.__version__)\n"
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    run = ("run", "--offline", "--no-cache", "-p", sys.executable, "one.py")
    assert uv(*run, folder=tmp_path).stdout == "2.13.0+cpu 3.0.0\n"


@needs_uv
def test_without_a_gpu_auto_asks_for_the_cpu_build(environment, tmp_path):
    if torch.accelerator.is_available():
        pytest.skip("this machine has a GPU")
    (command,) = (c for c in COMMANDS if "--torch-backend" in c)
    more = ("--dry-run", "--offline", "--no-cache", "-p", environment, "-v")
    said = uv(*command.split()[1:], *more, folder=tmp_path).stderr
    assert "download.pytorch.org/whl/cpu" in said
    assert "download.pytorch.org/whl/cu1" not in said


@needs_uv
def test_uv_also_takes_the_build_that_each_row_of_the_table_names(tmp_path):
    (sentence,) = re.findall("You can also name the build: (.*)\\.", PAGE)
    named = re.findall("`(.+?)`", sentence)
    table = set(re.findall(r"^\| .*/whl/(\S+)` \|$", PAGE, re.MULTILINE))
    assert set(named) == table and len(named) == 4
    ask = ("pip", "install", "--dry-run", "--offline", "--no-cache", "-v", "torch")
    for build in (*named, "cu126"):
        more = (f"--torch-backend={build}", "--target", str(tmp_path))
        said = uv(*ask, *more, folder=tmp_path).stderr
        assert f"download.pytorch.org/whl/{build}" in said, said


def test_each_system_with_a_build_for_cuda_says_which_driver_it_needs():
    table = "https://docs.nvidia.com/deploy/cuda-compatibility/"
    (entry,) = (one for url, one in cited().items() if url.startswith(table))
    needs = dict(re.findall(r"CUDA (\d+)\.x needs a driver >= (\d+)", str(entry)))
    parts = re.split("^## ", PAGE, flags=re.MULTILINE)[1:]
    asked = {
        (part.split("\n")[0], cuda)
        for part in parts
        for cuda in re.findall(r"^\$ pip.*/whl/cu(\d\d)", part, re.MULTILINE)
    }
    assert asked == {("Windows", "13"), ("Linux with an NVIDIA GPU", "12")}
    for part in parts:
        for title, cuda in asked:
            if part.startswith(title + "\n"):
                assert re.search(rf"\b{needs[cuda]}\b", part), title


def test_the_script_of_python_names_the_command_for_powershell():
    script = Path(venv.__file__).parent / "scripts" / "common" / "Activate.ps1"
    (command,) = re.findall("`(Set-ExecutionPolicy .+?)`", PAGE)
    assert f"PS C:\\> {command}\n" in script.read_text(encoding="utf-8-sig")


def test_a_gpu_that_works_is_printed_as_the_page_says(monkeypatch, capsys):
    here = torch.accelerator
    monkeypatch.setattr(here, "is_available", lambda: True)
    monkeypatch.setattr(here, "current_accelerator", lambda **_: torch.device("cuda"))
    exec(program("start/what_you_got"), {})
    said = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert said[-2:] == ["True", "cuda"]
    assert "the last two lines end in `True` and `cuda`" in PAGE

"""What the page about the install claims, held against NumPy, pip and torch."""

import importlib.metadata
import importlib.util
import inspect
import json
import platform
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from torch import nn
from torch.torch_version import TorchVersion
from torch.utils import collect_env

from harness.core.tree import HERE
from harness.site import programs
from tests.claims_support import from_yaml

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "start" / "install.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ *\$ ((?:.*\\\n)*.*)", PAGE, re.MULTILINE)
INDEX = re.compile(r"--index-url (\S+)")
BUILDS = torch.cuda.PYTORCH_RELEASES_CODE_CC

cpu_build = pytest.mark.skipif(
    torch.version.cuda is not None, reason="this torch was built for CUDA"
)


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True
    )


# The training program


def test_twenty_rounds_follow_gradient_descent_by_hand():
    torch.manual_seed(0)
    x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
    y = 2 * x + 1
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    w, b = model.weight.item(), model.bias.item()
    xs = np.array([-1.0, 0.0, 1.0, 2.0])
    losses = []
    for _ in range(20):
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        off = w * xs + b - (2 * xs + 1)
        assert loss.item() == pytest.approx((off**2).mean(), rel=1e-4, abs=1e-6)
        w, b = w - 0.1 * 2 * (off * xs).mean(), b - 0.1 * 2 * off.mean()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    assert model.weight.item() == pytest.approx(2, abs=0.05)
    assert model.bias.item() == pytest.approx(1, abs=0.05)


def test_with_other_data_the_last_line_follows():
    torch.manual_seed(0)
    x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
    y = 3 * x - 1
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert model.weight.item() == pytest.approx(3, abs=0.2)
    assert model.bias.item() == pytest.approx(-1, abs=0.2)


def test_the_program_takes_the_cpu_only_where_torch_can_use_no_gpu():
    found = torch.accelerator.current_accelerator(check_available=True)
    assert (found is None) == (not torch.accelerator.is_available())


def test_rocm_has_no_device_type_of_its_own_and_apple_has_mps():
    assert torch.device("mps").type == "mps"
    with pytest.raises(RuntimeError, match="Expected one of cpu, cuda"):
        torch.device("rocm")


# The build


def test_each_kind_of_gpu_but_apples_has_a_version_of_its_own():
    kinds = {"cuda", "hip", "xpu"}
    assert kinds <= vars(torch.version).keys()
    built_for = [kind for kind in kinds if getattr(torch.version, kind)]
    assert len(built_for) <= 1  # so a build for Intel has no `torch.version.cuda`
    assert not hasattr(torch.version, "mps")


def test_the_part_after_the_plus_names_the_build():
    build = torch.__version__.partition("+")[2]
    if build == "cpu":
        assert torch.version.cuda is None
        assert torch.version.hip is None
        assert not torch.accelerator.is_available()
    elif build.startswith("cu"):
        assert build == "cu" + torch.version.cuda.replace(".", "")


def test_every_command_takes_torch_and_torchvision_from_one_of_pytorchs_indexes():
    installs = [c for c in COMMANDS if c.startswith("pip install")]
    assert installs
    pair = re.compile(r"pip install torch(==2\.13\.0)? torchvision(==0\.28\.0)?\b")
    for command in installs:
        assert pair.match(command)
        assert command.count("==") in (0, 2)
        for index in INDEX.findall(command):
            assert index.startswith("https://download.pytorch.org/whl/")


def test_the_tabs_begin_with_the_choice_and_offer_each_build():
    first = PAGE.index("pip install torch torchvision")
    assert PAGE.index("Choose your system, then your GPU") < first
    assert PAGE.index("Without a GPU, take the CPU build:") < first
    tabs = re.split(r'=== "(\w+)"', PAGE[: PAGE.index("The package is called")])
    offers = {
        system: re.findall(r"pip install.*?(?:whl/(\S+))?\n *```", tab, re.DOTALL)
        for system, tab in zip(tabs[1::2], tabs[2::2], strict=True)
    }
    assert offers == {
        "Linux": ["cpu", "", "rocm7.2", "xpu"],
        "Windows": ["", "cu130", "xpu"],
        "macOS": [""],
        "uv": [""],
    }


def test_the_programs_were_recorded_with_the_command_of_the_page():
    (command,) = re.findall(
        r"recorded with:\s+```console\s+\$ (.+?)\n *```", PAGE, re.S
    )
    runs = (ROOT / "recorded" / "runs" / "cpu").rglob("*.json")
    (version,) = re.findall(r"torch==(\S+)", command)
    assert {json.loads(run.read_text())["torch"] for run in runs} == {f"{version}+cpu"}
    assert command.endswith("/whl/cpu")


def test_each_command_for_one_release_installs_that_of_this_site():
    released = from_yaml(ROOT / "recorded" / "versions.yml")
    pinned = programs.pins(HERE)["torch"]
    fitting = {one["torch"]: one["torchvision"] for one in released}[pinned]
    last_for_intel_macs = ("2.2.2", "0.17.2")
    pages = (file.read_text("utf-8") for file in (ROOT / "docs").rglob("*.md"))
    command = re.compile(r"torch==([\d.]+) torchvision==([\d.]+)")
    named = {found for text in pages for found in command.findall(text)}
    assert named == {(pinned, fitting), last_for_intel_macs}
    make = (ROOT / "Makefile").read_text("utf-8")
    assert re.findall(r"torchvision==(\S+)", make) == [fitting]


def test_uv_knows_each_build_that_the_tabs_name():
    uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
    if uv is None:
        pytest.skip("this machine has no uv")
    ask = [uv, "pip", "install", "--torch-backend", "none of these", "torch"]
    said = subprocess.run(ask, capture_output=True, text=True).stderr
    known = re.search(r"\[possible values: (.+?)\]", said)[1].split(", ")
    named = set(re.findall(r"whl/(\S+)", PAGE)) | {"auto"}
    assert named <= set(known)


def test_to_replace_a_build_is_to_uninstall_both_without_a_question():
    removals = [n for n, c in enumerate(COMMANDS) if c.startswith("pip uninstall")]
    assert removals
    for n in removals:
        assert COMMANDS[n] == "pip uninstall -y torch torchvision"
        assert COMMANDS[n + 1].startswith("pip install torch")


def test_torch_knows_each_cuda_build_that_the_page_names():
    known = {"cu" + cuda.replace(".", "") for cuda in BUILDS}
    assert set(re.findall(r"whl/(cu\d+)", PAGE)) <= known


def test_the_cpu_build_stays_below_a_gigabyte():
    if torch.version.cuda is None:
        files = importlib.metadata.files("torch")
        assert sum(file.size or 0 for file in files) < 1e9


# Versions


@pytest.mark.parametrize("other", ["1.8.1", "2.9", "2.11.0", "2.100", "3.0"])
def test_the_version_compares_number_by_number(other):
    by_number = Version(torch.__version__) >= Version(other)
    assert (torch.__version__ >= other) == by_number


@pytest.mark.parametrize("build", ["", "+cpu", "+cu130"])
def test_new_enough_takes_in_the_release_that_is_asked_for(build):
    assert TorchVersion("2.9.0" + build) >= "2.9"
    assert not TorchVersion("2.8.1" + build) >= "2.9"


def test_for_equality_the_build_counts():
    assert TorchVersion("2.13.0+cpu") != "2.13.0"
    assert TorchVersion("2.13.0") == "2.13.0"
    for build in ("+cpu", "+cu130", "+rocm7.2"):
        assert TorchVersion("2.13.0" + build) > "2.13.0"
        assert not TorchVersion("2.13.0" + build) <= "2.13.0"


@pytest.mark.parametrize("preview", ["2.14.0.dev20260801+cpu", "2.14.0a0+git1"])
def test_a_preview_is_older_than_its_release(preview):
    assert not TorchVersion(preview) >= "2.14"
    assert TorchVersion(preview) >= "2.13.1"
    assert not TorchVersion("2.9.0.dev20250901") >= "2.9"  # the page's


def test_text_made_from_the_version_compares_letter_by_letter():
    text = torch.__version__.split("+")[0]
    assert type(text) is str
    assert torch.__version__ >= "2.9"
    assert not text >= "2.9"
    assert "1" < "9"


# The description of the machine


def test_collect_env_tells_build_and_gpu():
    with warnings.catch_warnings(action="ignore"):
        facts = collect_env.get_env_info()
    text = collect_env.pretty_str(facts)
    assert f"Is CUDA available: {torch.cuda.is_available()}\n" in text
    assert "CUDA runtime version: " in text
    assert f"torch=={torch.__version__}" in text


@cpu_build
@pytest.mark.parametrize("own", ["", "nvidia_driver_version", "cuda_runtime_version"])
def test_a_cpu_build_beside_a_driver_or_tools_could_not_collect(own):
    with warnings.catch_warnings(action="ignore"):
        facts = collect_env.get_env_info()
    names = "cuda_runtime_version nvidia_gpu_models nvidia_driver_version"
    bare = facts._replace(**dict.fromkeys(names.split()))
    text = collect_env.pretty_str(bare._replace(**{own: "13.0"}) if own else bare)
    said = "Could not collect" if own else "None"
    assert f"CUDA used to build PyTorch: {said}\n" in text
    assert "`Could not collect` if your system has an NVIDIA driver or CUDA" in PAGE


def test_the_cuda_runtime_that_collect_env_names_is_the_systems():
    asked = []

    def answer(command):
        asked.append(command)
        return 0, "Cuda compilation tools, release 12.1, V12.1.66", ""

    assert collect_env.get_running_cuda_version(answer) == "12.1.66"
    assert asked == ["nvcc --version"]


# Pitfalls


@cpu_build
def test_a_cpu_build_refuses_cuda_by_name():
    text = "^Torch not compiled with CUDA enabled$"
    with pytest.raises(AssertionError, match=text):
        torch.ones(2, device="cuda")
    assert torch.cuda.is_available() is False


def test_pip_leaves_an_installed_torch_as_it_is(tmp_path):
    index = "https://download.pytorch.org/whl/cu130"
    pip = ["-m", "pip", "install", "--dry-run", "--no-deps", "--no-index"]
    done = python(*pip, "torch", "--index-url", index, folder=tmp_path)
    assert "Requirement already satisfied: torch" in done.stdout


@pytest.mark.parametrize("build", ["cpu", "cu126", "cu130"])
def test_pip_sees_no_difference_between_builds_of_one_version(build):
    wanted = SpecifierSet("==2.13.0")  # what torchvision 0.28.0 asks for
    assert wanted.contains(f"2.13.0+{build}")


def test_a_python_part_without_its_compiled_operator_is_refused():
    with pytest.raises(RuntimeError, match="^operator install_page::nms does not ex"):
        torch.library.register_fake("install_page::nms")(lambda boxes: boxes)

    with torch.library._scoped_library("install_page", "DEF") as compiled:
        compiled.define("nms(Tensor boxes) -> Tensor")
        torch.library.register_fake("install_page::nms", lib=compiled)(lambda b: b)
        boxes = torch.ones(1, 4, device="meta")
        assert torch.ops.install_page.nms(boxes).shape == (1, 4)


def builds_for(capability: int) -> set[str]:
    """The rule of the page: the same major version, and no later minor one."""
    return {
        cuda
        for cuda, made_for in BUILDS.items()
        if any(
            code // 10 == capability // 10 and code <= capability
            for code in made_for["x86_64"]
        )
    }


def test_an_older_card_needs_the_first_build_and_a_newer_one_cannot_use_it():
    assert builds_for(61) == {"12.6"}
    assert builds_for(120) == {"12.9", "13.0", "13.2"}
    assert builds_for(89) == set(BUILDS)


@pytest.mark.parametrize("capability", [52, 61, 70, 75, 80, 86, 89, 90, 100, 103, 120])
def test_the_rule_is_the_one_that_torch_goes_by(capability):
    by_torch = {
        cuda
        for cuda, made_for in BUILDS.items()
        if any(
            torch.cuda._code_compatible_with_device(capability, code)
            for code in made_for["x86_64"]
        )
    }
    assert builds_for(capability) == by_torch


def test_the_exceptions_of_the_rule_are_jetson_boards():
    boards = {53, 62, 72, 87, 101, 110}  # TX1, TX2, Xavier, Orin, Thor by both names
    apart = set()
    for code in torch.cuda.DEVICE_REQUIREMENT:
        for capability in torch.cuda.DEVICE_REQUIREMENT:
            rule = code // 10 == capability // 10 and code <= capability
            if torch.cuda._code_compatible_with_device(capability, code) != rule:
                assert {capability, code} & boards
                apart.add(capability)
    assert 87 in apart and not torch.cuda._code_compatible_with_device(87, 86)
    assert torch.cuda._code_compatible_with_device(87, 87)


@pytest.mark.parametrize("seen", ["", "-1", "1", "7,0", "-1,0"])
def test_the_variable_hides_all_gpus_if_its_first_one_is_not_there(monkeypatch, seen):
    monkeypatch.setattr(torch.cuda, "_raw_device_count_nvml", lambda: 1)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", seen)
    assert torch.cuda._device_count_nvml() == 0
    for other in ("0", "0,1"):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", other)
        assert torch.cuda._device_count_nvml() == 1


def test_the_heading_about_compatibility_stands_in_torchs_source():
    source = inspect.getsource(torch.cuda._check_cubins)
    text = "sm_{} is not compatible with the current PyTorch installation"
    assert text in source
    assert f"### `{text.format(120)}`" in PAGE


def test_torch_needs_python_3_10():
    needs = importlib.metadata.metadata("torch")["Requires-Python"]
    assert needs == ">=3.10"
    assert "Python 3.10 to 3.14" in PAGE


@pytest.mark.skipif(sys.platform != "linux", reason="macOS has no glibc")
def test_on_linux_the_printed_platform_names_the_glibc_that_wheels_need():
    assert re.search(r"-with-glibc2\.(\d+)$", platform.platform())
    (wheel,) = [f for f in importlib.metadata.files("torch") if f.name == "WHEEL"]
    tag = re.search(r"Tag: .+manylinux_2_(\d+)_", wheel.read_text())
    assert tag is None or int(tag[1]) == 28  # PyTorch's own index says only linux


def test_a_program_called_torch_imports_itself(tmp_path):
    (tmp_path / "torch.py").write_text("import torch\ntorch.ones(2)\n")
    done = python("torch.py", folder=tmp_path)
    assert "AttributeError" in done.stderr
    assert "module 'torch' has no attribute 'ones'" in done.stderr
    if sys.version_info < (3, 13):  # later Pythons advise to rename the file
        assert "partially initialized module 'torch' has no attr" in done.stderr


def test_a_file_called_torch_hides_pytorch_and_find_spec_names_it(tmp_path):
    (tmp_path / "torch.py").write_text("")
    (tmp_path / "main.py").write_text("import torch\ntorch.ones(2)\n")
    done = python("main.py", folder=tmp_path)
    assert "module 'torch' has no attribute 'ones'" in done.stderr

    (command,) = [c for c in COMMANDS if c.startswith("python -c")]
    code = re.fullmatch(r'python -c "(.+)"', command)[1]
    shadow = python("-c", code, folder=tmp_path)
    assert shadow.stdout.strip() == str(tmp_path / "torch.py")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = python("-c", code, folder=elsewhere)
    assert str(tmp_path) not in other.stdout

    (tmp_path / "torch.py").unlink()
    real = python("-c", code, folder=tmp_path)
    assert Path(real.stdout.strip()).parts[-2:] == ("torch", "__init__.py")
    assert Path(real.stdout.strip()).parts[-3] in ("site-packages", "dist-packages")

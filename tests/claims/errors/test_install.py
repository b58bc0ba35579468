"""What the page of errors at install claims beyond what its programs print."""

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest
import torch

from harness.core.tree import HERE
from harness.site.tables import sources, versions
from tests.torch_files import installed, lacks

ROOT = Path(__file__).parents[3]
SNIPPETS = ROOT / "snippets" / "errors" / "install"

cpu_build = pytest.mark.skipif(
    torch.version.cuda is not None, reason="this torch was built for CUDA"
)


# torchvision


def nms():
    """The function on the page, without the import of torchvision after it."""
    source = (SNIPPETS / "nms_in_pure_torch.py").read_text(encoding="utf-8")
    (function,) = (
        part for part in ast.parse(source).body if isinstance(part, ast.FunctionDef)
    )
    function.decorator_list = []
    names = {"torch": torch}
    exec(compile(ast.Module([function], []), "nms", "exec"), names)
    return names["nms"]


def overlap(a, b):
    wide = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    high = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return wide * high / (sum(areas) - wide * high)


def by_hand(boxes, scores, limit):
    left, kept = list(np.argsort(-scores)), []
    while left:
        best = left.pop(0)
        kept.append(int(best))
        left = [i for i in left if overlap(boxes[best], boxes[i]) <= limit]
    return kept


@pytest.mark.parametrize("limit", [0.0, 0.1, 0.3, 0.5])
def test_nms_in_pure_torch_is_nms_by_hand(limit):
    numbers = np.random.default_rng(0)
    corners = numbers.integers(0, 20, (60, 2))
    boxes = np.hstack([corners, corners + numbers.integers(1, 12, (60, 2))])
    scores = numbers.permutation(60) / 60
    ours = nms()(torch.tensor(boxes).float(), torch.tensor(scores), limit)
    assert ours.tolist() == by_hand(boxes, scores, limit)
    assert 0 < len(ours) < 60


def test_the_two_boxes_on_the_page_overlap_by_one_half():
    assert overlap([0, 0, 2, 2], [0, 0, 2, 4]) == 4 / 8 == 0.5
    assert 0.4 < 0.5 < 0.6
    recorded = (SNIPPETS / "nms_in_pure_torch.out").read_text(encoding="utf-8")
    boxes = np.array([[0, 0, 2, 2], [0, 0, 2, 4], [4, 4, 6, 6]])
    scores = np.array([0.5, 0.9, 0.8])
    for line, limit in zip(recorded.splitlines(), (0.4, 0.6), strict=True):
        assert line == f"tensor({by_hand(boxes, scores, limit)})"


@cpu_build
def test_a_cpu_build_lacks_the_libraries_that_are_recorded_as_missing():
    recorded = (SNIPPETS / "library_that_is_missing.out").read_text(encoding="utf-8")
    found = dict(re.findall(r"^(\S+) +is (\w+)$", recorded, re.MULTILINE))
    libraries = Path(torch.__file__).parent / "lib"
    assert "libtorch_cuda.so" in found
    if sys.platform == "linux":
        for name, state in found.items():
            assert (libraries / name).exists() == (state == "there")


def test_the_compiled_part_has_another_name_in_a_newer_torchvision():
    held = sources.held(HERE)["https://pypi.org/project/torchvision"]
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    program = (SNIPPETS / "library_that_is_missing.py").read_text(encoding="utf-8")
    assert '"_C.so"' in program and held[-1] == "_C_stable.so"
    assert f"write `{held[-1]}` in place of `_C.so`" in page
    newest = versions.load(HERE)[0].torchvision
    assert newest.startswith(f"{held[-2]}.")


# pip


@pytest.mark.parametrize("fits", [False, True])
def test_a_file_for_another_python_is_no_version(tmp_path, fits):
    """Only what fits is listed, older as it may be, and pip chooses among these."""
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}-none-any"
    name = tag if fits else "cp36-cp36m-win32"
    (tmp_path / f"torch-1.1.1-{name}.whl").touch()
    (tmp_path / "torch-2.13.0-cp36-cp36m-win32.whl").touch()
    pip = [sys.executable, "-m", "pip", "download", "--isolated", "--no-index"]
    done = subprocess.run(
        [*pip, "--find-links", tmp_path, "torch==2.13.0"],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": "", "PIP_CONFIG_FILE": os.devnull},
    )
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    assert "does not have for you: `(from versions: …)` lists those that fit" in page
    listed = "1.1.1" if fits else "none"
    assert f"(from versions: {listed})" in done.stderr
    assert "No matching distribution found for torch" in done.stderr


@pytest.mark.parametrize(
    ("bits", "tag"), [("32 bit (Intel)", "win32"), ("64 bit (AMD64)", "win-amd64")]
)
def test_the_python_and_not_the_processor_makes_a_file_win32(monkeypatch, bits, tag):
    monkeypatch.setattr(sysconfig.os, "name", "nt")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "version", f"3.12.1 [MSC v.1937 {bits}]")
    platform = sysconfig.get_platform()
    monkeypatch.undo()
    assert platform == tag
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    assert "`win32` is a 32-bit Python on Windows" in page


def test_uv_says_what_the_page_quotes_from_it(tmp_path):
    uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
    if uv is None:
        pytest.skip("this machine has no uv")
    (tmp_path / "torch-1.1.1-cp36-cp36m-win32.whl").touch()
    ask = "pip install --dry-run --offline --no-cache --no-index torch"
    done = subprocess.run(
        [uv, *ask.split(), "--reinstall", "-f", tmp_path, "-p", sys.executable],
        capture_output=True,
        text=True,
    )
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    said = "No solution found when resolving dependencies"
    assert said in done.stderr and f"`{said}`" in page


def test_pip_says_what_the_page_quotes_from_it(monkeypatch):
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    install = pytest.importorskip("pip._internal.commands.install")
    full = OSError(28, "No space left on device")
    assert f"`{install.create_os_error_message(full, False, False)[:-1]}`" in page

    monkeypatch.setattr(install, "WINDOWS", True)
    for length, long in ((100, False), (400, True)):
        path = OSError(2, "No such file or directory", "x" * length)
        said = install.create_os_error_message(path, False, False)
        hint = said.partition("HINT: ")[2].partition(" You can")[0]
        assert bool(hint) == long
        assert not hint or f"`HINT: {hint}`" in page


def test_pip_refuses_only_outside_of_environments():
    misc = pytest.importorskip("pip._internal.utils.misc")
    source = inspect.getsource(misc.check_externally_managed)
    assert source.index("running_under_virtualenv()") < source.index("isfile")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--help"],
        capture_output=True,
        text=True,
    )
    assert "--break-system-packages" in done.stdout


@pytest.mark.parametrize(("card", "runs"), [(61, False), (89, True), (121, True)])
def test_a_card_needs_code_of_its_own_first_number(card, runs):
    codes = (75, 80, 86, 90, 100, 120)
    fit = [torch.cuda._code_compatible_with_device(card, code) for code in codes]
    assert any(fit) == runs
    assert any(code // 10 == card // 10 and code <= card for code in codes) == runs


@pytest.mark.parametrize("card", [35, 52, 72, 110, 121])
def test_the_warning_ends_in_builds_that_fit_or_says_that_none_does(card, monkeypatch):
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: "a card")
    monkeypatch.setattr("torch.cuda._host_arch_key", lambda: "x86_64")
    with pytest.warns(UserWarning, match="Found GPU1 a card") as shown:
        torch.cuda._warn_unsupported_code(1, card, [75, 80])
    lines = str(shown[0].message).splitlines()
    fit = {
        cuda
        for cuda, made in torch.cuda.PYTORCH_RELEASES_CODE_CC.items()
        for code in made["x86_64"]
        if torch.cuda._code_compatible_with_device(card, code)
    }
    assert {line.split()[2] for line in lines if line.startswith("  For CUDA")} == fit
    nothing = "No published PyTorch CUDA builds for release"
    assert lines[-1].startswith(nothing) == (not fit)
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    assert f"`{nothing}`" in page


def test_a_build_that_the_warning_of_2_15_names_is_not_in_its_row():
    said = (SNIPPETS / "kernels_for_another_gpu.newest.out").read_text(encoding="utf-8")
    named = re.search(r"For CUDA (\S+) use pip install torch==(\S+) ", said)
    rows = {one.torch: one.cuda for one in versions.load(HERE)}
    assert named[1] == "12.6" and named[1] not in "".join(rows[named[2]])
    older = [release for release, cuda in rows.items() if named[1] in cuda]
    assert older[0] == "2.14.0" and "2.13.0" in older


def test_each_of_the_three_warnings_about_kernels_names_its_build():
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    for lane, build in (("", "cpu"), (".cuda-build", "cu130"), (".newest", "cu132")):
        file = SNIPPETS / f"kernels_for_another_gpu{lane}.out"
        said = file.read_text(encoding="utf-8")
        (named,) = re.findall(r"installed torch==(\S+) ", said)
        assert named.endswith(f"+{build}") and f"`{named}`" in page
        refused = {line for line in said.splitlines() if line.endswith("except {8.7}")}
        assert len(refused) == (0 if build == "cu132" else 2)
    assert len([*SNIPPETS.glob("kernels_for_another_gpu*.out")]) == 3


def test_the_warning_about_kernels_leaves_torchvision_out():
    folder = ROOT / "snippets" / "errors" / "install"
    said = (folder / "kernels_for_another_gpu.out").read_text(encoding="utf-8")
    assert "pip install torch==2.13.0 --index-url" in said
    assert "torchvision" not in said


def test_torch_names_the_package_that_windows_lacks():
    source = Path(torch.__file__).read_text(encoding="utf-8")
    assert "Microsoft Visual C++ Redistributable is not installed" in source


def test_torch_names_the_redistributable_only_where_its_libraries_do_not_load():
    source = inspect.getsource(torch)
    page = (ROOT / "docs" / "errors" / "install.md").read_text(encoding="utf-8")
    said = "Microsoft Visual C++ Redistributable is not installed"
    tried, printed = source.index('CDLL("msvcp140.dll")'), source.index(said)
    assert source[tried:printed].count("except OSError") == 1
    assert printed < source.index('Error loading "') and f"`{said}`" in page


def test_torch_for_cuda_looks_for_its_libraries_beside_its_own_folder():
    file = installed("torch/lib/libtorch_cuda.so")
    if file is None:
        pytest.skip("no build of torch for CUDA is installed")
    assert lacks(file, ["$ORIGIN/../../nvidia/cudnn/lib"]) == []

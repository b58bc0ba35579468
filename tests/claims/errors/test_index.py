"""The pages of error texts: each was printed, each has a cure, none stands twice."""

import itertools
import os
import re
import traceback
import warnings
from collections import Counter
from pathlib import Path

import pytest
import torch

from harness.core import page, snippet
from harness.core.directives import BUILDS
from harness.core.tree import HERE
from harness.site.markdown import Site
from harness.site.tables import errors, moved
from tests import error_entries
from tests.claims_support import cited, from_yaml
from tests.torch_files import installed, lacks, library

PAGES = page.find(HERE)
LISTED = list(error_entries.listed(PAGES))
ENTRIES = [one for one in LISTED if one.said]
SNIPPETS = {one.name: one for one in snippet.find(HERE)}
# Their fix is a command or a sentence.
FIXED_BY_HAND = {
    "anomaly-detection-has-been-enabled-this-mode-will-increase-the-runtime-and-"
    "should-only-be-enabled-for-debugging",
    "calling-eval-is-not-supported-yet",
    "found-no-nvidia-driver-on-your-system",
    "no-module-named-onnxscript",
    "no-module-named-tensorboard",
    "numpy-is-not-available",
    "torch_dynamoexcfailonrecompilelimithit-hard-failure-due-to-fullgraphtrue",
}


def failing(entry):
    shown = [SNIPPETS[name] for name in entry.snippets]
    return [s for s in shown if s.directives.raises or s.directives.warns]


def printed(one):
    files = (one.out, one.cuda_out, *map(one.own_out, BUILDS))
    return [file.read_text(encoding="utf-8") for file in files if file.exists()]


# The gate


def test_a_program_in_the_fold_printed_the_text():
    assert [e.name for e in ENTRIES if not was_printed(e)] == []


def was_printed(entry):
    outputs = [text for one in failing(entry) for text in printed(one)]
    if not outputs and all("cuda" in s.directives.needs for s in failing(entry)):
        return True  # no GPU has run it yet, and the page says so
    wanted = ".*".join(re.escape(part.strip()) for part in entry.said.split("…"))
    return any(re.search(wanted, text) for text in outputs)


def test_an_entry_shows_a_program_that_fails_and_a_cure():
    assert [e.name for e in ENTRIES if not shows_both(e)] == []


def shows_both(entry):
    failed = {one.name for one in failing(entry)}
    typed = [
        fence
        for fence in entry.page.fences
        if fence.is_python and entry.line < fence.line < entry.end
    ]
    return failed and (set(entry.snippets) - failed or typed)


def test_no_text_stands_twice():
    often = Counter(entry.text.casefold() for entry in ENTRIES)
    assert [text for text, count in often.items() if count > 1] == []


def test_a_heading_below_a_chapter_names_an_error_whose_text_stands_below_it():
    odd = [e for e in LISTED if not e.said and not e.name.startswith("No error: ")]
    assert [(e.page.name, e.name) for e in odd] == []


def test_a_name_is_short_and_stands_once_on_its_page():
    assert [e.name for e in LISTED if len(e.name) > 60] == []
    often = Counter((e.page.name, e.name.casefold()) for e in LISTED)
    assert [name for name, count in often.items() if count > 1] == []


def test_the_text_follows_its_name_at_once():
    for e in ENTRIES:
        blank, said, mark = e.page.outside[e.line : e.line + 3]
        assert (blank, mark) == ("", errors.CLASS) and e.said in said, e.name


def test_the_fix_is_one_line_and_stands_in_a_program_that_works():
    assert [e.name for e in ENTRIES if not 0 < len(e.fix) < 300] == []
    assert {e.anchor for e in ENTRIES if not fix_works(e)} == FIXED_BY_HAND


def test_a_fix_below_several_causes_says_for_which():
    several = [(e, numbers) for e in ENTRIES if len(numbers := causes(e)) > 1]
    assert len(several) > 50
    for entry, numbers in several:
        wide = re.search(r"[Ff]or (all|both) causes\b|[Ff]or both, ", entry.fix)
        named = re.findall(r"[Ff]or causes? (\d(?:,? (?:and )?\d)*)", entry.fix)
        assert wide or named, entry.name
        assert set(re.findall(r"\d", "".join(named))) <= set(numbers), entry.name


def causes(entry):
    lines = entry.page.outside[entry.line : entry.end - 1]
    return [found[1] for line in lines if (found := re.match(r"(\d)\. ", line))]


def fix_works(entry):
    failed = {one.name for one in failing(entry)}
    cures = [SNIPPETS[name].source for name in entry.snippets if name not in failed]
    fences = (f for f in entry.page.fences if entry.line < f.line < entry.end)
    shown = ["".join(text.split()) for text in (*cures, *(f.body for f in fences))]
    code = ["".join(part.split()) for part in error_entries.CODE.findall(entry.fix)]
    return any(part in text for part in code for text in shown)


def test_programs_are_folded():
    assert [e.anchor for e in LISTED if not folds_programs(e)] == []


def folds_programs(entry):
    lines = entry.page.text.split("\n")
    heads = [n for n in range(entry.line, entry.end) if lines[n - 1][:4] == "??? "]
    shown = [i.line for i in entry.page.includes if entry.line < i.line < entry.end]
    inside = (line > heads[0] and lines[line - 1][:4] == "    " for line in shown)
    return len(heads) == 1 and all(inside)


def test_a_page_has_few_entries():
    count = Counter(entry.page.name for entry in LISTED)
    assert max(count.values()) <= 40


def test_no_anchor_of_old_is_lost():
    """An old link leads to its entry, or to a link that leads there."""
    known = from_yaml(HERE.recorded / moved.FILE)["anchors"]
    assert sum(map(len, known.values())) == 324
    site = Site(HERE)
    for name, anchors in known.items():
        (one,) = (page for page in PAGES if page.name == name)
        ids = site.render(site.expand(one.text, check=True)).ids
        assert [anchor for anchor in anchors if anchor not in ids] == [], name
        assert len(ids) == len(set(ids)), name


def test_the_texts_that_no_gpu_printed_are_those_of_the_source():
    ours = [
        e
        for e in ENTRIES
        if e.page.name in ("errors/devices.md", "errors/gpu-memory.md")
    ]
    unprinted = {e.text for e in ours if not any(map(printed, failing(e)))}
    python = Path(torch.cuda.__file__).read_text(encoding="utf-8")
    assert "Cannot re-initialize CUDA in forked subprocess." in python
    assert "Expected all tensors to be on the same device" in library("torch_cpu")
    assert " device type tensor to numpy. Use Tensor.cpu()" in library("torch_python")
    assert "indices should be either on " in library("torch_cpu")
    for part in ("Input type (", ") and weight type (", ") should be the same"):
        assert part in library("torch_cpu")
    assert unprinted <= {
        "Cannot re-initialize CUDA in forked subprocess.",
        "Expected all tensors to be on the same device",
        "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy "
        "the tensor to host memory first.",
        "Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) "
        "should be the same",
        "indices should be either on cpu or on the same device as the indexed tensor "
        "(cpu)",
        # These are looked up where a build for CUDA is, see APART:
        "CUDA out of memory. Tried to allocate",
        "CUDA error: device-side assert triggered",
    }


def test_what_older_releases_say_stands_in_its_source():
    quoted = [
        (text, cited()[url])
        for one in PAGES
        for line in one.text.split("\n")
        if one.name.startswith("errors/") and line.startswith("Older releases say")
        for text, url in re.findall(r"\[`(.+?)`\]\((\S+?)\)(?=[.,;\s]|$)", line)
    ]
    assert len(quoted) > 15
    for text, source in quoted:
        said = (source["title"], *source["holds"])
        parts = [part for part in text.split("…") if part]
        assert any(all(part in one for part in parts) for one in said), text


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU prints it by itself")
def test_a_forked_process_is_refused_before_a_gpu_is_asked(monkeypatch):
    monkeypatch.setattr(torch.cuda, "_is_in_bad_fork", lambda: True)
    with pytest.raises(RuntimeError, match="Cannot re-initialize CUDA in forked subp"):
        torch.cuda.synchronize()


# What no machine of this site printed

REPORTED = re.compile(r"## (?:Reported, not run here|Not run here) \{ #")
BULLETS = [
    pytest.param(line, id=line[:50])
    for one in PAGES
    if one.name.startswith(errors.FOLDER)
    for part in REPORTED.split(one.text)[1:]
    for line in map(str.strip, part.partition("\n## ")[0].splitlines())
    if line.startswith("- ")
]
# What does not change of each text, by the file that has it, in what `make` installs
INSTALLED = {
    "torch/__init__.py": ['Error loading "'],
    "torch/_inductor/exc.py": [
        "Cannot find a working triton installation.",
        "Compiler: ",
        " is not found",
    ],
    "torch/lib/*torch_cpu.[sd]*": [
        "No CUDA GPUs are available",
        "Expected a '",
        "' device type for generator but found '",
        "'lengths' argument should be a 1D CPU int64 tensor, but got ",
        "addmm_impl_cpu_",
        "slow_conv2d_cpu",
        "LayerNormKernelImpl",
        "\" not implemented for '",
    ],
    "pip/_internal/commands/install.py": [
        "Could not install packages due to an OSError",
        "HINT: This error might have occurred since ",
    ],
    "multiprocessing/reduction.py": [" items of ancdata"],
}
# And in what only a build for CUDA, a Mac or another lane has. All were seen in
# torch 2.13.0 for CUDA 13 and for a Mac, and in torchvision 0.28.0.
APART = {
    "torch/lib/*c10_cuda.[sd]*": [
        "The NVIDIA driver on your system is too old",
        "CUDA out of memory. Tried to allocate",
    ],
    "torch/lib/*torch_cuda.[sd]*": [
        "CUBLAS_STATUS_ALLOC_FAILED",
        "Watchdog caught collective operation timeout",
        "RNN module weights are not part of single contiguous chunk of memory",
        "libcudnn.so.9",
        "libcudart.so.1",
    ],
    "nvidia/**/libcudart.so.*": [
        "device-side assert triggered",
        "an illegal memory access was encountered",
        "invalid device ordinal",
        "no kernel image is available for execution on the device",
        "CUDA driver version is insufficient for CUDA runtime version",
    ],
    "nvidia/**/libnvJitLink.so.*": ["__nvJitLinkComplete"],
    "nvidia/cudnn/lib/libcudnn_graph.so.*": [
        "CUDNN_STATUS_NOT_INITIALIZED",
        "CUDNN_STATUS_EXECUTION_FAILED",
    ],
    "torch/lib/libtorch_cpu.dylib": [
        "Placeholder storage has not been allocated on MPS device!",
        "' is not currently implemented ",
        "for the MPS device",
        "Cannot convert a MPS Tensor to float64 dtype as the MPS framework",
        "backend out of memory",
    ],
    "lib-dynload/_ssl.*": ["CERTIFICATE_VERIFY_FAILED"],
    "torchvision/transforms/functional.py": ["pic should be PIL Image or ndarray. Got"],
    "torchvision/datasets/folder.py": ["Couldn't find any class folder in"],
    "torchvision/datasets/dtd.py": [
        "Dataset not found. You can use download=True to download it"
    ],
    "torchvision/models/_utils.py": [
        "is deprecated since 0.13 and may be removed in the future, "
    ],
}
# Nor in any of these: Intel's OpenMP, the loader of Linux, and a release that is gone.
REPORTED_ONLY = (
    "OMP: Error #15",
    "cannot enable executable stack",
    "(the current default value)",
)


def test_texts_that_were_not_run_are_marked_so():
    assert len(BULLETS) > 15
    for one in PAGES:
        for part in REPORTED.split(one.text)[1:]:
            assert "###" not in part.partition("\n## ")[0], one.name
            assert "not run" in part or "torch's own files" in part, one.name


@pytest.mark.parametrize("line", BULLETS)
def test_a_text_that_was_not_run_is_looked_up_or_only_reported(line):
    said, colon, _ = line.partition("`: ")
    assert said.startswith("- `") and colon
    linked = set(re.findall(r"\((https://github\.com/[^)]+)\)", line))
    carried = [
        text
        for texts in (*INSTALLED.values(), *APART.values())
        for text in texts
        if text in said
    ]
    assert linked <= cited().keys()
    assert carried or linked and any(text in said for text in REPORTED_ONLY), line


@pytest.mark.parametrize(("file", "texts"), INSTALLED.items())
def test_a_text_that_was_not_run_is_in_what_is_installed(file, texts):
    assert lacks(installed(file), texts) == []


@pytest.mark.parametrize(("file", "texts"), APART.items())
def test_a_text_that_was_not_run_is_in_the_package_that_has_it(file, texts):
    """`make texts` has all of them, and leaves none out."""
    found = installed(file)
    if found is None and os.environ.get("TEXTS") != "all":
        pytest.skip(f"{file} is in a build for CUDA, a Mac or torchvision")
    assert found, f"no environment has {file}"
    assert lacks(found, texts) == []


@pytest.mark.parametrize("texts", ["all", ""])
def test_a_package_that_is_not_there_is_left_out_unless_all_are_asked_for(
    monkeypatch, texts
):
    monkeypatch.setenv("TEXTS", texts)
    end = AssertionError if texts else pytest.skip.Exception
    with pytest.raises(end, match="no_such_package/file"):
        test_a_text_that_was_not_run_is_in_the_package_that_has_it(
            "no_such_package/file", ["a text"]
        )


def test_a_text_that_no_file_has_is_missed():
    file = installed("torch/__init__.py")
    assert lacks(file, ["import", "no file of torch says this"]) == [
        "no file of torch says this"
    ]
    assert installed("torch/no_such_file.py") is None


# The index


def test_a_line_that_warns_in_each_round_prints_its_warning_once():
    line = "for _ in range(3): functional.log_softmax(torch.zeros(2, 3))"
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        exec(compile(line, "mine.py", "exec"), {"torch": torch, **vars(torch.nn)})
    assert len(shown) == 1 and shown[0].filename == "mine.py"


def test_a_message_of_several_lines_begins_at_its_type():
    with pytest.raises(ValueError) as error:
        torch.distributions.Poisson(torch.tensor([-1.0]))
    first, *_, last = traceback.format_exception_only(error.value)[0].splitlines()
    assert first.startswith("ValueError: Expected parameter rate")
    assert "Error" not in last and last == "tensor([-1.])"


def test_no_two_entries_of_a_page_share_an_anchor():
    for _, group in itertools.groupby(LISTED, key=lambda e: e.page.name):
        anchors = [entry.anchor for entry in group]
        assert len(anchors) == len(set(anchors))

"""What the maintainers' page says is what the code does."""

import re
import subprocess

from harness.core import limits, records
from harness.core.tree import HERE
from harness.judge.compare import close
from harness.site.fragments import Programs
from harness.site.tables import sources

PAGE = (HERE.docs / "reference/record-on-a-gpu.md").read_text(encoding="utf-8")
MAKEFILE = (HERE.root / "Makefile").read_text(encoding="utf-8")
TORCH = re.search(r"^TORCH = (torch==\S+)$", MAKEFILE, re.M)[1]
PARTS = {
    "bfloat16": ("one part in twenty", 1 / 20),
    "float16": ("in a hundred", 1 / 100),
    "float32": ("in a thousand", 1 / 1000),
    "float64": ("in ten million", 1e-7),
}


def test_the_tolerances_are_those_that_the_lane_compares_with():
    assert {dtype: part for dtype, (_, part) in PARTS.items()} == limits.TOLERANCE
    for dtype, (words, _) in PARTS.items():
        assert f"{words} in {dtype}" in PAGE


def test_the_last_of_two_decimals_may_be_one_off():
    assert "two or more decimals are printed, the last one may always be one" in PAGE
    least = limits.TOLERANCE["float64"]
    assert close("loss 0.12", "loss 0.13", least)
    assert not close("loss 0.1", "loss 0.2", least)
    assert not close("loss 0.12", "loss 0.14", least)


def test_the_page_says_whether_a_gpu_has_recorded():
    none = "No GPU has recorded yet" in PAGE
    assert none == (not set(records.names(HERE, "gpu")))


OLD = ["--old-file=requirements.txt", "--old-file=requirements-torch.txt"]


def steps(*given: str) -> str:
    ask = ["make", "--no-print-directory", "--dry-run", "--always-make", "record-gpu"]
    done = subprocess.run(
        [*ask, *OLD, *given],
        cwd=HERE.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_command_takes_the_steps_of_the_page():
    said = steps()
    order = ["harness run --lane gpu --record", "lab gpu-numbers", "git status --short"]
    assert [said.index(one) for one in order] == sorted(map(said.index, order))
    apart = [line for line in said.splitlines() if "cuda-build/bin/python" in line]
    (install,) = [line for line in apart if line.endswith(TORCH)]
    assert "--index-url" not in install


def test_one_program_measures_no_numbers():
    said = steps("ONLY=gpu/which_device")
    assert "--record gpu/which_device" in said
    assert 'test -n "gpu/which_device" ||' in said


def test_an_older_cuda_is_asked_for_by_its_index():
    index = "https://download.pytorch.org/whl/cu126"
    said = steps(f"CUDA_INDEX={index}")
    assert f"--reinstall-package torch --index-url {index} torch==" in said
    assert index not in said.replace(f"--index-url {index} torch==", "")  # only there


def test_each_way_to_a_card_costs_nothing_or_has_a_dated_source():
    table = PAGE.partition("\n## Three ways to get a card\n")[2].partition("None of")[0]
    ways = [row.split(" | ") for row in table.splitlines() if row.startswith("| A")]
    read = {one.url: one for one in sources.load(HERE)}
    assert len(ways) == 3
    for _, cost, _ in ways:
        price = re.fullmatch(
            r"\[(\$\d\.\d+ an? \w+)[^]]* (20\d\d-\d\d\S*)\]\((.*)\)", cost
        )
        if price is None:
            assert cost.startswith("none")
            continue
        says, day, url = price.groups()
        held = " ".join(read[url].holds)
        assert says in held and day in held, (says, day)


def test_each_price_has_the_day_on_which_it_was_read_or_edited():
    table = PAGE.partition("\n## Three ways to get a card\n")[2].partition("None of")[0]
    days = re.findall(r"\[\$[^]]* (\S+)\]", table)
    assert len(days) == 2
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", day) for day in days)


def test_what_is_said_of_the_time_is_what_was_measured():
    """On a CPU; the page says that nobody measured it on a GPU, until one records."""
    lane = [one for one in Programs(HERE).values() if one.on_gpu and one.cpu]
    assert len(lane) > 40
    assert 120 < sum(one.cpu.seconds for one in lane) < 180
    assert "between two and three minutes, each once" in PAGE
    unknown = "runs on a GPU, nobody has measured" in PAGE
    assert unknown == (not records.names(HERE, "gpu"))
    part = PAGE.partition("\n## Record by hand")[2].partition("\nThe command does")[0]
    assert len(re.findall(r"^\d\. ", part, re.M)) == 6 and "six short steps" in PAGE


def test_the_script_that_the_page_names_is_there():
    (script,) = set(re.findall(r"bash (\.github/\S+\.sh) USER@HOST", PAGE))
    text = (HERE.root / script).read_text(encoding="utf-8")
    assert f"bash {script} USER@HOST" in text and "make record-gpu" in text

"""The tables and plots of the two records of numbers: right figures, right labels."""

import json
import re

import pytest

from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from harness.site import tables
from harness.site.tables import gpu_numbers, gpu_plots
from lab.gpu_numbers import measure

FACTS = {"date": "2026-11-25", "torch": "2.13.0", "python": "3.11.7", "left_out": []}
FACTS |= {"seconds": 17.2}
TIMES = {"low": 0.9e-3, "median": 1e-3, "high": 1.1e-3, "samples": 20}


def product(n, seconds, dtype="fp32"):
    work = {"flops": 2 * n**3, "bytes": 12 * n * n}
    return {"dtype": dtype, "n": n, **TIMES, "median": seconds} | work


def measured():
    copies = [
        {"way": "within the device", "MiB": mib, **TIMES, "bytes": moved}
        for mib, moved in ((1, 2 * 10**8), (64, 10**8))
    ]
    return {
        "matmul": [product(16, 1e-3), product(64, 1e-3), product(256, 1e-3)],
        "copies": copies,
        "launch": [{"what": "one addition", **TIMES}],
        "pointwise": [{"way": "eager", "shape": [8, 4], **TIMES, "bytes": 5 * 10**7}],
        "training": [{"network": "MLP", "batch": 64, "shape": [64, 9], **TIMES}],
        "memory": [{"network": "MLP", "shape": [64, 9], "peak": 3 * 2**20}],
        "crossover": [
            {"n": 16, "where": where, **TIMES, "flops": 1} for where in ("cpu", "gpu")
        ],
    }


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def put(tree, kind, **facts):
    own = {"cpu": "A CPU, 2 cores", "threads": 1, "tables": measured()}
    if kind == "gpu":
        own |= {"device": "Stand-in card", "driver": "580.1"}
    file = measure.file(tree, kind == "gpu")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"kind": kind} | FACTS | own | facts, indent=1))


SUMS = """<div class="totals" markdown>

- **33.6** GFLOP/s at most in fp32
- **100** GB/s when memory is copied
- **1** ms for a call: one addition
"""


def plain(text):
    return re.sub("[\u00a0\u202f]", " ", text)


ONLY_OF_A_GPU = ("crossover", "graphs", "memory")


def test_without_a_record_of_a_gpu_its_tables_and_their_sentences_are_hidden(tree):
    own = {part: measured()[part] for part in ("copies", "training", "launch")}
    put(tree, "cpu", tables=own)
    for part in gpu_numbers.TABLES:
        text = gpu_numbers.text(tree, part).strip()
        if part in ONLY_OF_A_GPU:
            assert text == ""
        elif part in own:
            assert text.startswith('<div class="wide') and "CPU, 1" not in text
        else:
            assert text == "Not measured on the CPU."
    assert gpu_numbers.provenance(tree).count(gpu_numbers.NONE) == 1


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("copies", "Pinned memory is CPU memory"),
        ("training", "The CPU's networks are narrower"),
        ("crossover", "The same product on the CPU beside the GPU"),
        ("graphs", "## CUDA graphs\n\nTwenty small kernels"),
        ("memory", "## Memory\n\nThe most that one training step takes"),
    ],
)
def test_a_table_of_a_gpu_comes_with_its_sentence(tree, part, says):
    put(tree, "cpu")
    put(tree, "gpu", tables=measured() | {"graphs": [{"way": "one by one", **TIMES}]})
    text = gpu_numbers.text(tree, part).strip()
    assert text.startswith(says)
    assert re.search(r"\.\n\n\*\*(CPU, 1 thread|Stand-in card)\*\*\n.+\n\n<div ", text)
    put(tree, "gpu", tables={})
    assert says not in gpu_numbers.text(tree, part)


def test_calls_and_graphs_name_what_was_timed(tree):
    put(tree, "gpu", tables={"graphs": [{"way": "one by one", **TIMES}]})
    put(tree, "cpu")
    assert "| Way | Time, ms |\n" in gpu_numbers.text(tree, "graphs")
    assert "| one by one | 1 |\n" in gpu_numbers.text(tree, "graphs")
    assert "| What | Time, ms |\n" in gpu_numbers.text(tree, "launch")
    assert "| one addition | 1 |\n" in gpu_numbers.text(tree, "launch")


def test_with_one_the_card_stands_first_and_is_named(tree):
    put(tree, "cpu")
    put(tree, "gpu")
    text = gpu_numbers.text(tree, "matmul")
    assert gpu_numbers.NONE not in text
    assert text.index("**Stand-in card**") < text.index("**CPU, 1 thread**")
    said = gpu_numbers.provenance(tree).split("</div>")[-1]
    assert said.strip().split("\n") == [
        "GPU: Measured on 2026-11-25: Stand-in card, driver 580.1, beside "
        "A CPU, 2 cores, 1 thread, torch 2.13.0, Python 3.11.7",
        "{ .ran }",
        "",
        "CPU: Measured on 2026-11-25: A CPU, 2 cores, 1 thread, torch 2.13.0, "
        "Python 3.11.7",
        "{ .ran }",
    ]


def test_three_numbers_stand_first_those_of_the_card_where_there_is_one(tree):
    put(tree, "cpu")
    assert gpu_numbers.provenance(tree).startswith(SUMS)
    slow = [row | {"flops": row["flops"] // 2} for row in measured()["matmul"]]
    put(tree, "gpu", tables=measured() | {"matmul": slow})
    assert gpu_numbers.provenance(tree).startswith(SUMS.replace("33.6", "16.8"))
    put(tree, "gpu", tables=measured() | {"launch": []})
    assert "totals" not in gpu_numbers.provenance(tree)


def test_rates_and_shares_are_those_computed_by_hand(tree):
    put(tree, "cpu")
    text = plain(gpu_numbers.text(tree, "matmul"))
    # 2 · 256³ in 1 ms, and 2 · 64³ in the same time: 64 times less
    assert "| Side | fp32, ms | GFLOP/s | Of the<br>ceiling |" in text
    assert "| 256 | 1 | 33.6 | 100% |" in text
    assert "| 64 | 1 | 0.524 | 2% |" in text
    assert "The spread of these times is at most ±10%." in text
    chain = plain(gpu_numbers.text(tree, "pointwise"))
    assert "| Way | Input | Time, ms | GB/s | Of the<br>ceiling |" in chain
    assert "| eager | (8, 4) | 1 | 50 | 50% |\n" in chain
    assert "The spread of these times is at most ±10%." in chain
    steps = plain(gpu_numbers.text(tree, "training"))
    assert "| MLP | (64, 9) | 1 | 64,000 |" in steps
    assert "| MLP | (64, 9) | 3 |" in plain(gpu_numbers.text(tree, "memory"))
    crossing = plain(gpu_numbers.text(tree, "crossover"))
    assert "| Side | cpu, ms | gpu, ms |" in crossing and "| 16 | 1 | 1 |" in crossing


def test_products_have_a_row_for_each_side_and_two_dtypes_in_a_table(tree):
    sides = {"fp32": (16, 64), "tf32": (16,), "bf16": (64,)}
    rows = [product(n, 1e-3, dtype) for dtype, ns in sides.items() for n in ns]
    rows[-1] |= {"low": 0.5e-3, "flops": 2 * 10**9}
    put(tree, "gpu", tables={"matmul": rows})
    text = plain(gpu_numbers.text(tree, "matmul"))
    both, alone = re.findall(r"(?:^\|.+\n)+", text, re.MULTILINE)
    of = "ms | GFLOP/s | Of the<br>ceiling |"
    assert both.split("\n")[:-1] == [
        f"| Side | fp32, {of} tf32, {of}",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| 16 | 1 | 0.00819 | 2% | 1 | 0.00819 | 100% |",
        "| 64 | 1 | 0.524 | 100% | - | - | - |",
    ]
    assert alone.split("\n")[0] == "| Side | bf16, ms | TFLOP/s | Of the<br>ceiling |"
    assert alone.split("\n")[2] == "| 64 | 1 | 2 | 100% |"
    assert "at most ±30%." in text


def test_the_ceiling_of_memory_is_the_largest_copy_not_the_one_in_a_cache(tree):
    put(tree, "cpu")
    record = gpu_numbers.load(tree, "cpu")
    assert gpu_numbers.ceilings(record)["memory"] == pytest.approx(1e11)


def test_a_fast_convolution_lifts_the_ceiling(tree):
    fast = {"dtype": "fp32", "layout": "NCHW", "shape": [1], **TIMES, "flops": 10**9}
    put(tree, "cpu", tables=measured() | {"convolution": [fast]})
    assert gpu_numbers.ceilings(gpu_numbers.load(tree, "cpu"))["fp32"] == 1e12


@pytest.mark.parametrize(
    ("times", "head", "shown"),
    [
        ([2.5, 10], "s", ["2.5", "10"]),
        ([0.188, 2.5], "ms", ["188", "2,500"]),
        ([2.4e-6, 0.1792], "µs", ["2.4", "179,000"]),
        ([5e-8], "µs", ["0.05"]),
    ],
)
def test_a_column_of_times_has_the_unit_that_suits_the_least(tree, times, head, shown):
    rows = [{"what": "x", **TIMES, "median": one} for one in times]
    put(tree, "cpu", tables={"launch": rows})
    text = gpu_numbers.text(tree, "launch")
    assert f"| What | Time, {head} |" in text
    assert re.findall(r"^\| x \| (\S+) ", text, re.MULTILINE) == shown


def test_a_column_of_rates_has_the_letter_that_suits_the_most(tree):
    for flops, head, shown in ((788 * 10**9, "TFLOP/s", 788), (10**7, "GFLOP/s", 10)):
        put(tree, "gpu", tables={"matmul": [product(16, 1e-3) | {"flops": flops}]})
        text = gpu_numbers.text(tree, "matmul")
        assert f"| {head} |" in text and f"| 16 | 1 | {shown} | 100% |" in text


def test_what_was_left_out_is_said_with_the_reason(tree):
    row = {"table": "matmul", "dtype": "fp32", "n": 16384, "failed": "out of memory"}
    put(tree, "gpu", left_out=[row])
    said = "- Left out on Stand-in card: matmul, fp32, 16384 (out of memory)"
    assert said in gpu_numbers.provenance(tree)


def lacks(table: str, key: str) -> dict:
    """The tables with a fact of a table's first row left out."""
    tables = measured()
    del tables[table][0][key]
    return {"tables": tables}


@pytest.mark.parametrize(
    ("facts", "above", "words"),
    [
        (lacks("matmul", "flops"), '  "matmul": [', "this row has no flop_rate"),
        (lacks("pointwise", "shape"), '  "pointwise": [', "this row has no shape"),
        (lacks("crossover", "where"), '  "crossover": [', "this row has no where"),
        ({"tables": {"else": []}}, ' "tables": {', "nobody knows the table 'else'"),
        ({"left_out": [{"n": 8}]}, ' "left_out": [', "'failed' is missing"),
        ({"device": "Some card"}, "{", "this is no record of a cpu"),
        ({"driver": None}, "{", "this is no record of a cpu"),
    ],
)
def test_a_record_that_lacks_what_a_table_shows_is_refused(tree, facts, above, words):
    put(tree, "cpu", **facts)
    file = measure.file(tree, is_gpu=False)
    line = file.read_text().split("\n").index(above) + 2
    with pytest.raises(Problem) as refused:
        gpu_numbers.text(tree, "matmul")
    assert str(refused.value).startswith(f"recorded/cpu_numbers.json:{line}: {words}")
    assert "python -m lab gpu-numbers --cpu" in str(refused.value)


def test_no_numbers_of_a_cpu_pass_for_those_of_a_gpu(tree):
    put(tree, "cpu")
    own = measure.file(tree, is_gpu=False)
    own.rename(measure.file(tree, is_gpu=True))
    with pytest.raises(Problem, match="gpu_numbers.json:2: this is no record of a gpu"):
        gpu_numbers.text(tree, "matmul")


def test_plots_are_drawn_for_light_and_dark_pages(tree):
    put(tree, "cpu")
    put(tree, "gpu")
    for name in gpu_plots.PLOTS:
        text = gpu_plots.text(tree, name)
        files = sorted((tree.pictures / "report").glob(f"{name}.*.svg"))
        assert [file.name for file in files] == [
            f"{name}.dark.svg",
            f"{name}.light.svg",
        ]
        assert files[0].read_text() != files[1].read_text()
        for scheme in ("light", "dark"):
            assert f"(/assets/figures/report/{name}.{scheme}.svg#only-{scheme})" in text


def test_a_plot_says_where_it_was_measured(tree):
    put(tree, "cpu")
    text = gpu_plots.text(tree, "roofline")
    assert 'data-ran="Measured on CPU, 1 thread · torch ' in text
    assert "Measured on Stand-in card" not in text
    put(tree, "gpu")
    assert "Measured on Stand-in card · torch " in gpu_plots.text(tree, "roofline")


def test_each_page_with_a_plot_or_table_says_once_that_no_gpu_was_measured():
    """In its own words, or by the list of the machines that were."""
    none = gpu_numbers.load(HERE, "gpu") is None
    shows = {
        p for p in HERE.docs.rglob("*.md") if "report/gpu_numbers_" in p.read_text()
    }
    said = {
        HERE.docs / "reference/gpu-numbers.md": gpu_numbers.provenance(HERE),
        HERE.docs / "gpu/when-faster.md": (
            HERE.docs / "gpu/when-faster.md"
        ).read_text(),
    }
    assert shows == said.keys()
    for text in said.values():
        assert (
            len(re.findall("No GPU has (?:been measured|run this page) yet", text))
            == none
        )


def test_without_numbers_nothing_is_drawn(tree):
    assert gpu_plots.text(tree, "roofline") == ""
    assert not tree.pictures.exists()


def test_the_same_numbers_draw_the_same_picture(tree):
    put(tree, "cpu")
    gpu_plots.text(tree, "roofline")
    file = tree.pictures / "report/roofline.light.svg"
    before = file.read_bytes()
    file.unlink()
    gpu_plots.text(tree, "roofline")
    assert file.read_bytes() == before


def test_every_part_is_a_fragment_that_a_page_can_include():
    assert tables.texts(HERE, "gpu_numbers").keys() >= {"gpu_numbers_provenance"}
    assert {"gpu_numbers", "gpu_plots"} < {*tables.MODULES}
    assert gpu_numbers.TABLES.keys() == measure.SUITES.keys()


def test_what_is_recorded_says_what_the_alternative_text_of_its_plot_says():
    record = gpu_numbers.load(HERE, "cpu")
    rows = [row for row in record.tables["matmul"] if row.dtype == "fp32"]
    times = {row.n: row.median for row in rows}
    addition = record.tables["launch"][0].median
    assert times[32] < 3 * times[16]  # for 8 times the work
    assert times[16] < times[32] <= addition < times[64]
    assert 6 < times[2048] / times[1024] < 10
    rates = {row.n: row.flop_rate for row in rows}
    best = gpu_numbers.ceilings(record)["fp32"]
    assert rates[16] < best / 10 and rates[2048] > best / 2


def test_both_plots_are_of_one_dtype_and_say_so():
    """Products in bf16 draw another curve: even small ones take longer than a sum."""
    record = gpu_numbers.load(HERE, "cpu")
    rows = [row for row in record.tables["matmul"] if row.dtype == "bf16"]
    addition = record.tables["launch"][0].median
    assert all(row.median > addition for row in rows)
    for name in gpu_plots.PLOTS:
        assert "in float32" in gpu_plots.text(HERE, name)
    for place, plots in {"gpu/when-faster": 2, "reference/gpu-numbers": 1}.items():
        page = (HERE.docs / f"{place}.md").read_text()
        parts = [part.rsplit("--8<--", 1)[-1] for part in page.split("{ .caption }")]
        assert sum("report/" in p and "in float32" in p for p in parts) == plots


def test_the_page_is_true_with_a_gpu_and_without_one():
    """Its title, description and place in the navigation name no kind of machine."""
    page = (HERE.docs / "reference/gpu-numbers.md").read_text()
    description, title = page.split("\n")[1], page.split("\n# ")[1].split("\n")[0]
    nav = (HERE.root / "mkdocs.yml").read_text()
    entry = re.search(r"- (.+): reference/gpu-numbers\.md", nav)[1]
    for text in (description, title, entry):
        assert not re.search(r"\b(GPU|CPU|card)s?\b|so far|yet", text)
    assert "this site's machines" in title

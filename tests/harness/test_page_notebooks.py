"""A page's programs as a notebook: what is in it, and that a kernel prints the same."""

import copy
import json
import re
from urllib.parse import urljoin

import nbclient
import nbformat
import pytest
from nbformat import v4

from harness.core import page
from harness.core.tree import HERE
from harness.judge.shown import PASSED_OVER
from harness.site import copies, fragments, page_notebooks
from tests import forked

HOME = "http://127.0.0.1:8000/"
SMALL = "autograd/why-zero-grad.md"  # two of its programs change a setting
ASSETS = HERE.docs / "assets"
OURS = re.compile(r"^%pip install \S+ http\S+$", re.MULTILINE)
HINT = re.compile(r"\. Did you mean: '.+'\?$")  # plain Python adds it to a name


@pytest.fixture(scope="module")
def known():
    return dict(fragments.Programs(HERE))


@pytest.fixture(scope="module")
def given(known):
    """The notebooks of all pages, from the fragments that are there."""
    found = {}
    for one in page.find(HERE):
        address = urljoin(HOME, copies.place(one.name))
        if made := page_notebooks.made(one, known, address):
            found[one.name] = nbformat.reads(made, 4)
    return found


def code(one) -> list:
    cells = [cell for cell in one.cells if cell.cell_type == "code"]
    cells = [cell for cell in cells if "exercise" not in cell.metadata.get("tags", [])]
    opening = ("# What this notebook needs", "# Here the programs share")
    return [cell for cell in cells if not cell.source.startswith(opening)]


def printed(cell) -> str:
    """As a page shows it: standard output, then warnings, then the error."""
    texts = {"stdout": "", "stderr": "", "error": ""}
    for out in cell.outputs:
        if out.output_type == "stream":
            texts[out.name] += out.text
        elif out.output_type == "error":
            lines = [f"{out.ename}: {out.evalue}" if out.evalue else out.ename, ""]
            texts["error"] = "\n".join(lines)
    return "".join(texts.values())


def same(before, after) -> bool:
    """But for what a page leaves out, and for how a kernel names an error.

    It says a warning with its file, and an error without its module.
    """
    plain = copy.deepcopy([before, after])
    told = ["", ""]
    for at, cell in enumerate(plain):
        streams = [out for out in cell.outputs if out.get("name") == "stderr"]
        told[at] = as_shown("".join(out.text for out in streams))
        cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
        for out in cell.outputs:
            if out.output_type == "error":
                out.ename = out.ename.rpartition(".")[2]
                out.evalue = as_shown(out.evalue).rstrip()
    one, two = (printed(cell).expandtabs(4) for cell in plain)
    return one == two and all(line in told[1] for line in told[0].splitlines())


def as_shown(message: str) -> str:
    return HINT.sub("", PASSED_OVER.sub("", message).expandtabs(4))


def test_what_only_a_kernel_says_makes_no_difference():
    def ended(name, *texts):
        out = v4.new_output("error", ename=name, evalue=texts[0], traceback=[])
        streams = [v4.new_output("stream", name="stderr", text=one) for one in texts]
        return v4.new_code_cell("", outputs=[*streams[1:], out])

    shown = ended("_pickle.UnpicklingError", "do those steps\n    (1)", "W: a. b")
    where = "/p/q.py:1: W: a (Triggered internally at /c.cpp:2). b\n  line\n"
    ran = ended("UnpicklingError", "\x1b[1mdo those steps\x1b[0m\n\t(1)\n", where)
    assert same(shown, ran)
    hinted = ended("AttributeError", "no attribute 'fc2'. Did you mean: 'fc1'?")
    assert same(hinted, ended("AttributeError", "no attribute 'fc2'"))
    assert not same(hinted, ended("AttributeError", "no attribute 'fc1'"))
    for other in (
        ended("EOFError", "do those steps\n    (1)", where),
        ended("UnpicklingError", "do these steps\n    (1)", where),
        ended("UnpicklingError", "do those steps\n    (1)", "W: a"),
    ):
        assert not same(shown, other)


def test_all_are_notebooks_and_hold_what_ran_and_what_it_printed(given, known):
    by_source = {one.snippet.source.rstrip("\n"): one for one in known.values()}
    count = 0
    for name, made in given.items():
        nbformat.validate(made)
        assert made.cells[0].source.startswith("# "), name
        for cell in code(made):
            one = by_source[cell.source]
            count += 1
            assert printed(cell) == (one.out or ""), (name, one.snippet.name)
            raises = one.snippet.directives.raises
            assert ("raises-exception" in cell.metadata.get("tags", [])) == bool(raises)
    assert len(given) > 90 and count > 1000


def executed(made):
    given = nbformat.from_dict(json.loads(json.dumps(made)))
    for cell in given.cells:  # the site is not served: its files are in docs/assets
        cell.source = OURS.sub(
            f"import sys; sys.path.append({str(ASSETS)!r})", cell.source
        )
    client = nbclient.NotebookClient(
        given,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(HERE.build)}},
    )
    return client.execute()


def test_a_kernel_prints_what_the_notebook_shows(given):
    made = given[SMALL]
    ran = executed(made)
    assert len(code(ran)) > 3
    for before, after in zip(code(made), code(ran), strict=True):
        assert printed(after) == printed(before), before.source


CHANGED = """
torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.set_float32_matmul_precision("high")
torch.backends.cuda.matmul.fp32_precision = "tf32"
torch.backends.cudnn.conv.fp32_precision = "ieee"
store = torch.distributed.HashStore()
torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
"""
SETTINGS = """
print(torch.get_default_dtype(), torch.is_grad_enabled())
print(torch.get_float32_matmul_precision())
for one in torch.backends.cuda, torch.backends.mkldnn:
    print(one.matmul.fp32_precision)
print(torch.backends.cudnn.conv.fp32_precision)
print(torch.distributed.is_initialized())
"""


def test_a_program_begins_with_the_settings_of_torch():
    opening = page_notebooks.AFRESH.partition("\n\n\nget_ipython()")[0]
    other = forked.run(f"{opening}\n{CHANGED}\nafresh()\n{SETTINGS}")
    plain = forked.run(f"import torch\n{SETTINGS}")
    assert plain.stdout.count("\n") == 6
    assert (other.stdout, other.stderr) == (plain.stdout, plain.stderr)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import sys\n\nsys.displayhook(1)\n", "what plain Python does"),
        ('if __name__ == "__main__":\n    print(1)\n', "Processes that"),
    ],
)
def test_what_only_plain_python_does_is_no_cell(draft, source, why):
    draft.snippet("numbers/shown", source, "1\n")
    draft.add('\n--8<-- "numbers/shown.md"\n')
    assert draft.problems() == []
    cells = json.loads(draft.made("programs/index.ipynb"))["cells"]
    (one,) = [one for one in cells if source.strip() in one["source"]]
    assert one["cell_type"] == "markdown" and why in one["source"]


PAGES = sorted(one.name for one in page.find(HERE))


@pytest.mark.weekly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", PAGES)
def test_a_kernel_prints_what_a_page_shows(given, name):
    if name not in given:
        return  # it has no program that a kernel runs
    ran = executed(given[name])
    pairs = zip(code(given[name]), code(ran), strict=True)
    assert not [before.source for before, after in pairs if not same(before, after)]


SHOWS = """\
# Small

--8<-- "numbers/sum.md"

## Again { #again }

--8<-- "numbers/sum.md"

--8<-- "numbers/fails.md"

### A card

--8<-- "numbers/warned.md"

--8<-- "numbers/drawn.md"

--8<-- "numbers/card.md"

[a](numbers/why.md#because) [b](numbers/index.md)
"""


def test_cells_stand_below_their_headings_each_once(draft):
    draft.page("index.md", SHOWS)
    assert draft.problems() == []
    made = json.loads(draft.made("programs/index.ipynb"))
    kinds = [(one["cell_type"], one["source"].split("\n")[0]) for one in made["cells"]]
    assert kinds == [
        ("markdown", "# Small"),
        ("code", page_notebooks.AFRESH.split("\n")[0]),
        ("code", "print(2 + 2)"),
        ("markdown", "## Again"),
        ("code", "# raises: ValueError"),
        ("markdown", "## A card"),
        ("code", "# warns: UserWarning"),
        ("code", "# figure: A dot stands alone in the middle of the picture."),
        ("markdown", "This program needs cuda, so it ran apart:"),
    ]
    fails = made["cells"][4]
    assert fails["metadata"] == {"tags": ["raises-exception"]}
    assert fails["outputs"][0] == {
        "output_type": "stream",
        "name": "stdout",
        "text": "a\n  b\n",
    }
    assert fails["outputs"][1]["ename"] == "ValueError"
    warned = made["cells"][6]["outputs"]
    assert [one["name"] for one in warned] == ["stdout", "stderr"]
    assert [*made["cells"][7]["outputs"][0]["data"]] == ["image/svg+xml"]

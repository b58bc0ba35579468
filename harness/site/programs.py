"""The programs of the pages as files that run by themselves: `uv run ADDRESS`.

What a program needs (PEP 723) stands below it. So the file begins with the bytes that
ran, and each line keeps its number.
"""

import io
import re
import sys
from urllib.parse import urljoin
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from harness.core.snippet import Snippet, find
from harness.core.snippet_rules import OPTIONAL, PUBLISHED
from harness.core.tree import Tree
from harness.site.markdown import Site
from harness.site.template import fill

PROGRAMS = "programs"  # where the site has them
APART = "-ecosystem", "-properdocs", "-tensorflow", "-zensical", ""
PINNED = "Makefile", *(f"requirements{one}.in" for one in APART)
PIN = re.compile(r"(?<![\w-])([\w-]+)==(\d[\w.]*)")
# Those of Python for which there are wheels of the pinned versions.
PYTHON, OF_TENSORFLOW = ">=3.11,<3.15", ">=3.11,<3.14"
# Packages that are not called what a program imports.
CALLED = {"PIL": "pillow", "sklearn": "scikit-learn", "tensorflow": "tensorflow-cpu"}
# What else a program needs that says this.
SAYS = {
    r"\btorch\b": ["torch", "numpy"],  # without NumPy, torch warns
    r"\btorch\.onnx\b": ["onnxscript"],
    r'"pip\b': ["pip"],
}
# Packages that bring torch with them: it comes from the same index then.
ON_TORCH = {"accelerate", "keras", "torchvision", "transformers"}
READS = re.compile(r'files\("(\w+)"\) / "([\w.-]+)"')  # in folders of docs/assets/
MADE_HERE = {"toy"}  # a module that a program writes itself
WHEEL = "pytorch_proven_files-1-py3-none-any.whl"  # has those files
ABOUT_WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
OWN = re.compile(r"^# /// script$", re.MULTILINE)


def beside(one: Snippet) -> set[str]:
    """The files of docs/assets/ that it imports or reads."""
    read = {"/".join(found) for found in READS.findall(one.source)}
    return read | {f"{name}.py" for name in one.imports.keys() & PUBLISHED}


def wheel(tree: Tree) -> bytes:
    """These files of all programs as one package; empty where there are none."""
    names = set().union(*map(beside, find(tree)))
    name, version, _ = WHEEL.split("-", 2)
    files = {one: tree.data(tree.docs / "assets" / one) or b"" for one in sorted(names)}
    site = f'SITE = "{Site(tree).home}"'.encode()
    files = {one: data.replace(b'SITE = ""', site) for one, data in files.items()}
    about, made = f"{name}-{version}.dist-info", io.BytesIO()
    facts = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files |= {f"{about}/METADATA": facts, f"{about}/WHEEL": ABOUT_WHEEL}
    files[f"{about}/RECORD"] = "".join(f"{one},,\n" for one in files)
    with ZipFile(made, "w", ZIP_DEFLATED) as whole:
        for one, data in files.items():
            whole.writestr(ZipInfo(one), data, ZIP_DEFLATED)
    return made.getvalue() if names else b""


def pins(tree: Tree) -> dict[str, str]:
    """The versions that this project installs, by package."""
    texts = (tree.text(tree.root / name) or "" for name in PINNED)
    return {name: version for text in texts for name, version in PIN.findall(text)}


def packages(one: Snippet) -> list[str]:
    """What it needs, by the names that an index knows."""
    given = one.imports.keys() - sys.stdlib_module_names - MADE_HERE - PUBLISHED
    given |= one.directives.needs & OPTIONAL
    found = {CALLED.get(name, name) for name in given}
    for said, names in SAYS.items():
        found.update(names if re.search(said, one.source) else ())
    if found & ON_TORCH:
        found |= {"torch", "numpy"}
    return sorted(found)


def requirements(one: Snippet) -> list[str]:
    """The same, each with the version that it ran with."""
    known, lines = one.tree.known(f"{__name__}.pins"), []
    if beside(one):
        address = urljoin(Site(one.tree).home, f"{PROGRAMS}/{WHEEL}")
        lines.append(f"{WHEEL.partition('-')[0]} @ {address}")
    for name in packages(one):
        line = f"{name}=={known[name]}" if name in known else name
        if name == "tensorflow-cpu":  # which is not made for a Mac
            lines += [f"{line} ; sys_platform != 'darwin'"]
            line = f"{line.replace('-cpu', '')} ; sys_platform == 'darwin'"
        lines.append(line)
    return lines


def metadata(one: Snippet) -> str:
    """The comment lines that say what it needs, in the form of PEP 723."""
    needs = requirements(one)
    apart = any(line.startswith("tensorflow") for line in needs)
    on_cpu = any(line.startswith("torch==") for line in needs)
    facts = {"needs": needs, "python": OF_TENSORFLOW if apart else PYTHON}
    facts["on_cpu"] = on_cpu and "cuda" not in one.directives.needs
    return fill("program", **facts) + "\n"


def runnable(one: Snippet, begun: str = "") -> str:
    """The file that is published; a program with such lines of its own stays so.

    Of an exercise also that with which a reader begins.
    """
    source = begun or one.source
    return source if OWN.search(source) else f"{source}\n{metadata(one)}"

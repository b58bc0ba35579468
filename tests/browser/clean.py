"""A new environment with a kernel and torch, where a notebook installs the rest."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# What a reader's Jupyter has before a notebook begins; `torch` so that it is the build
# for CPUs, which the plain index does not have for Linux.
BEFORE = ("pip", "ipykernel", "torch")
TORCH_INDEX = os.environ.get("TORCH_INDEX", "https://download.pytorch.org/whl/cpu")
# What leads to other packages, to settings of a person, or to a GPU.
APART = ("PYTHON", "VIRTUAL_ENV", "IPYTHON", "JUPYTER", "MPL", "MATPLOTLIB", "CUDA")
NAME = re.compile(r'(?<=[ "])[a-zA-Z][\w.-]*')  # of a package, in a line of pip
OURS = ("matplotlib", "sklearn", "torchvision", "mkdocs", "pytest", "harness", "tests")
# Fails where one of these can be imported.
ABSENT = """\
import importlib.util, sys
there = [name for name in sys.argv[1:] if importlib.util.find_spec(name)]
sys.exit(f"this is not clean: it has {there}" if there else 0)
"""


def make(folder: Path, lend_for: str = "") -> dict[str, str]:
    """Make it in a folder; what the process needs that starts its kernel, `clean`.

    For a notebook's line of pip, what is there before is lent: its files as pip
    installed them here, and those of what it requires. They are the files of its
    wheels, so nothing differs from a new install but its minute. So is what packages
    of the line require; the packages themselves, pip has to install.
    """
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip"]
    cache = subprocess.run(
        [*pip, "cache", "dir"], check=True, capture_output=True, text=True
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith(APART)} | {
        "HOME": str(folder),
        "PATH": f"{python.parent}{os.pathsep}{os.defpath}",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",  # small networks wait for threads of other tests
        "JUPYTER_PATH": str(folder / "jupyter"),
        "PIP_CACHE_DIR": cache.stdout.strip(),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_COMPILE": "0",  # Python compiles what is imported, a tenth of it
    }

    def run(*command):
        subprocess.run(command, env=env, check=True, cwd=folder)

    def install(*what):
        run(*pip, "--python", python, "install", "--quiet", *what)

    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    if lend_for:
        libraries = next((folder / "venv").glob("lib/python*/site-packages"))
        asked = {canonicalize_name(name) for name in NAME.findall(lend_for)}
        for name in _required(*BEFORE) | (_required(*asked) - asked):
            _lend(name, libraries)
    else:
        install("pip", f"ipykernel=={importlib.metadata.version('ipykernel')}")
        _install_torch(install)
    run(python, "-c", ABSENT, *OURS)
    kernel = folder / "jupyter" / "kernels" / "clean" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": argv, "display_name": "Clean", "language": "python"}
    kernel.write_text(json.dumps(about), encoding="utf-8")
    return env


def _install_torch(install) -> None:
    """As the Makefile does: the plain index would give a build for GPUs on Linux."""
    torch = f"torch=={importlib.metadata.version('torch').partition('+')[0]}"
    try:
        install("--retries", "1", "--timeout", "30", "--index-url", TORCH_INDEX, torch)
    except subprocess.CalledProcessError:
        install(torch)


def _required(*names: str) -> set[str]:
    """Packages, and all that they require here."""
    found, open_ = set(), list(names)
    while open_:
        if (name := open_.pop()) not in found:
            found.add(name)
            every = map(Requirement, importlib.metadata.requires(name) or [])
            open_ += [
                canonicalize_name(one.name)
                for one in every
                if not one.marker or one.marker.evaluate({"extra": ""})
            ]
    return found


def _lend(name: str, libraries: Path) -> None:
    """With what was compiled on import here."""
    package = importlib.metadata.distribution(name)
    lines = package.read_text("RECORD").splitlines()
    # Not its commands, which would start the Python of this environment.
    for top in {re.split("[/,]", line)[0] for line in lines} - {"..", "__pycache__"}:
        here, there = Path(package.locate_file(top)), libraries / top
        if here.is_dir():
            shutil.copytree(here, there, copy_function=_link, dirs_exist_ok=True)
        else:
            _link(here, there)


def _link(here: str | Path, there: str | Path) -> None:
    try:
        os.link(here, there)
    except OSError:  # another file system
        shutil.copy2(here, there)

import importlib
import importlib.metadata as metadata
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def install(version):  # a stand-in for %pip: it writes what pip writes
    Path(folder, "toy.py").write_text(f"__version__ = '{version}'\n")
    Path(folder, "toy.dist-info").mkdir(exist_ok=True)
    text = f"Metadata-Version: 2.1\nName: toy\nVersion: {version}\n"
    Path(folder, "toy.dist-info", "METADATA").write_text(text)


with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    install("1.0")
    toy = importlib.import_module("toy")  # import toy
    install("2.0.1")
    toy = importlib.import_module("toy")  # import toy, again
    print("installed:", metadata.version("toy"))
    print("imported: ", toy.__version__)
    restarted = subprocess.run(
        [sys.executable, "-c", "import toy; print(toy.__version__)"],
        env={**os.environ, "PYTHONPATH": folder},
        capture_output=True,
        text=True,
    )
    print("in a new Python:", restarted.stdout.strip())

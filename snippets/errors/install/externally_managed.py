# raises: RuntimeError
import subprocess
import sys
import tempfile
from pathlib import Path

# pip refuses where the folder of Python's own library has this file. So
# pip is shown another folder, and told that it is in no environment.
program = """
import runpy, sys, sysconfig
get_path, sys.prefix = sysconfig.get_path, sys.base_prefix
found = {"stdlib": sys.argv.pop()}
sysconfig.get_path = lambda name, *a: found.get(name) or get_path(name, *a)
runpy.run_module("pip", run_name="__main__")
"""
install = ["install", "--disable-pip-version-check", "torch"]
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "EXTERNALLY-MANAGED").touch()
    child = subprocess.run(
        [sys.executable, "-c", program, *install, folder],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
first = child.stderr.splitlines()[0]
raise RuntimeError(first.partition(": ")[2])

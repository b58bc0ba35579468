# raises: RuntimeError
import os
import subprocess
import sys
import tempfile
from pathlib import Path

wheel = "torch-2.13.0-cp36-cp36m-win32.whl"
with tempfile.TemporaryDirectory() as folder:
    Path(folder, wheel).touch()
    child = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--isolated", wheel],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PATH": "", "PIP_CONFIG_FILE": os.devnull},
    )
first = child.stderr.splitlines()[0]
raise RuntimeError(first.partition(": ")[2])

# raises: RuntimeError
import os
import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    # All that is offered was built for Python 3.6, 32 bits, on Windows.
    Path(folder, "torch-2.13.0-cp36-cp36m-win32.whl").touch()
    command = "pip download --isolated --no-index --find-links . torch"
    child = subprocess.run(
        [sys.executable, "-m", *command.split()],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PATH": "", "PIP_CONFIG_FILE": os.devnull},
    )
first = child.stderr.splitlines()[0]
raise RuntimeError(first.partition(": ")[2])

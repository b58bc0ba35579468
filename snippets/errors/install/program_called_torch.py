# raises: AttributeError
import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    program = "import torch\nx = torch.ones(2)\n"
    Path(folder, "torch.py").write_text(program)
    child = subprocess.run(
        [sys.executable, "torch.py"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
last = child.stderr.splitlines()[-1].replace(folder, "…")
raise AttributeError(last.partition(": ")[2])

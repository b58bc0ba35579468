# raises: ModuleNotFoundError
import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "torch.py").write_text("")  # a forgotten trial
    Path(folder, "main.py").write_text("import torch.nn")
    child = subprocess.run(
        [sys.executable, "main.py"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
last = child.stderr.splitlines()[-1]
raise ModuleNotFoundError(last.partition(": ")[2])

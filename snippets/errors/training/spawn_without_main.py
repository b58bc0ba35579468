# raises: RuntimeError
import subprocess
import sys
import tempfile
from pathlib import Path

program = """
import multiprocessing

context = multiprocessing.get_context("spawn")
context.Process(target=print).start()  # the mistake: no if above it
"""
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "train.py")
    file.write_text(program)
    child = subprocess.run(
        [sys.executable, file], capture_output=True, text=True
    )
lines = [line.strip() for line in child.stderr.splitlines()]
start = next(n for n, line in enumerate(lines) if "An attempt" in line)
raise RuntimeError(" ".join(lines[start : start + 2]))

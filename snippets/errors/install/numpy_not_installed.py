# raises: RuntimeError
import subprocess
import sys

program = """
import sys
sys.modules["numpy"] = None  # cannot be imported, as if not there
import torch
torch.ones(2).numpy()
"""
child = subprocess.run(
    [sys.executable, "-W", "ignore", "-c", program],
    capture_output=True,
    text=True,
)
last = child.stderr.splitlines()[-1]
raise RuntimeError(last.partition(": ")[2])

# raises: ModuleNotFoundError
import subprocess
import sys

# With -S, Python has its own library and no packages.
child = subprocess.run(
    [sys.executable, "-I", "-S", "-c", "import torch"],
    capture_output=True,
    text=True,
)
last = child.stderr.splitlines()[-1]
raise ModuleNotFoundError(last.partition(": ")[2])

# raises: ModuleNotFoundError
# needs: keras
import os
import subprocess
import sys

os.environ.pop("KERAS_BACKEND", None)
child = subprocess.run(
    [sys.executable, "-c", "import keras"],
    capture_output=True,
    text=True,
)
last = child.stderr.splitlines()[-1]
raise ModuleNotFoundError(last.partition(": ")[2])

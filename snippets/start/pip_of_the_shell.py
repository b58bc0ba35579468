# needs: unix
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def says(command, shell):
    done = subprocess.run(
        command, shell=shell, capture_output=True, text=True, env=env
    )
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    other = Path(folder, "pip")  # the first pip on the PATH
    other.write_text("#!/bin/sh\necho pip of another Python\n")
    other.chmod(0o755)
    env = {**os.environ, "PATH": folder + os.pathsep + os.environ["PATH"]}
    print("!pip:", says("pip --version", shell=True).strip())
    ours = says([sys.executable, "-m", "pip", "--version"], shell=False)

here = Path(importlib.util.find_spec("pip").origin).parent
print("%pip: pip of this Python is", str(here) in ours)

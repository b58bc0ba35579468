# needs: unix
import signal
import subprocess
import sys

cells = {
    # Nobody can catch this signal; a full memory ends in it, too.
    "killed by the system": "import os; os.kill(os.getpid(), 9)",
    "crash in a library": "import ctypes\nctypes.string_at(0)",
}
for name, code in cells.items():
    python = [sys.executable, "-X", "faulthandler", "-c", code]
    done = subprocess.run(python, capture_output=True, text=True)
    print(f"{name}: {signal.Signals(-done.returncode).name}")
    said = done.stderr.split("\n\n")
    lines = [row for row in done.stderr.splitlines() if '"<string>"' in row]
    print("   ", said[0] or "no message", *lines)

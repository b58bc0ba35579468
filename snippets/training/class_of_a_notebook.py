# raises: AttributeError
import subprocess
import sys

cell = """
import multiprocessing

class Numbers:
    def read(self):
        print("read")

context = multiprocessing.get_context("spawn")
context.Process(target=Numbers().read).start()
"""
child = subprocess.run(
    [sys.executable, "-c", cell], capture_output=True, text=True
)
last = child.stderr.strip().splitlines()[-1]
raise AttributeError(last.partition(" on <")[0].partition(": ")[2])

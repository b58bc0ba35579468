# needs: keras
# takes: 15 s
import os
import subprocess
import sys

setting = "import os; os.environ['KERAS_BACKEND'] = 'torch'"
using = "import keras; print(keras.backend.backend())"
os.environ.pop("KERAS_BACKEND", None)


def last_line(*program):
    command = [sys.executable, "-c", "\n".join(program)]
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout + run.stderr).splitlines()[-1]


print("set late: ", last_line(using, setting))
print("set first:", last_line(setting, using))

# needs: keras
# takes: 20 s
import os
import subprocess
import sys
import tempfile

by_name = "import os; os.environ['KERAS_BACKEND'] = 'torch'"
using = "import keras; print(keras.backend.backend())"
os.environ.pop("KERAS_BACKEND", None)


def last_line(*program):
    command = [sys.executable, "-c", "\n".join(program)]
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout + run.stderr).splitlines()[-1]


with tempfile.TemporaryDirectory() as home:
    os.environ["KERAS_HOME"] = home  # in place of ~/.keras
    print("set late:   ", last_line(using, by_name))
    print("set first:  ", last_line(by_name, using))
    with open(os.path.join(home, "keras.json"), "w") as file:
        file.write('{"backend": "torch"}')
    print("in the file:", last_line(using))

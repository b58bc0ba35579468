import io
import tempfile
from pathlib import Path

import torch


def written(**extra):  # the bytes that one rank writes
    file = io.BytesIO()
    torch.save({"model": torch.ones(1000), **extra}, file)
    return file.getvalue()


one, other = written(), written(rng=torch.zeros(5000))
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "run.pt")
    with path.open("wb") as rank_0, path.open("wb") as rank_1:
        rank_0.write(one)
        rank_1.write(other[:3000])
        rank_0.flush()
        rank_1.flush()  # while rank 1 still writes, somebody loads
        try:
            torch.load(path)
        except RuntimeError as error:
            print(str(error).split(". ")[0])

# needs: torchvision
import importlib.util
import re
from pathlib import Path

import torch

found = importlib.util.find_spec("torchvision")  # not imported
compiled = Path(found.origin).with_name("_C.so").read_bytes()
needed = re.findall(rb"lib(?:c10|torch)\w*\.so", compiled)

libraries = Path(torch.__file__).with_name("lib")
for name in sorted({name.decode() for name in needed}):
    there = (libraries / name).exists()
    print(f"{name:19}", "is there" if there else "is missing")

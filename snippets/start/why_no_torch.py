import importlib.util
import sys
from importlib import metadata
from pathlib import Path

print("Python fits:", (3, 10) <= sys.version_info[:2] <= (3, 14))
print("64 bits:", sys.maxsize > 2**32)
names = {one.metadata["Name"] for one in metadata.distributions()}
print("installed in this Python:", "torch" in names)
spec = importlib.util.find_spec("torch")
file = spec and spec.origin  # a mere folder called torch has none
print("import takes:", file and "/".join(Path(file).parts[-2:]))

# raises: ModuleNotFoundError
import sys

# A Python that has its own library, and no packages:
sys.path = [f for f in sys.path if not f.endswith("-packages")]
sys.modules.pop("torch", None)

import torch  # noqa: E402, F401

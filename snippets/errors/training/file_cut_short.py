# raises: RuntimeError
import io

import torch

file = io.BytesIO()
torch.save(torch.ones(100), file)
half = io.BytesIO(file.getvalue()[:500])
torch.load(half)

# raises: RuntimeError
import io

import torch

file = io.BytesIO()
torch.save(torch.ones(2), file)
file.seek(0)
torch.load(file, map_location="cuda")

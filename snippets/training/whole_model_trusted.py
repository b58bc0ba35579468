import io

import torch
from torch import nn

file = io.BytesIO()
torch.save(nn.Linear(2, 1), file)
file.seek(0)
model = torch.load(file, weights_only=False)  # a file of your own
print(model)

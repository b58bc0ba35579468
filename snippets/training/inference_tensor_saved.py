# raises: RuntimeError
import torch
from torch import nn

frozen, head = nn.Linear(4, 3), nn.Linear(3, 1)
with torch.inference_mode():
    features = frozen(torch.ones(2, 4))
print(features.requires_grad)
loss = head(features).mean()

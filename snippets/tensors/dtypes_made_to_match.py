import numpy as np
import torch
from torch import nn

x = torch.from_numpy(np.ones((3, 2))).float()
model = nn.Linear(2, 1)
print(model(x).dtype, (x @ torch.ones(2, 1)).dtype)

images = torch.from_numpy(np.ones((1, 3, 8, 8)))
model = nn.Conv2d(3, 4, kernel_size=3)
images = images.to(model.weight.dtype)  # asks the layer
print(model(images).dtype)

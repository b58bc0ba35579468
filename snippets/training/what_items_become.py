import numpy as np
import torch
from torch.utils.data import DataLoader

item = {
    "tensor": torch.ones(3),
    "array": np.ones(3),
    "float": 1.5,
    "int": 7,
    "text": "cat",
}
(batch,) = DataLoader([item, item], batch_size=2)
for name, value in batch.items():
    if torch.is_tensor(value):
        print(f"{name:7}", value.dtype, tuple(value.shape))
    else:
        print(f"{name:7}", value)

from multiprocessing.reduction import ForkingPickler

import numpy as np
import torch

paths = [f"images/{n:05}.png" for n in range(1000)]
array = np.zeros((1000, 3, 32, 32), dtype=np.float32)
tensor = torch.zeros(1000, 3, 32, 32)
for name, data in [("paths", paths), ("array", array), ("tensor", tensor)]:
    sent = len(ForkingPickler.dumps(data))
    print(f"{name:7} {sent / 1e6:.2f} MB sent to each worker")

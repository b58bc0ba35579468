from itertools import combinations

import numpy as np
import torch

names = "bool uint8 int8 int16 int32 int64 float16 float32 float64".split()
names += ["complex64", "complex128"]
same = 0
for one, two in combinations(names, 2):
    in_torch = torch.promote_types(getattr(torch, one), getattr(torch, two))
    in_numpy = np.promote_types(one, two).name
    same += str(in_torch) == f"torch.{in_numpy}"
    if str(in_torch) != f"torch.{in_numpy}":
        print(f"{one} + {two}: {str(in_torch)[6:]}, NumPy {in_numpy}")
print(same, "other pairs: the same")

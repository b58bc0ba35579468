import numpy as np
import torch

numbers = [1.0, 2.0, 3.0, 10.0]
a = np.array(numbers)
t = torch.tensor(numbers)

print(np.median(a), "  NumPy: between the two in the middle")
print(t.median().item(), "  torch: the lower one")
print(t.quantile(0.5).item(), "  torch: quantile(0.5)")

import numpy as np
import torch

numbers = [1.0, 2.0, 3.0, 4.0]
a = np.array(numbers)
t = torch.tensor(numbers)

print(f"{a.std():.4f}  NumPy: divide by N")
print(f"{t.std():.4f}  torch: divide by N - 1")
print(f"{t.std(correction=0):.4f}  torch: correction=0")

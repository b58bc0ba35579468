import numpy as np
import torch

a = np.array([-7, 7])
t = torch.from_numpy(a)

print(a // 2, (t // 2).tolist(), "rounds down")
print(a % 2, (t % 2).tolist(), "the remainder of that")
toward_zero = torch.div(t, 2, rounding_mode="trunc")
print(np.trunc(a / 2), toward_zero.tolist(), "cuts off")
print(a / 2, (t / 2).tolist())
print((a / 2).dtype, (t / 2).dtype)

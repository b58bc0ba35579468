import torch

seen = []
for n in range(3):
    seen.append(torch.tensor(n / 2))
print(torch.stack(seen))

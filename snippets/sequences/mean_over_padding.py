import torch

x = torch.tensor([[4.0, 6.0, 2.0, 8.0], [4.0, 6.0, 0.0, 0.0]])  # padded
real = torch.tensor([[True] * 4, [True, True, False, False]])

print("mean over all places: ", x.mean(dim=1))
print("mean over real places:", (x * real).sum(dim=1) / real.sum(dim=1))

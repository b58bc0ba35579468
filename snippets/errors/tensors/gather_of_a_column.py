import torch

scores = torch.tensor([[0.1, 0.9], [0.8, 0.2]])
y = torch.tensor([1, 0])
print(scores.gather(1, y[:, None])[:, 0])

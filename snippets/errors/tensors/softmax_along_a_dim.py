import torch

scores = torch.zeros(2, 4)
print(scores.softmax(dim=1))  # each row adds up to 1

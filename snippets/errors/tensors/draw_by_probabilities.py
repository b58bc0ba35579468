import torch

scores = torch.tensor([-1.0, 1.0])
probabilities = scores.softmax(dim=0)
print(probabilities)
print(torch.multinomial(probabilities, 1).shape)

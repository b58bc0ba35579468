# raises: TypeError
import torch

labels = torch.tensor([[4]])  # a batch of one
for label in labels.squeeze():
    print(label)

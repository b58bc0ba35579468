# raises: RuntimeError
import torch

scores = torch.tensor([[1.0, 2.0]], requires_grad=True)
guess = scores.argmax(dim=1).float()
print(scores.requires_grad, guess.requires_grad)
label = torch.tensor([0.0])
loss = (guess - label).square().mean()
loss.backward()

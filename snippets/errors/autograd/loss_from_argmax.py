# raises: RuntimeError
import torch

scores = torch.tensor([[1.0, 2.0]], requires_grad=True)
guess = scores.argmax(dim=1).float()
print(scores.requires_grad, guess.requires_grad)
loss = (guess - 0.0).square().mean()
loss.backward()

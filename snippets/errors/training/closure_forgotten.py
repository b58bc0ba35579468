# raises: TypeError
import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.LBFGS([w])
loss = (w - 3) ** 2
loss.backward()
optimizer.step()

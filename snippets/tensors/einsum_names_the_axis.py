# raises: RuntimeError
import torch

x = torch.ones(2, 5)  # (batch, in)
weight = torch.ones(3, 5)  # (out, in)

y = torch.einsum("bi,oi->bo", x, weight)
print(y.shape, torch.equal(y, x @ weight.T))

torch.einsum("bi,oi->bo", x, weight.T)  # one .T too many

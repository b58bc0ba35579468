# warns: UserWarning
import torch

w = torch.tensor(2.0, requires_grad=True)
(w**3).backward(create_graph=True)
print(w.grad)

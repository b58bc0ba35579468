# warns: UserWarning
import torch

w = torch.tensor(1.0, requires_grad=True)
with torch.no_grad():
    loss = (2 * w - 6) ** 2
loss = torch.tensor(loss, requires_grad=True)
loss.backward()  # no error any more
print(w.grad)  # and no gradient

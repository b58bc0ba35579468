# raises: RuntimeError
import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.0625)
loss = (2 * w - 6) ** 2  # belongs in the loop
for _ in range(2):
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    print(w.item())

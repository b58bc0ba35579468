import torch

for dtype in (torch.float32, torch.bfloat16):
    w = torch.tensor(1.0, dtype=dtype, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=2.0**-10)
    for _ in range(512):
        w.backward()  # the gradient is 1
        optimizer.step()
        optimizer.zero_grad()
    print(dtype, w.item())

import torch

for set_to_none in (True, False):
    w, b = (torch.tensor(1.0, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([w, b], lr=0.5, momentum=0.5)
    (w + b).backward()
    optimizer.step()
    print("set_to_none", set_to_none)
    print("    b after round 1:", b.item())
    optimizer.zero_grad(set_to_none)
    (2 * w).backward()  # b takes no part
    print("    b.grad:", b.grad)
    optimizer.step()
    print("    b after round 2:", b.item())

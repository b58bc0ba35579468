import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.0625)

print("round       w  w.grad")
for n in range(1, 7):
    loss = (2 * w - 6) ** 2
    loss.backward()
    print(f"{n:5} {w:7} {w.grad:7}")
    optimizer.step()

import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.LBFGS([w])


def closure():
    optimizer.zero_grad()
    loss = (w - 3) ** 2
    loss.backward()
    return loss


optimizer.step(closure)
print(f"{w.item():.2f}")

import torch

w = torch.tensor([3.0], requires_grad=True)


def loss(penalty):
    return (w - 1).square().sum() + penalty


for name, penalty in {
    "tensor": w.square().sum(),
    "number": w.square().sum().item(),
}.items():
    w.grad = None
    value = loss(penalty)
    value.backward()
    print(f"{name}: loss {value.item()}, gradient {w.grad.item()}")

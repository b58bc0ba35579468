import torch

x = torch.tensor([1.0, 1.0, 1.0, 1.0, 6.0])
parts = x.split(2)  # 2, 2 and 1 examples


def slope(loss_of_part):
    w = torch.tensor(1.0, requires_grad=True)
    for part in parts:
        loss_of_part(w * part).backward()
    return w.grad.item()


print("whole batch    ", x.mean().item())
print("mean / parts   ", round(slope(lambda y: y.mean() / len(parts)), 3))
print("sum / examples ", round(slope(lambda y: y.sum() / len(x)), 3))
